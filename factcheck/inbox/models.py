"""The table of what readers sent. It names claims by public id: this room comes before theirs."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.db import Base, Key, PublicId

KINDS = ("request", "appeal", "mend")


class Letter(Base):
    """A request for a check, an appeal against a verdict, or word that an author mended a text.

    `digest` is that of the secret in the address at which its sender sees the answer; `sent_from`
    is the keyed name of the sender's network, there to count by, and goes with the answer.
    """

    __tablename__ = "letters"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('request', 'appeal', 'mend')", name="kind"),
        sa.CheckConstraint("state IN ('open', 'taken-up', 'declined')", name="state"),
        sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        sa.CheckConstraint("kind = 'request' OR claim IS NOT NULL", name="appeal_against"),
        sa.Index("ix_letters_state", "state", "id"),
        sa.Index("ix_letters_state_kind", "state", "kind", "id"),
        sa.Index("ix_letters_sent_from", "sent_from", "at"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    claim: Mapped[str | None] = mapped_column(sa.String(16))  # a claim's public id
    text: Mapped[str] = mapped_column(sa.Text)
    url: Mapped[str | None] = mapped_column(sa.String(2000))
    at: Mapped[datetime]
    sent_from: Mapped[str | None] = mapped_column(sa.String(64))
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    answer: Mapped[str | None] = mapped_column(sa.Text)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))

    answered_by: Mapped[Person | None] = relationship()
