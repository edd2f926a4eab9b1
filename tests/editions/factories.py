"""Published articles for tests, by the real path."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from factcheck.articles.models import Article
from factcheck.claims.models import Claim
from tests.claims.factories import make_article, make_claim
from tests.reviews.factories import make_ready

TEXT = (
    "The ferry\n\n"
    "The ferry carried 412,000 passengers in 2024 and was the oldest in the country.  "
    "I miss her.\n\n"
    "On 3 March the council voted nine to four to end the service. It cost 1.9 million crowns.\n\n"
    "Photo: H. Lund\n"
)
QUOTES = (
    "The ferry carried 412,000 passengers in 2024",
    "the council voted nine to four to end the service",
    "It cost 1.9 million crowns",
)


def make_ready_article(
    session: Session, ratings: Sequence[str] = ("true", "false", "not-checkable"), **details: object
) -> tuple[Article, list[Claim]]:
    """Return an article with a ready claim for each rating, and the claims."""
    article = make_article(session, TEXT, **details)
    claims = [make_claim(session, article, quote) for quote in QUOTES[: len(ratings)]]
    for claim, rating in zip(claims, ratings, strict=True):
        make_ready(session, claim, rating, summary=f"Of {claim.public_id}: the minutes say so.")
    return article, claims
