"""The audit log: who did what to which thing, when, from which state to which, and why.

Every verb that changes something writes its event in the same transaction. Rows are only added.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.db import Base, Key, table_of


class Event(Base):
    """One line of the audit log. `subject` is the kind of thing, `subject_id` its public id."""

    __tablename__ = "events"
    __table_args__ = (sa.Index("ix_events_subject", "subject", "subject_id", "id"),)

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    subject: Mapped[str] = mapped_column(sa.String(20))
    subject_id: Mapped[str] = mapped_column(sa.String(64))
    from_state: Mapped[str | None] = mapped_column(sa.String(20))
    to_state: Mapped[str | None] = mapped_column(sa.String(20))
    why: Mapped[str | None] = mapped_column(sa.Text)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)

    actor: Mapped[Person | None] = relationship()


_INSERT = sa.insert(table_of(Event))
_DETAILS = "event_details"  # where a session keeps what all of its events hold


@contextmanager
def with_details(session: Session, **details: Any) -> Iterator[None]:
    """Let every event that is recorded inside hold these details too, such as one batch's id."""
    before = session.info.get(_DETAILS, {})
    session.info[_DETAILS] = before | details
    try:
        yield
    finally:
        session.info[_DETAILS] = before


def record(
    session: Session,
    kind: str,
    subject_id: str,
    *,
    actor: Person | None,
    now: datetime,
    moved: tuple[str | None, str | None] = (None, None),
    why: str | None = None,
    **details: Any,
) -> int:
    """Write an event at once and return its key. `kind` is "subject.what", as in "claim.accepted".

    `actor` is None for the operator at the command line and for the service itself; `moved` is
    the state before and after.
    """
    details = session.info.get(_DETAILS, {}) | details
    written = session.connection().execute(_INSERT, {
        "at": now, "actor_id": actor.id if actor else None, "kind": kind,
        "subject": kind.partition(".")[0], "subject_id": subject_id, "from_state": moved[0],
        "to_state": moved[1], "why": why, "details": details,
    })  # fmt: skip
    key: tuple[int] = written.inserted_primary_key  # type: ignore[assignment]
    return key[0]
