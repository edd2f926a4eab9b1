"""Tables of notices, of how people want to be told, and of how far the audit log was read.

And of followers: readers without an account, of whom no more is kept than a mail needs.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.db import Base, BigKey, Key, PublicId


class Notice(Base):
    """One person is told of one thing once: the unique key holds that.

    `subject` is the public id of a claim, letter or message, or an edition's digest; `event_id` the
    event that it comes from, of a seat the one by which it was dealt. `details` fill its sentence.
    `daily_on` is the day of the daily mail that it goes into.
    """

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "kind", "subject", "event_id"),
        sa.CheckConstraint(
            "kind IN ('decided', 'reopened', 'wording-changed', 'merged', 'seat-ending',"
            " 'published', 'disputed', 'to-summarise', 'letter', 'mention', 'answer', 'to-sign',"
            " 'question', 'webhook-disabled', 'second-admin', 'late', 'stuck', 'message')",
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


class Message(Base):
    """What an editor wrote to somebody who works here, about a claim or none."""

    __tablename__ = "messages"
    __table_args__ = (
        sa.Index("ix_messages_sender_id", "sender_id", "at"),
        sa.Index("ix_messages_to", "sender_id", "recipient_id", "at"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    recipient_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    claim_id: Mapped[int | None] = mapped_column(sa.ForeignKey("claims.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]

    sender: Mapped[Person] = relationship(foreign_keys=[sender_id])
    recipient: Mapped[Person] = relationship(foreign_keys=[recipient_id])
    claim: Mapped[Claim | None] = relationship()


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
    """The one row that says up to which event notices are made, and when what was looked at.

    `swept_at`: seats; `overdue_at`: deadlines, and up to which moment claims that are stuck.

    Who makes notices holds it.
    """

    __tablename__ = "notice_cursor"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[Key]
    position: Mapped[int] = mapped_column(BigKey)
    swept_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]


class DailyMail(Base):
    """The daily mail of a person and a day; sent once."""

    __tablename__ = "daily_mails"
    __table_args__ = (sa.UniqueConstraint("person_id", "day"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    day: Mapped[date]
    sent_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class Follower(Base):
    """A reader who is mailed of corrections: of one article, or of all where `article_id` is None.

    The address is kept sealed, and as a keyed digest (`named`) that tells whether two rows are of
    the same one. Until `confirmed_at` nothing but the question whether they want it is mailed. Who
    stops is gone, with what is known of their mails.
    """

    __tablename__ = "followers"
    __table_args__ = (
        sa.UniqueConstraint("named", "article_id"),
        sa.Index(
            "uq_followers_named_of_all", "named", unique=True,
            sqlite_where=sa.text("article_id IS NULL"),
            postgresql_where=sa.text("article_id IS NULL"),
        ),
        sa.Index("ix_followers_article_id", "article_id", "id"),
        sa.Index(
            "ix_followers_unconfirmed", "asked_at",
            sqlite_where=sa.text("confirmed_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    named: Mapped[str] = mapped_column(sa.String(64))
    sealed_address: Mapped[str] = mapped_column(sa.Text)
    article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("articles.id"))
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class FollowerMail(Base):
    """One follower is mailed once of one edition's correction or withdrawal: the key holds that.

    `claim` is the public id of a claim of it that was withdrawn by itself, else "".
    """

    __tablename__ = "follower_mails"
    __table_args__ = (
        sa.UniqueConstraint("follower_id", "edition_id", "about", "claim"),
        sa.CheckConstraint("about IN ('correction', 'withdrawal', 'claim')", name="about"),
        sa.CheckConstraint("(about = 'claim') = (claim <> '')", name="claim"),
        sa.Index("ix_follower_mails_edition_id", "edition_id"),
    )

    id: Mapped[Key]
    follower_id: Mapped[int] = mapped_column(sa.ForeignKey("followers.id"))
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("editions.id"))
    about: Mapped[str] = mapped_column(sa.String(10))
    claim: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")
    sent_at: Mapped[datetime | None]

    follower: Mapped[Follower] = relationship()


class FollowAsk(Base):
    """That somebody asked to follow, to count by: once under the network, once under the address.

    Both are keyed digests, and are kept for a day.
    """

    __tablename__ = "follow_asks"
    __table_args__ = (
        sa.Index("ix_follow_asks_counted_as", "counted_as", "at"),
        sa.Index("ix_follow_asks_at", "at"),
    )

    id: Mapped[Key]
    counted_as: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
