"""Tables of rounds, their seats and panels, reviews, and of who practised.

A seat that is dealt is a lease: it has a holder, an id of its own and a moment when it ends if
nothing was written. The unique keys hold what matters most: one seat and one review per person
and round.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.db import Base, Key, PublicId


class Round(Base):
    """One go at deciding a claim, under the scale and policy that it opened with."""

    __tablename__ = "rounds"
    __table_args__ = (
        sa.UniqueConstraint("claim_id", "number"),
        sa.CheckConstraint("number >= 1 OR (number = 0 AND is_gold)", name="number"),
        sa.CheckConstraint("outcome IN ('decided', 'disputed', 'dropped')", name="outcome"),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_with_outcome"),
        sa.Index(
            "uq_rounds_open", "claim_id", unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claims.id"))
    number: Mapped[int]  # from 1; 0 once a gold round was retired, since it is none of the claim's
    scale_key: Mapped[str] = mapped_column(sa.String(40))
    scale_version: Mapped[int]
    policy_key: Mapped[str] = mapped_column(sa.String(20))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(sa.String(10))
    is_gold: Mapped[bool] = mapped_column(default=False)  # measures reviewers, decides nothing

    claim: Mapped[Claim] = relationship()

    @property
    def shown_number(self) -> int:
        """Its number as people read it: that of a gold round stays what it was."""
        return self.number or 1

    @property
    def is_retired_gold(self) -> bool:
        """Whether it was a gold round, so that the claim goes on as if it had never been."""
        return self.is_gold and self.closed_at is not None

    @classmethod
    def unsealed(cls) -> sa.ColumnElement[bool]:
        """Whether all who work here may read its reviews: never those of a gold round."""
        return sa.and_(cls.closed_at.is_not(None), cls.is_gold.is_(False))


class Seat(Base):
    """A place for one reviewer in a round: free, leased until a moment, or filled by a review."""

    __tablename__ = "seats"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "number"),
        sa.UniqueConstraint("round_id", "person_id"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("(person_id IS NULL) = (lease_id IS NULL)", name="held"),
        sa.Index("ix_seats_person_id", "person_id"),
        sa.Index(
            "ix_seats_expires_at", "expires_at",
            sqlite_where=sa.text("expires_at IS NOT NULL"),
            postgresql_where=sa.text("expires_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_seats_leased", "person_id", "expires_at",
            sqlite_where=sa.text("expires_at IS NOT NULL"),
            postgresql_where=sa.text("expires_at IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    number: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    lease_id: Mapped[str | None] = mapped_column(sa.String(16), unique=True)
    dealt_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]  # None once a review fills the seat

    round: Mapped[Round] = relationship()
    person: Mapped[Person | None] = relationship()


class Panel(Base):
    """One draw for a round: its list is frozen first, its seed fixed after that was committed.

    `step` is that of the policy, from 1; `seats` is how many of its seats this draw is to fill.
    `salt` makes the pseudonyms and is told nobody; all else of a draw may be published.
    """

    __tablename__ = "panels"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "number"),
        sa.CheckConstraint("number >= 1 AND step >= 1 AND seats >= 1", name="counts"),
        sa.CheckConstraint(
            "(seed IS NULL) = (drawn_at IS NULL) AND (seed IS NULL) = (seed_sha256 IS NULL)",
            name="seed_when_drawn",
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    number: Mapped[int]
    step: Mapped[int]
    seats: Mapped[int]
    salt: Mapped[str] = mapped_column(sa.String(64))  # hex
    list_sha256: Mapped[str] = mapped_column(sa.String(64))
    frozen_at: Mapped[datetime]
    seed: Mapped[str | None] = mapped_column(sa.String(64))  # hex
    seed_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    drawn_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()


class Lot(Base):
    """One of those who can be drawn for a panel: their place in its order, and what came of it.

    Whoever is called holds a seat until the lot has ended, or has filled it.
    """

    __tablename__ = "lots"
    __table_args__ = (
        sa.UniqueConstraint("panel_id", "person_id"),
        sa.UniqueConstraint("panel_id", "pseudonym"),
        sa.UniqueConstraint("panel_id", "place"),
        sa.CheckConstraint("place >= 1", name="place"),
        sa.CheckConstraint(
            "ended_as IN ('refused', 'lapsed', 'unable', 'withdrawn')", name="ended_as"
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended_with_reason"),
        sa.Index("ix_lots_person_id", "person_id"),
    )

    id: Mapped[Key]
    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("panels.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    pseudonym: Mapped[str] = mapped_column(sa.String(32))
    place: Mapped[int | None]  # from 1, once the seed is fixed
    called_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[str | None] = mapped_column(sa.String(10))

    panel: Mapped[Panel] = relationship()
    person: Mapped[Person] = relationship()


class Skip(Base):
    """A reviewer passed a claim over: the queue does not deal it to them again in this round."""

    __tablename__ = "skips"
    __table_args__ = (sa.UniqueConstraint("round_id", "person_id"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    reason: Mapped[str | None] = mapped_column(sa.String(1000))
    at: Mapped[datetime]


class Review(Base):
    """One reviewer's answer in one round. A draft may lack its rating and rationale."""

    __tablename__ = "reviews"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "person_id"),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'withdrawn', 'late')", name="state"
        ),
        sa.CheckConstraint(
            "state = 'draft' OR (rating IS NOT NULL AND submitted_at IS NOT NULL)",
            name="submitted_whole",
        ),
        sa.Index("ix_reviews_person_id_edited_at", "person_id", "edited_at"),
    )  # fmt: skip

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    rating: Mapped[str | None] = mapped_column(sa.String(40))
    rationale: Mapped[str] = mapped_column(sa.Text, default="")
    private_note: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="draft")
    wording_changed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[Round] = relationship()
    person: Mapped[Person] = relationship()


class PracticeDone(Base):
    """A practice case that somebody answered: the rating they gave first, and none of their words.

    `key` is that of a case in `methods/practice/`.
    """

    __tablename__ = "practice_done"
    __table_args__ = (sa.UniqueConstraint("person_id", "key"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    key: Mapped[str] = mapped_column(sa.String(40))
    rating: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime]
