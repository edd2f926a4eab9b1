"""Reading notices, how people want to be told, and what there is to make notices of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from factcheck.accounts.events import Event
from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.notices.models import DailyMail, Notice, NoticeChoice, NoticeCursor
from factcheck.notices.rules import DEFAULT_WAYS, ENDING, FOLLOWED, TOLD, Kind, Way
from factcheck.reviews.models import Citation, Review, Round, Seat
from factcheck.webhooks.rules import SOURCES

SWEPT_EVERY = timedelta(minutes=5)
OVERDUE_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """What there is to make notices of: events, and what was not looked at lately."""

    events: bool
    seats: bool
    overdue: bool


def due(session: Session, *, now: datetime) -> Due:
    """Return what there is to do, in one query of two index look-ups."""
    newest = sa.select(sa.func.max(Event.id)).scalar_subquery()
    position, swept_at, overdue_at, last = session.execute(
        sa.select(NoticeCursor.position, NoticeCursor.swept_at, NoticeCursor.overdue_at, newest)
    ).one()
    return Due(
        events=(last or 0) > position,
        seats=_is_stale(swept_at, SWEPT_EVERY, now),
        overdue=_is_stale(overdue_at, OVERDUE_EVERY, now),
    )


def _is_stale(at: datetime | None, every: timedelta, now: datetime) -> bool:
    """Whether a sweep is due; one that is to come was made by a clock that was wrong."""
    return at is None or not now - every < at <= now


def newest_event(session: Session) -> int:
    """Return the id of the newest event, below which no event is still to be committed.

    PostgreSQL gives ids before transactions end, so there it waits for those in hand, but not for
    long: it raises OperationalError, and may be asked again. Commit soon after; it holds them up.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SET LOCAL lock_timeout = '300ms'"))
        session.execute(sa.text("LOCK TABLE events IN SHARE MODE"))
    return session.scalar(sa.select(sa.func.max(Event.id))) or 0


def held_cursor(session: Session) -> NoticeCursor:
    """Return how far the audit log was read, kept from others until the transaction ends."""
    return session.scalars(
        sa.select(NoticeCursor).with_for_update().execution_options(populate_existing=True)
    ).one()


def events_between(session: Session, after: int, until: int, *, limit: int) -> list[Event]:
    """Return the events after `after` up to `until` that are told, the oldest first."""
    return list(
        session.scalars(
            sa.select(Event)
            .where(
                Event.id > after, Event.id <= until, Event.kind.in_({*TOLD, *FOLLOWED, *SOURCES})
            )
            .order_by(Event.id)
            .limit(limit)
        )
    )


def editors(session: Session) -> frozenset[int]:
    """Return the ids of everybody who may act as an editor."""
    roles = [role.value for role in Role if role.includes(Role.EDITOR)]
    query = sa.select(Person.id).where(Person.role.in_(roles), Person.disabled_at.is_(None))
    return frozenset(session.scalars(query))


def working(session: Session, people: Collection[int]) -> dict[int, Person]:
    """Return those of the people whose account is not disabled, by id."""
    query = sa.select(Person).where(Person.id.in_(people), Person.disabled_at.is_(None))
    return {person.id: person for person in session.scalars(query.order_by(Person.id))}


def ways(session: Session, people: Collection[int], kind: Kind) -> dict[int, Way]:
    """Return how each of these people wants to be told of that kind of thing."""
    rows = session.execute(
        sa.select(NoticeChoice.person_id, NoticeChoice.way).where(
            NoticeChoice.person_id.in_(people), NoticeChoice.kind == kind
        )
    )
    return dict.fromkeys(people, DEFAULT_WAYS[kind]) | {row[0]: Way(row[1]) for row in rows}


def choices_of(session: Session, person: Person) -> dict[Kind, Way]:
    """Return how somebody wants to be told of each kind of thing."""
    rows = session.execute(
        sa.select(NoticeChoice.kind, NoticeChoice.way).where(NoticeChoice.person_id == person.id)
    )
    return {**DEFAULT_WAYS, **{Kind(kind): Way(way) for kind, way in rows}}


def notices_of(
    session: Session, person: Person, *, before: int | None = None, limit: int
) -> list[Notice]:
    """Return what somebody was told, newest first, from a place on."""
    chosen = sa.select(Notice).where(Notice.person_id == person.id)
    if before is not None:
        chosen = chosen.where(Notice.id < before)
    return list(session.scalars(chosen.order_by(Notice.id.desc()).limit(limit)))


@dataclass(frozen=True, slots=True)
class Ending:
    """A seat that ends soon, and the event by which it was dealt."""

    seat: Seat
    dealt: int


def ending_seats(session: Session, *, now: datetime) -> list[Ending]:
    """Return the seats with work in a draft that end soon, and whose holder was not told yet."""
    told = sa.exists().where(Notice.event_id == Event.id, Notice.kind == Kind.SEAT_ENDING)
    rows = session.execute(
        sa.select(Seat, Event.id)
        .join(Seat.round)
        .join(Round.claim)
        .join(Review, sa.and_(Review.round_id == Seat.round_id, Review.person_id == Seat.person_id))
        .join(Event, sa.and_(Event.subject == "seat", Event.subject_id == Seat.lease_id))
        .where(
            Seat.expires_at > now,
            Seat.expires_at <= now + ENDING,
            Round.closed_at.is_(None),
            Claim.state == State.ACCEPTED,
            Review.state == "draft",
            _has_work(),
            Event.kind == "seat.dealt",
            ~told,
        )
        .options(contains_eager(Seat.round).contains_eager(Round.claim))
        .order_by(Seat.expires_at, Seat.id)
    )
    return [Ending(*row) for row in rows]


def _has_work() -> sa.ColumnElement[bool]:
    cited = sa.exists().where(Citation.review_id == Review.id)
    return sa.or_(Review.rationale != "", Review.private_note != "", cited)


def daily_to_send(session: Session, daily_id: int) -> DailyMail | None:
    """Return a daily mail with its person, held until the transaction ends; None once it is sent.

    None as well when its person is gone from the service.
    """
    found = session.scalar(
        sa.select(DailyMail)
        .where(DailyMail.id == daily_id, DailyMail.sent_at.is_(None))
        .options(joinedload(DailyMail.person, innerjoin=True))
        .with_for_update(of=DailyMail)
        .execution_options(populate_existing=True)
    )
    return found if found is not None and found.person.disabled_at is None else None


def notices_in(session: Session, daily: DailyMail) -> list[Notice]:
    """Return what goes into a daily mail, oldest first: what was not read in the service since."""
    wanted = choices_of(session, daily.person)
    found = session.scalars(
        sa.select(Notice)
        .where(
            Notice.person_id == daily.person_id,
            Notice.daily_on == daily.day,
            Notice.read_at.is_(None),
        )
        .order_by(Notice.id)
    )
    return [one for one in found if wanted[Kind(one.kind)] is Way.DAILY]
