"""The verbs of notices: making them, reading them, choosing how to be told.

Notices are made by whoever holds the cursor, in the transaction that moves it; the unique key is
the last word. So a maker that is killed leaves nothing half made, and one that runs again makes
none twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from factcheck.accounts.events import Event, record
from factcheck.accounts.models import Person
from factcheck.notices import queries
from factcheck.notices.happenings import happening
from factcheck.notices.models import Notice, NoticeChoice
from factcheck.notices.rules import FOLLOWED, READ_KEPT, TOLD, About, Kind, Way, told

EVENTS_AT_ONCE = 100
PRUNED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Made:
    """A notice that was made now, and the way its person wants to be told."""

    notice: Notice
    person: Person
    way: Way


@dataclass(frozen=True, slots=True)
class Taken:
    """What was made of some events, and whether there are more to be read.

    `followed` is what followers may have to be mailed of: an edition by its digest, a claim by its
    public id; `events` are for whoever else is to be told.
    """

    made: list[Made]
    is_more: bool
    followed: list[tuple[str, About]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def take_events(session: Session, *, until: int, now: datetime) -> Taken:
    """Make the notices of the next events up to `until`, and move the cursor behind them."""
    cursor = queries.held_cursor(session)
    if cursor.position >= until:
        return Taken([], is_more=False)
    events = queries.events_between(session, cursor.position, until, limit=EVENTS_AT_ONCE)
    is_more = len(events) == EVENTS_AT_ONCE
    editors = queries.editors(session) if events else frozenset()
    made = [one for event in events for one in _take(session, event, editors, now)]
    cursor.position = events[-1].id if is_more else until
    followed = [
        (event.subject_id, FOLLOWED[event.kind]) for event in events if event.kind in FOLLOWED
    ]
    return Taken(made, is_more, followed, events)


def _take(session: Session, event: Event, editors: frozenset[int], now: datetime) -> list[Made]:
    found = happening(session, event, editors) if event.kind in TOLD else None
    if found is None:
        return []
    made = []
    for kind, people in told(event.kind, found.concern).items():
        source = _Source(kind, found.subject, event.id, found.details)
        made += _tell(session, people, source, now)
    return made


def sweep_seats(session: Session, *, now: datetime) -> list[Made]:
    """Tell those whose seat with a draft ends soon, once for each time a seat is dealt."""
    cursor = queries.held_cursor(session)
    made = []
    for ending in queries.ending_seats(session, now=now):
        seat, claim = ending.seat, ending.seat.round.claim
        details = {"about": claim.restated, "until": str(seat.expires_at)}
        source = _Source(Kind.SEAT_ENDING, claim.public_id, ending.dealt, details)
        made += _tell(session, {int(seat.person_id or 0)}, source, now)
    cursor.swept_at = now
    return made


@dataclass(frozen=True, slots=True)
class _Source:
    kind: Kind
    subject: str
    event_id: int
    details: Mapping[str, Any]


def _tell(session: Session, people: Collection[int], source: _Source, now: datetime) -> list[Made]:
    """Make the notices of one thing for those people who want them and have none of it yet."""
    ways = queries.ways(session, people, source.kind)
    wanting = queries.working(session, [one for one in people if ways[one] is not Way.OFF])
    if not wanting:
        return []
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [
        {"person_id": person_id, "kind": source.kind.value, "subject": source.subject,
         "event_id": source.event_id, "details": dict(source.details), "at": now}
        for person_id in wanting
    ]  # fmt: skip
    insert = dialect.insert(Notice).values(rows).on_conflict_do_nothing().returning(Notice)
    made = list(session.scalars(insert))
    told_now = [notice.person_id for notice in made]
    _move_unread(session, told_now, 1)
    return [Made(one, wanting[one.person_id], ways[one.person_id]) for one in made]


def _move_unread(session: Session, people: Collection[int], by: int) -> None:
    session.execute(
        sa.update(Person)
        .where(Person.id.in_(people))
        .values(unread_notices=Person.unread_notices + by)
    )


def prune(session: Session, *, now: datetime) -> int:
    """Forget notices that were read long ago, some at a time; return how many were."""
    old = sa.select(Notice.id).where(Notice.read_at < now - READ_KEPT).limit(PRUNED_AT_ONCE)
    gone = session.scalars(
        sa.delete(Notice)
        .where(Notice.id.in_(old))
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def mark_read(session: Session, person: Person, *, until: int, now: datetime) -> None:
    """Mark what somebody was told as read, up to the notice with that id, not what came later."""
    marked = session.scalars(
        sa.update(Notice)
        .where(Notice.person_id == person.id, Notice.id <= until, Notice.read_at.is_(None))
        .values(read_at=now)
        .returning(Notice.id)
    ).all()
    _move_unread(session, [person.id], -len(marked))


def choose(
    session: Session, person: Person, wanted: Mapping[Kind, Way], *, actor: Person, now: datetime
) -> None:
    """Keep how somebody wants to be told of these kinds of things from now on."""
    before = queries.choices_of(session, person)
    different = {kind: way for kind, way in wanted.items() if before[kind] is not way}
    if not different:
        return
    session.execute(
        sa.delete(NoticeChoice).where(
            NoticeChoice.person_id == person.id, NoticeChoice.kind.in_(different)
        )
    )
    session.add_all(
        NoticeChoice(person_id=person.id, kind=kind.value, way=way.value)
        for kind, way in different.items()
    )
    session.flush()
    record(
        session, "person.notices-chosen", person.public_id, actor=actor, now=now, chosen=different
    )


def stop_mails(session: Session, person: Person, kinds: Collection[Kind], *, now: datetime) -> None:
    """Send somebody no more mails of these kinds; in the service they are told as before."""
    choices = queries.choices_of(session, person)
    mailed = [kind for kind in kinds if choices[kind] in {Way.AT_ONCE, Way.DAILY}]
    choose(session, person, dict.fromkeys(mailed, Way.HERE), actor=person, now=now)
