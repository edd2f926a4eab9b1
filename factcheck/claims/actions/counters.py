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


def count_key(claim: Claim) -> CountKey:
    """Return under which key the claim is counted."""
    day = claim.state_since_at.astimezone(UTC).date()
    return claim.article_id, claim.state, claim.priority, day


def added(claims: Iterable[Claim]) -> Counter[CountKey]:
    """Return what new claims add to the counters."""
    return Counter(count_key(claim) for claim in claims)


def move_counts(session: Session, moves: Counter[CountKey], *, now: datetime) -> None:
    """Add `moves` to the counters and to the totals, and note them on the day of `now`."""
    dialect = session.get_bind().dialect.name
    hold_shards(session, {article_id for article_id, *_ in moves})
    for table, deltas in _deltas(moves, SHARDS[dialect]).items():
        for key in sorted(deltas):
            if deltas[key] or table is ArticleWaiting:
                session.execute(_moved(session, table, key, deltas[key]))
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


def _moved(session: Session, table: Any, key: tuple[Any, ...], by: int) -> sa.Executable:
    columns = list(table.__table__.primary_key.columns)
    if by < 0:
        same = [column == value for column, value in zip(columns, key, strict=True)]
        return sa.update(table).where(*same).values(claims=table.claims + by)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = dict(zip((column.key for column in columns), key, strict=True))
    insert: Any = dialect.insert(table).values(**values, claims=by)
    raised: sa.Executable = insert.on_conflict_do_update(
        index_elements=columns, set_={"claims": table.claims + by}
    )
    return raised
