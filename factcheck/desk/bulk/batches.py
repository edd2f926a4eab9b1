"""A batch: what is to be done with which claims, and what became of each.

Each claim stands there with the version that it had when the batch was looked at. What somebody
changed since is left out, and so is what was changed after it was done when the batch is undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.claims.facets import Facet, values_by_claim
from factcheck.claims.models import Claim
from factcheck.db import Base, Key, PublicId
from factcheck.desk.bulk.rules import Action, Stand, hindrance
from factcheck.failures import Invalid, Missing
from factcheck.reviews.models import Round

MOST = 5_000  # claims in one batch
NAMED = 100  # of those left out, on the page of a batch
_AT_ONCE = 500


class BulkBatch(Base):
    """One thing that is done with many claims. It is a preview until it is started."""

    __tablename__ = "bulk_batches"
    __table_args__ = (sa.Index("ix_bulk_batches_person_id", "person_id", "id"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    action: Mapped[str] = mapped_column(sa.String(10))
    value: Mapped[dict[str, Any]]
    asked: Mapped[dict[str, Any]]  # the filters of the list that it came from
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    undone_by: Mapped[Person | None] = relationship(foreign_keys=[undone_by_id])


class BulkItem(Base):
    """One claim of a batch: at which version, and what became of it."""

    __tablename__ = "bulk_items"
    __table_args__ = (
        sa.CheckConstraint(
            "outcome IN ('waiting', 'done', 'left-out', 'undone', 'kept')", name="outcome"
        ),
        sa.Index("ix_bulk_items_outcome", "batch_id", "outcome", "claim_id"),
    )

    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("bulk_batches.id"), primary_key=True)
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claims.id"), primary_key=True)
    version: Mapped[int]
    outcome: Mapped[str] = mapped_column(sa.String(10))
    why: Mapped[str | None] = mapped_column(sa.String(10))
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version_after: Mapped[int | None]

    claim: Mapped[Claim] = relationship()


def prepare(
    session: Session,
    action: Action,
    value: Mapping[str, Any],
    chosen: Mapping[int, int | None],
    *,
    asked: Mapping[str, str],
    actor: Person,
    now: datetime,
) -> BulkBatch:
    """Return a new batch over the claims with these keys, as a preview; nothing is done yet.

    `chosen` gives the version at which somebody saw a claim, None for the one that it has. Previews
    of theirs that they never started go away. Raises Invalid for none or too many.
    """
    if not chosen:
        raise Invalid("claim", "No claim is ticked.")
    if len(chosen) > MOST:
        raise Invalid("claim", "At most %(most)s claims at once.", most=MOST)
    _forget_previews(session, actor)
    batch = BulkBatch(person_id=actor.id, action=action.value, value=dict(value),
                      asked=dict(asked), created_at=now)  # fmt: skip
    session.add(batch)
    session.flush()
    keys = sorted(chosen)
    for first in range(0, len(keys), _AT_ONCE):
        stands = _stands(session, action, keys[first : first + _AT_ONCE])
        session.execute(sa.insert(BulkItem), [_item(batch, one, chosen[one.id]) for one in stands])
    return batch


def _item(batch: BulkBatch, stand: Stand, version: int | None) -> dict[str, Any]:
    changed = version is not None and version != stand.version
    why = "changed" if changed else hindrance(Action(batch.action), batch.value, stand)
    return {
        "batch_id": batch.id, "claim_id": stand.id, "version": stand.version,
        "outcome": "left-out" if why else "waiting", "why": why, "before": {},
    }  # fmt: skip


def _forget_previews(session: Session, actor: Person) -> None:
    old = sa.select(BulkBatch.id).where(
        BulkBatch.person_id == actor.id, BulkBatch.started_at.is_(None)
    )
    keys = session.scalars(old).all()
    session.execute(sa.delete(BulkItem).where(BulkItem.batch_id.in_(keys)))
    session.execute(sa.delete(BulkBatch).where(BulkBatch.id.in_(keys)))


def stand_of(session: Session, action: Action, claim: Claim) -> Stand:
    """Return how a claim that is held stands to an action."""
    session.flush()
    return _stands(session, action, [claim.id])[0]


def _stands(session: Session, action: Action, keys: Sequence[int]) -> list[Stand]:
    """Return how claims stand to an action, in two queries."""
    under_way = sa.exists().where(Round.claim_id == Claim.id, Round.closed_at.is_(None))
    rows = session.execute(
        sa.select(
            Claim.id, Claim.version, Claim.state, Claim.priority, Claim.policy_key,
            Claim.merged_into_id, Person.public_id, under_way,
        )
        .outerjoin(Person, Person.id == Claim.proposed_by_id)
        .where(Claim.id.in_(keys))
        .order_by(Claim.id)
    ).all()  # fmt: skip
    kind = Facet.PERSON if action in {Action.ASSIGN, Action.UNASSIGN} else Facet.TAG
    values = values_by_claim(session, keys, kind)
    return [Stand(*row, tuple(values[row[0]])) for row in rows]


def batch_of(session: Session, public_id: str) -> BulkBatch:
    """Return a batch; raise Missing."""
    found = session.scalar(
        sa.select(BulkBatch)
        .where(BulkBatch.public_id == public_id)
        .options(joinedload(BulkBatch.person))
    )
    if found is None:
        raise Missing("There is no such batch; a preview is kept until the next one.")
    return found


def counts_of(session: Session, batch: BulkBatch) -> Counter[str]:
    """Return how many claims of a batch have each outcome."""
    rows = session.execute(
        sa.select(BulkItem.outcome, sa.func.count())
        .where(BulkItem.batch_id == batch.id)
        .group_by(BulkItem.outcome)
    )
    return Counter({row[0]: row[1] for row in rows})


def items_of(session: Session, batch: BulkBatch, outcomes: Sequence[str]) -> list[BulkItem]:
    """Return the first claims of a batch with one of these outcomes, NAMED at most."""
    return list(
        session.scalars(
            sa.select(BulkItem)
            .where(BulkItem.batch_id == batch.id, BulkItem.outcome.in_(outcomes))
            .options(joinedload(BulkItem.claim).joinedload(Claim.article))
            .order_by(BulkItem.outcome, BulkItem.claim_id)
            .limit(NAMED)
        )
    )
