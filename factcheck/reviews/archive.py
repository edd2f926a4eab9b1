"""What is kept of sources apart from the database: files named by the SHA-256 of their bytes.

Nothing is ever written over, so the folder can be copied while the service runs. Where the disk has
little room left nothing more is kept: the database most likely lies on it, and must go on writing.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warcio.warcwriter import WARCWriter

from factcheck.failures import Conflict

LEAST_FREE_BYTES = 1024**3  # a day's work of the database, and a backup of a small one
_DIGEST = re.compile(r"[0-9a-f]{64}")


class ArchiveFull(Conflict):
    """The disk has too little room left for another copy."""


def check_room(folder: Path) -> None:
    """Raise ArchiveFull where the disk of `folder` has less room left than is to stay free."""
    there = folder
    while not there.exists():
        there = there.parent
    if shutil.disk_usage(there).free < LEAST_FREE_BYTES:
        raise ArchiveFull(
            "There is no room for more copies. Nothing is lost; an admin has to make room."
        )


def place_of(folder: Path, digest: str) -> Path:
    """Return where the bytes of a digest (64 hexadecimal digits) lie; ValueError for no digest."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"{digest!r} is no SHA-256")
    return folder / digest[:2] / digest


def keep(folder: Path, data: bytes) -> str:
    """Keep bytes, whole or not at all, and return their digest. Raises ArchiveFull, OSError."""
    digest = hashlib.sha256(data).hexdigest()
    place = place_of(folder, digest)
    if place.exists():
        place.touch()  # it is wanted again: not to be tidied away now
        return digest
    check_room(folder)
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=place.parent, prefix=".aside-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(place)
    finally:
        Path(aside).unlink(missing_ok=True)
    return digest


def read(folder: Path, digest: str) -> bytes | None:
    """Return the bytes of a digest; None where they are not there, or are others by now."""
    try:
        data = place_of(folder, digest).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == digest else None


def warc(uri: str, kind: str, data: bytes, *, at: datetime, **given: Any) -> bytes:
    """Return a packed WARC file (ISO 28500) with one record of that kind, of `data` as of `at`."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    record = writer.create_warc_record(
        uri, kind, payload=io.BytesIO(data),
        warc_headers_dict={"WARC-Date": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}, **given,
    )  # fmt: skip
    writer.write_record(record)
    record.raw_stream.close()
    return out.getvalue()
