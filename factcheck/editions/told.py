"""What readers are told of an article now, noted on its claims wherever an edition changes that."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.articles.models import Article
from factcheck.claims.actions.counters import follow_withdrawal, note_told
from factcheck.claims.models import Claim
from factcheck.claims.queries import lock_claims
from factcheck.claims.rules import State
from factcheck.decisions.queries import decisions_by_claim
from factcheck.editions import queries, search


def follow(session: Session, article: Article, *, now: datetime) -> None:
    """Have search, the claims and the totals say what readers are told of a held article.

    Whoever publishes, withdraws or puts back calls it, once the article's state is set and before
    anything is counted: it takes the claims.
    """
    search.reindex(session, article)
    claims = session.scalars(sa.select(Claim).where(Claim.article_id == article.id)).all()
    lock_claims(session, claims)
    follow_withdrawal(session, article, now=now)
    note_told(session, article, _told(session, article))
    ready = [one for one in claims if one.told is not None and one.state == State.READY]
    decisions = decisions_by_claim(session, [one.id for one in ready])
    for claim in ready:
        verdict = decisions[claim.id][-1].rating if decisions[claim.id] else claim.told
        claim.to_correct = verdict != claim.told
    for claim in claims:
        if claim.told is None and claim.to_correct:
            claim.to_correct = False
    session.flush()


def _told(session: Session, article: Article) -> dict[str, str]:
    """Return the ratings in the newest edition that stands, without claims withdrawn from it."""
    try:
        newest = queries.newest_standing(session, article)
    except queries.EditionMissing:
        return {}
    return {
        claim["id"]: claim["rating"]
        for claim in queries.record_of(newest)["claims"]
        if claim["id"] not in newest.claims_withdrawn
    }
