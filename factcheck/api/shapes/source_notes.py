"""What editors note of sources, as it is sent and answered."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.api.shapes.fields import Url
from factcheck.api.shapes.moments import moment
from factcheck.reviews.models import Source
from factcheck.reviews.noting import LONGEST_WORDS

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
