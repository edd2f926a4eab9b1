"""Tables of the talk on a claim."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.db import Base, Key, PublicId


class Comment(Base):
    """A remark in the talk of a claim, or an answer to one.

    `opens_with` is the number of the round with whose end everybody sees it; until then it is a
    question to the editors, asked in `round_id` if one was open, and `awaits_answer` until an
    editor gave one. `mentioned` are the names after an @ whose people were told.
    """

    __tablename__ = "comments"
    __table_args__ = (
        sa.CheckConstraint("opens_with >= 1", name="opens_with"),
        sa.CheckConstraint(
            "(hidden_at IS NULL) = (hidden_because IS NULL)", name="hidden_with_reason"
        ),
        sa.Index("ix_comments_claim_id", "claim_id", "id"),
        sa.Index("ix_comments_author_id", "author_id", "id"),
        sa.Index("ix_comments_answers_id", "answers_id"),
        sa.Index(
            "ix_comments_awaiting",
            "id",
            sqlite_where=sa.text("awaits_answer"),
            postgresql_where=sa.text("awaits_answer"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claims.id"))
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rounds.id"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    answers_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"))
    opens_with: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    mentioned: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_because: Mapped[str | None] = mapped_column(sa.String(1000))
    awaits_answer: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    claim: Mapped[Claim] = relationship()
    author: Mapped[Person] = relationship()
    answers: Mapped[Comment | None] = relationship(remote_side="Comment.id")
    earlier: Mapped[list[EarlierText]] = relationship(order_by="EarlierText.id")
    past_hidings: Mapped[list[PastHiding]] = relationship(order_by="PastHiding.id")


class EarlierText(Base):
    """What a comment said before it was edited, and since when; rows are only added."""

    __tablename__ = "earlier_texts"

    id: Mapped[Key]
    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comments.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]


class PastHiding(Base):
    """A time during which a comment was hidden, and why it no longer is; rows are only added."""

    __tablename__ = "past_hidings"

    id: Mapped[Key]
    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comments.id"), index=True)
    hidden_at: Mapped[datetime]
    because: Mapped[str] = mapped_column(sa.String(1000))
    shown_at: Mapped[datetime]
    shown_because: Mapped[str] = mapped_column(sa.String(1000))
