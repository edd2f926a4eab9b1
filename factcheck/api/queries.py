"""What the API alone reads: claims in pages, and claims with their verdicts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.api.shapes.claims import ClaimShown, claim_shown
from factcheck.articles.models import Article
from factcheck.claims.facets import Facet, values_by_claim
from factcheck.claims.models import Claim
from factcheck.decisions.models import Decision
from factcheck.decisions.queries import decisions_by_claim

_GONE = 2**31 - 1  # sorts claims without a place behind all others


def place_of(claim: Claim) -> tuple[int, int, str]:
    """Return the key by which claims are listed: text order, those without a place last."""
    if claim.start is None or claim.end is None:
        return _GONE, _GONE, claim.public_id
    return claim.start, claim.end, claim.public_id


def claims_after(
    session: Session, article: Article, after: tuple[Any, ...] | None, *, limit: int
) -> list[Claim]:
    """Return claims of an article in text order, after the one with the key `after`."""
    place = (
        sa.func.coalesce(Claim.start, _GONE), sa.func.coalesce(Claim.end, _GONE), Claim.public_id,
    )  # fmt: skip
    chosen = (
        sa.select(Claim)
        .where(Claim.article_id == article.id)
        .options(
            joinedload(Claim.article), joinedload(Claim.same_as), joinedload(Claim.merged_into)
        )
        .order_by(*place)
        .limit(limit)
    )
    if after is not None:
        chosen = chosen.where(sa.tuple_(*place) > sa.tuple_(*after))
    return list(session.scalars(chosen))


def shown(session: Session, claim: Claim) -> ClaimShown:
    """Return a claim as it is answered, as the transaction has it now."""
    return all_shown(session, [claim])[0]


def all_shown(session: Session, claims: Sequence[Claim]) -> list[ClaimShown]:
    """Return claims as they are answered, in their order; two queries for all of them."""
    session.flush()
    ids = [claim.id for claim in claims]
    current, tags = current_decisions(session, ids), values_by_claim(session, ids, Facet.TAG)
    return [claim_shown(claim, current.get(claim.id), tags[claim.id]) for claim in claims]


def current_decisions(session: Session, ids: Collection[int]) -> dict[int, Decision]:
    """Return the newest decision of each claim that has one, by the claim's key."""
    every = decisions_by_claim(session, ids)
    return {claim_id: found[-1] for claim_id, found in every.items() if found}
