"""Seats: dealing the next claim, taking one, keeping it, handing it back.

A round is opened by the first seat that is dealt. Whoever deals holds the claim's row, so that a
round is opened once and a seat given once; the unique keys of the database are the last word.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.articles.models import Article
from factcheck.claims.models import Claim
from factcheck.claims.queries import lock_claims, policy_of, scale_of
from factcheck.claims.rules import State
from factcheck.db import new_public_id
from factcheck.failures import Conflict, Forbidden, Missing
from factcheck.reviews import queries
from factcheck.reviews.models import Review, Round, Seat, Skip
from factcheck.reviews.rules import LEASE, Answer, lease_end

PROBES = 200  # claims of a band that are looked at before the next band
_dice = random.SystemRandom()


class NothingToReview(Missing):
    """No claim has a seat for this person now."""


class NoSeat(Conflict):
    """Every seat of the claim's round is taken."""


class NotInReview(Conflict):
    """The claim is not open for review."""


class OwnProposal(Forbidden):
    """Nobody reviews a claim that they proposed themselves."""


class DeclaredInterest(Forbidden):
    """Nobody reviews an article in which they declared an interest."""


@dataclass(frozen=True, slots=True)
class Wish:
    """From where the next claim may come: an article, a language; and for how many minutes."""

    article: Article | None = None
    language: str | None = None
    minutes: int | None = None


def deal_next(session: Session, person: Person, *, now: datetime, wish: Wish | None = None) -> Seat:
    """Return a seat for `person`: one they hold already, else one of the highest priority.

    Inside a band of priority the claim is drawn at random, those of the article they worked on last
    first. Raises NothingToReview.
    """
    wish = wish or Wish()
    for seat in queries.held_seats(session, person, now=now):
        if wish.article is None or seat.round.claim.article_id == wish.article.id:
            return seat
    for claim in _candidates(session, person, wish):
        lock_claims(session, [claim])
        if claim.state != State.ACCEPTED:
            continue
        try:
            return take_seat(session, claim, person, now=now)
        except (NoSeat, AlreadyAnswered):
            continue
    raise NothingToReview("There is nothing for you to review now.")


class AlreadyAnswered(Conflict):
    """The person has reviewed the claim in this round, or passed it over."""


def _candidates(session: Session, person: Person, wish: Wish) -> list[Claim]:
    """Return claims that may have a seat for `person`, in the order in which to try them."""
    open_now = sa.select(Round.id).where(Round.claim_id == Claim.id, Round.closed_at.is_(None))
    theirs = sa.or_(
        sa.select(Seat.id).where(Seat.round_id == Round.id, Seat.person_id == person.id).exists(),
        sa.select(Review.id).where(Review.round_id == Round.id, Review.person_id == person.id)
        .exists(),
        sa.select(Skip.id).where(Skip.round_id == Round.id, Skip.person_id == person.id).exists(),
    )  # fmt: skip
    query = (
        sa.select(Claim)
        .join(Claim.article)
        .options(joinedload(Claim.article))
        .where(
            Claim.state == sa.literal_column("'accepted'"),
            sa.or_(Claim.proposed_by_id.is_(None), Claim.proposed_by_id != person.id),
            ~open_now.where(theirs).exists(),
            Article.slug.not_in(person.interests or [""]),
        )
        .order_by(Claim.priority.desc(), sa.func.random())
        .limit(PROBES)
    )
    if wish.article is not None:
        query = query.where(Claim.article_id == wish.article.id)
    languages = [wish.language] if wish.language else list(person.languages)
    if languages:
        query = query.where(Article.language.in_([*languages, "und"]))
    last = _last_article_id(session, person)
    found = list(session.scalars(query))
    return sorted(found, key=lambda claim: (-claim.priority, claim.article_id != last))


def _last_article_id(session: Session, person: Person) -> int | None:
    return session.scalar(
        sa.select(Claim.article_id)
        .join(Round, Round.claim_id == Claim.id)
        .join(Review, Review.round_id == Round.id)
        .where(Review.person_id == person.id)
        .order_by(Review.edited_at.desc())
        .limit(1)
    )


def take_seat(session: Session, claim: Claim, person: Person, *, now: datetime) -> Seat:
    """Return the person's seat in the claim's round, taking a free one if they have none.

    Opens the round if this is its first seat. Raises NotInReview, OwnProposal, DeclaredInterest,
    AlreadyAnswered, NoSeat.
    """
    lock_claims(session, [claim])
    if claim.state != State.ACCEPTED:
        raise NotInReview("This claim is not open for review.")
    if claim.proposed_by_id == person.id:
        raise OwnProposal("You proposed this claim, so somebody else reviews it.")
    if claim.article.slug in person.interests:
        raise DeclaredInterest("You declared an interest in this article.")
    found = _round_for(session, claim, now=now)
    seats = queries.seats_of(session, found)
    held = [seat for seat in seats if seat.person_id == person.id]
    if held and (held[0].expires_at is None or held[0].expires_at > now):
        if held[0].expires_at is None:
            raise AlreadyAnswered("You have reviewed this claim in this round.")
        return held[0]
    free = held or [seat for seat in seats if _is_free(seat, now)]
    if not free:
        raise NoSeat("Every seat of this claim is taken.")
    return _give(session, _dice.choice(free), person, now=now)


def _is_free(seat: Seat, now: datetime) -> bool:
    return seat.person_id is None or (seat.expires_at is not None and seat.expires_at <= now)


def _give(session: Session, seat: Seat, person: Person, *, now: datetime) -> Seat:
    session.execute(
        sa.delete(Skip).where(Skip.round_id == seat.round_id, Skip.person_id == person.id)
    )
    seat.person_id = person.id
    seat.lease_id = new_public_id()
    seat.dealt_at = now
    draft = session.scalar(
        sa.select(Review).where(Review.round_id == seat.round_id, Review.person_id == person.id)
    )
    kept = Answer(rationale=draft.rationale) if draft else None
    seat.expires_at = lease_end(kept, now)
    session.flush()
    record(session, "seat.dealt", seat.lease_id, actor=person, now=now)
    return seat


def _round_for(session: Session, claim: Claim, *, now: datetime) -> Round:
    try:
        return queries.open_round(session, claim)
    except queries.NoRound:
        pass
    policy, scale = policy_of(claim), scale_of(claim)
    last = session.scalar(sa.select(sa.func.max(Round.number)).where(Round.claim_id == claim.id))
    opened = Round(
        claim_id=claim.id, number=(last or 0) + 1, scale_key=scale.key,
        scale_version=scale.version, policy_key=policy.key, opened_at=now,
    )  # fmt: skip
    session.add(opened)
    session.flush()
    add_seats(session, opened, policy.seats)
    record(session, "round.opened", opened.public_id, actor=None, now=now, policy=policy.key)
    return opened


def add_seats(session: Session, found: Round, seats: int) -> None:
    """Bring a round to that many seats."""
    there = session.scalar(
        sa.select(sa.func.count(Seat.id)).where(Seat.round_id == found.id)
    )  # fmt: skip
    session.add_all(
        Seat(round_id=found.id, number=number) for number in range((there or 0) + 1, seats + 1)
    )
    session.flush()


def renew_lease(session: Session, lease_id: str, person: Person, *, now: datetime) -> Seat:
    """Keep a seat for as long again as it was given; raise LeaseMissing."""
    seat = queries.lease(session, lease_id, person, now=now)
    if seat.expires_at is not None:
        seat.expires_at = max(seat.expires_at, now + LEASE)
    return seat


def hand_back(
    session: Session, lease_id: str, person: Person, *, reason: str | None, now: datetime
) -> None:
    """Free a seat and pass the claim over for this round; what was drafted is kept.

    Raises LeaseMissing, AlreadyAnswered for a seat that is filled.
    """
    seat = queries.lease(session, lease_id, person, now=now)
    if seat.expires_at is None:
        raise AlreadyAnswered("Your review is in. Withdraw it instead.")
    free(seat)
    session.add(Skip(round_id=seat.round_id, person_id=person.id, reason=reason or None, at=now))
    record(session, "seat.handed-back", lease_id, actor=person, now=now, why=reason)


def free(seat: Seat) -> None:
    """Let go of a seat."""
    seat.person_id = seat.lease_id = seat.dealt_at = seat.expires_at = None
