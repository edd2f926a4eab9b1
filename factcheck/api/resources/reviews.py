"""Reviews. What an open round holds stays sealed: the queries keep it so."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.api.calls import READS, REVIEWS, Answer, Asked, call
from factcheck.api.cursors import PageQuery, key_of, page, page_of_all
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
from factcheck.decisions.written import past_reviews
from factcheck.reviews import queries
from factcheck.reviews.actions import confirm_wording, save_draft
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
        private_note=_note(given, before),
        sources=cited(given.sources),
    )
    save = submit_review if given.submit else save_draft
    version = None if given.version is UNSET else given.version
    written = save(session, claim, asked.person, answer, now=asked.now, version=version)
    status = 200 if before is not None and before.id == written.id else 201
    return Answer(_shown(session, written), status=status)


@call("GET", "/claims/{id}/reviews", READS, query=PageQuery, answer=ReviewsShown)
def list_reviews(session: Session, asked: Asked[PageQuery]) -> ReviewsShown:
    """List one's own reviews of a claim, and everybody's of rounds that are closed.

    While a round is open, editors are told besides how many of its reviews are in (`submitted`).
    """
    claim = claim_of(session, asked.id)
    every = queries.reviews_of(session, claim, asked.person)
    numbered, open_in = list(enumerate(every)), _notes_open_in(every, asked)
    items, following = page_of_all(numbered, asked.given, lambda one: (one[0],))
    citations = queries.citations_by_review(session, [found.id for _number, found in items])
    count = None
    if claim.state == State.ACCEPTED:
        count = queries.submitted_count(session, claim, asked.person)
    return ReviewsShown(
        [
            review_shown(
                found,
                citations[found.id],
                with_note=found.person_id == asked.person.id or found.round_id == open_in,
            )
            for _number, found in items
        ],
        following,
        UNSET if count is None else count,
    )


@call("GET", "/me/reviews", READS, query=PageQuery, answer=ReviewsShown)
def list_own_reviews(session: Session, asked: Asked[PageQuery]) -> ReviewsShown:
    """List what one answered, the newest first, in open rounds too; drafts aside."""
    after, limit = key_of(asked.given.cursor, int), asked.given.limit
    before = after[0] if after else None
    found = [
        one.review for one in past_reviews(session, asked.person, before=before, limit=limit + 1)
    ]
    items, following = page(found, limit, lambda one: [one.id])
    citations = queries.citations_by_review(session, [one.id for one in items])
    return ReviewsShown(
        [review_shown(one, citations[one.id], with_note=True) for one in items], following
    )


@call("POST", "/reviews/{id}/withdraw", REVIEWS, body=Withdrawn, answer=ReviewShown)
def withdraw(session: Session, asked: Asked[Withdrawn]) -> ReviewShown:
    """Take one's own submitted review back while its round is open; the seat is free again."""
    found = queries.review(session, asked.id, asked.person)
    withdraw_review(session, found, reason=asked.given.reason, actor=asked.person, now=asked.now)
    return _shown(session, found)


@call("POST", "/claims/{id}/confirm", REVIEWS, answer=ReviewShown)
def confirm(session: Session, asked: Asked[Any]) -> ReviewShown:
    """Say that one's own review holds for the claim's new words: `wording_changed` is taken off."""
    found = confirm_wording(session, claim_of(session, asked.id), asked.person, now=asked.now)
    return _shown(session, found)


def _note(given: NewReview, before: Review | None) -> str:
    if given.private_note is not UNSET:
        return given.private_note
    return before.private_note if before and before.state == "draft" else ""


def _notes_open_in(every: list[Review], asked: Asked[Any]) -> int | None:
    """Return the round whose private notes an editor may read: the last that closed, if disputed.

    As on the page on which it is settled.
    """
    closed = [one.round for one in every if one.round.closed_at and not one.round.is_gold]
    last = max(closed, key=lambda one: one.number, default=None)
    is_open = last is not None and last.outcome == "disputed" and asked.person.is_at_least("editor")
    return last.id if last is not None and is_open else None


def _own(session: Session, claim: Claim, asked: Asked[Any]) -> Review | None:
    """Return the caller's review of the newest round that they reviewed, None without any."""
    try:
        return queries.own_review(session, claim, asked.person)
    except queries.ReviewMissing:
        return None


def _shown(session: Session, found: Review) -> ReviewShown:
    session.flush()
    citations = queries.citations_by_review(session, [found.id])[found.id]
    return review_shown(found, citations, with_note=True)  # one's own
