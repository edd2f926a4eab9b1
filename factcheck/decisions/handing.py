"""A copy of a source that somebody hands over: put into the archive first, then kept.

The archive syncs files to the disk and the words of a PDF take seconds to read, so nothing is held
open meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.config import Settings
from factcheck.decisions.queries import sources_to_decide
from factcheck.failures import Invalid
from factcheck.reviews import giving_copies
from factcheck.reviews.given_copies import Given, Giver, store_file, store_text
from factcheck.reviews.models import Source
from factcheck.reviews.rounds import check_may_review


@dataclass(frozen=True, slots=True)
class Handed:
    """What somebody hands over: a text or a file, of the source with that id.

    Without an id a file is a source by itself, with a title. `as_editor`: by who decides the claim.
    """

    source_id: str = ""
    text: str = ""
    file: bytes | None = None
    title: str = ""
    as_editor: bool = False


def sources_of(session: Session, claim: Claim, person: Person, *, as_editor: bool) -> list[Source]:
    """Return the sources of a claim of which a person may give copies."""
    if as_editor:
        return sources_to_decide(session, claim)
    return giving_copies.own_sources(session, claim, person)


def check_may_give(claim: Claim, person: Person, *, as_editor: bool) -> None:
    """Raise Forbidden or Conflict for who may give no copy for a claim."""
    if as_editor:
        giving_copies.check_may_decide(claim)
    else:
        check_may_review(claim, person)


def put_aside(
    session: Session, claim: Claim, handed: Handed, settings: Settings, *, actor: Person,
    now: datetime,
) -> Given:  # fmt: skip
    """Put what was handed over into the archive; the session's transaction is ended before.

    Raises Invalid for a field, EnoughForToday, NotCited, and what `check_may_give` does.
    """
    check_may_give(claim, actor, as_editor=handed.as_editor)
    giving_copies.check_allowance(session, actor, now=now)
    url = None
    if handed.source_id:
        among = sources_of(session, claim, actor, as_editor=handed.as_editor)
        url = giving_copies.chosen(among, handed.source_id).url
    session.rollback()
    return _stored(handed, url, settings, now=now)


def _stored(handed: Handed, url: str | None, settings: Settings, *, now: datetime) -> Given:
    if bool(handed.text.strip()) == (handed.file is not None):
        raise Invalid("text", "Give one of the two: the text, or a file.")
    by: Giver = "an editor" if handed.as_editor else "a reviewer"
    if handed.file is not None:
        title = handed.title if url is None else None
        return store_file(handed.file, settings.archive, url=url, title=title, now=now, by=by)
    if url is None:
        raise Invalid("source", "Say of which page this is the text.")
    return store_text(url, handed.text, settings.archive, now=now, by=by)


def keep(
    session: Session, claim: Claim, handed: Handed, given: Given, base: str, *, actor: Person,
    now: datetime,
) -> Source:  # fmt: skip
    """Keep what was put aside, and return its source; of a file by itself, the new one.

    `base` is the address of this site. Raises as `giving.give_copy` and `giving.give_source` do.
    """
    as_editor = handed.as_editor
    check_may_give(claim, actor, as_editor=as_editor)
    if not handed.source_id:
        return giving_copies.give_source(
            session, claim, given, base, actor=actor, now=now, as_editor=as_editor
        )
    among = sources_of(session, claim, actor, as_editor=as_editor)
    snapshot = giving_copies.give_copy(
        session, among, handed.source_id, given, actor=actor, now=now, as_editor=as_editor
    )
    return snapshot.source
