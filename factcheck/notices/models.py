"""Tables of notices, of how people want to be told, and of how far the audit log was read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.db import Base, BigKey, Key


class Notice(Base):
    """One person is told of one thing once: the unique key holds that.

    `subject` is the public id of a claim or letter, or an edition's digest; `event_id` the event
    that it comes from, of a seat the one by which it was dealt. `details` fill its sentence.
    `daily_on` is the day of the daily mail that it goes into.
    """

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "kind", "subject", "event_id"),
        sa.CheckConstraint(
            "kind IN ('decided', 'reopened', 'wording-changed', 'merged', 'seat-ending',"
            " 'published', 'disputed', 'to-summarise', 'letter', 'mention', 'answer', 'to-sign',"
            " 'question')",
            name="kind",
        ),
        sa.Index("ix_notices_person_id", "person_id", "id"),
        sa.Index("ix_notices_event_id", "event_id"),
        sa.Index("ix_notices_read_at", "read_at"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    subject: Mapped[str] = mapped_column(sa.String(64))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    daily_on: Mapped[date | None]

    person: Mapped[Person] = relationship()


class NoticeChoice(Base):
    """How somebody wants to be told of a kind of thing, where it is not the default."""

    __tablename__ = "notice_choices"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "kind"),
        sa.CheckConstraint("way IN ('here', 'at-once', 'daily', 'off')", name="way"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    way: Mapped[str] = mapped_column(sa.String(10))


class NoticeCursor(Base):
    """The one row that says up to which event notices are made, and when seats were looked at.

    Who makes notices holds it.
    """

    __tablename__ = "notice_cursor"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[Key]
    position: Mapped[int] = mapped_column(BigKey)
    swept_at: Mapped[datetime | None]


class DailyMail(Base):
    """The daily mail of a person and a day; sent once."""

    __tablename__ = "daily_mails"
    __table_args__ = (sa.UniqueConstraint("person_id", "day"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    day: Mapped[date]
    sent_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
