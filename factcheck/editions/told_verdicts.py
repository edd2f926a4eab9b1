"""What readers are told of an article now, noted on its claims wherever an edition changes that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.articles.models import Article
from factcheck.claims.actions.counters import Told, follow_withdrawal, note_told
from factcheck.claims.models import Claim
from factcheck.claims.queries import lock_claims
from factcheck.decisions import corrections
from factcheck.editions import queries, search
from factcheck.editions.models import EditionClaim


def hold(session: Session, article: Article) -> Sequence[Claim]:
    """Read the claims of a held article and hold them until the transaction ends."""
    claims = session.scalars(sa.select(Claim).where(Claim.article_id == article.id)).all()
    lock_claims(session, claims)
    return claims


def follow(session: Session, article: Article, claims: Sequence[Claim], *, now: datetime) -> None:
    """Have search, the claims and the totals say what readers are told of a held article.

    `claims` are all of its, held. Whoever publishes, withdraws or puts back calls it, once the
    article's state is set and before anything is counted.
    """
    search.reindex(session, article)
    follow_withdrawal(session, article, now=now)
    note_told(session, article, claims, _told(session, article))
    corrections.mark(session, claims)


def _told(session: Session, article: Article) -> dict[int, Told]:
    """Return what the newest edition that stands says, without claims withdrawn from it."""
    try:
        newest = queries.newest_standing(session, article)
    except queries.EditionMissing:
        return {}
    said = (
        sa.select(EditionClaim.claim_id, EditionClaim.rating, EditionClaim.decision_id)
        .join(EditionClaim.claim)
        .where(
            EditionClaim.edition_id == newest.id, Claim.public_id.not_in(newest.claims_withdrawn)
        )
    )
    return {claim_id: (rating, by) for claim_id, rating, by in session.execute(said)}
