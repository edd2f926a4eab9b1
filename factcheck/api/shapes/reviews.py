"""Seats, reviews and sources as they are sent and answered."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.api.shapes.claims import ClaimShown
from factcheck.api.shapes.fields import DraftVersion, Id, Line, Note, Reason, Stance, Url
from factcheck.api.shapes.moments import moment
from factcheck.reviews.models import Citation, Review, Seat, Source
from factcheck.reviews.rules import Cited
from factcheck.reviews.snapshots import Copy

Minutes = Annotated[int, msgspec.Meta(ge=1, le=10_080)]


class NextAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """From where the next claim may come, and for how long it is wanted."""

    article: Id | UnsetType = UNSET
    language: Line | UnsetType = UNSET
    minutes: Minutes | UnsetType = UNSET


class LeaseShown(msgspec.Struct, forbid_unknown_fields=True):
    """A seat that is one's own until a moment."""

    id: str
    expires: str | None


class HeldSeat(msgspec.Struct, forbid_unknown_fields=True):
    """A seat that one holds and has not filled; `is_asked`: drawn by lot, and not taken up yet."""

    claim: ClaimShown
    lease: LeaseShown
    is_asked: bool


class HeldPage(msgspec.Struct, forbid_unknown_fields=True):
    """The seats that one holds, the one that ends first first."""

    items: list[HeldSeat]
    next: str | None


class Dealt(msgspec.Struct, forbid_unknown_fields=True):
    """A claim to review, and the lease of the seat."""

    claim: ClaimShown
    lease: LeaseShown


class HandedBack(msgspec.Struct, forbid_unknown_fields=True):
    """Why a seat is handed back; an `unclear` claim goes to the editors with it as a note."""

    reason: Annotated[str, msgspec.Meta(max_length=1_000)] | UnsetType = UNSET
    unclear: bool = False


class NewCitation(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A source, what it does to the claim, and the words quoted from it."""

    url: Url
    stance: Stance
    quote: Annotated[str, msgspec.Meta(max_length=5_000)] | None = None
    title: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    archive_url: Line | None = None


Citations = Annotated[list[NewCitation], msgspec.Meta(max_length=50)]


class NewReview(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One reviewer's answer: a draft, or with `submit` the answer for good.

    `private_note` is for editors who settle a dispute; left out, that of the draft stays. With
    `version`, of the draft that you saw, one that was saved since is not written over (409).
    """

    rating: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    rationale: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]
    sources: Citations = []
    private_note: Note | UnsetType = UNSET
    version: DraftVersion | UnsetType = UNSET
    submit: bool


class Withdrawn(msgspec.Struct, forbid_unknown_fields=True):
    """Why something is withdrawn or opened again."""

    reason: Reason


class CitationShown(msgspec.Struct, forbid_unknown_fields=True):
    """A source as a review or a verdict cites it."""

    source: str
    url: str
    stance: Stance
    title: str | None
    quote: str | None
    archive_url: str | None


class ReviewShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A review.

    `private_note` is told to its author, and to editors after a round without agreement; else null.
    """

    id: str
    claim: str
    round: int
    reviewer: str
    reviewer_name: str
    rating: str | None
    rationale: str
    private_note: str | None
    sources: list[CitationShown]
    state: Literal["draft", "submitted", "withdrawn", "late"]
    wording_changed: bool
    created: str
    submitted: str | None
    withdrawn_because: str | None


class ReviewsShown(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One's own review, and everybody's of rounds that are closed.

    `submitted` tells editors how many reviews of the open round are in.
    """

    items: list[ReviewShown]
    next: str | None
    submitted: int | UnsetType = UNSET


class CopyShown(msgspec.Struct, forbid_unknown_fields=True):
    """The copy of a source: its digest, that of the page's bytes, when it was taken, and how.

    `kind`: "page" was fetched, a "pasted" text or an "upload" was given by hand. `archived_on`: a
    page that was gone was fetched from a web archive, which kept it as of that day, month or year.
    """

    sha256: str
    page_sha256: str
    taken: str
    kind: Literal["page", "pasted", "upload"]
    archived_on: str | None


class SourceShown(msgspec.Struct, forbid_unknown_fields=True):
    """A document that can be cited, with the newest copy of it."""

    id: str
    url: str
    title: str | None
    site: str | None
    created: str
    copy: CopyShown | None


class SourceQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which source."""

    url: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000, description="its address")]


def lease_shown(seat: Seat) -> LeaseShown:
    """Return a seat's lease; `expires` is null once a review fills the seat."""
    return LeaseShown(str(seat.lease_id), moment(seat.expires_at) if seat.expires_at else None)


def cited(given: list[NewCitation]) -> tuple[Cited, ...]:
    """Return sources as the rooms take them."""
    return tuple(Cited(one.url, one.stance, one.quote, one.title, one.archive_url) for one in given)


def review_shown(review: Review, citations: list[Citation], *, with_note: bool) -> ReviewShown:
    """Return a review as it is answered, with its private note to who may read that."""
    return ReviewShown(
        id=review.public_id,
        claim=review.round.claim.public_id,
        round=review.round.shown_number,
        reviewer=review.person.public_id,
        reviewer_name=review.person.name,
        rating=review.rating,
        rationale=review.rationale,
        private_note=review.private_note if with_note else None,
        sources=[citation_shown(citation) for citation in citations],
        state=review.state,  # type: ignore[arg-type]  # the table allows these alone
        wording_changed=review.wording_changed,
        created=moment(review.created_at),
        submitted=moment(review.submitted_at) if review.submitted_at else None,
        withdrawn_because=review.withdrawn_because,
    )


def source_shown(source: Source, copy: Copy | None) -> SourceShown:
    """Return a source as it is answered."""
    kept = None
    if copy is not None and copy.sha256 and copy.page_sha256 and copy.at:
        kept = CopyShown(
            copy.sha256, copy.page_sha256, moment(copy.at),
            copy.kind,  # type: ignore[arg-type]  # the table allows these alone
            copy.archived_on,
        )  # fmt: skip
    return SourceShown(
        source.public_id, source.url, source.title, source.site, moment(source.created_at), kept
    )


def citation_shown(citation: Citation) -> CitationShown:
    """Return a cited source as it is answered."""
    return CitationShown(
        source=citation.source.public_id,
        url=citation.source.url,
        stance=citation.stance,  # type: ignore[arg-type]  # the table allows these alone
        title=citation.title,
        quote=citation.quote,
        archive_url=citation.archive_url,
    )
