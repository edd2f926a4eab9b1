"""Tables of claims and of how many there are in each state.

The composite foreign key to a revision's length, with the check on it, lets the database itself
refuse a span that reaches outside its text.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.articles.models import Article
from factcheck.claims.rules import NORMAL_PRIORITY, Dismissal, State
from factcheck.db import Base, BigKey, Key, PublicId

_STATES = ", ".join(f"'{state}'" for state in State)
_STANDING: dict[str, Any] = {
    "sqlite_where": sa.text("article_withdrawn = 0"),
    "postgresql_where": sa.text("NOT article_withdrawn"),
}
_TOLD: dict[str, Any] = {
    "sqlite_where": sa.text("told IS NOT NULL"),
    "postgresql_where": sa.text("told IS NOT NULL"),
}
_DISMISSALS = ", ".join(f"'{reason}'" for reason in Dismissal)

_DUE = "claims > 0 AND deadline IS NOT NULL"

PUBLISHED = "published"

SHARDS = {"sqlite": 1, "postgresql": 8}
"""Over how many rows each total is spread. SQLite has one writer: nobody waits for a row there."""


class Claim(Base):
    """One checkable statement: a span of a revision, and how it reads by itself.

    `start` and `end` are None only when the words are gone from the article's newest revision;
    `quote`, `prefix` and `suffix` stay as they were last found. `article_withdrawn` follows the
    article's state (`actions/counters.py`); such a claim is in no list or total over all articles.
    """

    __tablename__ = "claims"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["revision_id", "revision_length"], ["revisions.id", "revisions.length"]
        ),
        sa.CheckConstraint(
            '(start IS NULL) = ("end" IS NULL) AND '
            '(start IS NULL OR (start >= 0 AND "end" > start AND "end" <= revision_length))',
            name="span",
        ),
        sa.CheckConstraint(f"state IN ({_STATES})", name="state"),
        sa.CheckConstraint(f"dismissal IN ({_DISMISSALS})", name="dismissal"),
        sa.CheckConstraint("(state = 'dismissed') = (dismissal IS NOT NULL)", name="dismissed_why"),
        sa.CheckConstraint(
            "(coalesce(dismissal, '') = 'same-as') = (same_as_id IS NOT NULL)", name="same_as"
        ),
        sa.CheckConstraint("score >= 0 AND score <= 1", name="score"),
        sa.CheckConstraint("priority >= 0 AND priority <= 3", name="priority"),
        sa.CheckConstraint("anchor IN ('unchanged', 'moved', 'changed', 'gone')", name="anchor"),
        sa.Index("ix_claims_article_id_start", "article_id", "start", "id"),
        sa.Index("ix_claims_article_id_state", "article_id", "state", "priority", "id"),
        sa.Index("ix_claims_article_id_since", "article_id", "state", "state_since_at", "id"),
        sa.Index("ix_claims_article_id_score", "article_id", "state", "score", "id"),
        sa.Index("ix_claims_state", "state", "priority", "id", **_STANDING),
        sa.Index("ix_claims_state_score", "state", "score", "id", **_STANDING),
        sa.Index("ix_claims_state_since", "state", "state_since_at", "id", **_STANDING),
        sa.Index(
            "ix_claims_state_priority_since", "state", "priority", "state_since_at", "id",
            **_STANDING,
        ),
        sa.Index("ix_claims_told", "priority", "id", **_TOLD),
        sa.Index("ix_claims_told_score", "score", "id", **_TOLD),
        sa.Index("ix_claims_told_since", "state_since_at", "id", **_TOLD),
        sa.Index(
            "ix_claims_to_correct", "id", sqlite_where=sa.text("to_correct = 1"),
            postgresql_where=sa.text("to_correct"),
        ),
        sa.Index(
            "ix_claims_merged_into_id", "merged_into_id",
            sqlite_where=sa.text("merged_into_id IS NOT NULL"),
            postgresql_where=sa.text("merged_into_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_claims_same_as_id", "same_as_id",
            sqlite_where=sa.text("same_as_id IS NOT NULL"),
            postgresql_where=sa.text("same_as_id IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id"))
    revision_id: Mapped[int] = mapped_column(BigKey)
    revision_length: Mapped[int]
    start: Mapped[int | None]
    end: Mapped[int | None]
    quote: Mapped[str] = mapped_column(sa.Text)
    prefix: Mapped[str] = mapped_column(sa.Text)
    suffix: Mapped[str] = mapped_column(sa.Text)
    anchor: Mapped[str] = mapped_column(sa.String(10), default="unchanged")
    restated: Mapped[str] = mapped_column(sa.Text)
    claimant: Mapped[str | None] = mapped_column(sa.String(200))
    score: Mapped[float] = mapped_column(default=0.0)
    reasons: Mapped[list[str]] = mapped_column(default=list)
    priority: Mapped[int] = mapped_column(default=NORMAL_PRIORITY)
    policy_key: Mapped[str | None] = mapped_column(sa.String(20))  # None: as the article says
    sensitive: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(sa.String(10), default=State.PROPOSED.value)
    state_since_at: Mapped[datetime]
    since_on: Mapped[date]  # the day that it was then where the site is
    article_withdrawn: Mapped[bool] = mapped_column(default=False)
    told: Mapped[str | None] = mapped_column(sa.String(40))  # the rating that readers are told now
    # The verdict that says so; no foreign key, since decisions point at claims.
    told_decision_id: Mapped[int | None] = mapped_column(BigKey)
    to_correct: Mapped[bool] = mapped_column(default=False)  # they are told what no longer stands
    dismissal: Mapped[str | None] = mapped_column(sa.String(20))
    same_as_id: Mapped[int | None] = mapped_column(sa.ForeignKey("claims.id"))
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("claims.id"))
    corrected_at_source_on: Mapped[date | None]
    reply_asked_on: Mapped[date | None]  # when whoever made the claim was asked to reply
    reply: Mapped[str | None] = mapped_column(sa.Text)
    reply_by: Mapped[str | None] = mapped_column(sa.String(200))
    replied_on: Mapped[date | None]
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: engine
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    article: Mapped[Article] = relationship()
    proposed_by: Mapped[Person | None] = relationship()
    same_as: Mapped[Claim | None] = relationship(foreign_keys=[same_as_id], remote_side="Claim.id")
    merged_into: Mapped[Claim | None] = relationship(
        foreign_keys=[merged_into_id], remote_side="Claim.id"
    )


class ClaimCount(Base):
    """How many claims of an article are in a state, by priority and by the day they came to it.

    Moved in the same transaction as the claim, so that the desk never counts claims. `day` is the
    claim's `since_on`.
    """

    __tablename__ = "claim_counts"
    __table_args__ = (sa.CheckConstraint("claims >= 0", name="claims"),)

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id"), primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    priority: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    claims: Mapped[int] = mapped_column(default=0)


class StateTotal(Base):
    """How many claims are in a state, over all articles of a shard (its id modulo their number).

    Those of withdrawn articles are not counted, as in all totals. Beside the states there is
    `PUBLISHED`: claims that readers are told of, whatever state they are in.
    """

    __tablename__ = "claim_state_totals"
    __table_args__ = (sa.CheckConstraint("claims >= 0", name="claims"),)

    shard: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    claims: Mapped[int] = mapped_column(default=0)


class WaitingTotal(Base):
    """How many claims of a shard are open for review, by priority and day since when."""

    __tablename__ = "claim_waiting_totals"
    __table_args__ = (sa.CheckConstraint("claims >= 0", name="claims"),)

    shard: Mapped[int] = mapped_column(primary_key=True)
    priority: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    claims: Mapped[int] = mapped_column(default=0)


class ArticleDay(Base):
    """How many claims of an article came to something on a day, and how many left it again.

    `what` is a state, or *published* (readers are told of it for the first time), or *verdict*: the
    first one that a claim has. That is counted under the Monday of its week and by `took`, how many
    days it was after the claim came in, as `pace.took_of` counts them; else `took` is 0. Moved in
    the same transaction as the claim.
    """

    __tablename__ = "article_days"
    __table_args__ = (sa.CheckConstraint("came >= 0 AND went >= 0", name="counts"),)

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id"), primary_key=True)
    what: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    took: Mapped[int] = mapped_column(primary_key=True)
    came: Mapped[int] = mapped_column(default=0)
    went: Mapped[int] = mapped_column(default=0)


class DayTotal(Base):
    """What the days of all articles of a shard come to; read by day, so the shard is last.

    Claims that wait for reviews go with the withdrawal of their article, and come with its return.
    """

    __tablename__ = "day_totals"
    __table_args__ = (sa.CheckConstraint("came >= 0 AND went >= 0", name="counts"),)

    what: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    took: Mapped[int] = mapped_column(primary_key=True)
    shard: Mapped[int] = mapped_column(primary_key=True)
    came: Mapped[int] = mapped_column(default=0)
    went: Mapped[int] = mapped_column(default=0)


class ArticleWaiting(Base):
    """How many claims of an article are open for review, to list those with most of them first.

    `deadline` is the article's. A withdrawn article has no row: its claims wait for nobody.
    """

    __tablename__ = "article_waiting"
    __table_args__ = (
        sa.CheckConstraint("claims >= 0", name="claims"),
        sa.Index("ix_article_waiting_claims", "claims", "article_id"),
        sa.Index(
            "ix_article_waiting_deadline", "deadline", "article_id",
            sqlite_where=sa.text(_DUE), postgresql_where=sa.text(_DUE),
        ),
    )  # fmt: skip

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id"), primary_key=True)
    deadline: Mapped[date | None]
    claims: Mapped[int] = mapped_column(default=0)


DUE = sa.and_(ArticleWaiting.claims > sa.literal_column("0"), ArticleWaiting.deadline.is_not(None))
"""Whether an article has claims to review and a deadline, in the words of the index of those."""
