"""Reviews and verdicts for tests, made by the real path with real people."""

from __future__ import annotations

from datetime import datetime

from factcheck.accounts.models import Person
from factcheck.claims.actions import accept_claim
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.decisions.actions import decide_claim, submit_review
from factcheck.decisions.models import Decision
from factcheck.decisions.rules import VerdictWords
from factcheck.methods.rules import DISAGREE
from factcheck.reviews.models import Review
from factcheck.reviews.rules import Answer, Cited
from tests.accounts.factories import make_person
from tests.conftest import NOW

SOURCE = Cited("https://register.example/1923/041", "refutes", "Built 1923.", "Register, 1923/041")


def make_answer(rating: str | None = "true", **fields) -> Answer:
    """Return an answer that can be submitted; `fields` replace what it holds."""
    whole = {"rationale": "The register has it [1]. It was built in 1923.", "sources": (SOURCE,)}
    return Answer(rating, **{**whole, **fields})


def review_as(session, claim: Claim, ratings: list[str], *, now: datetime = NOW) -> list[Review]:
    """Submit one review for each rating, each by somebody new, and return them."""
    return [
        submit_review(session, claim, make_person(session), make_answer(rating), now=now)
        for rating in ratings
    ]


def make_ready(
    session,
    claim: Claim,
    rating: str = "true",
    *,
    summary: str = "The register of inland vessels has the year.",
    editor: Person | None = None,
    now: datetime = NOW,
    **words,
) -> Decision:
    """Take a claim to *ready* by reviews that agree and an editor's approval."""
    if claim.state == State.PROPOSED:
        accept_claim(session, claim, actor=None, now=now)
    while claim.state == State.ACCEPTED:
        review_as(session, claim, [rating], now=now)
    editor = editor or make_person(session, "editor")
    given = VerdictWords(rating, summary, **words)
    return decide_claim(session, claim, given, actor=editor, now=now)


def leave_open(
    session,
    claim: Claim,
    ratings: tuple[str, ...] = ("true", "false", "unproven"),
    *,
    summary: str = "The register has 1923, the yard 1932.",
    reasons: str = "Both books were kept with care.",
    now: datetime = NOW,
) -> Decision:
    """Take a claim to *ready* by reviews that do not agree and an editor who leaves it open."""
    if claim.state == State.PROPOSED:
        accept_claim(session, claim, actor=None, now=now)
    review_as(session, claim, list(ratings), now=now)
    words = VerdictWords(DISAGREE.key, summary, reasons=reasons)
    return decide_claim(session, claim, words, actor=make_person(session, "editor"), now=now)
