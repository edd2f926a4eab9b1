"""Which copies of sources hold words that are to go, and giving those up.

The words may stand in the text that readers are shown, in the page's bytes alone (a description, a
picture's text, what was left out as no part of the article), or in the answer's headers, which only
its WARC record has. A file is named by its digest, so what was read of it once is true for good:
doors read all of them before they begin to write, and inside they read only what came since.
"""

from __future__ import annotations

import gzip
import html
import io
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, quote_plus

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.editions import redacting
from factcheck.reviews import archive
from factcheck.reviews.models import Snapshot

PACKED = b"\x1f\x8b"
LARGEST_UNPACKED = 256 * 1024**2  # bytes; a page that we keep is far smaller
AT_ONCE = 500  # rows
Seen = dict[str, bool]
"""Digest of a file → whether it holds the words."""


def files_of_copies(session: Session) -> list[tuple[int, tuple[str, str, str]]]:
    """Return the key of each copy that is kept, and the digests of its text, page and WARC."""
    columns = (Snapshot.id, Snapshot.sha256, Snapshot.page_sha256, Snapshot.warc_sha256)
    rows = session.execute(sa.select(*columns).where(Snapshot.sha256.is_not(None)))
    return [(key, (text or "", page or "", record or "")) for key, text, page, record in rows]


def look_through(
    folder: Path, digests: Iterable[str], words: Sequence[str], seen: Mapping[str, bool]
) -> Seen:
    """Return which of these files of the archive hold the words; those in `seen` are not read."""
    found = dict(seen)
    for digest in digests:
        if digest not in found:
            found[digest] = holds(archive.read(folder, digest) or b"", words)
    return found


def holds(data: bytes, words: Sequence[str]) -> bool:
    """Whether a file holds one of the words, in any way in which pages write them.

    As bytes of the usual encodings, escaped as in scripts or addresses, or with HTML's entities.
    """
    data = _unpacked(data)
    spelt = [*words, *redacting.in_json(words), *map(quote, words), *map(quote_plus, words)]
    if any(code in data for code in redacting.encoded(spelt)):
        return True
    return bool(redacting.places_of(html.unescape(data.decode("utf-8", "replace")), words))


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(PACKED):
        return data
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(data)).read(LARGEST_UNPACKED)
    except (OSError, EOFError, zlib.error):
        return data  # no record of ours


def give_up(session: Session, words: Sequence[str], folder: Path, seen: Seen) -> list[str]:
    """Give up every copy of a source that holds the words; return the names of its files.

    A page that another copy rests on is not among them, unless it holds the words itself.
    """
    kept = files_of_copies(session)
    seen = look_through(folder, (name for _, names in kept for name in names), words, seen)
    keys = [key for key, names in kept if any(seen[name] for name in names)]
    struck = set(keys)
    gone = {name for key, names in kept if key in struck for name in names}
    gone -= {name for key, names in kept if key not in struck for name in names}
    for first in range(0, len(keys), AT_ONCE):
        _forget(session, keys[first : first + AT_ONCE])
    session.flush()
    return sorted(gone)


def _forget(session: Session, keys: Sequence[int]) -> None:
    for snapshot in session.scalars(sa.select(Snapshot).where(Snapshot.id.in_(keys))):
        snapshot.sha256 = snapshot.page_sha256 = snapshot.warc_sha256 = None
        snapshot.words_sha256, snapshot.refusal = None, "This copy was removed for good."
