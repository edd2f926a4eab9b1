"""Seats: taking one, keeping it, handing it back; and where a person may write.

A round is opened by the first seat that is taken. Whoever takes one holds the claim's row, so that
a round is opened once and a seat is given once; the unique keys are the last word. Where reviewers
are drawn by lot, `panels.py` opens rounds and gives seats, and here one only finds one's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.claims.models import Claim
from factcheck.claims.queries import lock_claims, standing
from factcheck.claims.rules import State
from factcheck.failures import Conflict, Forbidden
from factcheck.reviews import queries
from factcheck.reviews.models import Citation, Review, Round, Seat, Skip
from factcheck.reviews.panels import accept, refuse
from factcheck.reviews.rounds import (
    add_seats,
    check_may_review,
    forget_skip,
    free,
    lend,
    open_new,
    policy_in_force,
)
from factcheck.reviews.rules import LONGEST_REASON, check_text, lease_end


class NoSeat(Conflict):
    """Every seat of the claim's round is taken."""


class NotInReview(Conflict):
    """The claim is not open for review."""


class MergedAway(NotInReview):
    """The claim was merged into another, and the person has nothing in hand on it."""


class AlreadySubmitted(Conflict):
    """The person answered in this round already; an answer is never changed."""


class NotDrawn(Forbidden):
    """Who reviews the claim is drawn by lot, and this person holds no seat of it."""


class KnowsAnswer(Forbidden):
    """The claim is a gold claim, whose answer this person can look up."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person may write: a round, their draft in it, and their seat; each of these or None.

    Without a seat what they write is kept, but cannot be counted.
    """

    round: Round
    seat: Seat | None
    draft: Review | None


def take_seat(session: Session, claim: Claim, person: Person, *, now: datetime) -> Seat:
    """Return the person's seat in the claim's round, taking a free one if they have none.

    Raises NotInReview, OwnProposal, DeclaredInterest, NotDrawn, AlreadySubmitted, NoSeat.
    """
    lock_claims(session, [claim])
    return take_held(session, claim, person, now=now)


def take_held(session: Session, claim: Claim, person: Person, *, now: datetime) -> Seat:
    """Do as `take_seat` on a claim that is held, and was read under that lock."""
    if claim.state != State.ACCEPTED:
        raise _not_open(claim)
    seat = place_of(session, claim, person, now=now).seat
    if seat is None:
        raise NoSeat("Every seat of this claim is taken. Your draft is kept.")
    return seat


def place_of(session: Session, claim: Claim, person: Person, *, now: datetime) -> Place:
    """Return where the person may write on a claim that is held, taking a seat if there is one.

    That is the open round, or one that closed while they were at it. Raises as `take_seat` does,
    but where they have a draft it stands without a seat rather than being refused.
    """
    check_may_review(claim, person)
    if claim.state != State.ACCEPTED:
        return _place_behind(session, claim, person)
    last = queries.newest_round(session, claim)
    round_ = last if last is not None and last.closed_at is None else None
    if policy_in_force(claim, round_).by_lot:
        return _place_by_lot(session, round_, person, now=now)
    if round_ is None:
        opened, seats = open_new(session, claim, after=last, now=now)
        return Place(opened, _give(session, seats[0], person, None, now=now), None)
    return _place_in(session, round_, person, now=now)


def _place_in(session: Session, round_: Round, person: Person, *, now: datetime) -> Place:
    """Return one's own seat of an open round, or a free one; raise KnowsAnswer to editors."""
    if round_.is_gold and person.is_at_least(Role.EDITOR):
        raise knows_answer()
    draft = _draft_in(session, round_, person)
    seats = queries.seats_of(session, round_)
    for seat in seats:
        if seat.person_id == person.id:
            return Place(round_, _kept(session, seat, draft, now=now), draft)
    for seat in seats:
        if is_free(seat, now):
            forget_skip(session, round_, person)
            return Place(round_, _give(session, seat, person, draft, now=now), draft)
    if round_.is_gold:  # takes everybody, so that nobody is told what another would not be
        add_seats(session, round_, len(seats) + 1)
        forget_skip(session, round_, person)
        added = queries.seats_of(session, round_)[-1]
        return Place(round_, _give(session, added, person, draft, now=now), draft)
    if draft is None:
        raise NoSeat("Every seat of this claim is taken.")
    return Place(round_, None, draft)


def _place_by_lot(
    session: Session, round_: Round | None, person: Person, *, now: datetime
) -> Place:
    """Return the place of who was drawn; what they drafted is kept when their seat was passed on.

    Raises NotDrawn for everybody else, the same whether a panel was drawn or not.
    """
    if round_ is not None:
        draft = _draft_in(session, round_, person)
        lot = accept(session, round_, person, now=now)
        seats = queries.seats_of(session, round_) if lot else []
        for seat in seats:
            if seat.person_id == person.id:
                return Place(round_, _kept(session, seat, draft, now=now), draft)
        if draft is not None:
            return Place(round_, None, draft)
    raise not_drawn()


def knows_answer() -> KnowsAnswer:
    """Return the refusal of editors, who can look up the answer."""
    return KnowsAnswer("This is a gold claim. Editors know its answer, so they do not review it.")


def not_drawn() -> NotDrawn:
    """Return the refusal of who was not drawn; it tells nothing of the draw."""
    return NotDrawn(
        "Reviewers of this claim are drawn by lot. If you are drawn, it stands first in your queue."
    )


def is_free(seat: Seat, now: datetime) -> bool:
    """Whether nobody holds the seat, or its lease has run out; a filled one has no end."""
    return seat.person_id is None or (seat.expires_at is not None and seat.expires_at <= now)


def _place_behind(session: Session, claim: Claim, person: Person) -> Place:
    """Return the newest round of a claim that is not open, for who was at work in it."""
    rounds = queries.rounds_of(session, claim)
    if rounds:
        draft = _draft_in(session, rounds[-1], person)
        seat = queries.own_seat(session, claim, person)
        if draft or (seat and seat.round_id == rounds[-1].id):
            return Place(rounds[-1], seat, draft)
    raise _not_open(claim)


def _not_open(claim: Claim) -> NotInReview:
    if claim.merged_into_id is not None:
        return merged_away(claim)
    return NotInReview("This claim is not open for review.")


def merged_away(claim: Claim) -> MergedAway:
    """Return the refusal that names the claim to which this one was merged."""
    return MergedAway(
        "This claim was merged into “%(id)s”. Review that one.", id=standing(claim).public_id
    )


def _draft_in(session: Session, round_: Round, person: Person) -> Review | None:
    found = queries.answer_in(session, round_, person)
    if found is not None and found.state == "withdrawn":
        raise AlreadySubmitted("You withdrew your review of this round, so others go on with it.")
    if found is not None and found.state != "draft":
        raise AlreadySubmitted("Your review of this claim is in.")
    return found


def _give(
    session: Session, seat: Seat, person: Person, draft: Review | None, *, now: datetime
) -> Seat:
    until = lease_end(now, has_work=has_work(session, draft))
    lease_id = lend(session, seat, person, until=until, now=now)
    record(session, "seat.dealt", lease_id, actor=person, now=now)
    return seat


def _kept(session: Session, seat: Seat, draft: Review | None, *, now: datetime) -> Seat:
    """Return one's own seat; where its time was over and nobody took it, it begins anew."""
    if is_free(seat, now):
        seat.expires_at = lease_end(now, has_work=has_work(session, draft))
    return seat


def has_work(session: Session, draft: Review | None) -> bool:
    """Whether a draft holds words or a source."""
    if draft is None:
        return False
    if draft.rationale.strip() or draft.private_note.strip():
        return True
    cited = sa.select(Citation.id).where(Citation.review_id == draft.id).limit(1)
    return session.scalar(cited) is not None


def renew_lease(session: Session, lease_id: str, person: Person, *, now: datetime) -> Seat:
    """Keep a seat for as long again as it was given, and return it; raise LeaseMissing.

    A seat that a review fills has no end and stays so.
    """
    seat = _held(session, lease_id, person)
    if seat.expires_at is not None and seat.round.closed_at is None:
        draft = queries.answer_in(session, seat.round, person)
        seat.expires_at = max(seat.expires_at, lease_end(now, has_work=has_work(session, draft)))
    return seat  # fmt: skip


def hand_back(
    session: Session, lease_id: str, person: Person, *, reason: str | None, now: datetime
) -> None:
    """Free a seat and pass the claim over for this round; what was drafted is kept.

    Raises LeaseMissing, Invalid for a reason that is too long, AlreadySubmitted for a filled seat.
    """
    seat = _held(session, lease_id, person)
    why = check_text("reason", reason, LONGEST_REASON) if reason and reason.strip() else None
    if seat.expires_at is None:
        raise AlreadySubmitted("Your review of this claim is in, so its seat is filled.")
    free(session, seat)
    session.add(Skip(round_id=seat.round_id, person_id=person.id, reason=why, at=now))
    record(session, "seat.handed-back", lease_id, actor=person, now=now, why=why)
    refuse(session, seat.round, person, now=now)


def _held(session: Session, lease_id: str, person: Person) -> Seat:
    """Return the seat under a lease, read anew under the lock of its claim."""
    seat = queries.lease(session, lease_id, person)
    lock_claims(session, [seat.round.claim])
    session.refresh(seat)
    if seat.lease_id != lease_id:
        raise queries.LeaseMissing("This seat is no longer yours.")
    return seat
