"""Copies of sources as the database knows them: asked for, tried, kept or refused.

Whoever cites a source asks, a job tries (`decisions/evidence.py`). What surprises: a page is asked
for once a day at most, however many cite it, and some seconds late, since an address may still be
being typed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.db import table_of
from factcheck.failures import Failure, Invalid
from factcheck.fetch.refusals import FetchFailed, NoSuchSite
from factcheck.outbox import enqueue, enqueue_all
from factcheck.reviews.captures import captured_on
from factcheck.reviews.copying import Standing, Stored, quoted_in
from factcheck.reviews.given_copies import Given
from factcheck.reviews.known_sources import Known
from factcheck.reviews.models import Citation, GivenCopy, Review, Round, Snapshot, Source
from factcheck.reviews.rules import Cited, canonical_url

ONCE_IN = timedelta(days=1)
AFTER_TYPING = timedelta(seconds=20)
CHECKED_EVERY = timedelta(days=30)
JOB = "archive"
BETTER = ("pasted", "upload", "page")  # which kind of copy is shown where there are several
IS_FETCHED = ~Snapshot.given.has()
PLACE = "/archive/"  # where copies are read: the address of a file that is a source by itself
_INSERT = sa.insert(table_of(Snapshot))
_ASKED = sa.select(Snapshot.source_id).where(
    Snapshot.source_id.in_(sa.bindparam("ids", expanding=True)),
    Snapshot.asked_at > sa.bindparam("since"), Snapshot.asked_at <= sa.bindparam("until"),
    IS_FETCHED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Copy:
    """What there is of a source: a copy with its digest, or why there is none.

    `refusal` beside a copy: the page could not be had again later. `quote` says how the quoted
    words stand in the copy, None where nothing is quoted or the copy is not there; `page` on which
    page of a PDF they begin. `kind` is that of its snapshot, `archived_on` the day as of which a
    web archive kept it, where our copy is of that; `by_editor`: given by hand while deciding.
    """

    sha256: str | None = None
    page_sha256: str | None = None
    at: datetime | None = None
    title: str | None = None
    refusal: Failure | None = None
    quote: Standing | None = None
    page: int | None = None
    kind: str = "page"
    archived_on: str | None = None
    by_editor: bool = False


def ask(
    session: Session, sources: Iterable[Known], *, now: datetime, pin: bool = False,
    newly_archived: Collection[int] = (),
) -> None:  # fmt: skip
    """Ask for a copy of each source, where none was asked for within a day.

    `pin`: a verdict shows them, so that the job has copies to pin and quotations to look for even
    where all are kept; at once, since the edition may follow within seconds. `newly_archived` are
    the ids of sources for which a web archive's address was given just now: worth another try.
    """
    wanted = {source.id: source for source in sources}
    recent: set[int] = set()
    if old := [source.id for source in wanted.values() if not source.is_new]:
        since, until = now - ONCE_IN, now + AFTER_TYPING
        recent.update(session.scalars(_ASKED, {"ids": old, "since": since, "until": until}))
    maybe_files = [source.id for source in wanted.values() if PLACE in source.url]
    pages = sorted(set(wanted) - _files_by_themselves(session, maybe_files))
    new = [one for one in pages if one not in recent]
    _add(session, new, now)
    tried = [one for one in pages if pin or one in newly_archived or one not in recent]
    payloads = [{"source": wanted[one].public_id} for one in tried]
    enqueue_all(session, JOB, payloads, now=now, due=now if pin else now + AFTER_TYPING)


def is_file_by_itself() -> sa.ColumnElement[bool]:
    """Whether a source is a file that somebody uploaded: its address is that of its copy."""
    return (
        sa.exists()
        .where(
            Snapshot.source_id == Source.id,
            Source.url.endswith(sa.literal(PLACE) + Snapshot.sha256),
        )
        .correlate(Source)
    )


def _files_by_themselves(session: Session, source_ids: Collection[int]) -> set[int]:
    if not source_ids:
        return set()
    query = sa.select(Source.id).where(Source.id.in_(source_ids), is_file_by_itself())
    return set(session.scalars(query))


def _add(session: Session, source_ids: Sequence[int], now: datetime) -> None:
    if source_ids:
        session.execute(_INSERT, [
            {"source_id": one, "asked_at": now, "refusal_values": {}} for one in source_ids
        ])  # fmt: skip


def ask_again(session: Session, source: Source, *, now: datetime) -> None:
    """Ask whether a page is still as it was, unless that was asked within a month."""
    fetched = [one for one in source.snapshots if one.given is None]
    newest = fetched[-1].asked_at if fetched else None
    if newest is None or newest <= now - CHECKED_EVERY + ONCE_IN:
        _add(session, [source.id], now)


def to_be_tried(session: Session, source_id: int) -> Snapshot | None:
    """Return what was asked for of a source last, unless it is kept already."""
    newest = session.scalar(
        sa.select(Snapshot)
        .where(Snapshot.source_id == source_id, IS_FETCHED)
        .order_by(Snapshot.id.desc())
        .limit(1)
    )
    return None if newest is None or newest.sha256 is not None else newest


def settle(session: Session, snapshot: Snapshot, found: Stored | Failure, *, now: datetime) -> None:
    """Note what came of a snapshot; after its first trial the page is looked at in a month."""
    if snapshot.tried_at is None:
        payload = {"source": snapshot.source.public_id, "again": True}
        enqueue(session, JOB, payload, now=now, due=now + CHECKED_EVERY)
    others = [one for one in snapshot.source.snapshots if one is not snapshot]
    kept = [one for one in others if one.sha256 and one.given is None]
    before = kept[-1] if kept else None
    snapshot.tried_at = now
    if isinstance(found, Failure):
        snapshot.refusal, snapshot.refusal_values = found.sentence, found.values
        snapshot.drift = "gone" if before and _is_gone(found) else None
        return
    snapshot.refusal, snapshot.refusal_values = None, {}
    snapshot.sha256, snapshot.page_sha256 = found.sha256, found.page_sha256
    snapshot.warc_sha256, snapshot.words_sha256 = found.warc_sha256, found.words_sha256
    snapshot.tried_at, snapshot.final_url = found.taken.at, found.taken.fetched.final_url[:4000]
    if (read := found.taken.told) is not None:
        snapshot.title, snapshot.site = read.title[:500] or None, read.site[:200] or None
        snapshot.author = ", ".join(read.authors)[:500] or None
        snapshot.published, snapshot.language = read.published, read.language[:35]
    if found.taken.gone_from:
        snapshot.drift = "gone"  # only a page that is gone is taken from an archive
    else:
        snapshot.drift = _drift(before, snapshot) if before else None


def _is_gone(failure: Failure) -> bool:
    """Whether a page is no longer there, and not only out of reach for now."""
    return isinstance(failure, FetchFailed) and failure.status in {404, 410}


def wants_archives(snapshot: Snapshot, failure: Failure) -> bool:
    """Whether a page of which there is no copy is gone, so that web archives are to be asked.

    A site without a name in the network may be back soon: archives are asked at the second try.
    """
    if any(one.sha256 and one.given is None for one in snapshot.source.snapshots):
        return False
    lost = isinstance(failure, NoSuchSite) and snapshot.tried_at is not None
    return lost or _is_gone(failure)


def _drift(before: Snapshot, now: Snapshot) -> str | None:
    """Return how a page differs from what it was: its address, or its words.

    Against an archive's copy it is not told: archives keep the words a little differently.
    """
    if captured_on(before.final_url) or captured_on(now.final_url):
        return None
    if before.final_url != now.final_url:
        return "moved"
    return "changed" if before.words_sha256 != now.words_sha256 else None


def drift_since(kept: Snapshot, newest: Snapshot) -> str | None:
    """Return how a page differs, at the newest look, from a copy of it that was fetched."""
    return "gone" if newest.drift == "gone" else _drift(kept, newest)


def newest_looks(session: Session, source_ids: Collection[int]) -> dict[int, Snapshot]:
    """Return the newest look at each source's page that found it, or found it gone."""
    newest = (
        sa.select(sa.func.max(Snapshot.id))
        .where(
            Snapshot.source_id.in_(source_ids), IS_FETCHED,
            sa.or_(Snapshot.sha256.is_not(None), Snapshot.drift == "gone"),
        )
        .group_by(Snapshot.source_id)
    )  # fmt: skip
    found = session.scalars(sa.select(Snapshot).where(Snapshot.id.in_(newest)))
    return {one.source_id: one for one in found}


def copy_of_source(source: Source, givers: Collection[int] = ()) -> Copy | None:
    """Return what there is of a source; None where no copy was ever asked for.

    What was fetched goes first, then a file, then a pasted text. Of what people gave, only what
    `givers` did (while their round is open nobody else is to know of it) or an editor, deciding.
    """
    found: Copy | None = None
    best, refusal = -1, None
    for one in source.snapshots:
        by_editor = one.given is not None and one.given.as_editor
        if one.given is not None and not by_editor and one.given.person_id not in givers:
            continue
        found = found or Copy()
        if one.sha256 is not None and BETTER.index(one.kind) >= best:
            best = BETTER.index(one.kind)
            found = Copy(one.sha256, one.page_sha256, one.tried_at, one.title, kind=one.kind,
                         archived_on=captured_on(one.final_url), by_editor=by_editor)  # fmt: skip
        if one.given is None and one.tried_at is not None:
            refusal = Failure(one.refusal, **one.refusal_values) if one.refusal else None
    return replace(found, refusal=refusal) if found else None


def copies(
    folder: Path, cited: Iterable[tuple[Source, str | None]], givers: Collection[int]
) -> dict[tuple[str, str], Copy]:
    """Return, by address and quotation, what there is of each source and how the words stand."""
    found: dict[tuple[str, str], Copy] = {}
    for source, quote in cited:
        key = (source.url, quote or "")
        if key not in found and (copy := copy_of_source(source, givers)) is not None:
            how, page = quoted_in(folder, copy.sha256, quote)
            found[key] = replace(copy, quote=how, page=page)
    return found


def best_by_source(session: Session, source_ids: Collection[int]) -> dict[int, int]:
    """Return the copy, by its key, that a verdict may rest on of each source that has one.

    What was fetched last; else what was given last by somebody whose review is open to all.
    """
    rows = session.execute(
        sa.select(Snapshot.source_id, Snapshot.id, GivenCopy.kind)
        .outerjoin(Snapshot.given)
        .where(Snapshot.source_id.in_(source_ids), Snapshot.sha256.is_not(None))
        .where(sa.or_(GivenCopy.id.is_(None), given_openly()))
        .order_by(Snapshot.id)
    )
    found: dict[int, tuple[int, int]] = {}
    for source_id, snapshot_id, kind in rows:
        ranked = BETTER.index(kind or "page"), snapshot_id
        found[source_id] = max(ranked, found.get(source_id, ranked))
    return {source_id: snapshot_id for source_id, (_, snapshot_id) in found.items()}


def archived(session: Session, cited: Iterable[Cited], person: Person | None) -> set[str]:
    """Return the addresses among cited ones of which there is a copy that a review may rest on.

    Of what people gave, what `person` did; None for a verdict: what is open to all.
    """
    urls = set()
    for one in cited:
        with suppress(Invalid):
            urls.add(canonical_url(one.url))
    given = given_openly()
    if person is not None:
        given = sa.or_(GivenCopy.as_editor, GivenCopy.person_id == person.id)
    query = (
        sa.select(Source.url)
        .join(Snapshot, Snapshot.source_id == Source.id)
        .outerjoin(Snapshot.given)
        .where(Source.url.in_(urls), Snapshot.sha256.is_not(None))
        .where(sa.or_(GivenCopy.id.is_(None), given))
    )
    return set(session.scalars(query))


def given_openly() -> sa.ColumnElement[bool]:
    """Whether a copy was given by somebody who cites its source in a round that is closed.

    Or by an editor while deciding.
    """
    cited = (
        sa.exists()
        .where(
            Citation.source_id == Snapshot.source_id,
            Review.id == Citation.review_id,
            Review.person_id == GivenCopy.person_id,
            Review.state != "draft",
            Round.id == Review.round_id,
            Round.unsealed(),
        )
        .correlate(Snapshot, GivenCopy)
    )
    return sa.or_(GivenCopy.as_editor, cited)


def add_given(
    session: Session, source: Source, given: Given, person: Person, *, as_editor: bool = False
) -> Snapshot:
    """Add the copy of a source that somebody gave, and return it."""
    snapshot = Snapshot(
        source_id=source.id, asked_at=given.at, tried_at=given.at, title=given.title,
        sha256=given.sha256, page_sha256=given.page_sha256, warc_sha256=given.warc_sha256,
        words_sha256=given.words_sha256, refusal_values={},
    )  # fmt: skip
    snapshot.given = GivenCopy(kind=given.kind, person_id=person.id, as_editor=as_editor)
    session.add(snapshot)
    session.flush()
    return snapshot
