"""What editors know of sources, as it is sent and answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.api.shapes.fields import Url
from factcheck.api.shapes.moments import moment
from factcheck.claims.models import Claim
from factcheck.reviews.models import Snapshot, Source
from factcheck.reviews.noting import LONGEST_WORDS

MOST_NAMED = 20  # claims that a source bears
Nature = Literal["primary", "secondary"]
NoteVersion = Annotated[
    int, msgspec.Meta(ge=0, le=2**31 - 1, description="0 where nothing was noted yet")
]


class NoteQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Of which source: its address."""

    url: Url


class NoteShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A source and what editors say of it; `id` is the source's. Version 0: nothing yet."""

    id: str
    url: str
    title: str | None
    nature: Nature | None
    words: str
    edited: str | None
    version: int


class NoteEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to be different about a note; what is left out stays. `nature` null: left open."""

    version: NoteVersion | UnsetType = UNSET
    nature: Nature | UnsetType | None = UNSET
    words: Annotated[str, msgspec.Meta(max_length=LONGEST_WORDS)] | UnsetType = UNSET


class BorneClaim(msgspec.Struct, forbid_unknown_fields=True):
    """A claim whose verdict shows a source."""

    claim: str
    restated: str
    article: str


class DriftedShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A page that is not what it was when it was copied, and the claims that rest on it.

    `moved_to`: where it is now; `copy_sha256`: the copy as it is now, or what a web archive kept.
    The first 20 claims are named, of `claims_in_all`.
    """

    source: str
    url: str
    title: str | None
    drift: Literal["gone", "moved", "changed"]
    found: str | None
    moved_to: str | None
    copy_sha256: str | None
    claims: list[BorneClaim]
    claims_in_all: int


class DriftedPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of sources that changed, what was found last first."""

    items: list[DriftedShown]
    next: str | None


def note_shown(source: Source) -> NoteShown:
    """Return what editors say of a source as it is answered."""
    note = source.note
    return NoteShown(
        id=source.public_id,
        url=source.url,
        title=source.title,
        nature=note.nature if note else None,  # type: ignore[arg-type]  # one of the two
        words=note.words if note else "",
        edited=moment(note.edited_at) if note else None,
        version=note.version if note else 0,
    )


def drifted_shown(snapshot: Snapshot, claims: Sequence[Claim]) -> DriftedShown:
    """Return a page that changed as it is answered."""
    source = snapshot.source
    return DriftedShown(
        source=source.public_id,
        url=source.url,
        title=source.title,
        drift=snapshot.drift,  # type: ignore[arg-type]  # the table allows these alone
        found=moment(snapshot.tried_at) if snapshot.tried_at else None,
        moved_to=snapshot.final_url if snapshot.drift == "moved" else None,
        copy_sha256=snapshot.sha256,
        claims=[
            BorneClaim(one.public_id, one.restated, one.article.public_id)
            for one in claims[:MOST_NAMED]
        ],
        claims_in_all=len(claims),
    )
