"""Who reviews, how much, and how quickly; and what each has in hand.

What people gave is told of closed rounds alone. What they have in hand are seats, with no word of
which claims; of rounds in which whoever looks has a part themselves, not even that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from factcheck.accounts.models import Person
from factcheck.claims.facets import ClaimFacet, Facet
from factcheck.claims.pace import LATELY
from factcheck.claims.rules import State
from factcheck.reviews.models import Review, Round, Seat

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


def load_of(viewer: Person, now: datetime) -> tuple[sa.Label[Any], ...]:
    """Return two columns of a query of people: what each has in hand, as `viewer` may see it.

    A seat in a round in which the viewer has a part is left out, since that it goes would tell
    them that its holder answered.
    """
    own_seat, own_review = aliased(Seat), aliased(Review)
    has_part = sa.or_(
        sa.exists().where(own_seat.round_id == Seat.round_id, own_seat.person_id == viewer.id),
        sa.exists().where(own_review.round_id == Seat.round_id, own_review.person_id == viewer.id),
    )
    mine = Person.id == viewer.id
    seats = (
        sa.select(sa.func.count(Seat.id))
        .where(Seat.person_id == Person.id, Seat.expires_at > now, sa.or_(mine, ~has_part))
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
    return seats.scalar_subquery().label("seats"), counted.scalar_subquery().label("asked")


def people_with_load(
    session: Session, viewer: Person, *, now: datetime, after_id: int, limit: int
) -> dict[Person, Load]:
    """Return people in the order in which they came, with what they have in hand."""
    rows = session.execute(
        sa.select(Person, *load_of(viewer, now))
        .where(Person.id > after_id)
        .order_by(Person.id)
        .limit(limit)
    )
    return {row[0]: Load(row.seats, row.asked) for row in rows}


def loads_by_id(
    session: Session, viewer: Person, ids: Mapping[int, Any], *, now: datetime
) -> dict[int, tuple[Person, Load]]:
    """Return those of the people, with what they have in hand, by id."""
    rows = session.execute(sa.select(Person, *load_of(viewer, now)).where(Person.id.in_(list(ids))))
    return {row[0].id: (row[0], Load(row.seats, row.asked)) for row in rows}
