"""What editors note of a source, for reviewers and for who settles a dispute."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.failures import Conflict, Invalid
from factcheck.reviews.models import Source, SourceNote
from factcheck.reviews.queries import SourceMissing
from factcheck.reviews.rules import canonical_url, check_text

LONGEST_WORDS = 2_000  # code points
NATURES = ("primary", "secondary")


class StaleNote(Conflict):
    """Somebody else changed the note since this page was opened."""


def source_by_id(session: Session, public_id: str) -> Source:
    """Return a source by its id, for editors; raise SourceMissing."""
    found = session.scalar(sa.select(Source).where(Source.public_id == public_id))
    if found is None:
        raise SourceMissing("There is no such source.")
    return found


def held_source(session: Session, public_id: str) -> Source:
    """Return a source by its id, with its note read anew, held until the transaction ends.

    Raises SourceMissing.
    """
    session.execute(sa.select(Source.id).where(Source.public_id == public_id).with_for_update())
    found = source_by_id(session, public_id)
    session.refresh(found, ["note"])
    return found


def source_at(session: Session, url: str) -> Source:
    """Return the source at an address, for editors; raise Invalid for none."""
    try:
        canonical = canonical_url(url)
    except Invalid as invalid:
        raise Invalid.of("url", invalid) from invalid
    found = session.scalar(sa.select(Source).where(Source.url == canonical))
    if found is None:
        raise Invalid("url", "No source is known under that address.")
    return found


def note_source(
    session: Session, source: Source, nature: str, words: str, *, version: int, actor: Person,
    now: datetime,
) -> SourceNote:  # fmt: skip
    """Keep what an editor says of a source; "" where there is nothing to say of one of the two.

    `version` is of the note that they saw, 0 for none. Raises Invalid, StaleNote.
    """
    if nature not in {"", *NATURES}:
        raise Invalid("nature", "Choose primary or secondary, or leave it open.")
    kept = check_text("words", words, LONGEST_WORDS) if words.strip() else ""
    note = source.note or SourceNote(source_id=source.id, version=0)
    if note.version != version:
        raise StaleNote("Somebody else changed this note since. Theirs is shown below yours.")
    note.nature, note.words, note.edited_at = nature or None, kept, now
    note.version += 1
    session.add(note)
    record(session, "source.noted", source.public_id, actor=actor, now=now, nature=nature,
           words=kept)  # fmt: skip
    return note
