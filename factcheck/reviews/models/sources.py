"""Tables of sources, what is noted of them and kept of them, of citations and the pool."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.db import Base, Key, PublicId


class Source(Base):
    """A document that can be cited, once per address."""

    __tablename__ = "sources"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    url: Mapped[str] = mapped_column(sa.String(2000), unique=True)  # canonical
    title: Mapped[str | None] = mapped_column(sa.String(500))
    site: Mapped[str | None] = mapped_column(sa.String(200))
    created_at: Mapped[datetime]

    snapshots: Mapped[list[Snapshot]] = relationship(
        back_populates="source", order_by="Snapshot.id"
    )
    note: Mapped[SourceNote | None] = relationship(back_populates="source", lazy="joined")


class SourceNote(Base):
    """What editors say of a source: how near it is to what it tells of, and how far to trust it."""

    __tablename__ = "source_notes"
    __table_args__ = (sa.CheckConstraint("nature IN ('primary', 'secondary')", name="nature"),)

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("sources.id"), unique=True)
    nature: Mapped[str | None] = mapped_column(sa.String(10))
    words: Mapped[str] = mapped_column(sa.Text)
    edited_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=0)

    source: Mapped[Source] = relationship(back_populates="note")


class Snapshot(Base):
    """One go at keeping a copy of a source: waiting, kept, or refused with the reason.

    `sha256` is of the copy that readers are shown, the page's words as text; `page_sha256` of the
    page's bytes; `warc_sha256` of the record of the answer. All lie in the archive by digest. One
    that is `given` was not fetched.
    """

    __tablename__ = "snapshots"
    __table_args__ = (
        sa.CheckConstraint("sha256 IS NULL OR refusal IS NULL", name="one_outcome"),
        sa.CheckConstraint(
            "(tried_at IS NULL) = (sha256 IS NULL AND refusal IS NULL)", name="outcome_when_tried"
        ),
        sa.CheckConstraint(
            "(sha256 IS NULL) = (page_sha256 IS NULL OR warc_sha256 IS NULL)", name="kept_whole"
        ),
        sa.Index("ix_snapshots_source_id", "source_id", "id"),
        sa.CheckConstraint("drift IN ('gone', 'moved', 'changed')", name="drift"),
        sa.Index("ix_snapshots_sha256", "sha256"),
        sa.Index(
            "ix_snapshots_drift",
            "id",
            sqlite_where=sa.text("drift IS NOT NULL"),
            postgresql_where=sa.text("drift IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("sources.id"))
    asked_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    final_url: Mapped[str | None] = mapped_column(sa.String(4000))
    title: Mapped[str | None] = mapped_column(sa.String(500))
    site: Mapped[str | None] = mapped_column(sa.String(200))
    author: Mapped[str | None] = mapped_column(sa.String(500))
    published: Mapped[str | None] = mapped_column(sa.String(10))
    language: Mapped[str | None] = mapped_column(sa.String(35))
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    page_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    warc_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    refusal: Mapped[str | None] = mapped_column(sa.Text)  # a sentence with named places
    refusal_values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    words_sha256: Mapped[str | None] = mapped_column(sa.String(64))  # of the page's words alone
    drift: Mapped[str | None] = mapped_column(sa.String(10))  # against the copy before it

    source: Mapped[Source] = relationship(back_populates="snapshots")
    given: Mapped[GivenCopy | None] = relationship(back_populates="snapshot", lazy="joined")

    @property
    def kind(self) -> str:
        """Where it is from: "page" for what was fetched, else how somebody gave it."""
        return self.given.kind if self.given else "page"


class GivenCopy(Base):
    """Marks a copy that somebody gave by hand: text pasted as what they saw, or a file.

    `as_editor`: while deciding, when the round is closed, so that nothing has to be kept from
    anybody.
    """

    __tablename__ = "given_copies"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('pasted', 'upload')", name="kind"),
        sa.Index("ix_given_copies_person_id", "person_id"),
    )

    id: Mapped[Key]
    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshots.id"), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    as_editor: Mapped[bool] = mapped_column(default=False)

    snapshot: Mapped[Snapshot] = relationship(back_populates="given")


class Citation(Base):
    """A source in a review: what it does to the claim, and the words quoted from it."""

    __tablename__ = "citations"
    __table_args__ = (
        sa.UniqueConstraint("review_id", "position"),
        sa.CheckConstraint("stance IN ('supports', 'refutes', 'context')", name="stance"),
        sa.CheckConstraint("position >= 1", name="position"),
        sa.Index("ix_citations_source_id", "source_id"),
    )

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("reviews.id"))
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("sources.id"))
    position: Mapped[int]  # [1] in the rationale is the citation at position 1
    stance: Mapped[str] = mapped_column(sa.String(10))
    title: Mapped[str | None] = mapped_column(sa.String(500))
    quote: Mapped[str | None] = mapped_column(sa.Text)
    archive_url: Mapped[str | None] = mapped_column(sa.String(2000))

    source: Mapped[Source] = relationship()


class PooledSource(Base):
    """A source that an editor put into the pool of a claim, or of a whole article."""

    __tablename__ = "pooled_sources"
    __table_args__ = (
        sa.Index("ix_pooled_sources_article_id", "article_id"),
        sa.Index("ix_pooled_sources_source_id", "source_id"),
    )

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id"))
    claim_id: Mapped[int | None] = mapped_column(sa.ForeignKey("claims.id"))
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("sources.id"))
    added_at: Mapped[datetime]
