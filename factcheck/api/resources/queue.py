"""The queue: the next claim for oneself, and the lease of its seat."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.api.calls import READS, REVIEWS, Answer, Asked, call
from factcheck.api.cursors import PageQuery, page_of_all
from factcheck.api.queries import all_shown, shown
from factcheck.api.shapes.reviews import (
    Dealt,
    HandedBack,
    HeldPage,
    HeldSeat,
    LeaseShown,
    NextAsked,
    lease_shown,
)
from factcheck.articles.queries import article as article_of
from factcheck.claims.queries import claim as claim_of
from factcheck.reviews.dealing import NothingToReview, Wish, deal_next
from factcheck.reviews.draws import not_accepted
from factcheck.reviews.queries import held_seats
from factcheck.reviews.seats import hand_back, renew_lease, take_seat
from factcheck.reviews.talk import hand_back_unclear


@call("POST", "/queue/next", REVIEWS, body=NextAsked, answer=Dealt,
      also={204: "nothing to review now"})  # fmt: skip
def take_next(session: Session, asked: Asked[NextAsked]) -> Answer:
    """Take the next claim to review, or get back the one that is held already.

    Inside a band of priority it is drawn at random; one's own proposals, and articles in which an
    interest was declared, are left out.
    """
    given = asked.given
    wish = Wish(
        article=None if given.article is UNSET else article_of(session, given.article),
        language=None if given.language is UNSET else given.language,
        minutes=None if given.minutes is UNSET else given.minutes,
    )
    try:
        seat = deal_next(session, asked.person, now=asked.now, wish=wish)
    except NothingToReview:
        return Answer(status=204)
    return Answer(Dealt(shown(session, seat.round.claim), lease_shown(seat)))


@call("POST", "/claims/{id}/seat", REVIEWS, answer=Dealt)
def take(session: Session, asked: Asked[Any]) -> Dealt:
    """Take a free seat of one claim, or get back the one that is held already.

    Refused (409) where none is free or the claim is not under review; (403) to who proposed it,
    declared an interest, or was not drawn where reviewers are drawn by lot.
    """
    seat = take_seat(session, claim_of(session, asked.id), asked.person, now=asked.now)
    return Dealt(shown(session, seat.round.claim), lease_shown(seat))


@call("GET", "/leases", READS, query=PageQuery, answer=HeldPage)
def list_leases(session: Session, asked: Asked[PageQuery]) -> HeldPage:
    """List the seats that one holds and has not filled, each with its claim."""
    numbered = list(enumerate(held_seats(session, asked.person, now=asked.now)))
    items, following = page_of_all(numbered, asked.given, lambda one: (one[0],))
    seats, drawn = [seat for _number, seat in items], not_accepted(session, asked.person)
    claims = all_shown(session, [seat.round.claim for seat in seats])
    return HeldPage(
        [
            HeldSeat(claim, lease_shown(seat), seat.round_id in drawn)
            for claim, seat in zip(claims, seats, strict=True)
        ],
        following,
    )


@call("POST", "/leases/{id}/renew", REVIEWS, answer=LeaseShown)
def renew(session: Session, asked: Asked[Any]) -> LeaseShown:
    """Keep a seat for as long again."""
    return lease_shown(renew_lease(session, asked.id, asked.person, now=asked.now))


@call("DELETE", "/leases/{id}", REVIEWS, body=HandedBack, status=204)
def give_back(session: Session, asked: Asked[HandedBack]) -> Answer:
    """Hand a seat back, or pass its claim over; what was drafted is kept.

    An `unclear` claim goes to the editors, with the reason as a question to them. A lease has no
    version: its id stands for this dealing of the seat alone.
    """
    reason = "" if asked.given.reason is UNSET else asked.given.reason
    if asked.given.unclear:
        hand_back_unclear(session, asked.id, reason, actor=asked.person, now=asked.now)
    else:
        hand_back(session, asked.id, asked.person, reason=reason, now=asked.now)
    return Answer()
