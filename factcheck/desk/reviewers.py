"""Who reviews, how much, and how quickly; and what each has in hand.

What people gave is told of closed rounds alone. What they have in hand are seats, with no word of
which claims; of rounds in which whoever looks has a part themselves, not even that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.claims.facets import ClaimFacet, Facet
from factcheck.claims.pace import LATELY
from factcheck.claims.rules import State
from factcheck.reviews.models import Review, Round, Seat
from factcheck.reviews.seal import open_rounds_of

MOST_REVIEWS = 5_000  # the newest in closed rounds, of all people together
MOST_ASKED = 100  # counted of the claims that somebody is asked to review


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gave among the newest reviews of closed rounds; `lately`: in 28 days."""

    reviews: int
    lately: int
    last_at: datetime
    median_time: timedelta | None  # from getting the seat to the answer; None where not known


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody has in hand: seats that they hold, claims they are asked to review."""

    seats: int
    asked: int  # MOST_ASKED: that many or more

    @property
    def together(self) -> int:
        """Both as one number, to compare people by."""
        return self.seats + self.asked


def given(session: Session, *, now: datetime) -> dict[int, Given]:
    """Return what each person gave, by id, those with most reviews first; in one query."""
    rows = session.execute(
        sa.select(Review.person_id, Review.submitted_at, Seat.dealt_at)
        .join(Review.round)
        .outerjoin(
            Seat, sa.and_(Seat.round_id == Review.round_id, Seat.person_id == Review.person_id)
        )
        .where(
            Round.unsealed(), Review.state.in_(("submitted", "late")),
            Review.submitted_at.is_not(None),
        )
        .order_by(Round.id.desc())
        .limit(MOST_REVIEWS)
    ).all()  # fmt: skip
    by_person: dict[int, list[Any]] = defaultdict(list)
    for person_id, submitted_at, dealt_at in rows:
        by_person[person_id].append((submitted_at, dealt_at))
    ordered = sorted(by_person.items(), key=lambda one: (-len(one[1]), one[0]))
    return {person_id: _summed(times, now) for person_id, times in ordered}


def _summed(times: Sequence[tuple[datetime, datetime | None]], now: datetime) -> Given:
    took = [(end - start).total_seconds() for end, start in times if start and start <= end]
    return Given(
        reviews=len(times),
        lately=sum(end > now - timedelta(days=LATELY) for end, _start in times),
        last_at=max(end for end, _start in times),
        median_time=timedelta(seconds=median(took)) if took else None,
    )


def with_load(
    session: Session, viewer: Person, query: sa.Select[Any], *, now: datetime
) -> list[tuple[Person, Load]]:
    """Return the people of a query, each with what they have in hand, as `viewer` may see it.

    A seat in a round in which the viewer has a part is left out, since that it goes would tell
    them that its holder answered.
    """
    is_seen = sa.or_(Person.id == viewer.id, Seat.round_id.not_in(open_rounds_of(viewer)))
    seats = (
        sa.select(sa.func.count(Seat.id))
        .where(Seat.person_id == Person.id, Seat.expires_at > now, is_seen)
        .correlate(Person)
    )
    asked = (
        sa.select(sa.literal(1))
        .where(ClaimFacet.kind == Facet.PERSON, ClaimFacet.state == State.ACCEPTED,
               ClaimFacet.value == Person.public_id)
        .correlate(Person)
        .limit(MOST_ASKED)
        .subquery()
    )  # fmt: skip
    counted = sa.select(sa.func.count()).select_from(asked)
    rows = session.execute(query.add_columns(seats.scalar_subquery(), counted.scalar_subquery()))
    return [(person, Load(held, wanted)) for person, held, wanted in rows]
