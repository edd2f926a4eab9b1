"""The verbs of reviewing: drafts, comments, and what ends with a person's account.

Submitting stands in `decisions/actions.py`, since it may close the round.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from factcheck.accounts import actions as accounts
from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.failures import Conflict, Invalid
from factcheck.methods import queries as methods
from factcheck.reviews import queries
from factcheck.reviews.models import Citation, Comment, Review, Seat, Skip, Source
from factcheck.reviews.rules import Answer, Cited, canonical_url, check_draft, lease_end
from factcheck.reviews.seats import (
    AlreadyAnswered,
    DeclaredInterest,
    NoSeat,
    NothingToReview,
    NotInReview,
    OwnProposal,
    Wish,
    deal_next,
    free,
    hand_back,
    renew_lease,
    take_seat,
)

__all__ = [
    "AlreadyAnswered", "AlreadySubmitted", "DeclaredInterest", "NoSeat", "NotInReview",
    "NothingToReview", "OwnProposal", "StaleDraft", "Wish", "add_comment", "deal_next",
    "disable_person", "hand_back", "keep_sources", "mark_wording_changed", "renew_lease",
    "save_draft", "take_seat",
]  # fmt: skip

LONGEST_COMMENT = 5_000  # code points


class AlreadySubmitted(Conflict):
    """The person's review of this round is in and cannot be edited."""


class StaleDraft(Conflict):
    """The draft was saved from elsewhere since this page was opened."""


def save_draft(
    session: Session, claim: Claim, person: Person, answer: Answer, *, now: datetime,
    version: int | None = None,
) -> Review:  # fmt: skip
    """Keep what the person has so far, taking a seat if they have none, and return the review.

    Raises what `take_seat` does, Invalid, AlreadySubmitted; StaleDraft if `version` is given and is
    not the draft's.
    """
    draft = _draft(session, claim, person, now=now)
    check_draft(answer, methods.scale(draft.round.scale_key))
    if version is not None and draft.version != version:
        raise StaleDraft("This draft was saved from another window since. Both are shown.")
    write(session, draft, answer, now=now)
    seat = session.scalar(
        sa.select(Seat).where(Seat.round_id == draft.round_id, Seat.person_id == person.id)
    )
    if seat is not None:
        seat.expires_at = max(seat.expires_at or now, lease_end(answer, now))
    return draft


def _draft(session: Session, claim: Claim, person: Person, *, now: datetime) -> Review:
    """Return the person's draft in the open round, making one; raise AlreadySubmitted."""
    try:
        seat = take_seat(session, claim, person, now=now)
    except (AlreadyAnswered, NotInReview) as refusal:
        raise_if_submitted(session, claim, person, refusal)
        raise
    found = session.scalar(
        sa.select(Review).where(Review.round_id == seat.round_id, Review.person_id == person.id)
    )
    if found is None:
        found = Review(
            round_id=seat.round_id, person_id=person.id, created_at=now, edited_at=now, version=0
        )
        session.add(found)
        session.flush()
    elif found.state == "withdrawn":
        found.state, found.submitted_at = "draft", None
    return found


def raise_if_submitted(session: Session, claim: Claim, person: Person, refusal: Conflict) -> None:
    """Raise AlreadySubmitted from `refusal` if the person's review of the newest round is in."""
    try:
        own = queries.own_review(session, claim, person)
    except queries.ReviewMissing:
        return
    if own.state in {"submitted", "late"}:
        raise AlreadySubmitted("Your review of this claim is in.") from refusal


def write(session: Session, review: Review, answer: Answer, *, now: datetime) -> None:
    """Put an answer into a review, its citations in their order."""
    review.rating = answer.rating
    review.rationale = answer.rationale
    review.private_note = answer.private_note
    review.edited_at = now
    review.version += 1
    session.execute(sa.delete(Citation).where(Citation.review_id == review.id))
    sources = keep_sources(session, answer.sources, now=now)
    session.add_all(
        Citation(
            review_id=review.id, source_id=sources[canonical_url(cited.url)].id, position=position,
            stance=cited.stance, title=cited.title or None, quote=cited.quote or None,
            archive_url=cited.archive_url or None,
        )
        for position, cited in enumerate(answer.sources, 1)
    )  # fmt: skip
    session.flush()


def keep_sources(session: Session, cited: tuple[Cited, ...], *, now: datetime) -> dict[str, Source]:
    """Return the source of each canonical address, adding those that are not known yet."""
    titles = {canonical_url(one.url): one.title or None for one in cited}
    if not titles:
        return {}
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for url in sorted(
        titles
    ):  # in one order everywhere, so that two writers cannot lock each other
        values = {
            "url": url, "title": titles[url], "site": url.split("/")[2], "created_at": now,
        }  # fmt: skip
        session.execute(insert(Source).values(values).on_conflict_do_nothing())
    found = session.scalars(sa.select(Source).where(Source.url.in_(titles)))
    return {source.url: source for source in found}


def mark_wording_changed(session: Session, claim: Claim, *, now: datetime) -> None:
    """Ask the authors of reviews in hand to confirm, since the claim's words changed."""
    try:
        found = queries.open_round(session, claim)
    except queries.NoRound:
        return
    session.execute(
        sa.update(Review)
        .where(Review.round_id == found.id, Review.state.in_(("draft", "submitted")))
        .values(wording_changed=True)
    )
    record(session, "round.wording-changed", found.public_id, actor=None, now=now)


def confirm_wording(session: Session, review: Review, *, actor: Person, now: datetime) -> None:
    """Say that one's review stands for the claim's new words."""
    review.wording_changed = False
    record(session, "review.confirmed", review.public_id, actor=actor, now=now)


def add_comment(
    session: Session, claim: Claim, text: str, *, actor: Person, now: datetime
) -> Comment:
    """Add a remark to a claim and return it; raise Invalid for an empty or too long one."""
    if not text.strip() or len(text) > LONGEST_COMMENT:
        raise Invalid("text", f"Write 1 to {LONGEST_COMMENT:,} characters.")
    try:
        round_id = queries.open_round(session, claim).id
    except queries.NoRound:
        round_id = None
    comment = Comment(
        claim_id=claim.id, round_id=round_id, author_id=actor.id, text=text, created_at=now
    )
    session.add(comment)
    session.flush()
    record(session, "claim.commented", claim.public_id, actor=actor, now=now)
    return comment


def disable_person(
    session: Session, person: Person, *, actor: Person | None, now: datetime
) -> None:
    """Keep somebody out and free the seats they hold; drafts and submitted reviews stay."""
    accounts.disable(session, person, actor=actor, now=now)
    held = session.scalars(
        sa.select(Seat).where(Seat.person_id == person.id, Seat.expires_at.is_not(None))
    ).all()
    for seat in held:
        session.add(Skip(round_id=seat.round_id, person_id=person.id, reason="disabled", at=now))
        free(seat)
