"""Reviews. What an open round holds stays sealed: the queries keep it so."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.api.calls import READS, REVIEWS, Answer, Asked, call
from factcheck.api.cursors import PageQuery, page_of_all
from factcheck.api.shapes.reviews import (
    NewReview,
    ReviewShown,
    ReviewsShown,
    Withdrawn,
    cited,
    review_shown,
)
from factcheck.claims.models import Claim
from factcheck.claims.queries import claim as claim_of
from factcheck.claims.queries import lock_claims
from factcheck.claims.rules import State
from factcheck.decisions.actions import submit_review, withdraw_review
from factcheck.reviews import queries
from factcheck.reviews.actions import save_draft
from factcheck.reviews.models import Review
from factcheck.reviews.rules import Answer as Answered


@call("POST", "/claims/{id}/reviews", REVIEWS, body=NewReview, answer=ReviewShown, status=201,
      also={200: "the draft was there already"})  # fmt: skip
def review(session: Session, asked: Asked[NewReview]) -> Answer:
    """Save a draft, or with `submit` give the answer for good.

    One review for each person and round: a second POST writes the same draft again (200), after
    submission it is refused (409). Without a lease this takes a free seat where there is one.
    """
    claim = claim_of(session, asked.id)
    lock_claims(session, [claim])
    before = _own(session, claim, asked)
    given = asked.given
    answer = Answered(
        rating=given.rating,
        rationale=given.rationale,
        private_note=before.private_note if before and before.state == "draft" else "",
        sources=cited(given.sources),
    )
    save = submit_review if given.submit else save_draft
    written = save(session, claim, asked.person, answer, now=asked.now)
    status = 200 if before is not None and before.id == written.id else 201
    return Answer(_shown(session, written), status=status)


@call("GET", "/claims/{id}/reviews", READS, query=PageQuery, answer=ReviewsShown)
def list_reviews(session: Session, asked: Asked[PageQuery]) -> ReviewsShown:
    """List one's own reviews of a claim, and everybody's of rounds that are closed.

    While a round is open, editors are told besides how many of its reviews are in (`submitted`).
    """
    claim = claim_of(session, asked.id)
    numbered = list(enumerate(queries.reviews_of(session, claim, asked.person)))
    items, following = page_of_all(numbered, asked.given, lambda one: (one[0],))
    citations = queries.citations_by_review(session, [found.id for _number, found in items])
    count = None
    if claim.state == State.ACCEPTED:
        count = queries.submitted_count(session, claim, asked.person)
    return ReviewsShown(
        [review_shown(found, citations[found.id]) for _number, found in items],
        following,
        UNSET if count is None else count,
    )


@call("POST", "/reviews/{id}/withdraw", REVIEWS, body=Withdrawn, answer=ReviewShown)
def withdraw(session: Session, asked: Asked[Withdrawn]) -> ReviewShown:
    """Take one's own submitted review back while its round is open; the seat is free again."""
    found = queries.review(session, asked.id, asked.person)
    withdraw_review(session, found, reason=asked.given.reason, actor=asked.person, now=asked.now)
    return _shown(session, found)


def _own(session: Session, claim: Claim, asked: Asked[Any]) -> Review | None:
    """Return the caller's review of the newest round that they reviewed, None without any."""
    try:
        return queries.own_review(session, claim, asked.person)
    except queries.ReviewMissing:
        return None


def _shown(session: Session, found: Review) -> ReviewShown:
    session.flush()
    return review_shown(found, queries.citations_by_review(session, [found.id])[found.id])
