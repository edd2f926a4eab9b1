"""Work that can wait, written as a row in the same transaction as the change that asks for it.

`jobs.py` takes the rows from here; each runs at least once, also across a crash, so what
it does must bear being done twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from factcheck.db import Base, Key, PublicId, table_of


class OutboxJob(Base):
    """One piece of work: what kind, with what, since when, and how it went."""

    __tablename__ = "outbox_jobs"
    __table_args__ = (
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.Index("ix_outbox_jobs_waiting", "due_at", "id", sqlite_where=sa.text("done_at IS NULL"),
                 postgresql_where=sa.text("done_at IS NULL")),
    )  # fmt: skip

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(sa.String(40))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.Text)


KEPT_FOR = timedelta(days=30)
_LOOKED_AT = 20  # of the oldest rows, those that wait for long among them
_INSERT = sa.insert(table_of(OutboxJob))


def supersede(session: Session, kind: str, *, now: datetime) -> None:
    """Take those jobs of a kind that wait as done: a new one does what they were to do."""
    waiting = (OutboxJob.kind == kind, OutboxJob.done_at.is_(None), OutboxJob.failed_at.is_(None))
    session.execute(sa.update(OutboxJob).where(*waiting).values(done_at=now))


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete a few of the jobs that were done or given up longer than KEPT_FOR ago.

    Called once a job, so that the table does not grow for ever and nobody waits for its sweeping.
    """
    over = sa.func.coalesce(OutboxJob.done_at, OutboxJob.failed_at) < now - KEPT_FOR
    oldest = sa.select(OutboxJob.id).order_by(OutboxJob.id).limit(_LOOKED_AT).subquery()
    gone = session.scalars(sa.select(OutboxJob.id).where(OutboxJob.id.in_(sa.select(oldest)), over))
    session.execute(sa.delete(OutboxJob).where(OutboxJob.id.in_(gone.all())))


def enqueue(
    session: Session, kind: str, payload: dict[str, Any], *, now: datetime,
    due: datetime | None = None,
) -> None:  # fmt: skip
    """Add a job to the outbox; it runs once it is committed, from `due` on."""
    enqueue_all(session, kind, [payload], now=now, due=due)


def enqueue_all(
    session: Session, kind: str, payloads: Sequence[dict[str, Any]], *, now: datetime,
    due: datetime | None = None,
) -> None:  # fmt: skip
    """Add one job of a kind for each payload, in one statement; they run as with `enqueue`."""
    if payloads:
        session.execute(_INSERT, [
            {"kind": kind, "payload": one, "created_at": now, "due_at": due or now}
            for one in payloads
        ])  # fmt: skip
