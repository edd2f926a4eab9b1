"""Tables of editions, what each says of each claim, the log's leaves, and the site's own pages.

`record` is the canonical edition.json, `content` the content.json beside it; the whole public site
can be made again from these two columns and the leaves.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.articles.models import Article
from factcheck.claims.models import Claim
from factcheck.db import Base, Key, PublicId


class Edition(Base):
    """One published state of an article: immutable, numbered, hashed, chained to the one before.

    `written_at` is None until its pages are on disk: what a killed publisher left is finished from
    there at the next start. The places, counted from 0 without a gap, say on which page of which
    list it stands, so that no list is ever counted.

    `content` keeps the words of what is withdrawn, until somebody puts it back or they are purged:
    readers get `queries.contents_of`. `claims_withdrawn` is {claim's public id: {"because", "at"}},
    `purged` [{"because", "at", "count"}].
    """

    __tablename__ = "editions"
    __table_args__ = (
        sa.UniqueConstraint("article_id", "number"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_because IS NULL)", name="withdrawn_why"
        ),
        sa.CheckConstraint("is_correction = (correction_place IS NOT NULL)", name="correction"),
        sa.CheckConstraint("(number = 1) = (article_place IS NOT NULL)", name="first"),
        sa.Index(
            "ix_editions_unwritten", "log_position",
            sqlite_where=sa.text("written_at IS NULL"),
            postgresql_where=sa.text("written_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id"))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)  # of the record's bytes
    record: Mapped[str] = mapped_column(sa.Text)
    content: Mapped[str] = mapped_column(sa.Text)
    changes: Mapped[list[Any]] = mapped_column(default=list)
    is_correction: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(sa.Text)
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    log_position: Mapped[int] = mapped_column(unique=True)  # of its leaf
    place: Mapped[int] = mapped_column(unique=True)  # among all editions
    correction_place: Mapped[int | None] = mapped_column(unique=True)  # among the corrections
    article_place: Mapped[int | None] = mapped_column(unique=True)  # of the article, with its first
    written_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None] = mapped_column(sa.Text)
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    claims_withdrawn: Mapped[dict[str, Any]] = mapped_column(default=dict)
    purged: Mapped[list[Any]] = mapped_column(default=list)

    article: Mapped[Article] = relationship()
    published_by: Mapped[Person | None] = relationship(foreign_keys=[published_by_id])


class EditionClaim(Base):
    """What an edition says of a claim: the rating readers were given, and the verdict behind it.

    The first edition that says that the author mended the words has the day, and a place among all
    mends, counted from 0 without a gap.
    """

    __tablename__ = "edition_claims"
    __table_args__ = (
        sa.UniqueConstraint("edition_id", "claim_id"),
        sa.CheckConstraint("(mended_on IS NULL) = (mend_place IS NULL)", name="mend"),
    )

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("editions.id"))
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claims.id"), index=True)
    rating: Mapped[str] = mapped_column(sa.String(40))
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decisions.id"))
    mended_on: Mapped[date | None]
    mend_place: Mapped[int | None] = mapped_column(unique=True)

    claim: Mapped[Claim] = relationship()
    edition: Mapped[Edition] = relationship()


class Purge(Base):
    """Words that the law makes us remove everywhere: one admin asks, another one has it done.

    `words` are gone with the rest once it is done or dropped. `removed` counts what was removed, by
    the kind of place.
    """

    __tablename__ = "purges"
    __table_args__ = (
        sa.CheckConstraint("state IN ('asked', 'done', 'dropped')", name="state"),
        sa.CheckConstraint("(state = 'asked') = (settled_at IS NULL)", name="settled"),
        sa.CheckConstraint("state <> 'done' OR settled_by_id <> asked_by_id", name="two_people"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    words: Mapped[list[str]] = mapped_column(default=list)
    with_copies: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.Text)  # readers see it
    state: Mapped[str] = mapped_column(sa.String(10), default="asked")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    removed: Mapped[dict[str, Any]] = mapped_column(default=dict)

    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    settled_by: Mapped[Person | None] = relationship(foreign_keys=[settled_by_id])


class LogLeaf(Base):
    """One entry of the append-only transparency log; `position` counts from 0 without a gap."""

    __tablename__ = "log_leaves"
    __table_args__ = (sa.CheckConstraint("position >= 0", name="position"),)

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry: Mapped[str] = mapped_column(sa.Text)  # canonical JSON
    at: Mapped[datetime]


class LogNode(Base):
    """A node of the log's tree above or at its leaves, once both its halves are complete.

    Kept so that a root or a tile costs a handful of rows, whatever the size of the log.
    """

    __tablename__ = "log_nodes"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 0: leaves
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(sa.String(64))  # SHA-256, hex


class SitePage(Base):
    """One of the site's own pages, such as /about/, in Markdown."""

    __tablename__ = "site_pages"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    markdown: Mapped[str] = mapped_column(sa.Text)
    position: Mapped[int] = mapped_column(default=0)
    edited_at: Mapped[datetime]
    edited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)


class SiteLook(Base):
    """What an admin chose of the site's looks: one row, or none while it is as it ships."""

    __tablename__ = "site_look"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="only"),
        sa.CheckConstraint(
            "(logo IS NULL) = (logo_width IS NULL) AND (logo IS NULL) = (logo_height IS NULL)",
            name="logo_size",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    name: Mapped[str | None] = mapped_column(sa.String(60))
    theme: Mapped[dict[str, Any]] = mapped_column(default=dict)  # empty: as it ships
    logo: Mapped[bytes | None] = mapped_column(sa.LargeBinary)  # a PNG that we wrote
    logo_width: Mapped[int | None]  # pixels
    logo_height: Mapped[int | None]
    logo_has_name: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(sa.String(35), default="en", server_default="en")
    edited_at: Mapped[datetime]
    edited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)


class SearchEntry(Base):
    """What readers can search: an article's newest edition that stands, and each claim in it.

    The words are indexed beside it, in `search_words` (see `search.py`).
    """

    __tablename__ = "search_entries"

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id"), index=True)
    claim: Mapped[str | None] = mapped_column(sa.String(16), index=True)  # public id; None: article
    address: Mapped[str] = mapped_column(sa.String(200))  # root-relative
    language: Mapped[str] = mapped_column(sa.String(35))
    title: Mapped[str] = mapped_column(sa.Text)  # of the article, or the claim restated
    body: Mapped[str] = mapped_column(sa.Text)
    article_title: Mapped[str] = mapped_column(sa.Text)
    scale_key: Mapped[str] = mapped_column(sa.String(40))
    rating: Mapped[str | None] = mapped_column(sa.String(40))
    published_at: Mapped[str] = mapped_column(sa.String(20))
