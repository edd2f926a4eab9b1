"""The table of answers kept for a repeated POST with the same Idempotency-Key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from factcheck.db import Base, Key


class KeptAnswer(Base):
    """The first answer to a person's call under a key; `status` is None while it still runs."""

    __tablename__ = "kept_answers"
    __table_args__ = (sa.UniqueConstraint("person_id", "call", "key"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    call: Mapped[str] = mapped_column(sa.String(300))  # method and path
    key: Mapped[str] = mapped_column(sa.String(255))
    body_sha256: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    body: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(index=True)
