"""Removing for good what the law does not let us keep; the log and its proofs go on to hold.

One admin asks and another one has it done. Of every edition that holds the words the strings with
their salts go, so that nobody can even prove what stood there; the log has an entry that says which
digests have nothing behind them any more.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts.events import record as write_event
from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.articles.models import Article, ArticleAddress, Revision
from factcheck.checks import actions as earlier_checks
from factcheck.decisions import words as words_index
from factcheck.editions import choosing, lists, queries, redacting, search
from factcheck.editions.actions import LONGEST_NOTE, append
from factcheck.editions.assembling import moment
from factcheck.editions.canonical import canonical
from factcheck.editions.models import Edition, Purge, SearchEntry
from factcheck.editions.purged_copies import Seen, files_of_copies, give_up, look_through
from factcheck.editions.rules import Record
from factcheck.editions.site import as_published
from factcheck.failures import Conflict, Forbidden, Invalid, Missing
from factcheck.methods.models import OwnPolicy
from factcheck.reviews import archive
from factcheck.text.selectors import CONTEXT

SHORTEST_WORDS, LONGEST_WORDS, MOST_WORDS = 4, 20_000, 50  # code points of one; how many
DIGESTS_AN_ENTRY = 500  # of 64 characters each: an entry of the log has 65,535 bytes
MOST_SOUGHT = 500  # at once: SQLite takes 1,000 conditions in a row


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


def look_through_copies(session: Session, public_id: str, folder: Path, *, actor_id: int) -> Seen:
    """Return which copies of sources in the archive in `folder` hold the words of a purge.

    For `carry_out`, which then reads those alone that came since: to read all takes minutes.
    """
    asked = session.scalar(sa.select(Purge).where(Purge.public_id == public_id))
    if asked is None or not asked.with_copies or asked.state != "asked":
        return {}
    if asked.asked_by_id == actor_id:
        return {}  # who asked cannot carry it out
    words, kept = list(asked.words), files_of_copies(session)
    session.rollback()  # no snapshot of the database is held while files are read
    return look_through(folder, (name for _, names in kept for name in names), words, {})


def carry_out(
    session: Session, asked: Purge, *, actor: Person, folder: Path, now: datetime,
    seen: Seen | None = None,
) -> Purge:  # fmt: skip
    """Remove the words of a purge everywhere, and return it with what was removed.

    `folder` is the archive's; the copies in it are named in `removed["files"]`, to be deleted once
    this is committed, and what the site has to lose in `removed["look_ups"]`: see `owed_by_site`.
    Raises PurgeSettled, and SecondAdmin for who asked for it.
    """
    _check_admin(actor)
    if actor.id == asked.asked_by_id:
        raise SecondAdmin("Another admin has to confirm what you asked for.")
    words, reason = list(asked.words), asked.reason
    _settle(asked, "done", actor, now)
    files = give_up(session, words, folder, seen or {}) if asked.with_copies else []
    editions = _editions_with(session, words, files)
    known = LookUps(session, {one.article for one in editions} | _articles_at(session, words))
    changed = _strike_editions(session, editions, words, files, reason, now)
    found = _articles_searched_by(session, words) | {one.article for one in changed}
    _tell_reasons_anew(session, words)
    if _is_in_policies(session, words):  # each page of an article reviewed so says it
        choosing.ask_for_building(session, actor=actor, now=now)
    rows = redacting.strike_everywhere(session, words)
    for article in found:
        search.reindex(session, article)
    search.forget_freed_words(session)
    words_index.forget(session, redacting.BAR)
    earlier_checks.forget(session, redacting.BAR)
    asked.removed = {
        "editions": len(changed), "rows": rows, "files": files, "look_ups": known.gone(session),
    }  # fmt: skip
    session.flush()
    write_event(
        session, "purge.done", asked.public_id, actor=actor, now=now, editions=len(changed),
        rows=rows, files=len(files),
    )  # fmt: skip
    return asked


def _is_in_policies(session: Session, words: Sequence[str]) -> bool:
    holds = (redacting.contains(session, one, words)
             for one in (OwnPolicy.name, OwnPolicy.description))  # fmt: skip
    return session.scalar(sa.select(OwnPolicy.id).where(sa.or_(*holds)).limit(1)) is not None


def _strike_editions(
    session: Session, editions: Iterable[Edition], words: Sequence[str], files: Sequence[str],
    reason: str, now: datetime,
) -> list[Edition]:  # fmt: skip
    changed = []
    for edition in editions:
        gone = sorted(_digests_with(session, edition, words))
        record = queries.record_of(edition)
        copies = sorted(_copies_of(record) & set(files))
        if not gone and not copies:
            continue
        left = {k: v for k, v in queries.kept_contents(edition).items() if k not in set(gone)}
        edition.content, edition.written_at = canonical(left), None
        said = {"because": reason, "at": moment(now), "count": len(gone), "copies": copies}
        edition.purged = [*edition.purged, said]
        for entry in _entries(edition, gone, copies, now):
            append(session, entry, now=now)
        changed.append(edition)
    session.flush()
    return changed


def _editions_with(session: Session, words: Sequence[str], files: Sequence[str]) -> list[Edition]:
    """Return the editions that may hold the words or parts of them, or cite one of the files."""
    spelt = [json.dumps(one, ensure_ascii=False)[1:-1] for one in words]
    texts = sa.select(Revision.article_id).where(redacting.contains(session, Revision.text, words))
    may = [redacting.contains(session, Edition.content, spelt), Edition.article_id.in_(texts)]
    may += [
        redacting.contains(session, Edition.record, files[first : first + MOST_SOUGHT])
        for first in range(0, len(files), MOST_SOUGHT)
    ]
    keys = {key for one in may for key in session.scalars(sa.select(Edition.id).where(one))}
    found = queries.editions_by_id(session, sorted(keys))
    return sorted(found, key=lambda edition: edition.log_position)


def _articles_at(session: Session, words: Sequence[str]) -> set[Article]:
    """Return the articles with the words in their addresses."""
    holds = redacting.contains(session, ArticleAddress.url, words)
    return set(session.scalars(sa.select(Article).join(ArticleAddress).where(holds)))


def _tell_reasons_anew(session: Session, words: Sequence[str]) -> None:
    """Have the pages written again of editions that give readers a reason with the words."""
    spelt = redacting.in_json(words)
    holds = sa.or_(
        redacting.contains(session, Edition.withdrawn_because, words),
        redacting.contains(session, sa.cast(Edition.claims_withdrawn, sa.Text), spelt),
        redacting.contains(session, sa.cast(Edition.purged, sa.Text), spelt),
    )
    session.execute(sa.update(Edition).where(holds).values(written_at=None))


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


def _entries(
    edition: Edition, digests: Sequence[str], copies: Sequence[str], now: datetime
) -> Iterator[Record]:
    """Yield the entries of the log that tell what an edition lost: several, where one is full."""
    lost = [*(("digests", one) for one in digests), *(("copies", one) for one in copies)]
    for first in range(0, len(lost), DIGESTS_AN_ENTRY):
        told: dict[str, list[str]] = {"digests": [], "copies": []}
        for kind, digest in lost[first : first + DIGESTS_AN_ENTRY]:
            told[kind].append(digest)
        yield {
            "kind": "purge", "article": edition.article.public_id, "slug": edition.article.slug,
            "number": edition.number, "sha256": edition.sha256, "at": moment(now), **told,
        }  # fmt: skip


def _articles_searched_by(session: Session, words: Sequence[str]) -> set[Article]:
    """Return the articles that are found by texts with the words."""
    holds = sa.or_(*(
        redacting.contains(session, column, words)
        for column in (SearchEntry.title, SearchEntry.body, SearchEntry.article_title)
    ))  # fmt: skip
    found = sa.select(SearchEntry.article_id).where(holds)
    return set(session.scalars(sa.select(Article).where(Article.id.in_(found))))


class LookUps:
    """The look-ups on the site that articles have before a purge, to find those it takes away."""

    def __init__(self, session: Session, articles: Collection[Article]) -> None:
        self._articles = articles
        self._before = self._known(session)

    def _known(self, session: Session) -> lists.Addresses:
        known: lists.Addresses = {}
        for article in self._articles:
            for url, spellings in lists.addresses(session, article, as_published).items():
                known.setdefault(url, set()).update(spellings)
        return known

    def gone(self, session: Session) -> list[str]:
        """Return the paths of those under which nothing is found now.

        Where another article is found, its pages are to be written again, and the look-up with
        them.
        """
        known = self._known(session)
        lost = {
            url: left for url, had in self._before.items() if (left := had - known.get(url, set()))
        }
        standing = lists.lookups(session, lost, as_published)
        if standing:
            others = queries.articles_at(session, {url for left in lost.values() for url in left})
            keys = [one.id for one in others]
            again = sa.update(Edition).where(Edition.article_id.in_(keys))
            session.execute(again.values(written_at=None))
        return sorted(
            {lists.lookup_path(url) for left in lost.values() for url in left} - set(standing)
        )


def owed_by_site(session: Session) -> list[Purge]:
    """Return the purges that the site's common pages and look-ups do not follow yet."""
    done = session.scalars(sa.select(Purge).where(Purge.state == "done").order_by(Purge.id))
    return [one for one in done if "look_ups" in one.removed]


def followed_by_site(session: Session) -> None:
    """Note that the site follows every purge; where look-ups were is forgotten."""
    for one in owed_by_site(session):
        one.removed = {kind: what for kind, what in one.removed.items() if kind != "look_ups"}


def forget_files(session: Session, folder: Path) -> None:
    """Delete the copies that purges named, also where one with the same bytes was made since."""
    for removed in session.scalars(sa.select(Purge.removed).where(Purge.state == "done")):
        for name in removed.get("files", ()):
            archive.place_of(folder, name).unlink(missing_ok=True)
