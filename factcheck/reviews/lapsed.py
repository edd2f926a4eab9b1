"""Leases that ran out: claims that somebody began to review, did not finish, and nobody took since.

The seat is free for the queue, which deals it by chance; a draft that was begun is kept. Who held
it is not told: they may come back, and the round is sealed. To who has a part in a round nothing is
told of its seats, since that one is no more among these would tell them of an answer. Panels drawn
by lot go on by themselves, so that their seats are not among these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.methods.queries import keys_by_lot
from factcheck.reviews.models import Round, Seat
from factcheck.reviews.seal import open_rounds_of

LATELY = timedelta(days=7)  # how long a lease that ran out is told of
NEWEST = 1_000  # that ran out last, among which those that nobody took since are looked for


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A claim with a seat whose lease ran out, and when."""

    claim: Claim
    at: datetime
    seat_id: int


def lapsed_seats(viewer: Person, now: datetime) -> sa.Select[int]:
    """Return the query of the seats whose lease ran out in the last seven days, by their keys.

    It is of the newest of these alone, a bounded number, and of no round in which `viewer` has a
    part.
    """
    newest = (
        sa.select(Seat.id)
        .where(Seat.expires_at <= now, Seat.expires_at > now - LATELY)
        .order_by(Seat.expires_at.desc(), Seat.id.desc())
        .limit(NEWEST)
    )
    return (
        sa.select(Seat.id)
        .join(Seat.round)
        .join(Round.claim)
        .where(
            Seat.id.in_(newest),
            Round.closed_at.is_(None),
            Round.is_gold.is_(False),
            Round.id.not_in(open_rounds_of(viewer)),
            Round.policy_key.not_in(keys_by_lot()),
            Claim.state == State.ACCEPTED,
            sa.not_(Claim.article_withdrawn),
        )
    )


def lapsed(
    session: Session, viewer: Person, *, now: datetime, limit: int,
    after: tuple[datetime, int] | None = None,
) -> list[Lapsed]:  # fmt: skip
    """Return leases that ran out lately, the newest first, from a place on; in one query."""
    query = (
        lapsed_seats(viewer, now)
        .with_only_columns(Seat.id, Seat.expires_at, Claim)
        .join(Claim.article)
        .options(contains_eager(Claim.article))
        .order_by(Seat.expires_at.desc(), Seat.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(sa.tuple_(Seat.expires_at, Seat.id) < sa.tuple_(*after))
    return [Lapsed(claim, at, seat_id) for seat_id, at, claim in session.execute(query) if at]
