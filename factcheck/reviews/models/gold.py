"""Tables of gold claims: the known answer of a gold round, and how often one is dealt."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.db import Base, Key
from factcheck.reviews.models.rounds import Round


class GoldAnswer(Base):
    """What a gold round's answer is known to be, and why. Retired once its round is closed.

    `counts`: whether answers to it count for reviewers' figures; not where it proved wrong.
    """

    __tablename__ = "gold_answers"
    __table_args__ = (sa.UniqueConstraint("round_id"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    rating: Mapped[str] = mapped_column(sa.String(40))
    reasons: Mapped[str] = mapped_column(sa.Text)
    given_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    given_at: Mapped[datetime]
    counts: Mapped[bool] = mapped_column(default=True)

    round: Mapped[Round] = relationship()
    given_by: Mapped[Person] = relationship()


class GoldRate(Base):
    """Of how many claims dealt one is a gold claim, on average; 0: none. One row or none."""

    __tablename__ = "gold_rate"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="only_one"),
        sa.CheckConstraint("one_in = 0 OR one_in >= 2", name="one_in"),
    )

    id: Mapped[Key]
    one_in: Mapped[int]
