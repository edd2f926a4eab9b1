"""What editors note of sources."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, OVERSEES, Asked, call
from factcheck.api.shapes.source_notes import (
    NoteEdit,
    NoteQuery,
    NoteShown,
    note_shown,
)
from factcheck.api.versions import require_current
from factcheck.reviews import noting


@call("GET", "/source-notes", OVERSEES, query=NoteQuery, answer=NoteShown)
def find_note(session: Session, asked: Asked[NoteQuery]) -> NoteShown:
    """Find a source by its address, with what editors say of it."""
    return note_shown(noting.source_at(session, asked.given.url))


@call("GET", "/source-notes/{id}", OVERSEES, answer=NoteShown)
def read_note(session: Session, asked: Asked[Any]) -> NoteShown:
    """Read what editors say of a source; `id` is the source's."""
    return note_shown(noting.source_by_id(session, asked.id))


@call("PATCH", "/source-notes/{id}", EDITS, body=NoteEdit, answer=NoteShown, versioned=True)
def edit_note(session: Session, asked: Asked[NoteEdit]) -> NoteShown:
    """Note how near a source is to what it tells of, and how far to trust it.

    Reviewers see it in the pool, and who settles a dispute beside the source.
    """
    source = noting.held_source(session, asked.id)
    before = note_shown(source)
    require_current(asked, before)
    nature = before.nature if asked.given.nature is UNSET else asked.given.nature
    words = before.words if asked.given.words is UNSET else asked.given.words
    if (nature, words.strip()) != (before.nature, before.words):
        noting.note_source(
            session, source, nature or "", words, version=before.version,
            actor=asked.person, now=asked.now,
        )  # fmt: skip
        session.flush()
        session.refresh(source, ["note"])
    return note_shown(source)
