"""What stands of published articles, for lists of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.articles.models import Article
from factcheck.editions.models import Edition


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of a published article: the newest edition, or None since all were withdrawn.

    `first_at` is when it was published first, `withdrawn_at` when an edition was withdrawn last.
    """

    article: Article
    edition: Edition | None
    first_at: datetime
    withdrawn_at: datetime | None


def standing_of(session: Session, articles: Sequence[Article]) -> list[Standing]:
    """Return what stands of published articles, in their order, by two queries."""
    number = sa.case((Edition.withdrawn_at.is_(None), Edition.number))
    rows = session.execute(
        sa.select(Edition.article_id, sa.func.max(number), sa.func.min(Edition.published_at),
                  sa.func.max(Edition.withdrawn_at))
        .where(Edition.article_id.in_([one.id for one in articles]))
        .group_by(Edition.article_id)
    )  # fmt: skip
    said = {row[0]: row for row in rows}
    newest = [(key, row[1]) for key, row in said.items() if row[1] is not None]
    chosen = sa.select(Edition).where(sa.tuple_(Edition.article_id, Edition.number).in_(newest))
    editions = {one.article_id: one for one in session.scalars(chosen)}
    return [
        Standing(one, editions.get(one.id), said[one.id][2], said[one.id][3]) for one in articles
    ]
