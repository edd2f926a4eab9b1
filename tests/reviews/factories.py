"""Claims taken down the path by real people with the real functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.claims.actions import accept_claim
from factcheck.claims.models import Claim
from factcheck.decisions.actions import decide_claim, submit_review
from factcheck.decisions.models import Decision
from factcheck.decisions.rules import VerdictWords
from factcheck.reviews.models import Review
from factcheck.reviews.rules import Answer, Cited
from tests.accounts.factories import make_person
from tests.conftest import NOW

SOURCE = Cited("https://register.example/1923/041", "refutes", "Built 1923", "Register, 1923/041")


def an_answer(rating: str = "true", *, why: str = "The register says so [1].") -> Answer:
    """Return an answer that can be submitted."""
    return Answer(rating, why, sources=(SOURCE,))


def review_as(
    session: Session, claim: Claim, rating: str = "true", *, person: Person | None = None,
    now: datetime = NOW,
) -> Review:  # fmt: skip
    """Submit a review of the claim by `person`, or by somebody new."""
    person = person or make_person(session)
    return submit_review(session, claim, person, an_answer(rating), now=now)


def decide_by_reviews(
    session: Session, claim: Claim, ratings: Sequence[str], *, now: datetime = NOW
) -> None:
    """Accept a proposed claim and have somebody new give each of the ratings, in order."""
    if claim.state == "proposed":
        accept_claim(session, claim, actor=None, now=now)
    for rating in ratings:
        review_as(session, claim, rating, now=now)


def make_ready(
    session: Session, claim: Claim, rating: str = "true", *,
    summary: str = "The register bears it out.", editor: Person | None = None,
    now: datetime = NOW,
) -> Decision:  # fmt: skip
    """Take a proposed claim to ready: two reviews that agree, and an editor's approval."""
    decide_by_reviews(session, claim, [rating, rating], now=now)
    editor = editor or make_person(session, "editor")
    return decide_claim(session, claim, VerdictWords(rating, summary), actor=editor, now=now)
