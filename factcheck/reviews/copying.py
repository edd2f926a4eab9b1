"""Making the copy of a page: fetching it, reading its words, putting both into the archive.

A copy is the page's words under a head that says from where and when they are; the answer itself,
with its headers, lies beside it as a WARC record. Nothing here knows the database, and none of it
belongs into a transaction: a page takes ten seconds, and files are synced to the disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders

from factcheck.failures import Failure, Invalid
from factcheck.fetch.body import PDF_MARK
from factcheck.fetch.client import Fetched, Limits, fetch
from factcheck.reviews import archive
from factcheck.text.extract import EmptyText, Extracted, NotText, Undecodable, extract
from factcheck.text.quotes import Found, find_quote

_PACKING = {"content-encoding", "transfer-encoding", "content-length", "connection"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A page as it came, with its words."""

    fetched: Fetched
    read: Extracted | None  # None for a PDF, whose words are not read here
    at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """A page that lies in the archive, by the SHA-256 of its copy, its bytes and its WARC record.

    `words_sha256` is of the page's words alone, so that two takings can be compared.
    """

    taken: Taken
    sha256: str
    page_sha256: str
    warc_sha256: str
    words_sha256: str


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


def store(taken: Taken, folder: Path) -> Stored:
    """Put a page into the archive in `folder`. Raises OSError."""
    page = archive.keep(folder, taken.fetched.body)
    words = taken.fetched.body if taken.read is None else _utf8(taken.read.text)
    return Stored(
        taken, archive.keep(folder, _copy(taken, page)), page,
        archive.keep(folder, _warc_record(taken)), sha256(words).hexdigest(),
    )  # fmt: skip


def _copy(taken: Taken, page_sha256: str) -> bytes:
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
    return _utf8("\n".join(lines) + f"\n\n{read.text if read else ''}\n")


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def words_in(copy: bytes) -> str:
    """Return the page's words in a copy."""
    return copy.decode("utf-8").partition("\n\n")[2]


def _warc_record(taken: Taken) -> bytes:
    """Return a packed WARC file (ISO 28500) of the answer, its body unpacked."""
    fetched = taken.fetched
    headers = [(name, one) for name, one in fetched.headers.items() if name not in _PACKING]
    headers.append(("content-length", str(len(fetched.body))))
    status = StatusAndHeaders(f"{fetched.status} OK", headers, protocol="HTTP/1.1")
    return archive.warc(
        fetched.final_url, "response", fetched.body, at=taken.at, http_headers=status
    )


def quoted_in(folder: Path, sha256: str | None, quote: str | None) -> Found | None:
    """Return how quoted words stand in a copy; None without words or where the copy has none."""
    try:
        return _quoted_in(folder, sha256, quote) if sha256 and quote else None
    except LookupError:
        return None


@lru_cache(maxsize=2048)  # a copy never changes; what is not there may come, and is not remembered
def _quoted_in(folder: Path, sha256: str, quote: str) -> Found:
    words = words_in(archive.read(folder, sha256) or b"").strip()
    if not words:
        raise LookupError(sha256)
    return find_quote(words, quote)
