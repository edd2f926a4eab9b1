"""Tables of articles, the addresses they are known by, their revisions, and the links in them.

A revision is never changed. Offsets are code points of its text, half open.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.db import Base, Key, PublicId


class Article(Base):
    """A post under check. `published` is when it was said: "2007", "2007-05" or "2007-05-03"."""

    __tablename__ = "articles"
    __table_args__ = (
        sa.CheckConstraint("state IN ('triage', 'review', 'published', 'withdrawn')", name="state"),
        sa.CheckConstraint("display IN ('full', 'excerpts', 'claims')", name="display"),
        sa.CheckConstraint("ground IN ('own', 'licence', 'permission', 'unstated')", name="ground"),
        sa.CheckConstraint("current_revision >= 1", name="current_revision"),
        sa.Index("ix_articles_state_id", "state", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(sa.String(100), unique=True)
    title: Mapped[str] = mapped_column(sa.String(500))
    source_url: Mapped[str | None] = mapped_column(sa.String(2000))
    site: Mapped[str | None] = mapped_column(sa.String(200))
    authors: Mapped[list[str]] = mapped_column(default=list)
    published: Mapped[str | None] = mapped_column(sa.String(10))
    published_about: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str | None] = mapped_column(sa.String(200))
    language: Mapped[str] = mapped_column(sa.String(35))
    scale_key: Mapped[str] = mapped_column(sa.String(40), default="default")
    policy_key: Mapped[str] = mapped_column(sa.String(20), default="team")
    display: Mapped[str] = mapped_column(sa.String(10), default="full")
    ground: Mapped[str] = mapped_column(sa.String(10), default="unstated")
    state: Mapped[str] = mapped_column(sa.String(10), default="triage")
    current_revision: Mapped[int] = mapped_column(default=1)  # a number of `revisions`
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)
    deadline: Mapped[date | None]  # by the end of which day its claims are to be reviewed
    late_told: Mapped[date | None]  # the deadline of which editors were told that it is over

    created_by: Mapped[Person | None] = relationship()


class ArticleAddress(Base):
    """A canonical address that an article is known by; look-ups by address go through it."""

    __tablename__ = "article_addresses"

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id"), index=True)
    url: Mapped[str] = mapped_column(sa.String(2000), index=True)

    article: Mapped[Article] = relationship()


class Revision(Base):
    """One fixed state of an article's words, with the bytes that they came from."""

    __tablename__ = "revisions"
    __table_args__ = (
        sa.UniqueConstraint("article_id", "number"),
        sa.UniqueConstraint("id", "length"),  # lets a claim's span be held inside its text
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("length >= 1", name="length"),
        sa.Index("ix_revisions_text_sha256", "text_sha256"),  # a text that is posted again
    )

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    length: Mapped[int]  # of the text, in code points
    text_sha256: Mapped[str] = mapped_column(sa.String(64))
    units: Mapped[list[Any]]  # [[start, end, kind, score or null, [reasons]], …] in text order
    raw: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary))  # as they came
    raw_sha256: Mapped[str] = mapped_column(sa.String(64))
    content_type: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))

    article: Mapped[Article] = relationship()


class ArticleLink(Base):
    """A link of the article's own: the words that carry it and where it leads."""

    __tablename__ = "article_links"
    __table_args__ = (
        sa.CheckConstraint('start >= 0 AND "end" > start', name="span"),
        sa.Index("ix_article_links_revision_id_start", "revision_id", "start"),
    )

    id: Mapped[Key]
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revisions.id"))
    start: Mapped[int]
    end: Mapped[int]
    href: Mapped[str] = mapped_column(sa.String(2000))
