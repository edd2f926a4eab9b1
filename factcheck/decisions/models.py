"""Tables of decisions, of the sources that readers are shown with each, and of agreement.

A decision is never updated: a later one supersedes it and both stay.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.db import Base, Key, PublicId
from factcheck.reviews.models import Round, Snapshot, Source


class Decision(Base):
    """What was decided of a claim in a round, and by what.

    Of a sensitive claim two editors sign: the first one's words are kept not `in_force`, until
    another gives the same.

    `agreement`: the reviews agree (rating None while an editor must pick among `options`);
    `approval`: an editor wrote what readers are told; `adjudication`: an editor settled a dispute,
    or left it open (its rating and group are then `methods.rules.DISAGREE`'s, of no scale).
    """

    __tablename__ = "decisions"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('agreement', 'approval', 'adjudication')", name="kind"),
        sa.CheckConstraint(
            "kind = 'agreement' OR (rating IS NOT NULL AND summary IS NOT NULL"
            " AND decided_by_id IS NOT NULL)",
            name="signed",
        ),
        sa.CheckConstraint("kind <> 'adjudication' OR reasons IS NOT NULL", name="reasons"),
        sa.Index("ix_decisions_claim_id", "claim_id", "id"),
        sa.Index("ix_decisions_decided_by_id", "decided_by_id", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claims.id"))
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    kind: Mapped[str] = mapped_column(sa.String(12))
    rating: Mapped[str | None] = mapped_column(sa.String(40))
    group: Mapped[str] = mapped_column(sa.String(40))
    options: Mapped[list[Any]] = mapped_column(default=list)  # keys of ratings, in scale order
    summary: Mapped[str | None] = mapped_column(sa.Text)
    reasons: Mapped[str | None] = mapped_column(sa.Text)
    as_of: Mapped[str | None] = mapped_column(sa.String(10))  # a day, month or year
    since_then: Mapped[str | None] = mapped_column(sa.Text)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime]
    in_force: Mapped[bool] = mapped_column(default=True)
    supersedes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decisions.id"), unique=True)

    claim: Mapped[Claim] = relationship()
    round: Mapped[Round] = relationship()
    decided_by: Mapped[Person | None] = relationship()


class DecisionSource(Base):
    """A source that readers are shown with a verdict, in the order they are shown."""

    __tablename__ = "decision_sources"
    __table_args__ = (
        sa.UniqueConstraint("decision_id", "position"),
        sa.CheckConstraint("stance IN ('supports', 'refutes', 'context')", name="stance"),
        sa.Index("ix_decision_sources_source_id", "source_id"),
    )

    id: Mapped[Key]
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decisions.id"))
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("sources.id"))
    position: Mapped[int]
    stance: Mapped[str] = mapped_column(sa.String(10))
    title: Mapped[str | None] = mapped_column(sa.String(500))
    quote: Mapped[str | None] = mapped_column(sa.Text)
    archive_url: Mapped[str | None] = mapped_column(sa.String(2000))

    source: Mapped[Source] = relationship()
    pinned: Mapped[PinnedCopy | None] = relationship(back_populates="shown")


class PinnedCopy(Base):
    """The kept copy that a verdict rests on, and how the quoted words stand in it.

    Pinned once; a copy that is made later does not replace it.
    """

    __tablename__ = "pinned_copies"
    __table_args__ = (
        sa.CheckConstraint("quote IN ('found', 'changed', 'missing', 'unread')", name="quote"),
        sa.CheckConstraint("quote_page >= 1", name="quote_page"),
        sa.Index("ix_pinned_copies_snapshot_id", "snapshot_id"),
    )

    id: Mapped[Key]
    decision_source_id: Mapped[int] = mapped_column(
        sa.ForeignKey("decision_sources.id"), unique=True
    )
    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshots.id"))
    quote: Mapped[str | None] = mapped_column(
        sa.String(10)
    )  # None: nothing quoted, or not looked for yet
    quote_page: Mapped[int | None]  # of a PDF, counted from 1: where the quoted words begin

    shown: Mapped[DecisionSource] = relationship(back_populates="pinned")
    snapshot: Mapped[Snapshot] = relationship()


class AgreementFigure(Base):
    """How far reviewers agree, in an article or (without one) over all, as it was last worked out.

    `measure`: *ordinal* is of the ratings in order alone, *nominal* of all. `claims` is how many
    have two such reviews or more in their newest closed round.
    """

    __tablename__ = "agreement_figures"
    __table_args__ = (
        sa.UniqueConstraint("article_id", "measure"),
        sa.CheckConstraint("measure IN ('ordinal', 'nominal')", name="measure"),
        sa.CheckConstraint("claims >= 0", name="claims"),
        sa.Index(
            "uq_agreement_figures_overall", "measure", unique=True,
            sqlite_where=sa.text("article_id IS NULL"),
            postgresql_where=sa.text("article_id IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("articles.id"))
    measure: Mapped[str] = mapped_column(sa.String(10))
    alpha: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    claims: Mapped[int]
    at: Mapped[datetime]


class AgreementWeek(Base):
    """The last figure of agreement of a week, which begins on a Monday (see `AgreementFigure`)."""

    __tablename__ = "agreement_weeks"
    __table_args__ = (
        sa.UniqueConstraint("article_id", "measure", "week"),
        sa.CheckConstraint("measure IN ('ordinal', 'nominal')", name="measure"),
        sa.CheckConstraint("claims >= 0", name="claims"),
        sa.Index(
            "uq_agreement_weeks_overall", "measure", "week", unique=True,
            sqlite_where=sa.text("article_id IS NULL"),
            postgresql_where=sa.text("article_id IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("articles.id"))
    measure: Mapped[str] = mapped_column(sa.String(10))
    week: Mapped[date]
    alpha: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    claims: Mapped[int]
