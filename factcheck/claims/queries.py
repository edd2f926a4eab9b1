"""Reading claims, and how many there are in each state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.articles.models import Article
from factcheck.claims import facets
from factcheck.claims.models import (
    PUBLISHED,
    SHARDS,
    ArticleWaiting,
    Claim,
    ClaimCount,
    StateTotal,
    WaitingTotal,
)
from factcheck.claims.rules import State
from factcheck.failures import Missing
from factcheck.methods import queries as methods
from factcheck.methods.rules import Policy, Scale

CountKey = tuple[int, str, int, date]
"""Article id, state, priority, and the day on which the claims came to that state."""

_CLAIM = (
    sa.select(Claim)
    .where(Claim.public_id == sa.bindparam("public_id"))
    .options(joinedload(Claim.article))
)
_MERGED = sa.select(Claim.merged_into_id).where(Claim.public_id == sa.bindparam("public_id"))
_HELD = (
    sa.select(Claim)
    .where(Claim.id.in_(sa.bindparam("ids", expanding=True)))
    .options(joinedload(Claim.article))
    .order_by(Claim.id)
    .with_for_update(key_share=True, of=Claim)
)
_ANEW: dict[str, Any] = {"populate_existing": True}


class ClaimMissing(Missing):
    """No claim has that id."""


def claim(session: Session, public_id: str) -> Claim:
    """Return the claim with that id, its article loaded; raise ClaimMissing.

    One that was merged into another is returned as it is; see `standing`.
    """
    found = session.scalar(_CLAIM, {"public_id": public_id})
    if found is None:
        raise ClaimMissing("There is no claim “%(id)s”.", id=public_id[:40])
    return found


def claim_in(session: Session, slug: str, public_id: str) -> Claim:
    """Return the claim with that id if it is of the article with that slug; raise ClaimMissing."""
    found = claim(session, public_id)
    if found.article.slug != slug:
        raise ClaimMissing("There is no such claim in this article.")
    return found


def claims_in(session: Session, article: Article, public_ids: Sequence[str]) -> list[Claim]:
    """Return the claims with those ids, all of that article; raise ClaimMissing."""
    found = list(claims_by_public_id(session, public_ids).values())
    if any(one.article_id != article.id for one in found):
        raise ClaimMissing("There is no such claim in this article.")
    return found


def is_merged(session: Session, public_id: str) -> bool:
    """Whether the claim with that id, if there is one, was merged into another."""
    return session.scalar(_MERGED, {"public_id": public_id}) is not None


def standing(claim: Claim) -> Claim:
    """Return the claim itself, or the one that it was merged into in the end."""
    while claim.merged_into is not None:
        claim = claim.merged_into
    return claim


def claims_of(session: Session, article: Article) -> list[Claim]:
    """Return every claim of an article in text order; those whose words are gone come last.

    Who proposed each is loaded with it.
    """
    return list(
        session.scalars(
            sa.select(Claim)
            .where(Claim.article_id == article.id)
            .options(joinedload(Claim.proposed_by))
            .order_by(Claim.start.is_(None), Claim.start, Claim.end, Claim.id)
        )
    )


def claims_by_public_id(session: Session, public_ids: Collection[str]) -> dict[str, Claim]:
    """Return the claims with these ids, by id; raise ClaimMissing for the first that is not."""
    wanted = list(dict.fromkeys(public_ids))
    found: dict[str, Claim] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        part = wanted[first : first + _AT_ONCE]
        for one in session.scalars(sa.select(Claim).where(Claim.public_id.in_(part))):
            found[one.public_id] = one
    for public_id in wanted:
        if public_id not in found:
            raise ClaimMissing("There is no claim “%(id)s”.", id=public_id[:40])
    return found


def counts_of(session: Session, article: Article) -> dict[str, int]:
    """Return how many claims of the article are in each state, from the counters."""
    return counts_by_article(session, [article])[article.id]


def counts_by_article(session: Session, articles: Sequence[Article]) -> dict[int, dict[str, int]]:
    """Return for each article's id how many of its claims are in each state, in one query."""
    counts = {
        article.id: dict.fromkeys((state.value for state in State), 0) for article in articles
    }
    rows = session.execute(
        sa.select(ClaimCount.article_id, ClaimCount.state, sa.func.sum(ClaimCount.claims))
        .where(ClaimCount.article_id.in_(counts))
        .group_by(ClaimCount.article_id, ClaimCount.state)
    )
    for article_id, state, number in rows:
        counts[article_id][state] = int(number)
    return counts


def policy_of(claim: Claim) -> Policy:
    """Return the policy that the claim's next round opens under: its own or the article's.

    A sensitive claim is never one person's to judge: the default stands in for a single seat.
    """
    policy = methods.policy(claim.policy_key or claim.article.policy_key)
    if claim.sensitive and policy.seats < 2:
        return methods.policy(methods.DEFAULT_POLICY)
    return policy


def scale_of(claim: Claim) -> Scale:
    """Return the scale that the claim's next round opens under: the article's."""
    return methods.scale(claim.article.scale_key)


def counted(session: Session) -> Counter[CountKey]:
    """Return what the counters of articles say, without those that are zero."""
    rows = session.execute(sa.select(ClaimCount).where(ClaimCount.claims > 0)).scalars()
    return Counter({(row.article_id, row.state, row.priority, row.day): row.claims for row in rows})


def counters_of_claims(session: Session) -> dict[Any, Any]:
    """Return for each table of counters the query that makes its rows by counting every claim."""
    dialect = session.get_bind().dialect.name
    open_ = Claim.state == sa.literal_column(f"'{State.ACCEPTED}'")
    stands = sa.not_(Claim.article_withdrawn)
    shard = Claim.article_id % SHARDS[dialect]
    waiting = sa.func.sum(sa.case((open_, 1), else_=0))
    return {
        ClaimCount: _tally(Claim.article_id, Claim.state, Claim.priority, Claim.since_on),
        StateTotal: _tally(shard, Claim.state)
        .where(stands)
        .union_all(_tally(shard, sa.literal(PUBLISHED)).where(Claim.told.is_not(None))),
        WaitingTotal: _tally(shard, Claim.priority, Claim.since_on).where(open_, stands),
        ArticleWaiting: sa.select(Claim.article_id, Article.deadline, waiting)
        .join(Article, Article.id == Claim.article_id)
        .where(stands)
        .group_by(Claim.article_id, Article.deadline),
    }


def _tally(*key: Any) -> sa.Select[Any]:
    return sa.select(*key, sa.func.count()).group_by(*key)


def wrong_counters(session: Session) -> dict[str, int]:
    """Count every claim; return how many rows of each table of counters say something else.

    None is ever wrong unless somebody wrote to the database by hand.
    """
    wrong = {}
    for table, made in counters_of_claims(session).items():
        kept = {
            tuple(row) for row in session.execute(sa.select(*table.__table__.columns)) if row[-1]
        }
        true = {tuple(row) for row in session.execute(made) if row[-1]}
        if kept != true:
            wrong[table.__tablename__] = len({row[:-1] for row in kept ^ true})
    if differing := facets.wrong_copies(session):
        wrong[facets.ClaimFacet.__tablename__] = differing
    return wrong


def lock_claims(session: Session, claims: Collection[Claim]) -> None:
    """Read the claims anew and hold them until the transaction ends, in the order of their keys.

    On SQLite whoever writes is alone already, and reads anew what they read before.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.flush()  # as the query below does
        return
    ids = sorted(claim.id for claim in claims)
    for first in range(0, len(ids), _AT_ONCE):
        part = {"ids": ids[first : first + _AT_ONCE]}
        session.scalars(_HELD, part, execution_options=_ANEW).all()


_AT_ONCE = 500  # keys in one statement; databases limit how many values they take
