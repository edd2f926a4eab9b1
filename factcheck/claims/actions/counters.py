"""How many claims are where: counters that move in the transaction of the claim that moves.

Besides what an article counts by itself there are totals over all of them, so that the desk reads
a bounded number of rows however many articles there are. A total is spread over shards by article:
no row is touched by everybody. On PostgreSQL a transaction holds its shard until it ends, so that
two that move several counters never wait for each other in a ring.

An article that is withdrawn takes its claims out of every total, and brings them back with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from functools import cache, partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from factcheck.articles.models import Article
from factcheck.claims import facets
from factcheck.claims.actions.days import hold_shards, note_moves, note_waiting
from factcheck.claims.models import (
    PUBLISHED,
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
from factcheck.site_days import zone_of

_ARTICLES = table_of(Article)
_WITHDRAWN = sa.select(_ARTICLES.c.id).where(
    _ARTICLES.c.id.in_(sa.bindparam("ids", expanding=True)), _ARTICLES.c.state == "withdrawn"
)

Told = tuple[str, int | None]  # the rating that readers are told, and the verdict that says so


def count_key(claim: Claim) -> CountKey:
    """Return under which key the claim is counted."""
    return claim.article_id, claim.state, claim.priority, claim.since_on


def added(claims: Iterable[Claim]) -> Counter[CountKey]:
    """Return what new claims add to the counters."""
    return Counter(count_key(claim) for claim in claims)


def move_counts(session: Session, moves: Counter[CountKey], *, now: datetime) -> None:
    """Add `moves` to the counters and to the totals, and note them on the day of `now`."""
    article_ids = {article_id for article_id, *_ in moves}
    hold_shards(session, article_ids)
    # Asked once the shards are held: whoever withdraws the article holds them as well.
    withdrawn = set(session.connection().scalars(_WITHDRAWN, {"ids": sorted(article_ids)}))
    _add(session, ClaimCount, moves)
    _add_overall(session, Counter({k: by for k, by in moves.items() if k[0] not in withdrawn}))
    note_moves(session, moves, withdrawn, now=now)


def recount(session: Session) -> None:
    """Make every counter and facet anew from the claims; nothing else may write meanwhile.

    The days since when claims wait are reckoned anew as well, in the zone that the site has now.
    """
    _mend_claims(session)
    for table, made in counters_of_claims(session).items():
        columns = [column.key for column in table.__table__.columns]
        session.execute(sa.delete(table))
        session.execute(sa.insert(table).from_select(columns, made))
    facets.mend(session)


def _mend_claims(session: Session) -> None:
    """Make what claims repeat of their article, and the days of their moments, right again."""
    own = sa.select(Article.state).where(Article.id == Claim.article_id).scalar_subquery()
    zone = zone_of(session)
    day: Any
    if session.get_bind().dialect.name == "postgresql":
        day = sa.cast(sa.func.timezone(str(zone), Claim.state_since_at), sa.Date)
    else:
        driver: Any = session.connection().connection.driver_connection
        driver.create_function("site_day", 1, partial(_day_in, zone), deterministic=True)
        day = sa.func.site_day(Claim.state_since_at)
    is_withdrawn = own == "withdrawn"
    session.execute(
        sa.update(Claim)
        .where(sa.or_(Claim.article_withdrawn != is_withdrawn, Claim.since_on != day))
        .values(article_withdrawn=is_withdrawn, since_on=day)
        .execution_options(synchronize_session=False)
    )


def _day_in(zone: tzinfo, moment: str) -> str:
    """Return the day of a moment as SQLite keeps it: in UTC, without a zone."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(zone).date().isoformat()


def _add_overall(session: Session, moves: Counter[CountKey]) -> None:
    """Add moves of articles that are not withdrawn to what is read over all of them."""
    shards = SHARDS[session.get_bind().dialect.name]
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
    _add(session, StateTotal, states)
    _add(session, WaitingTotal, days)
    _add(session, ArticleWaiting, articles)


def _add(session: Session, table: type[Base], deltas: Counter[Any]) -> None:
    connection = session.connection()
    for key in sorted(deltas):
        if deltas[key] or table is ArticleWaiting:  # an article is listed before a claim waits
            is_less = deltas[key] < 0
            statement = _lowered(table) if is_less else _raised(table, connection.dialect.name)
            connection.execute(statement, _places(key) | {"by": deltas[key]})


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
    if model is ArticleWaiting:
        own = sa.select(_ARTICLES.c.deadline).where(_ARTICLES.c.id == sa.bindparam("key_0"))
        values["deadline"] = own.scalar_subquery()
    insert = {"postgresql": postgresql, "sqlite": sqlite}[dialect].insert(table)
    raised: sa.Executable = insert.values(values | {"claims": by}).on_conflict_do_update(
        index_elements=columns, set_={"claims": table.c.claims + by}
    )
    return raised


def follow_withdrawal(session: Session, article: Article, *, now: datetime) -> None:
    """Take an article's claims out of all totals if it is withdrawn now, else put them back.

    Whoever changes an article to or from withdrawn calls it, and holds the article and its claims;
    a second time it does nothing.
    """
    session.flush()
    is_withdrawn = article.state == "withdrawn"
    follow = sa.update(Claim).where(
        Claim.article_id == article.id, Claim.article_withdrawn != is_withdrawn
    )
    moved: Any = session.execute(follow.values(article_withdrawn=is_withdrawn))
    if not moved.rowcount:
        return
    facets.copy_states(session, article)
    hold_shards(session, [article.id])
    rows = session.execute(
        sa.select(*ClaimCount.__table__.columns)
        .where(ClaimCount.article_id == article.id, ClaimCount.claims > 0)
    )  # fmt: skip
    sign = -1 if is_withdrawn else 1
    moves: Counter[CountKey] = Counter({tuple(key): sign * claims for *key, claims in rows})
    _add_overall(session, moves)
    if is_withdrawn:
        session.execute(sa.delete(ArticleWaiting).where(ArticleWaiting.article_id == article.id))
    waiting = sum(by for (_id, state, *_), by in moves.items() if state == State.ACCEPTED)
    note_waiting(session, article.id, waiting, now=now)


def note_told(
    session: Session, article: Article, claims: Iterable[Claim], told: Mapping[int, Told]
) -> None:
    """Note what readers are told now of an article and its claims, all held; `told` by their keys.

    Of a claim that is not in `told` they are told nothing.
    """
    more = 0
    for claim in claims:
        rating, decision_id = told.get(claim.id, (None, None))
        more += (rating is not None) - (claim.told is not None)
        if (claim.told, claim.told_decision_id) != (rating, decision_id):
            claim.told, claim.told_decision_id = rating, decision_id
    session.flush()
    if more:
        hold_shards(session, [article.id])
        shard = article.id % SHARDS[session.get_bind().dialect.name]
        _add(session, StateTotal, Counter({(shard, PUBLISHED): more}))


@sa.event.listens_for(Article, "after_update")
def _follow_deadline(_mapper: Any, connection: sa.Connection, article: Article) -> None:
    if sa.inspect(article).attrs["deadline"].history.has_changes():
        own = sa.update(ArticleWaiting).where(ArticleWaiting.article_id == article.id)
        connection.execute(own.values(deadline=article.deadline))
