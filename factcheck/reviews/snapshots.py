"""Copies of sources: asked for where a source is cited, made by a job, shown as inert text.

A copy is the page's words under a head that says from where and when they are; the answer itself,
with its headers, lies beside it as a WARC record. What surprises: a page is asked for once a day at
most, however many cite it, and some seconds late, since an address may still be being typed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from factcheck.failures import Failure, Invalid
from factcheck.fetch.body import PDF_MARK
from factcheck.fetch.client import Fetched, Limits, fetch
from factcheck.fetch.refusals import FetchFailed
from factcheck.outbox import enqueue
from factcheck.reviews import archive
from factcheck.reviews.models import Snapshot, Source
from factcheck.text.extract import EmptyText, Extracted, NotText, Undecodable, extract
from factcheck.text.quotes import Found, find_quote

ONCE_IN = timedelta(days=1)
AFTER_TYPING = timedelta(seconds=20)
JOB = "archive"
CHECKED_EVERY = timedelta(days=30)
_PACKING = {"content-encoding", "transfer-encoding", "content-length", "connection"}


@dataclass(frozen=True, slots=True)
class Copy:
    """What there is of a source: a copy with its digest, or why there is none.

    `refusal` beside a copy: the page could not be had again later. `quote` says how the quoted
    words stand in the copy, None where nothing is quoted or the copy cannot be read.
    """

    sha256: str | None = None
    page_sha256: str | None = None
    at: datetime | None = None
    title: str | None = None
    refusal: Failure | None = None
    quote: Found | None = None


def ask(session: Session, sources: Iterable[Source], *, now: datetime, pin: bool = False) -> None:
    """Ask for a copy of each source, where none was asked for within a day.

    `pin`: a verdict shows them, so that the job has its copies to pin even where all are kept.
    """
    wanted = {source.id: source for source in sources}
    recent = set(
        session.scalars(
            sa.select(Snapshot.source_id).where(
                Snapshot.source_id.in_(wanted), Snapshot.asked_at > now - ONCE_IN
            )
        )
    )
    for source_id in sorted(wanted):
        if source_id not in recent:
            session.add(Snapshot(source_id=source_id, asked_at=now, refusal_values={}))
        if pin or source_id not in recent:
            payload = {"source": wanted[source_id].public_id}
            enqueue(session, JOB, payload, now=now, due=now + AFTER_TYPING)


def look_again(session: Session, source: Source, *, now: datetime) -> bool:
    """Ask whether a page is still as it was; False where that was tried within a month."""
    newest = source.snapshots[-1] if source.snapshots else None
    if newest is not None and newest.asked_at > now - CHECKED_EVERY + ONCE_IN:
        return False
    session.add(Snapshot(source_id=source.id, asked_at=now, refusal_values={}))
    return True


def look_again_in_a_month(session: Session, source: Source, *, now: datetime) -> None:
    """Have the page fetched once more in a month."""
    payload = {"source": source.public_id, "again": True}
    enqueue(session, JOB, payload, now=now, due=now + CHECKED_EVERY)


def to_be_tried(session: Session, source: Source) -> Snapshot | None:
    """Return what was asked for of a source last, unless it is kept already."""
    newest = session.scalar(
        sa.select(Snapshot)
        .where(Snapshot.source_id == source.id)
        .order_by(Snapshot.id.desc())
        .limit(1)
    )
    return None if newest is None or newest.sha256 is not None else newest


@dataclass(frozen=True, slots=True)
class Taken:
    """A page as it came, with its words."""

    fetched: Fetched
    read: Extracted | None  # None for a PDF, whose words are not read here
    at: datetime


def take(url: str, *, allow: frozenset[str], now: datetime) -> Taken | Failure:
    """Return the page at an address with its words, or why there are none. Takes ten seconds."""
    try:
        fetched = fetch(url, allow=allow, limits=Limits(take_pdf=True))
        if fetched.body.startswith(PDF_MARK):
            return Taken(fetched, None, now)
        read = extract(fetched.body, fetched.content_type, url=fetched.final_url)
    except Invalid as failure:
        return failure
    except (EmptyText, NotText, Undecodable) as refused:
        return Failure(str(refused))
    return Taken(fetched, read, now)


def keep(snapshot: Snapshot, taken: Taken | Failure, folder: Path, *, now: datetime) -> None:
    """Put into the snapshot, and into the archive in `folder`, what came of it. Raises OSError."""
    before = [one for one in snapshot.source.snapshots if one.sha256 and one is not snapshot]
    if isinstance(taken, Failure):
        snapshot.refusal, snapshot.refusal_values = taken.sentence, taken.values
        snapshot.tried_at = now
        snapshot.drift = "gone" if before and is_gone(taken) else None
        return
    fetched, read = taken.fetched, taken.read
    snapshot.page_sha256 = archive.keep(folder, fetched.body)
    snapshot.warc_sha256 = archive.keep(folder, warc_record(fetched, taken.at))
    snapshot.sha256 = archive.keep(folder, copy_of(taken, snapshot.page_sha256))
    snapshot.final_url = fetched.final_url[:4000]
    if read is not None:
        snapshot.title, snapshot.site = read.title[:500] or None, read.site[:200] or None
        snapshot.author = ", ".join(read.authors)[:500] or None
        snapshot.published, snapshot.language = read.published, read.language[:35]
    snapshot.refusal, snapshot.refusal_values = None, {}
    snapshot.tried_at = taken.at
    words = fetched.body if read is None else read.text.encode("utf-8", "replace")
    snapshot.words_sha256 = sha256(words).hexdigest()
    snapshot.drift = _drift(before[-1], snapshot) if before else None


def is_gone(failure: Failure) -> bool:
    """Whether a page is no longer there, and not only out of reach for now."""
    return isinstance(failure, FetchFailed) and failure.status in {404, 410}


def _drift(before: Snapshot, now: Snapshot) -> str | None:
    """Return how a page differs from what it was: its address, or its words."""
    if before.final_url != now.final_url:
        return "moved"
    return "changed" if before.words_sha256 != now.words_sha256 else None


def copy_of(taken: Taken, page_sha256: str) -> bytes:
    """Return the copy that people are shown: a head, an empty line, the page's words. UTF-8.

    Of a PDF, whose words are not read here, the head alone.
    """
    fetched, read = taken.fetched, taken.read
    head = {
        "Address": fetched.url,
        "Answered by": fetched.final_url,
        "Title": " ".join(read.title.split()) if read else "",
        "Kind": "" if read else f"PDF of {len(fetched.body):,} bytes; its words are not read here",
        "Copied": f"{taken.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
        "SHA-256 of the page": page_sha256,
    }
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    return ("\n".join(lines) + f"\n\n{read.text if read else ''}\n").encode("utf-8", "replace")


def words_in(copy: bytes) -> str:
    """Return the page's words in a copy."""
    return copy.decode("utf-8").partition("\n\n")[2]


def warc_record(fetched: Fetched, at: datetime) -> bytes:
    """Return a packed WARC file (ISO 28500) of one answer, its body unpacked."""
    headers = [(name, one) for name, one in fetched.headers.items() if name not in _PACKING]
    headers.append(("content-length", str(len(fetched.body))))
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    record = writer.create_warc_record(
        fetched.final_url, "response", payload=io.BytesIO(fetched.body),
        http_headers=StatusAndHeaders(f"{fetched.status} OK", headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"},
    )  # fmt: skip
    writer.write_record(record)
    record.raw_stream.close()
    return out.getvalue()


def copy_of_source(source: Source) -> Copy | None:
    """Return what there is of a source; None where no copy was ever asked for."""
    if not source.snapshots:
        return None
    found = Copy()
    for one in source.snapshots:
        if one.sha256 is not None:
            found = Copy(one.sha256, one.page_sha256, one.tried_at, one.title)
        elif one.refusal is not None:
            found = replace(found, refusal=Failure(one.refusal, **one.refusal_values))
    return found


def quoted_in(folder: Path, copy: Copy | Snapshot, quote: str | None) -> Found | None:
    """Return how quoted words stand in a copy; None without words or where the copy has none."""
    if not quote or copy.sha256 is None:
        return None
    words = words_in(archive.read(folder, copy.sha256) or b"").strip()
    return find_quote(words, quote) if words else None


def copies(folder: Path, cited: Iterable[tuple[Source, str | None]]) -> dict[tuple[str, str], Copy]:
    """Return, by address and quotation, what there is of each source and how the words stand."""
    found: dict[tuple[str, str], Copy] = {}
    for source, quote in cited:
        key = (source.url, quote or "")
        if key not in found and (copy := copy_of_source(source)) is not None:
            found[key] = replace(copy, quote=quoted_in(folder, copy, quote))
    return found
