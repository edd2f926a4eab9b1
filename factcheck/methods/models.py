"""The table of policies that editors added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.db import Base, Key


class OwnPolicy(Base):
    """A policy of this installation. It never changes, since rounds are pinned to it.

    `steps` are pairs of seats and how many must agree, seats counted from the first. Once retired
    it is offered no more.
    """

    __tablename__ = "own_policies"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.String(60), unique=True)
    description: Mapped[str] = mapped_column(sa.Text)
    steps: Mapped[list[Any]]
    least_sources: Mapped[int]
    archived_only: Mapped[bool]
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    added_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    added_by: Mapped[Person] = relationship()
