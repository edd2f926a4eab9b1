"""Rounds and their seats as rows: opening, adding, lending, freeing; and who may sit at all."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.claims.queries import policy_of, scale_of
from factcheck.db import new_public_id
from factcheck.failures import Conflict, Forbidden
from factcheck.methods import queries as methods
from factcheck.methods.rules import Policy
from factcheck.reviews import queries
from factcheck.reviews.models import Round, Seat, Skip


class OwnProposal(Forbidden):
    """Nobody reviews a claim that they proposed themselves."""


class DeclaredInterest(Forbidden):
    """Nobody reviews an article in which they declared an interest."""


class RoundOpened(Conflict):
    """A round of reviews was opened for the claim, so this can no longer be done."""


def check_policy_is_free(session: Session, claim: Claim) -> None:
    """Raise RoundOpened where a round is open: it keeps the policy that it opened under."""
    if open_round_or_none(session, claim) is not None:
        raise RoundOpened("A round keeps the policy that it opened under.")


def check_may_review(claim: Claim, person: Person) -> None:
    """Raise OwnProposal or DeclaredInterest for who must not review the claim at all."""
    if claim.proposed_by_id == person.id:
        raise OwnProposal("You proposed this claim, so somebody else reviews it.")
    if claim.article.slug in person.interests:
        raise DeclaredInterest("You declared an interest in this article.")


def policy_in_force(claim: Claim, round_: Round | None) -> Policy:
    """Return the policy of the claim's open round, or that under which its next one opens."""
    return policy_of(claim) if round_ is None else methods.policy(round_.policy_key)


def open_round_or_none(session: Session, claim: Claim) -> Round | None:
    """Return the claim's open round, if it has one."""
    try:
        return queries.open_round(session, claim)
    except queries.NoRound:
        return None


def open_new(
    session: Session, claim: Claim, *, after: Round | None, now: datetime
) -> tuple[Round, list[Seat]]:
    """Open the next round of a claim that is held, with the seats of its policy's first step.

    `after` is its last round, which is closed, or None before there was any.

    The seats are free. None of it is written yet, so that who takes one at once does so in the
    same statement: it is to be flushed.
    """
    policy, scale = policy_of(claim), scale_of(claim)
    opened = Round(
        public_id=new_public_id(), claim=claim, number=after.number + 1 if after else 1,
        scale_key=scale.key, scale_version=scale.version, policy_key=policy.key, opened_at=now,
    )  # fmt: skip
    seats = [Seat(round=opened, number=one) for one in range(1, policy.seats + 1)]
    session.add_all([opened, *seats])
    record(session, "round.opened", opened.public_id, actor=None, now=now, policy=policy.key)
    return opened, seats


def add_seats(session: Session, round_: Round, number: int) -> None:
    """Bring a round to that many seats; it never loses one."""
    there = len(queries.seats_of(session, round_))
    session.add_all(Seat(round_id=round_.id, number=one) for one in range(there + 1, number + 1))
    session.flush()


def lend(session: Session, seat: Seat, person: Person, *, until: datetime, now: datetime) -> str:
    """Give somebody a seat until a moment, and return the lease's id."""
    lease_id = new_public_id()
    seat.person_id, seat.lease_id, seat.dealt_at = person.id, lease_id, now
    seat.expires_at = until
    session.flush()
    return lease_id


def forget_skip(session: Session, round_: Round, person: Person) -> None:
    """Forget that somebody passed the claim over: they came back to it."""
    session.execute(sa.delete(Skip).where(Skip.round_id == round_.id, Skip.person_id == person.id))


def free(session: Session, seat: Seat) -> None:
    """Let go of a seat."""
    seat.person_id = seat.lease_id = seat.dealt_at = seat.expires_at = None
    session.flush()
