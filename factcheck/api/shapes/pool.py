"""The pool of a claim, and copies of sources given by hand, as they are sent and answered."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.api.shapes.fields import Id, Url
from factcheck.api.shapes.moments import moment
from factcheck.api.shapes.reviews import CopyShown
from factcheck.failures import Failure
from factcheck.reviews.given_copies import LARGEST_FILE_BYTES, LONGEST_PASTED, Given
from factcheck.reviews.giving_copies import is_fetched
from factcheck.reviews.models import Source
from factcheck.reviews.pool import Pooled
from factcheck.reviews.rules import LONGEST_TITLE
from factcheck.reviews.snapshots import Copy
from factcheck.web.wording import worded

Title = Annotated[str, msgspec.Meta(max_length=LONGEST_TITLE)]
FileBytes = Annotated[
    bytes,
    msgspec.Meta(
        min_length=1, max_length=LARGEST_FILE_BYTES,
        description="a PDF, or a PNG, JPEG, WebP or GIF image, of 20 MiB at most, in base64",
    ),
]  # fmt: skip


class PooledShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A source that is known for a claim. Who found it, and what for, is not told.

    `is_near`: the article links to it in the claim's paragraph. `source` is the id of one that an
    editor put there, for editors. `nature` and `note` are what editors say of it.
    """

    url: str
    title: str | None
    copy_sha256: str | None
    is_near: bool
    source: str | None
    nature: Literal["primary", "secondary"] | None
    note: str | None


class PoolPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of a pool: the article's links near the claim as they stand, then others by title."""

    items: list[PooledShown]
    next: str | None


class NewPooled(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A source for the pool; its title is taken where it has none yet."""

    url: Url
    title: Title = ""
    whole_article: bool = False


class SourcePut(msgspec.Struct, forbid_unknown_fields=True):
    """A source that was put into the pool."""

    source: str
    url: str
    title: str | None


class TakenOut(msgspec.Struct, forbid_unknown_fields=True):
    """Which source is taken out of the pool."""

    source: Id


class SourceOfCopies(msgspec.Struct, forbid_unknown_fields=True):
    """A source of which one may give a copy, and whether there is one that was fetched.

    `refusal` says why there is none; null too while it is being made.
    """

    source: str
    url: str
    is_fetched: bool
    refusal: str | None


class SourcesOfCopies(msgspec.Struct, forbid_unknown_fields=True):
    """The sources of which one may give copies, in the order in which they are cited or known."""

    items: list[SourceOfCopies]
    next: str | None


class NewCopy(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One of the two: the text that somebody saw on a page, or a file.

    Without `source` a file is a source by itself, and needs a `title`: who made it, and when.
    """

    source: Id | UnsetType | None = UNSET
    text: Annotated[str, msgspec.Meta(max_length=LONGEST_PASTED)] | UnsetType = UNSET
    file: FileBytes | UnsetType = UNSET
    title: Title | UnsetType = UNSET


class CopyGiven(msgspec.Struct, forbid_unknown_fields=True):
    """A copy as it was kept; of a file by itself `url` is what a review cites."""

    source: str
    url: str
    title: str | None
    copy: CopyShown


class CopyWords(msgspec.Struct, forbid_unknown_fields=True):
    """The copy of a source as text, under its digest."""

    sha256: str
    text: str


class CopyFile(msgspec.Struct, forbid_unknown_fields=True):
    """The PDF or the image behind a copy, in base64, and its content type."""

    sha256: str
    content_type: str
    file: bytes


def pooled_shown(one: Pooled, *, with_source: bool) -> PooledShown:
    """Return a source of a pool as it is answered; its id only to who may take it out."""
    return PooledShown(
        url=one.url,
        title=one.title,
        copy_sha256=one.sha256,
        is_near=one.is_near,
        source=one.put if with_source else None,
        nature=one.nature,  # type: ignore[arg-type]  # the table allows these alone
        note=one.note,
    )


def source_of_copies(source: Source, copy: Copy | None) -> SourceOfCopies:
    """Return a source as it is answered to who may give a copy of it."""
    refusal: Failure | None = copy.refusal if copy else None
    fetched = is_fetched(source)
    why = worded(refusal) if refusal and not fetched else None
    return SourceOfCopies(source.public_id, source.url, fetched, why)


def copy_given(source: Source, given: Given) -> CopyGiven:
    """Return what was given as it is answered."""
    kept = CopyShown(
        given.sha256, given.page_sha256, moment(given.at),
        given.kind,  # type: ignore[arg-type]  # "pasted" or "upload"
        None,
    )  # fmt: skip
    return CopyGiven(source.public_id, source.url, given.title, kept)
