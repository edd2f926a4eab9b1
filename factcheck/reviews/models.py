"""Tables of rounds, their seats and panels, reviews, sources and citations; and of who practised.

A seat that is dealt is a lease: it has a holder, an id of its own and a moment when it ends if
nothing was written. The unique keys hold what matters most: one seat and one review per person
and round.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.db import Base, Key, PublicId


class Round(Base):
    """One go at deciding a claim, under the scale and policy that it opened with."""

    __tablename__ = "rounds"
    __table_args__ = (
        sa.UniqueConstraint("claim_id", "number"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("outcome IN ('decided', 'disputed', 'dropped')", name="outcome"),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_with_outcome"),
        sa.Index(
            "uq_rounds_open", "claim_id", unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claims.id"))
    number: Mapped[int]
    scale_key: Mapped[str] = mapped_column(sa.String(40))
    scale_version: Mapped[int]
    policy_key: Mapped[str] = mapped_column(sa.String(20))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(sa.String(10))

    claim: Mapped[Claim] = relationship()


class Seat(Base):
    """A place for one reviewer in a round: free, leased until a moment, or filled by a review."""

    __tablename__ = "seats"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "number"),
        sa.UniqueConstraint("round_id", "person_id"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("(person_id IS NULL) = (lease_id IS NULL)", name="held"),
        sa.Index("ix_seats_person_id", "person_id"),
        sa.Index(
            "ix_seats_expires_at", "expires_at",
            sqlite_where=sa.text("expires_at IS NOT NULL"),
            postgresql_where=sa.text("expires_at IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    number: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    lease_id: Mapped[str | None] = mapped_column(sa.String(16), unique=True)
    dealt_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]  # None once a review fills the seat

    round: Mapped[Round] = relationship()
    person: Mapped[Person | None] = relationship()


class Panel(Base):
    """One draw for a round: its list is frozen first, its seed fixed after that was committed.

    `step` is that of the policy, from 1; `seats` is how many of its seats this draw is to fill.
    `salt` makes the pseudonyms and is told nobody; all else of a draw may be published.
    """

    __tablename__ = "panels"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "number"),
        sa.CheckConstraint("number >= 1 AND step >= 1 AND seats >= 1", name="counts"),
        sa.CheckConstraint(
            "(seed IS NULL) = (drawn_at IS NULL) AND (seed IS NULL) = (seed_sha256 IS NULL)",
            name="seed_when_drawn",
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    number: Mapped[int]
    step: Mapped[int]
    seats: Mapped[int]
    salt: Mapped[str] = mapped_column(sa.String(64))  # hex
    list_sha256: Mapped[str] = mapped_column(sa.String(64))
    frozen_at: Mapped[datetime]
    seed: Mapped[str | None] = mapped_column(sa.String(64))  # hex
    seed_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    drawn_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()


class Lot(Base):
    """One of those who can be drawn for a panel: their place in its order, and what came of it.

    Whoever is called holds a seat until the lot has ended, or has filled it.
    """

    __tablename__ = "lots"
    __table_args__ = (
        sa.UniqueConstraint("panel_id", "person_id"),
        sa.UniqueConstraint("panel_id", "pseudonym"),
        sa.UniqueConstraint("panel_id", "place"),
        sa.CheckConstraint("place >= 1", name="place"),
        sa.CheckConstraint(
            "ended_as IN ('refused', 'lapsed', 'unable', 'withdrawn')", name="ended_as"
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended_with_reason"),
        sa.Index("ix_lots_person_id", "person_id"),
    )

    id: Mapped[Key]
    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("panels.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    pseudonym: Mapped[str] = mapped_column(sa.String(32))
    place: Mapped[int | None]  # from 1, once the seed is fixed
    called_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[str | None] = mapped_column(sa.String(10))

    panel: Mapped[Panel] = relationship()
    person: Mapped[Person] = relationship()


class Skip(Base):
    """A reviewer passed a claim over: the queue does not deal it to them again in this round."""

    __tablename__ = "skips"
    __table_args__ = (sa.UniqueConstraint("round_id", "person_id"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    reason: Mapped[str | None] = mapped_column(sa.String(1000))
    at: Mapped[datetime]


class Review(Base):
    """One reviewer's answer in one round. A draft may lack its rating and rationale."""

    __tablename__ = "reviews"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "person_id"),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'withdrawn', 'late')", name="state"
        ),
        sa.CheckConstraint(
            "state = 'draft' OR (rating IS NOT NULL AND submitted_at IS NOT NULL)",
            name="submitted_whole",
        ),
        sa.Index("ix_reviews_person_id", "person_id"),
    )  # fmt: skip

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    rating: Mapped[str | None] = mapped_column(sa.String(40))
    rationale: Mapped[str] = mapped_column(sa.Text, default="")
    private_note: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="draft")
    wording_changed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[Round] = relationship()
    person: Mapped[Person] = relationship()


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
    """Marks a copy that somebody gave by hand: text pasted as what they saw, or a file."""

    __tablename__ = "given_copies"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('pasted', 'upload')", name="kind"),
        sa.Index("ix_given_copies_person_id", "person_id"),
    )

    id: Mapped[Key]
    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshots.id"), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))

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


class Comment(Base):
    """A remark in the talk of a claim, or an answer to one.

    `opens_with` is the number of the round with whose end everybody sees it; until then it is a
    question to the editors, asked in `round_id` if one was open. `mentioned` are the names after
    an @ whose people were told.
    """

    __tablename__ = "comments"
    __table_args__ = (
        sa.CheckConstraint("opens_with >= 1", name="opens_with"),
        sa.CheckConstraint(
            "(hidden_at IS NULL) = (hidden_because IS NULL)", name="hidden_with_reason"
        ),
        sa.Index("ix_comments_claim_id", "claim_id", "id"),
        sa.Index("ix_comments_author_id", "author_id", "id"),
        sa.Index("ix_comments_answers_id", "answers_id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claims.id"))
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rounds.id"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    answers_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"))
    opens_with: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    mentioned: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_because: Mapped[str | None] = mapped_column(sa.String(1000))
    version: Mapped[int] = mapped_column(default=1)

    claim: Mapped[Claim] = relationship()
    author: Mapped[Person] = relationship()
    answers: Mapped[Comment | None] = relationship(remote_side="Comment.id")
    earlier: Mapped[list[EarlierText]] = relationship(order_by="EarlierText.id")


class EarlierText(Base):
    """What a comment said before it was edited, and since when; rows are only added."""

    __tablename__ = "earlier_texts"

    id: Mapped[Key]
    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comments.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]


class PracticeDone(Base):
    """A practice case that somebody answered: the rating they gave first, and none of their words.

    `key` is that of a case in `methods/practice/`.
    """

    __tablename__ = "practice_done"
    __table_args__ = (sa.UniqueConstraint("person_id", "key"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    key: Mapped[str] = mapped_column(sa.String(40))
    rating: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime]
