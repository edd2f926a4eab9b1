"""Lists that the API alone asks for, in pages."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.articles.models import Article
from factcheck.claims.models import Claim

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
        .options(joinedload(Claim.article), joinedload(Claim.same_as), joinedload(Claim.merged_into))
        .order_by(*place)
        .limit(limit)
    )
    if after is not None:
        chosen = chosen.where(sa.tuple_(*place) > sa.tuple_(*after))
    return list(session.scalars(chosen))


def claims_by_id(session: Session, ids: Collection[int]) -> dict[int, Claim]:
    """Return the claims with these keys, their articles loaded."""
    chosen = sa.select(Claim).where(Claim.id.in_(ids)).options(joinedload(Claim.article))
    return {claim.id: claim for claim in session.scalars(chosen)}
