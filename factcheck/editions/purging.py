"""Removing for good what the law does not let us keep; the log and its proofs go on to hold.

One admin asks and another one has it done. Of every edition that holds the words the strings with
their salts go, so that nobody can even prove what stood there; the log has an entry that says which
digests have nothing behind them any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts.events import record as write_event
from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.articles.models import Article, Revision
from factcheck.decisions import words as words_index
from factcheck.editions import queries, redacting, search
from factcheck.editions.actions import LONGEST_NOTE, append
from factcheck.editions.assembling import moment
from factcheck.editions.canonical import canonical
from factcheck.editions.models import Edition, Purge, SearchEntry
from factcheck.editions.rules import Record
from factcheck.failures import Conflict, Forbidden, Invalid, Missing
from factcheck.reviews import archive
from factcheck.reviews.models import Snapshot
from factcheck.text.selectors import CONTEXT

SHORTEST_WORDS, LONGEST_WORDS, MOST_WORDS = 4, 20_000, 50  # code points of one; how many
DIGESTS_AN_ENTRY = 500  # of 64 characters each: an entry of the log has 65,535 bytes


class PurgeMissing(Missing):
    """Nobody asked for a purge with that id."""


class PurgeSettled(Conflict):
    """It is done, or was dropped."""


class SecondAdmin(Forbidden):
    """A purge takes two people, both of them admins."""


def purges(session: Session, *, before: int | None = None, limit: int) -> list[Purge]:
    """Return purges, those asked for last first, their people loaded."""
    query = sa.select(Purge).order_by(Purge.id.desc()).limit(limit)
    query = query if before is None else query.where(Purge.id < before)
    return list(
        session.scalars(query.options(joinedload(Purge.asked_by), joinedload(Purge.settled_by)))
    )


def purge(session: Session, public_id: str) -> Purge:
    """Return the purge with that id, held until the transaction ends; raise PurgeMissing."""
    found = session.scalar(sa.select(Purge).where(Purge.public_id == public_id).with_for_update())
    if found is None:
        raise PurgeMissing("There is no such purge.")
    return found


def ask(
    session: Session, words: Iterable[str], reason: str, *, with_copies: bool, actor: Person,
    now: datetime,
) -> Purge:  # fmt: skip
    """Ask for words to be removed everywhere, letter for letter as they are given.

    Readers see the reason. Raises Invalid for "words" or "reason", SecondAdmin for who is no admin.
    """
    _check_admin(actor)
    given = list(dict.fromkeys(one.strip() for one in words if one.strip()))
    if not 1 <= len(given) <= MOST_WORDS:
        raise Invalid("words", "Give 1 to %(most)s lines.", most=MOST_WORDS)
    if any(not SHORTEST_WORDS <= len(one) <= LONGEST_WORDS or "\0" in one for one in given):
        raise Invalid(
            "words", "Each line has %(shortest)s to %(longest)s characters.",
            shortest=SHORTEST_WORDS, longest=LONGEST_WORDS,
        )  # fmt: skip
    if not reason.strip() or len(reason) > LONGEST_NOTE or "\0" in reason:
        raise Invalid("reason", "Say why, in 1 to %(longest)s characters.", longest=LONGEST_NOTE)
    if redacting.places_of(reason, given):
        raise Invalid("reason", "The reason holds the words that are to go, and readers see it.")
    asked = Purge(
        words=given, with_copies=with_copies, reason=reason.strip(), asked_at=now,
        asked_by_id=actor.id, state="asked", removed={},
    )  # fmt: skip
    session.add(asked)
    session.flush()
    write_event(session, "purge.asked", asked.public_id, actor=actor, now=now)
    return asked


def _check_admin(actor: Person) -> None:
    if not Role(actor.role).includes(Role.ADMIN) or actor.disabled_at is not None:
        raise SecondAdmin("A purge is asked for by an admin, and done by another one.")


def drop(session: Session, asked: Purge, *, actor: Person, now: datetime) -> None:
    """Let a purge be, and forget its words; any admin may. Raises PurgeSettled, SecondAdmin."""
    _check_admin(actor)
    _settle(asked, "dropped", actor, now)
    session.flush()
    write_event(session, "purge.dropped", asked.public_id, actor=actor, now=now)


def _settle(asked: Purge, state: str, actor: Person, now: datetime) -> None:
    if asked.state != "asked":
        raise PurgeSettled("This purge is done, or was dropped.")
    asked.state, asked.settled_at, asked.settled_by_id, asked.words = state, now, actor.id, []


def carry_out(
    session: Session, asked: Purge, *, actor: Person, folder: Path, now: datetime
) -> Purge:
    """Remove the words of a purge everywhere, and return it with what was removed.

    `folder` is the archive's; the copies in it are named in `removed["files"]`, to be deleted once
    this is committed. Raises PurgeSettled, and SecondAdmin for who asked for it.
    """
    _check_admin(actor)
    if actor.id == asked.asked_by_id:
        raise SecondAdmin("Another admin has to confirm what you asked for.")
    words, reason = list(asked.words), asked.reason
    _settle(asked, "done", actor, now)
    _forget_freed_pages(session)
    files = _strike_copies(session, words, folder) if asked.with_copies else []
    changed = _strike_editions(session, words, files, reason, now)
    found = _articles_searched_by(session, words) | {one.article for one in changed}
    rows = redacting.strike_everywhere(session, words)
    for article in found:
        search.reindex(session, article)
    search.forget_freed_words(session)
    words_index.forget(session, redacting.BAR)
    asked.removed = {"editions": len(changed), "rows": rows, "files": files}
    session.flush()
    write_event(
        session, "purge.done", asked.public_id, actor=actor, now=now, editions=len(changed),
        rows=rows, files=len(files),
    )  # fmt: skip
    return asked


def _forget_freed_pages(session: Session) -> None:
    """Have SQLite write zeros over what is deleted from now on, in this connection."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete=ON")


def _strike_editions(
    session: Session, words: Sequence[str], files: Sequence[str], reason: str, now: datetime
) -> list[Edition]:
    changed = []
    for edition in _editions_with(session, words, files):
        gone = sorted(_digests_with(session, edition, words))
        record = queries.record_of(edition)
        copies = sorted(_copies_of(record) & set(files))
        if not gone and not copies:
            continue
        left = {k: v for k, v in queries.kept_contents(edition).items() if k not in set(gone)}
        edition.content, edition.written_at = canonical(left), None
        said = {"because": reason, "at": moment(now), "count": len(gone), "copies": copies}
        edition.purged = [*edition.purged, said]
        for digests in _in_parts(gone) if gone else [[]]:
            append(session, _entry(edition, digests, copies, now), now=now)
        changed.append(edition)
    session.flush()
    return changed


def _editions_with(
    session: Session, words: Sequence[str], files: Sequence[str]
) -> Iterator[Edition]:
    """Yield the editions that may hold the words or parts of them, or cite one of the files."""
    spelt = [json.dumps(one, ensure_ascii=False)[1:-1] for one in words]
    texts = sa.select(Revision.article_id).where(redacting.contains(session, Revision.text, words))
    may = [redacting.contains(session, Edition.content, spelt), Edition.article_id.in_(texts)]
    if files:
        may.append(redacting.contains(session, Edition.record, files))
    query = sa.select(Edition).where(sa.or_(*may)).order_by(Edition.log_position)
    yield from session.scalars(query.options(joinedload(Edition.article))).all()


def _digests_with(session: Session, edition: Edition, words: Sequence[str]) -> set[str]:
    """Return the digests of an edition's strings that hold the words, or a part of them."""
    contents, record = queries.kept_contents(edition), queries.record_of(edition)
    gone = {
        digest for digest, kept in contents.items()
        if "text" in kept and redacting.places_of(kept["text"], words)
    }  # fmt: skip
    text = _text_of(session, edition, record)
    places = redacting.places_of(text, words) if text else []
    return gone | (_digests_at(record, places) & set(contents))


def _text_of(session: Session, edition: Edition, record: Record) -> str | None:
    """Return the text that an edition is of, shown in it or not."""
    return session.scalar(
        sa.select(Revision.text).where(
            Revision.article_id == edition.article_id,
            Revision.number == record["article"]["revision"],
        )
    )


def _digests_at(record: Record, places: Sequence[tuple[int, int]]) -> set[str]:
    """Return the digests of the text and of what is quoted of it where the words are."""
    if not places:
        return set()
    found = {record["article"]["text"]}
    for start, end, digest in record["article"]["excerpts"]:
        found |= {digest} if _meets(places, start, end) else set()
    for claim in record["claims"]:
        start, end = claim["start"], claim["end"]
        if start is not None and _meets(places, start - CONTEXT, end + CONTEXT):
            found |= {claim["quote"], claim["prefix"], claim["suffix"]}
    return found


def _meets(places: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(first < end and last > start for first, last in places)


def _copies_of(record: Record) -> set[str]:
    return {
        copy["sha256"]
        for claim in record["claims"]
        for source in claim["sources"]
        if (copy := source.get("copy"))
    }


def _in_parts(digests: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(digests), DIGESTS_AN_ENTRY):
        yield digests[first : first + DIGESTS_AN_ENTRY]


def _entry(edition: Edition, digests: list[str], copies: list[str], now: datetime) -> Record:
    return {
        "kind": "purge", "article": edition.article.public_id, "slug": edition.article.slug,
        "number": edition.number, "sha256": edition.sha256, "digests": digests, "copies": copies,
        "at": moment(now),
    }  # fmt: skip


def _articles_searched_by(session: Session, words: Sequence[str]) -> set[Article]:
    """Return the articles that are found by texts with the words."""
    holds = sa.or_(*(
        redacting.contains(session, column, words)
        for column in (SearchEntry.title, SearchEntry.body, SearchEntry.article_title)
    ))  # fmt: skip
    found = sa.select(SearchEntry.article_id).where(holds)
    return set(session.scalars(sa.select(Article).where(Article.id.in_(found))))


def _strike_copies(session: Session, words: Sequence[str], folder: Path) -> list[str]:
    """Give up every copy of a source that holds the words; return the names of its files."""
    files: list[str] = []
    rows = session.scalars(sa.select(Snapshot).where(Snapshot.sha256.is_not(None)))
    for snapshot in rows.all():
        data = archive.read(folder, snapshot.sha256 or "") or b""
        if not redacting.places_of(data.decode("utf-8", "replace"), words):
            continue
        names = (snapshot.sha256, snapshot.page_sha256, snapshot.warc_sha256)
        files += [name for name in names if name]
        snapshot.sha256 = snapshot.page_sha256 = snapshot.warc_sha256 = None
        snapshot.words_sha256, snapshot.refusal = None, "This copy was removed for good."
    session.flush()
    return sorted(set(files))


def forget_files(session: Session, folder: Path) -> None:
    """Delete the copies that purges named, also where one with the same bytes was made since."""
    for removed in session.scalars(sa.select(Purge.removed).where(Purge.state == "done")):
        for name in removed.get("files", ()):
            archive.place_of(folder, name).unlink(missing_ok=True)
