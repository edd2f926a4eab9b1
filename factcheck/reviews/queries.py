"""Reading rounds, seats, reviews and sources; the seal of an open round is kept here.

While a round is open, a reviewer gets from these functions their own work and nothing that others'
could move. What surprises: *open* is told by the claim's state, never by whether a round exists,
since a round begins with the first seat that somebody takes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.failures import Invalid, Missing
from factcheck.methods import queries as methods
from factcheck.reviews.models import (
    Citation,
    PracticeDone,
    Review,
    Round,
    Seat,
    Source,
)
from factcheck.reviews.rules import canonical_url


class NoRound(Missing):
    """The claim has no open round."""


class ReviewMissing(Missing):
    """There is no such review, or it is sealed for who asks."""


class LeaseMissing(Missing):
    """There is no such lease, or it is over, or somebody else's."""


class SourceMissing(Missing):
    """No source is known under that address, as far as anybody may know."""


# What every submission asks is made once: a statement takes longer to make than to execute.
_NEWEST_ROUND = (
    sa.select(Round)
    .where(Round.claim_id == sa.bindparam("claim_id"))
    .order_by(Round.number.desc())
    .limit(1)
)
_SEATS = sa.select(Seat).where(Seat.round_id == sa.bindparam("round_id")).order_by(Seat.number)
_HELD_SEATS = (
    sa.select(Seat.id)
    .join(Seat.round)
    .join(Round.claim)
    .where(
        Seat.person_id == sa.bindparam("person_id"),
        Seat.expires_at > sa.bindparam("now"),
        Round.closed_at.is_(None),
        Claim.state == State.ACCEPTED,
    )
)
_SEATS_WITH_CLAIMS = (
    sa.select(Seat)
    .where(Seat.id.in_(sa.bindparam("seat_ids", expanding=True)))
    .options(joinedload(Seat.round).joinedload(Round.claim).joinedload(Claim.article))
    .order_by(Seat.expires_at, Seat.id)
)
_ANSWER = sa.select(Review).where(
    Review.round_id == sa.bindparam("round_id"), Review.person_id == sa.bindparam("person_id")
)
_COUNTED = (
    sa.select(Review.person_id, Review.rating)
    .where(Review.round_id == sa.bindparam("round_id"), Review.state == "submitted")
    .order_by(Review.submitted_at, Review.id)
)


def open_round(session: Session, claim: Claim) -> Round:
    """Return the claim's open round; raise NoRound."""
    found = newest_round(session, claim)
    if found is None or found.closed_at is not None:
        raise NoRound("No round is open for this claim.")
    return found


def newest_round(session: Session, claim: Claim) -> Round | None:
    """Return the claim's last round, which alone can be open; None before there was any."""
    found = session.scalar(_NEWEST_ROUND, {"claim_id": claim.id})
    if found is not None:
        set_committed_value(found, "claim", claim)  # which is not read again then
    return found


def rounds_of(session: Session, claim: Claim) -> list[Round]:
    """Return every round of the claim, the first first."""
    query = sa.select(Round).where(Round.claim_id == claim.id).order_by(Round.number)
    return list(session.scalars(query))


def seats_of(session: Session, round_: Round) -> list[Seat]:
    """Return the seats of a round by their number."""
    seats = list(session.scalars(_SEATS, {"round_id": round_.id}))
    for seat in seats:
        set_committed_value(seat, "round", round_)
    return seats


def lease(session: Session, lease_id: str, person: Person) -> Seat:
    """Return the seat that `person` holds under that lease; raise LeaseMissing.

    A lease whose time is over is still theirs until somebody else takes the seat.
    """
    seat = session.scalar(
        sa.select(Seat)
        .where(Seat.lease_id == lease_id, Seat.person_id == person.id)
        .options(joinedload(Seat.round).joinedload(Round.claim).joinedload(Claim.article))
    )
    if seat is None:
        raise LeaseMissing("This seat is no longer yours. Take the claim again if one is free.")
    return seat


def held_seats(session: Session, person: Person, *, now: datetime) -> list[Seat]:
    """Return the seats that `person` holds and has not filled, the one that ends first first."""
    held = session.scalars(_HELD_SEATS, {"person_id": person.id, "now": now}).all()
    if not held:  # as for most who are dealt a claim
        return []
    return list(session.scalars(_SEATS_WITH_CLAIMS, {"seat_ids": held}))


@dataclass(frozen=True, slots=True)
class OwnRound:
    """A round of a claim as one person stands in it: their seat and review, each of these or None.

    `submitted` is how many reviews of it are in: for editors, None to everybody else.
    """

    round: Round
    seat: Seat | None
    review: Review | None
    submitted: int | None

    @property
    def has_part(self) -> bool:
        """Whether it is open and they have a part in it, as `seal.open_rounds_of` asks."""
        is_open = self.round.closed_at is None
        return is_open and (self.seat is not None or self.review is not None)


def own_rounds(session: Session, claim: Claim, person: Person) -> list[OwnRound]:
    """Return every round of a claim as `person` stands in it, the first first; in one query."""
    return [one for one in rounds_around(session, claim, person) if one.round.claim_id == claim.id]


def rounds_around(session: Session, claim: Claim, person: Person) -> list[OwnRound]:
    """Return the rounds of a claim, then those of the claims merged into it, as in `own_rounds`."""
    around = sa.select(Claim.id).where(Claim.id == claim.id).cte(recursive=True)
    around = around.union(sa.select(Claim.id).where(Claim.merged_into_id == around.c.id))
    count = (
        sa.select(sa.func.count(Review.id))
        .where(Review.round_id == Round.id, Review.state == "submitted")
        .correlate(Round)
        .scalar_subquery()
    )
    is_editor = person.is_at_least(Role.EDITOR)
    mine = sa.orm.aliased(Review)
    rows = session.execute(
        sa.select(Round, Seat, mine, count if is_editor else sa.null())
        .outerjoin(Seat, sa.and_(Seat.round_id == Round.id, Seat.person_id == person.id))
        .outerjoin(mine, sa.and_(mine.round_id == Round.id, mine.person_id == person.id))
        .join(Round.claim)
        .where(Round.claim_id.in_(sa.select(around.c.id)))
        .options(contains_eager(Round.claim))
        .order_by(Round.claim_id != claim.id, Round.claim_id, Round.number)
    )
    return [OwnRound(*row) for row in rows]


def own_seat(session: Session, claim: Claim, person: Person) -> Seat | None:
    """Return the person's seat in the claim's newest round, or None where they have none."""
    return session.scalar(
        sa.select(Seat)
        .join(Seat.round)
        .where(Round.claim_id == claim.id, Seat.person_id == person.id)
        .order_by(Round.number.desc())
        .limit(1)
    )


def own_review(session: Session, claim: Claim, person: Person) -> Review:
    """Return the person's review in the newest round they wrote in; raise ReviewMissing."""
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
        .join(Review.round)
        .where(Review.public_id == public_id, _visible_to(viewer))
        .options(contains_eager(Review.round).joinedload(Round.claim), joinedload(Review.person))
    )
    if found is None:
        raise ReviewMissing("There is no such review.")
    return found


def reviews_of(session: Session, claim: Claim, viewer: Person) -> list[Review]:
    """Return the reviews of a claim that `viewer` may see, round by round as they came in.

    One's own, and everybody's of the rounds that are closed; editors see no more than reviewers.
    Others' drafts are never shown.
    """
    found = session.scalars(
        sa.select(Review)
        .join(Review.round)
        .where(Round.claim_id == claim.id, _visible_to(viewer))
        .options(contains_eager(Review.round).joinedload(Round.claim), joinedload(Review.person))
        .order_by(Round.number, Review.submitted_at.is_(None), Review.submitted_at, Review.id)
    )
    return list(found)


def _visible_to(viewer: Person) -> sa.ColumnElement[bool]:
    opened = sa.and_(Round.unsealed(), Review.state != "draft")
    return sa.or_(Review.person_id == viewer.id, opened)


def counted_reviews(session: Session, round_: Round) -> list[Review]:
    """Return the reviews that count in a round, in the order in which they came in.

    For deciding and for closed rounds: nothing of an open round is shown from here.
    """
    return list(
        session.scalars(
            sa.select(Review)
            .where(Review.round_id == round_.id, Review.state == "submitted")
            .options(joinedload(Review.person))
            .order_by(Review.submitted_at, Review.id)
        )
    )


def counted_ratings(session: Session, round_: Round) -> list[tuple[int, str]]:
    """Return who gave which rating in a round, of the reviews that count, as they came in."""
    return [(row[0], str(row[1])) for row in session.execute(_COUNTED, {"round_id": round_.id})]


def answer_in(session: Session, round_: Round, person: Person) -> Review | None:
    """Return what a person wrote in a round, whatever became of it, or None."""
    return session.scalar(_ANSWER, {"round_id": round_.id, "person_id": person.id})


def submitted_count(session: Session, claim: Claim, viewer: Person) -> int | None:
    """Return how many reviews of the open round are in, to editors; None to everybody else."""
    if not viewer.is_at_least(Role.EDITOR):
        return None
    return submitted_by_claim(session, [claim.id]).get(claim.id, 0)


def submitted_by_claim(session: Session, claim_ids: Collection[int]) -> dict[int, int]:
    """Return how many reviews are in, for each claim with an open round. For editors only."""
    rows = session.execute(
        sa.select(Round.claim_id, sa.func.count(Review.id))
        .outerjoin(Review, sa.and_(Review.round_id == Round.id, Review.state == "submitted"))
        .where(Round.claim_id.in_(claim_ids), Round.closed_at.is_(None))
        .group_by(Round.claim_id)
    )
    return {row[0]: row[1] for row in rows}


def citations_by_review(session: Session, review_ids: Collection[int]) -> dict[int, list[Citation]]:
    """Return each review's citations in their order, with what there is of their sources.

    One query; [] for a review without any.
    """
    grouped: dict[int, list[Citation]] = defaultdict(list)
    for citation in session.scalars(
        sa.select(Citation)
        .where(Citation.review_id.in_(review_ids))
        .options(joinedload(Citation.source).joinedload(Source.snapshots))
        .order_by(Citation.review_id, Citation.position)
    ).unique():
        grouped[citation.review_id].append(citation)
    return {review_id: grouped[review_id] for review_id in review_ids}


def has_reviewed(session: Session, round_: Round, person: Person) -> bool:
    """Whether `person` answered in that round, in time or late, withdrawn or not."""
    query = sa.select(Review.id).where(
        Review.round_id == round_.id, Review.person_id == person.id, Review.state != "draft"
    )
    return session.scalar(query) is not None


def source_by_url(session: Session, url: str) -> Source:
    """Return the source at an address that a review of a closed round cites; raise SourceMissing.

    As if unknown until then, also to who cites it: its date would tell that others did before.
    """
    try:
        canonical = canonical_url(url)
    except Invalid as problem:
        raise SourceMissing(problem.sentence, **problem.values) from problem
    cited = (
        sa.select(Citation.id)
        .join(Review, Review.id == Citation.review_id)
        .join(Round, Round.id == Review.round_id)
        .where(Citation.source_id == Source.id, Round.unsealed(), Review.state != "draft")
    )
    found = session.scalar(sa.select(Source).where(Source.url == canonical, cited.exists()))
    if found is None:
        raise SourceMissing("No source is known under that address.")
    return found


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


def practice_done(session: Session, person: Person) -> dict[str, PracticeDone]:
    """Return what `person` did of the practice cases, by the case's key."""
    found = session.scalars(sa.select(PracticeDone).where(PracticeDone.person_id == person.id))
    return {one.key: one for one in found}


def practice_counts(session: Session, person_ids: Collection[int]) -> dict[int, int]:
    """Return how many of today's practice cases each of these people did; 0 for none."""
    rows = session.execute(
        sa.select(PracticeDone.person_id, sa.func.count(PracticeDone.id))
        .where(
            PracticeDone.person_id.in_(person_ids),
            PracticeDone.key.in_([case.key for case in methods.cases()]),
        )
        .group_by(PracticeDone.person_id)
    )
    return dict.fromkeys(person_ids, 0) | {row[0]: row[1] for row in rows}
