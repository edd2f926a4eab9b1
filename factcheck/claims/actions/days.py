"""What happened on which day, kept as counts in the transaction in which it happens.

Two tables: by article, and over all of them. How long a verdict took is counted by week, so that
the rows of a picture are as many however many claims there are (docs/decisions/0029).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from factcheck.accounts.events import Event
from factcheck.claims.models import PUBLISHED, SHARDS, ArticleDay, Claim, DayTotal
from factcheck.claims.pace import monday_of, took_of
from factcheck.claims.queries import CountKey
from factcheck.claims.rules import State
from factcheck.db import Base, table_of
from factcheck.site_days import day_of

VERDICT = "verdict"  # besides the states, and PUBLISHED
_LOCK = 0x66616374  # our space among the locks that an application may name
_HOLD = sa.select(
    sa.func.pg_advisory_xact_lock(
        sa.bindparam("space", type_=sa.Integer), sa.bindparam("shard", type_=sa.Integer)
    )
)
_Key = tuple[str, date, int]  # what, day, took
_Counts = tuple[int, int]  # came, went
_ARTICLE, _OVERALL = (ArticleDay,), (DayTotal,)
_BOTH = (*_ARTICLE, *_OVERALL)


def hold_shards(session: Session, article_ids: Iterable[int]) -> None:
    """On PostgreSQL, keep the shards of these articles until the transaction ends."""
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql":
        for shard in sorted({article_id % SHARDS[dialect] for article_id in article_ids}):
            session.execute(_HOLD, {"space": _LOCK, "shard": shard})


def note_moves(
    session: Session, moves: Counter[CountKey], withdrawn: Collection[int], *, now: datetime
) -> None:
    """Count on the day of `now` how many claims came to a state and how many left one.

    A claim that changes its priority stays where it is, and is not counted. What moves in articles
    that are `withdrawn` counts for these alone. The caller holds the shards.
    """
    net: Counter[tuple[int, str]] = Counter()
    for (article_id, state, _priority, _day), by in moves.items():
        net[article_id, state] += by
    day = day_of(session, now)
    for article_id in sorted({article_id for article_id, _state in net}):
        found = {
            (state, day, 0): (max(by, 0), max(-by, 0))
            for (own, state), by in net.items()
            if own == article_id and by
        }
        tables = _ARTICLE if article_id in withdrawn else _BOTH
        _add(session, article_id, found, tables)


def note_waiting(session: Session, article_id: int, claims: int, *, now: datetime) -> None:
    """Count over all that claims of an article wait for reviews again; below 0, no longer.

    That is so when the article comes back or is withdrawn; for the article itself nothing moved.
    """
    if claims:
        key = (State.ACCEPTED.value, day_of(session, now), 0)
        _add(session, article_id, {key: (max(claims, 0), max(-claims, 0))}, _OVERALL)


def note_verdict(session: Session, claim: Claim, *, now: datetime) -> None:
    """Count how long the first verdict of a claim took, if that which it has now is the first."""
    verdicts = sa.select(Event.id).where(
        Event.subject == "claim", Event.subject_id == claim.public_id,
        Event.to_state == State.READY.value,
    ).limit(2)  # fmt: skip
    if len(session.scalars(verdicts).all()) == 1:
        week = monday_of(day_of(session, now))
        took = took_of((now - claim.created_at).days)
        _add(session, claim.article_id, {(VERDICT, week, took): (1, 0)})


def note_published(session: Session, article_id: int, claims: int, *, now: datetime) -> None:
    """Count claims of an article that readers are told of for the first time."""
    if claims:
        hold_shards(session, [article_id])
        key = (PUBLISHED, day_of(session, now), 0)
        _add(session, article_id, {key: (claims, 0)})


def _add(
    session: Session, article_id: int, found: dict[_Key, _Counts], tables: Collection[Any] = _BOTH
) -> None:
    """Count in the rows of these tables; the caller holds the article's shard."""
    if not found:
        return
    dialect = session.get_bind().dialect.name
    shard = article_id % SHARDS[dialect]
    rows = [
        {"what": what, "day": day, "took": took, "came": came, "went": went}
        for (what, day, took), (came, went) in sorted(found.items())
    ]
    keys: dict[Any, dict[str, int]] = {
        ArticleDay: {"article_id": article_id}, DayTotal: {"shard": shard},
    }  # fmt: skip
    for table in tables:
        session.connection().execute(_added(table, dialect), [row | keys[table] for row in rows])


@cache
def _added(model: type[Base], dialect: str) -> sa.Executable:
    """Return what adds to the count of a key, or begins it."""
    table = table_of(model)
    insert = {"postgresql": postgresql, "sqlite": sqlite}[dialect].insert(table)
    added: sa.Executable = insert.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + insert.excluded[name] for name in ("came", "went")},
    )
    return added
