"""How many claims are where: counters that move in the transaction of the claim that moves.

Besides what an article counts by itself there are totals over all of them, so that the desk reads
a bounded number of rows however many articles there are. A total is spread over shards by article:
no row is touched by everybody. On PostgreSQL a transaction holds its shard until it ends, so that
two that move several counters never wait for each other in a ring.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from factcheck.claims import facets
from factcheck.claims.actions.days import hold_shards, note_moves
from factcheck.claims.models import (
    SHARDS,
    ArticleWaiting,
    Claim,
    ClaimCount,
    StateTotal,
    WaitingTotal,
)
from factcheck.claims.queries import CountKey, counters_of_claims
from factcheck.claims.rules import State
from factcheck.db import Base, table_of


def count_key(claim: Claim) -> CountKey:
    """Return under which key the claim is counted."""
    day = claim.state_since_at.astimezone(UTC).date()
    return claim.article_id, claim.state, claim.priority, day


def added(claims: Iterable[Claim]) -> Counter[CountKey]:
    """Return what new claims add to the counters."""
    return Counter(count_key(claim) for claim in claims)


def move_counts(session: Session, moves: Counter[CountKey], *, now: datetime) -> None:
    """Add `moves` to the counters and to the totals, and note them on the day of `now`."""
    connection = session.connection()
    dialect = connection.dialect.name
    hold_shards(session, {article_id for article_id, *_ in moves})
    for table, deltas in _deltas(moves, SHARDS[dialect]).items():
        for key in sorted(deltas):
            if deltas[key] or table is ArticleWaiting:
                statement = _lowered(table) if deltas[key] < 0 else _raised(table, dialect)
                connection.execute(statement, _places(key) | {"by": deltas[key]})
    note_moves(session, moves, now=now)


def recount(session: Session) -> None:
    """Make every counter and facet anew from the claims; nothing else may write meanwhile."""
    for table, made in counters_of_claims(session).items():
        columns = [column.key for column in table.__table__.columns]
        session.execute(sa.delete(table))
        session.execute(sa.insert(table).from_select(columns, made))
    facets.mend(session)


def _deltas(moves: Counter[CountKey], shards: int) -> dict[Any, Counter[Any]]:
    states: Counter[tuple[int, str]] = Counter()
    days: Counter[tuple[Any, ...]] = Counter()
    articles: Counter[tuple[int]] = Counter()
    for (article_id, state, priority, day), by in moves.items():
        shard = article_id % shards
        waiting = by if state == State.ACCEPTED else 0
        states[shard, state] += by
        articles[(article_id,)] += waiting
        if waiting:
            days[shard, priority, day] += waiting
    return {ClaimCount: moves, StateTotal: states, WaitingTotal: days, ArticleWaiting: articles}


def _places(key: tuple[Any, ...]) -> dict[str, Any]:
    return {f"key_{place}": value for place, value in enumerate(key)}


@cache
def _lowered(model: type[Base]) -> sa.Executable:
    """Return what takes `by`, which is negative, off the counter of a key that is there."""
    table = table_of(model)
    columns = table.primary_key.columns
    same = [one == sa.bindparam(f"key_{place}") for place, one in enumerate(columns)]
    return sa.update(table).where(*same).values(claims=table.c.claims + sa.bindparam("by"))


@cache
def _raised(model: type[Base], dialect: str) -> sa.Executable:
    """Return what adds `by` to the counter of a key, or begins it."""
    table = table_of(model)
    columns = list(table.primary_key.columns)
    by: Any = sa.bindparam("by")
    values: dict[str, Any] = {
        one.key: sa.bindparam(f"key_{place}") for place, one in enumerate(columns)
    }
    insert = {"postgresql": postgresql, "sqlite": sqlite}[dialect].insert(table)
    raised: sa.Executable = insert.values(values | {"claims": by}).on_conflict_do_update(
        index_elements=columns, set_={"claims": table.c.claims + by}
    )
    return raised
