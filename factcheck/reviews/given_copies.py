"""Copies that somebody gives by hand: the text that they saw, or a file. No database here.

What was given is kept as it came; the copy that people are shown says first that it was given and
not fetched. A file is known by its first bytes, never by its name. The words of a PDF are read, in
a process of its own; an image is never opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from factcheck.failures import Invalid
from factcheck.reviews import archive
from factcheck.reviews.copying import pdf_kind, pdf_text
from factcheck.reviews.rules import LONGEST_TITLE, check_text
from factcheck.text.pdf import PdfWords, read_pdf

LARGEST_FILE_BYTES = 20 * 1024 * 1024
LONGEST_PASTED = 500_000  # code points
PASTED, UPLOAD = "pasted", "upload"
Giver = Literal["a reviewer", "an editor"]


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file that is taken: what people call it, its content type, its name's ending."""

    name: str
    content_type: str
    ending: str


PDF = FileType("PDF", "application/pdf", "pdf")
_MARKS = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", FileType("PNG", "image/png", "png")),
    (b"\xff\xd8\xff", FileType("JPEG", "image/jpeg", "jpg")),
    (b"GIF87a", FileType("GIF", "image/gif", "gif")),
    (b"GIF89a", FileType("GIF", "image/gif", "gif")),
)
_WEBP = FileType("WebP", "image/webp", "webp")


@dataclass(frozen=True, slots=True)
class Given:
    """What was given, as it lies in the archive: see `models.Snapshot`."""

    kind: str
    sha256: str
    page_sha256: str
    warc_sha256: str
    words_sha256: str
    title: str | None
    at: datetime


def file_type(data: bytes) -> FileType | None:
    """Return what a file is by its first bytes; None for what is not taken."""
    for mark, found in _MARKS:
        if data.startswith(mark):
            return found
    return _WEBP if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def checked_file(data: bytes) -> FileType:
    """Return what an uploaded file is; raise Invalid for one that is not taken."""
    if len(data) > LARGEST_FILE_BYTES:
        raise Invalid("file", "A file has at most 20 MiB. Upload the pages that matter.")
    found = file_type(data)
    if found is None:
        raise Invalid("file", "Upload a PDF, or a PNG, JPEG, WebP or GIF image. This is none.")
    return found


def store_text(
    url: str, text: str, folder: Path, *, now: datetime, by: Giver = "a reviewer"
) -> Given:
    """Put the text that somebody saw on a page into the archive. Raises Invalid, OSError."""
    words = check_text("text", text.replace("\r\n", "\n").replace("\r", "\n"), LONGEST_PASTED)
    head = {
        "Address": url,
        "Kind": f"Text that {by} pasted as what stood there; it was not fetched from the page",
    }
    return _store(PASTED, words.encode(), "text/plain", head, words, folder, now=now)


def store_file(
    data: bytes, folder: Path, *, url: str | None, title: str | None, now: datetime,
    by: Giver = "a reviewer",
) -> Given:  # fmt: skip
    """Put a file into the archive, as a copy of the page at `url` or by itself. Takes 20 seconds.

    Raises Invalid for a file or title that is not taken, OSError.
    """
    kind = checked_file(data)
    name = check_text("title", title, LONGEST_TITLE) if title is not None else None
    read = read_pdf(data) if kind is PDF else PdfWords(unread="none are read in an image")
    called = pdf_kind(data, read) if kind is PDF else f"{kind.name} of {len(data):,} bytes"
    head = {
        "Address": url or "",
        "Title": " ".join(name.split()) if name else "",
        "Kind": f"{called}, uploaded by {by}; it was not fetched",
        "Words": read.unread,
    }
    words = pdf_text(read)
    return _store(UPLOAD, data, kind.content_type, head, words, folder, now=now, title=name)


def _store(
    kind: str, data: bytes, content_type: str, head: dict[str, str], words: str, folder: Path, *,
    now: datetime, title: str | None = None,
) -> Given:  # fmt: skip
    bytes_sha256 = archive.keep(folder, data)
    head |= {
        "Given": f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
        "SHA-256 of what was given": bytes_sha256,
    }
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    copy = ("\n".join(lines) + f"\n\n{words}\n").encode()
    record = _warc_record(data, content_type, bytes_sha256, now)
    return Given(
        kind, archive.keep(folder, copy), bytes_sha256, archive.keep(folder, record),
        sha256(data).hexdigest(), title, now,
    )  # fmt: skip


def _warc_record(data: bytes, content_type: str, digest: str, now: datetime) -> bytes:
    """Return a packed WARC file (ISO 28500) with one "resource": no answer of a site to record."""
    return archive.warc(
        f"urn:sha256:{digest}",
        "resource",
        data,
        at=now,
        length=len(data),
        warc_content_type=content_type,
    )
