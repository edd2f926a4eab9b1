"""The table of earlier checks; their words are indexed beside it, in `check_words`."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.db import Base, Key, PublicId
from factcheck.runs.models import Run


class EarlierCheck(Base):
    """A claim that somebody else checked: its words, where that was published, and the rating.

    `key` is the digest of address and words: there is one of each. While an import is under way,
    what it brings is staged, and nobody sees it; at the end all of it counts at once, or goes.
    """

    __tablename__ = "earlier_checks"
    __table_args__ = (
        sa.Index(
            "uq_earlier_checks_key", "key", unique=True,
            sqlite_where=sa.text("staged_by_id IS NULL"),
            postgresql_where=sa.text("staged_by_id IS NULL"),
        ),
        sa.Index(
            "uq_earlier_checks_staged", "staged_by_id", "key", unique=True,
            sqlite_where=sa.text("staged_by_id IS NOT NULL"),
            postgresql_where=sa.text("staged_by_id IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    key: Mapped[str] = mapped_column(sa.String(64))
    text: Mapped[str] = mapped_column(sa.Text)
    title: Mapped[str] = mapped_column(sa.Text)
    url: Mapped[str] = mapped_column(sa.String(2000))
    publisher: Mapped[str] = mapped_column(sa.String(200))
    rating: Mapped[str] = mapped_column(sa.String(200))  # in the publisher's words
    published: Mapped[str | None] = mapped_column(sa.String(10))  # a day, month or year
    language: Mapped[str | None] = mapped_column(sa.String(35))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    staged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("runs.id"))

    added_by: Mapped[Person | None] = relationship()
    staged_by: Mapped[Run | None] = relationship()
