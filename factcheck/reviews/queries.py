"""Reading rounds, seats, reviews and sources; the seal of an open round is kept here.

While a round is open, a reviewer gets from these functions their own review and nothing that
others' work could move.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.claims.models import Claim
from factcheck.failures import Missing
from factcheck.reviews.models import Citation, Comment, Review, Round, Seat, Source
from factcheck.reviews.rules import canonical_url


class NoRound(Missing):
    """The claim has no open round."""


class ReviewMissing(Missing):
    """There is no such review, or it is sealed for who asks."""


class LeaseMissing(Missing):
    """There is no such lease, or it is over, or somebody else's."""


class SourceMissing(Missing):
    """No source is known under that address, as far as who asks may know."""


def open_round(session: Session, claim: Claim) -> Round:
    """Return the claim's open round; raise NoRound."""
    found = session.scalar(
        sa.select(Round).where(Round.claim_id == claim.id, Round.closed_at.is_(None))
    )
    if found is None:
        raise NoRound("No round is open for this claim.")
    return found


def rounds_of(session: Session, claim: Claim) -> list[Round]:
    """Return every round of the claim, the first first."""
    query = sa.select(Round).where(Round.claim_id == claim.id).order_by(Round.number)
    return list(session.scalars(query))


def seats_of(session: Session, found: Round) -> list[Seat]:
    """Return the seats of a round by their number, with who holds them."""
    return list(
        session.scalars(
            sa.select(Seat)
            .where(Seat.round_id == found.id)
            .options(joinedload(Seat.person))
            .order_by(Seat.number)
        )
    )


def lease(session: Session, lease_id: str, person: Person, *, now: datetime) -> Seat:
    """Return the seat that `person` holds under that lease; raise LeaseMissing."""
    seat = session.scalar(
        sa.select(Seat)
        .where(Seat.lease_id == lease_id, Seat.person_id == person.id)
        .options(joinedload(Seat.round).joinedload(Round.claim).joinedload(Claim.article))
    )
    if seat is None or (seat.expires_at and seat.expires_at <= now):
        raise LeaseMissing("This lease is over. Take the claim again if a seat is free.")
    return seat


def held_seats(session: Session, person: Person, *, now: datetime) -> list[Seat]:
    """Return the seats that `person` holds and has not filled, the one that ends first first."""
    return list(
        session.scalars(
            sa.select(Seat)
            .join(Seat.round)
            .join(Round.claim)
            .where(
                Seat.person_id == person.id,
                Seat.expires_at > now,
                Round.closed_at.is_(None),
                Claim.state == "accepted",
            )
            .options(
                contains_eager(Seat.round)
                .contains_eager(Round.claim)
                .joinedload(Claim.article)
            )
            .order_by(Seat.expires_at, Seat.id)
        )
    )  # fmt: skip


def own_review(session: Session, claim: Claim, person: Person) -> Review:
    """Return the person's review in the claim's newest round; raise ReviewMissing."""
    found = session.scalar(
        sa.select(Review)
        .join(Review.round)
        .where(Round.claim_id == claim.id, Review.person_id == person.id)
        .options(contains_eager(Review.round))
        .order_by(Round.number.desc())
        .limit(1)
    )
    if found is None:
        raise ReviewMissing("You have no review of this claim.")
    return found


def review(session: Session, public_id: str, viewer: Person) -> Review:
    """Return a review that `viewer` may see; raise ReviewMissing."""
    found = session.scalar(
        sa.select(Review)
        .where(Review.public_id == public_id)
        .options(joinedload(Review.round).joinedload(Round.claim), joinedload(Review.person))
    )
    if found is None or not _may_see(found, viewer):
        raise ReviewMissing("There is no such review.")
    return found


def _may_see(found: Review, viewer: Person) -> bool:
    if found.person_id == viewer.id:
        return True
    return found.round.closed_at is not None and found.state != "draft"


def reviews_of(session: Session, claim: Claim, viewer: Person) -> list[Review]:
    """Return the reviews of a claim that `viewer` may see, oldest round first.

    One's own, and everybody's of the rounds that are closed: editors see no more than reviewers
    do. The last are in the order in which they came in; drafts of others are never shown.
    """
    found = session.scalars(
        sa.select(Review)
        .join(Review.round)
        .where(Round.claim_id == claim.id)
        .options(contains_eager(Review.round).joinedload(Round.claim), joinedload(Review.person))
        .order_by(Round.number, Review.submitted_at, Review.id)
    )
    return [one for one in found if _may_see(one, viewer)]


def counted_reviews(session: Session, found: Round) -> list[Review]:
    """Return the reviews that count in a round, in the order in which they came in."""
    return list(
        session.scalars(
            sa.select(Review)
            .where(Review.round_id == found.id, Review.state == "submitted")
            .options(joinedload(Review.person))
            .order_by(Review.submitted_at, Review.id)
        )
    )


def submitted_count(session: Session, claim: Claim, viewer: Person) -> int | None:
    """Return how many reviews of the open round are in, for editors; None for reviewers."""
    if not viewer.is_at_least(Role.EDITOR):
        return None
    return session.scalar(
        sa.select(sa.func.count(Review.id))
        .join(Review.round)
        .where(Round.claim_id == claim.id, Round.closed_at.is_(None), Review.state == "submitted")
    )


def citations_by_review(session: Session, review_ids: Collection[int]) -> dict[int, list[Citation]]:
    """Return each review's citations in their order, in one query; [] for one without any."""
    grouped: dict[int, list[Citation]] = defaultdict(list)
    for citation in session.scalars(
        sa.select(Citation)
        .where(Citation.review_id.in_(review_ids))
        .options(joinedload(Citation.source))
        .order_by(Citation.review_id, Citation.position)
    ):
        grouped[citation.review_id].append(citation)
    return {review_id: grouped[review_id] for review_id in review_ids}


def reviewed_in(session: Session, found: Round, person: Person) -> bool:
    """Whether `person` submitted a review that counts in that round."""
    query = sa.select(Review.id).where(
        Review.round_id == found.id, Review.person_id == person.id, Review.state == "submitted"
    )
    return session.scalar(query) is not None


def source_by_url(session: Session, url: str, viewer: Person) -> Source:
    """Return the source at that address, as if unknown while only open rounds cite it.

    Who cites it themselves may see it; raises SourceMissing.
    """
    try:
        canonical = canonical_url(url)
    except ValueError as error:
        raise SourceMissing(f"No source is known there: {error}.") from error
    seen = (
        sa.select(Citation.id)
        .join(Review, Review.id == Citation.review_id)
        .join(Round, Round.id == Review.round_id)
        .where(
            Citation.source_id == Source.id,
            sa.or_(
                Review.person_id == viewer.id,
                sa.and_(Round.closed_at.is_not(None), Review.state != "draft"),
            ),
        )
    )
    found = session.scalar(sa.select(Source).where(Source.url == canonical, seen.exists()))
    if found is None:
        raise SourceMissing("No source is known under that address.")
    return found


def comments_of(
    session: Session, claim: Claim, viewer: Person, *, after_id: int = 0, limit: int = 200
) -> list[Comment]:
    """Return the remarks on a claim that `viewer` may see, oldest first.

    While a round is open its remarks show to their author and to editors only.
    """
    query = (
        sa.select(Comment)
        .outerjoin(Comment.round)
        .where(Comment.claim_id == claim.id, Comment.id > after_id)
        .options(joinedload(Comment.author))
        .order_by(Comment.id)
        .limit(limit)
    )
    if not viewer.is_at_least(Role.EDITOR):
        opened = sa.or_(Comment.round_id.is_(None), Round.closed_at.is_not(None))
        query = query.where(sa.or_(opened, Comment.author_id == viewer.id))
    return list(session.scalars(query))


def latest_reviews(session: Session, person: Person, *, limit: int = 10) -> list[Review]:
    """Return what `person` submitted last, newest first, with claims and their articles."""
    return list(
        session.scalars(
            sa.select(Review)
            .where(Review.person_id == person.id, Review.state != "draft")
            .options(joinedload(Review.round).joinedload(Round.claim).joinedload(Claim.article))
            .order_by(Review.submitted_at.desc(), Review.id.desc())
            .limit(limit)
        )
    )
