"""What becomes of reviews in hand when a round ends early, most of all when its claim was merged.

The round of a claim that was merged away stays open and sealed, and nothing in it counts for the
claim that stays: who answered, answered other words. Who is still writing goes over, as far as they
have a place there.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.failures import Conflict, Forbidden
from factcheck.reviews import queries
from factcheck.reviews.models import Review, Round, Seat
from factcheck.reviews.rounds import (
    check_may_review,
    free,
    open_new,
    open_round_or_none,
    policy_in_force,
)
from factcheck.reviews.seats import place_of


def carry_over(
    session: Session, gone: Claim, stays: Claim, *, actor: Person | None, now: datetime
) -> list[Person]:
    """Take who is at work on a claim that was merged away to the one that stays.

    A draft goes along, with a seat if one is free; where its author has no place there, or has
    written there already, it stays where it is, for them to read. Both claims are held. Return
    everybody who was at work or had answered: they are to be told.
    """
    round_ = open_round_or_none(session, gone)
    if round_ is None:
        return []
    reviews = _reviews(session, round_)
    seats = _seats(session, round_, now)
    people = {person.id: person for person in (*_people(reviews), *_people(seats))}
    for person_id in sorted(people):
        review = reviews.get(person_id)
        if review is None or review.state == "draft":
            seat = seats.get(person_id)
            _move(session, stays, people[person_id], review, seat, is_reworded=True, now=now)
    everybody = [people[person_id] for person_id in sorted(people)]
    record(session, "round.merged-away", round_.public_id, actor=actor, now=now,
           into=stays.public_id, people=[person.public_id for person in everybody])  # fmt: skip
    return everybody


def carry_on(session: Session, ended: Round, *, now: datetime) -> None:
    """Take who is at work in a round that was ended early to the next one of the claim.

    Who began to write comes first, since seats may be fewer; a draft is kept without one.
    """
    reviews, seats = _reviews(session, ended), _seats(session, ended, now)
    people = {person.id: person for person in (*_people(reviews), *_people(seats))}
    for person_id in sorted(people, key=lambda one: (one not in reviews, one)):
        draft = reviews.get(person_id)
        if draft is None or draft.state == "draft":
            _move(session, ended.claim, people[person_id], draft, None, is_reworded=False, now=now)
    for seat in seats.values():
        free(session, seat)


def _reviews(session: Session, round_: Round) -> dict[int, Review]:
    """Return the drafts and the submitted reviews of a round, by person."""
    found = session.scalars(
        sa.select(Review)
        .where(Review.round_id == round_.id, Review.state.in_(("draft", "submitted")))
        .options(joinedload(Review.person))
    )
    return {review.person_id: review for review in found}


def _seats(session: Session, round_: Round, now: datetime) -> dict[int, Seat]:
    """Return the seats of a round that somebody holds and has not filled, by person."""
    found = session.scalars(
        sa.select(Seat)
        .where(Seat.round_id == round_.id, Seat.expires_at > now)
        .options(joinedload(Seat.person))
    )
    return {seat.person_id: seat for seat in found if seat.person_id is not None}


def _people(held: Mapping[int, Review] | Mapping[int, Seat]) -> list[Person]:
    return [one.person for one in held.values() if one.person is not None]


def _move(
    session: Session, stays: Claim, person: Person, draft: Review | None, seat: Seat | None,
    *, is_reworded: bool, now: datetime,
) -> None:  # fmt: skip
    """Give somebody a place on the claim that stays, their draft with them, if that can be."""
    round_ = open_round_or_none(session, stays)
    if stays.state != State.ACCEPTED or policy_in_force(stays, round_).by_lot:
        return
    with suppress(Conflict, Forbidden), session.begin_nested():
        check_may_review(stays, person)
        if round_ is None:
            last = queries.newest_round(session, stays)
            round_, _ = open_new(session, stays, after=last, now=now)
            session.flush()
        if draft is not None:
            if _has_written(session, round_, person):
                return
            draft.round_id = round_.id
            draft.wording_changed = draft.wording_changed or is_reworded
            session.flush()
        place_of(session, stays, person, now=now)
        if seat is not None:
            free(session, seat)


def _has_written(session: Session, round_: Round, person: Person) -> bool:
    query = sa.select(Review.id).where(Review.round_id == round_.id, Review.person_id == person.id)
    return session.scalar(query) is not None


def is_at(session: Session, claim: Claim, person: Person) -> bool:
    """Whether somebody has a draft or a seat in the newest round of a claim."""
    rounds = queries.own_rounds(session, claim, person)
    if not rounds:
        return False
    review = rounds[-1].review
    return review.state == "draft" if review else rounds[-1].seat is not None
