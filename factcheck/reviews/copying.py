"""Making the copy of a page: fetching it, reading its words, putting both into the archive.

A copy is the page's words under a head that says from where and when they are; the answer itself,
with its headers, lies beside it as a WARC record. Nothing here knows the database, and none of it
belongs into a transaction: a page takes ten seconds, and files are synced to the disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

from warcio.statusandheaders import StatusAndHeaders

from factcheck.failures import Failure, Invalid
from factcheck.fetch.body import PDF_MARK
from factcheck.fetch.client import Fetched, Limits, fetch
from factcheck.reviews import archive
from factcheck.reviews.captures import captured_on, untouched
from factcheck.reviews.rules import is_archive_of
from factcheck.text.extract import EmptyText, Extracted, NotText, Undecodable, extract
from factcheck.text.pdf import PdfWords, read_pdf
from factcheck.text.quotes import Found, find_on_pages

Standing = Found | Literal["unread"]
"""How quoted words stand in a copy; *unread* where there are no words in it to look for them in."""

_PAGE_MARK = re.compile(r"\f\[Page \d+\]\n")
_PACKING = {"content-encoding", "transfer-encoding", "content-length", "connection"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A page as it came, with its words."""

    fetched: Fetched
    read: Extracted | PdfWords
    at: datetime
    gone_from: str = ""  # the page's own address, where this is a web archive's copy of it

    @property
    def told(self) -> Extracted | None:
        """What the page tells of itself; a PDF's word for that is not taken."""
        return None if isinstance(self.read, PdfWords) else self.read


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
    """Return the page at an address with its words, or why there are none. Takes 30 seconds."""
    try:
        fetched = fetch(url, allow=allow, limits=Limits(take_pdf=True))
        if fetched.body.startswith(PDF_MARK):
            return Taken(fetched, read_pdf(fetched.body), now)
        read = extract(fetched.body, fetched.content_type, url=fetched.final_url)
    except Invalid as failure:
        return failure
    except (EmptyText, NotText, Undecodable) as refused:
        return Failure(str(refused))
    return Taken(fetched, read, now)


def take_from_archives(
    url: str, archive_urls: Iterable[str], *, allow: frozenset[str], now: datetime
) -> Taken | None:
    """Return the first copy that web archives give of a page that is gone; ten seconds for each."""
    for archive_url in archive_urls:
        taken = take(untouched(archive_url), allow=allow, now=now)
        if isinstance(taken, Taken) and is_archive_of(taken.fetched.final_url, url):
            return replace(taken, gone_from=url)
    return None


def store(taken: Taken, folder: Path) -> Stored:
    """Put a page into the archive in `folder`. Raises OSError."""
    page = archive.keep(folder, taken.fetched.body)
    told = taken.told  # of a PDF the bytes are compared: how its words are read may change
    words = taken.fetched.body if told is None else _utf8(told.text)
    return Stored(
        taken, archive.keep(folder, _copy(taken, page)), page,
        archive.keep(folder, _warc_record(taken)), sha256(words).hexdigest(),
    )  # fmt: skip


def _copy(taken: Taken, page_sha256: str) -> bytes:
    """Return the copy that people are shown: a head, an empty line, the page's words. UTF-8."""
    fetched = taken.fetched
    if isinstance(taken.read, PdfWords):
        words = pdf_text(taken.read)
        told = {"Kind": pdf_kind(fetched.body, taken.read), "Words": taken.read.unread}
    else:
        words, told = taken.read.text, {"Title": " ".join(taken.read.title.split())}
    day = captured_on(fetched.final_url)
    gone = "; the page itself is gone" if taken.gone_from else ""
    head = {
        "Address": taken.gone_from or fetched.url,
        "Kept by": f"a web archive, as of {day}{gone}" if day else "",
        "Answered by": fetched.final_url,
        **told,
        "Copied": f"{taken.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
        "SHA-256 of the page": page_sha256,
    }
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    return _utf8("\n".join(lines) + f"\n\n{words}\n")


def pdf_kind(data: bytes, read: PdfWords) -> str:
    """Return what a copy's head says of a PDF: its size and how many pages it has."""
    pages = {0: "", 1: " and 1 page"}.get(read.count, f" and {read.count:,} pages")
    return f"PDF of {len(data):,} bytes{pages}"


def pdf_text(read: PdfWords) -> str:
    """Return the words of a PDF as they stand in a copy, with a mark before each page."""
    if not read.has_words:
        return ""
    return "\n".join(f"\f[Page {number}]\n{page}" for number, page in enumerate(read.pages, 1))


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def words_in(copy: bytes) -> str:
    """Return the page's words in a copy, a PDF's with the marks of its pages."""
    return copy.decode("utf-8").partition("\n\n")[2]


def pages_in(copy: bytes) -> tuple[Sequence[str], bool]:
    """Return the words of each page of a copy, and whether it is of a PDF; all else is one page."""
    head, _, words = copy.decode("utf-8").partition("\n\n")
    is_pdf = "\nKind: PDF " in f"\n{head}"
    if not words.strip():
        return (), is_pdf
    return (_PAGE_MARK.split(words)[1:] if is_pdf else (words,)), is_pdf


def _warc_record(taken: Taken) -> bytes:
    """Return a packed WARC file (ISO 28500) of the answer, its body unpacked."""
    fetched = taken.fetched
    headers = [(name, one) for name, one in fetched.headers.items() if name not in _PACKING]
    headers.append(("content-length", str(len(fetched.body))))
    status = StatusAndHeaders(f"{fetched.status} OK", headers, protocol="HTTP/1.1")
    return archive.warc(
        fetched.final_url, "response", fetched.body, at=taken.at, http_headers=status
    )


def quoted_in(
    folder: Path, sha256: str | None, quote: str | None
) -> tuple[Standing | None, int | None]:
    """Return how quoted words stand in a copy, and on which page of a PDF they begin.

    None without words, and where the copy is not there.
    """
    try:
        return _quoted_in(folder, sha256, quote) if sha256 and quote else (None, None)
    except LookupError:
        return None, None


@lru_cache(maxsize=2048)  # a copy never changes; what is not there may come, and is not remembered
def _quoted_in(folder: Path, sha256: str, quote: str) -> tuple[Standing, int | None]:
    copy = archive.read(folder, sha256)
    if copy is None:
        raise LookupError(sha256)
    pages, is_pdf = pages_in(copy)
    if not pages:
        return "unread", None
    how, page = find_on_pages(pages, quote)
    return how, page if is_pdf else None
