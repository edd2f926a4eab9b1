"""Tables of endpoints that are told of what happens, and of each thing that one is told."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.db import Base, Key, PublicId


class Webhook(Base):
    """An endpoint. Whoever changes it or its deliveries holds its row.

    Signatures are made with its secret, so a digest would not do: it is sealed with the service's
    key. `failures` are in a row, from `failing_since` on; nothing is sent before `rests_until`.
    """

    __tablename__ = "webhooks"
    __table_args__ = (
        sa.CheckConstraint(
            "(disabled_at IS NULL) = (disabled_because IS NULL)", name="disabled_why"
        ),
        sa.CheckConstraint("disabled_because IN ('by-hand', 'failing')", name="disabled_because"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    url: Mapped[str] = mapped_column(sa.Text)
    told: Mapped[list[str]]
    sealed_secret: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    disabled_because: Mapped[str | None] = mapped_column(sa.String(10))
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    rests_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class WebhookDelivery(Base):
    """One endpoint is told of one thing of an event once: the unique key holds that.

    `public_id` is the id that receivers know it by, the same at each attempt; `body` the very bytes
    that are sent. `turn` counts the jobs that were asked for: only the newest one sends. `since` is
    when it was made or replayed last, which `attempts` are counted from. What is known of the last
    attempt: `tried_at`, `took_ms`, `status` and the start of the `answer`, or the `trouble`.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        sa.UniqueConstraint("webhook_id", "event_id", "told", "subject"),
        sa.CheckConstraint("state IN ('waiting', 'delivered', 'given-up')", name="state"),
        sa.CheckConstraint("(state = 'waiting') = (next_at IS NOT NULL)", name="next_at"),
        sa.Index("ix_webhook_deliveries_webhook_id", "webhook_id", "id"),
        sa.Index("ix_webhook_deliveries_event_id", "event_id"),
        sa.Index("ix_webhook_deliveries_made_at", "made_at"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    webhook_id: Mapped[int] = mapped_column(sa.ForeignKey("webhooks.id"))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    told: Mapped[str] = mapped_column(sa.String(20))
    subject: Mapped[str] = mapped_column(
        sa.String(64)
    )  # a claim's public id or an edition's digest
    body: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    turn: Mapped[int] = mapped_column(default=1)
    since: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    took_ms: Mapped[int | None]
    status: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(sa.Text)
    trouble: Mapped[str | None] = mapped_column(sa.String(12))

    webhook: Mapped[Webhook] = relationship()
