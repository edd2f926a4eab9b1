"""The words of a PDF, page by page, read in a child process that may cost little.

No page is drawn and nothing in the file is run or followed. A scan has no words, only pictures of
them; that is told and not mended here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_PAGES = 1000
MOST_LETTERS = 2_000_000  # code points
MEMORY_BYTES = 512 * 1024 * 1024
SECONDS = 10  # after which no further page is begun; twice as much ends the process

_CHILD = Path(__file__).with_name("pdf_child.py")
_ONE_AT_A_TIME = threading.Lock()  # so that many uploads together take no more memory than one


@dataclass(frozen=True, slots=True)
class PdfWords:
    """The words of each page that could be read, of how many pages; `unread` says what could not.

    `unread` is English, for the head of a copy, which is the same for everybody; "" for nothing.
    """

    pages: tuple[str, ...] = ()
    count: int = 0
    unread: str = ""

    @property
    def has_words(self) -> bool:
        """Whether there are words on any page."""
        return any(page.strip() for page in self.pages)


_REFUSALS = {
    "encrypted": PdfWords(unread="none are read: a password is needed to open it"),
    "dear": PdfWords(unread="none are read: that would take too much time or memory"),
    "broken": PdfWords(unread="none are read: it is damaged, or no PDF beyond its first bytes"),
}


def read_pdf(data: bytes) -> PdfWords:
    """Return the words of a PDF, or why there are none. Takes up to 40 seconds; never raises.

    Twenty of these are for waiting until another one is read.
    """
    if not _ONE_AT_A_TIME.acquire(timeout=2 * SECONDS):
        return _REFUSALS["dear"]
    try:
        found = _asked_of_child(data)
        if refused := found.get("refused"):
            return _REFUSALS[refused]
        return _judged(tuple(found["pages"]), found["count"])
    except (OSError, subprocess.SubprocessError, ValueError):
        return _REFUSALS["dear"]  # killed at a limit, most likely
    finally:
        _ONE_AT_A_TIME.release()


def _asked_of_child(data: bytes) -> dict[str, Any]:
    limits = (MEMORY_BYTES, SECONDS, MOST_PAGES, MOST_LETTERS)
    ended = subprocess.run(  # noqa: S603 - our own program; the file is only its input
        [sys.executable, "-I", str(_CHILD), *map(str, limits)],
        input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, check=True,
        timeout=2 * SECONDS,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def _judged(pages: tuple[str, ...], count: int) -> PdfWords:
    words = PdfWords(pages, count)
    if count and not pages:
        return _REFUSALS["dear"]
    if len(pages) < count:
        return PdfWords(pages, count, f"of its first {len(pages):,} pages alone; it has {count:,}")
    if not words.has_words:
        return PdfWords(pages, count, "there are none, only pictures, as in a scan")
    return words
