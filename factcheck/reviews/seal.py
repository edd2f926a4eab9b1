"""Who has a part in an open round: for them it is sealed, editor or not.

All that tells of an open round and of others in it asks here. Whom the queue deals nothing of a
round is another question (`dealing.parts_in`): who passed a claim over is not dealt it, and has no
part in its round any more.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.claims.models import Claim
from factcheck.reviews.models import Review, Round, Seat
from factcheck.reviews.queries import OwnRound


def open_rounds_of(viewer: Person) -> sa.Select[int]:
    """Return the query of the open rounds in which `viewer` has a part, by their keys.

    They hold a seat in it, also where its lease is over and nobody else took it, or wrote in it.
    """
    seats = sa.select(Seat.round_id).where(Seat.person_id == viewer.id)
    written = sa.select(Review.round_id).where(Review.person_id == viewer.id)
    return sa.select(Round.id).where(
        Round.closed_at.is_(None), sa.or_(Round.id.in_(seats), Round.id.in_(written))
    )


def oversees(viewer: Person, claim_id: InstrumentedAttribute[int]) -> sa.ColumnElement[bool]:
    """Whether `viewer` is an editor with no part in the open round of a claim.

    Who reviews a claim has a part in what was merged into it as well, over however many steps.
    """
    if not viewer.is_at_least(Role.EDITOR):
        return sa.false()
    own = sa.select(Round.claim_id).where(Round.id.in_(open_rounds_of(viewer)))
    with_merged = own.cte(recursive=True)
    with_merged = with_merged.union(
        sa.select(Claim.id).where(Claim.merged_into_id == with_merged.c.claim_id)
    )
    return claim_id.not_in(sa.select(with_merged.c.claim_id))


def oversees_now(
    session: Session, claim: Claim, viewer: Person, rounds: Sequence[OwnRound]
) -> bool:
    """Return what `oversees` says of a claim whose `rounds` were read already, as they stand in it.

    The database is asked only where the claim was merged into another.
    """
    if claim.merged_into_id is not None:
        query = sa.select(Claim.id).where(Claim.id == claim.id, oversees(viewer, Claim.id))
        return session.scalar(query) is not None
    return viewer.is_at_least(Role.EDITOR) and not any(one.has_part for one in rounds)
