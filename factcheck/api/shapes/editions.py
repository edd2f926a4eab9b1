"""Editions as they are sent and answered."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.api.shapes.moments import moment
from factcheck.editions.models import Edition


class NewEdition(msgspec.Struct, forbid_unknown_fields=True):
    """A note for readers, above all where something is corrected."""

    note: Annotated[str, msgspec.Meta(max_length=2_000)] | UnsetType = UNSET


class Mended(msgspec.Struct, forbid_unknown_fields=True):
    """The day on which an author mended a claim's words ("2025-03-31"); null where they did not."""

    on: str | None


class Published(msgspec.Struct, forbid_unknown_fields=True):
    """The edition that was published, where it is, and what is different about each claim.

    `pages_missing` warns: `method`, `contact` where nobody of this site has written that page.
    """

    number: int
    url: str
    sha256: str
    changes: list[dict[str, Any]]
    pages_missing: list[str]


class NextEdition(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What publishing now would change; nothing where `is_new` is false: `refusal` may say why.

    Of the claims in `mends` it would be told newly that their author mended the words, of those in
    `replies` what became of them, such as a reply, of those in `pages` that a source's page is not
    what it was.
    """

    number: int | None
    is_new: bool
    refusal: str | None
    changes: list[dict[str, Any]]
    pages: list[str]
    mends: list[str]
    replies: list[str]
    pages_missing: list[str]


class EditionShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A published edition; its digest is the address of its record.

    Of one that was withdrawn there is left why, and when; its words are gone.
    """

    number: int
    url: str
    sha256: str
    changes: list[dict[str, Any]]
    note: str | None
    published: str
    withdrawn: str | None
    withdrawn_because: str | None


class EditionPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of an article's editions, the oldest first."""

    items: list[EditionShown]
    next: str | None


class Record(msgspec.Struct):
    """The canonical record of an edition, in its very bytes; its SHA-256 is the edition's id."""


def edition_shown(edition: Edition, public_url: str) -> EditionShown:
    """Return an edition as it is answered."""
    is_withdrawn = edition.withdrawn_at is not None
    return EditionShown(
        number=edition.number,
        url=f"{public_url}/articles/{edition.article.slug}/editions/{edition.number}/",
        sha256=edition.sha256,
        changes=list(edition.changes),
        note=None if is_withdrawn else edition.note,
        published=moment(edition.published_at),
        withdrawn=moment(edition.withdrawn_at) if edition.withdrawn_at else None,
        withdrawn_because=edition.withdrawn_because,
    )
