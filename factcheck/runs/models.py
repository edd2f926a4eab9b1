"""Tables of long runs, and of what was wrong with what they were given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.db import Base, Key, PublicId


class Run(Base):
    """Something that takes long, by a job or at the command line.

    `done` of `total` is how far it is, in what it counts by itself (bytes of a file, articles);
    `counts` is what came of it so far, `failure` the sentence that it ended with and its values.
    `outcome` is how it will end, once nothing can stop it any more.
    """

    __tablename__ = "runs"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'stopped')", name="state"
        ),
        sa.CheckConstraint(
            "(state IN ('waiting', 'running')) = (ended_at IS NULL)", name="ended"
        ),
        sa.CheckConstraint("done >= 0 AND total >= 0", name="progress"),
    )  # fmt: skip

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(300))
    asked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: the operator
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    done: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    total: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    failure: Mapped[list[Any]] = mapped_column(default=list)  # [sentence, {place: value}]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]  # when it last said how far it is
    stop_asked_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(sa.String(10))
    ended_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()

    @property
    def sentence(self) -> str:
        """The sentence that it ended with; "" without one."""
        return str(self.failure[0]) if self.failure else ""

    @property
    def values(self) -> dict[str, Any]:
        """The values of that sentence."""
        return dict(self.failure[1]) if self.failure else {}


class RunTrouble(Base):
    """A row that could not be taken: where it stands, which field of it, and why."""

    __tablename__ = "run_troubles"
    __table_args__ = (sa.Index("ix_run_troubles_run_id", "run_id", "id"),)

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("runs.id"))
    line: Mapped[int]
    field: Mapped[str] = mapped_column(sa.String(100))
    sentence: Mapped[str] = mapped_column(sa.Text)
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
