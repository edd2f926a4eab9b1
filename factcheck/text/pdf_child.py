"""Reads the words of one PDF, in a process of its own. Started by `pdf.py`, never imported.

A PDF is a program of sorts, written by strangers: what goes wrong in here takes down nothing but
this process, which may not use much time or memory and may write no file. It runs isolated, by its
path, and so imports nothing of the service. Bytes come in at standard input, JSON goes out.
"""

from __future__ import annotations

import io
import json
import logging
import re
import resource
import sys
import time
from contextlib import suppress

_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def _restrict(memory_bytes: int, seconds: int) -> None:
    limits = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in limits.items():
        with suppress(ValueError, OSError):  # not every system knows every limit
            resource.setrlimit(which, (most, most))


def _read(data: bytes, most_pages: int, most_letters: int, seconds: int) -> dict[str, object]:
    """Return the words of each page, up to where a limit was met, and how many pages there are."""
    from pypdf import PasswordType, PdfReader  # noqa: PLC0415 - only after the limits are set

    until = time.monotonic() + seconds
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        return {"refused": "encrypted"}
    pages: list[str] = []
    letters, count = 0, len(reader.pages)
    for number in range(min(count, most_pages)):
        words = _NO_TEXT.sub("", reader.pages[number].extract_text().replace("\r", "\n"))
        letters += len(words)
        if letters > most_letters:
            break
        pages.append(words)
        if time.monotonic() > until:
            break
    return {"pages": pages, "count": count}


def _is_limit(failure: Exception) -> bool:
    """Whether the library gave up at a limit of its own."""
    return type(failure).__name__ == "LimitReachedError"


def main(arguments: list[str]) -> None:
    """Read a PDF within the limits given: bytes of memory, seconds, pages, letters."""
    memory_bytes, seconds, most_pages, most_letters = map(int, arguments)
    _restrict(memory_bytes, seconds * 2)
    logging.disable()
    try:
        found = _read(sys.stdin.buffer.read(), most_pages, most_letters, seconds)
    except Exception as failure:  # noqa: BLE001 - whatever a broken file makes of its reader
        dear = isinstance(failure, MemoryError | RecursionError) or _is_limit(failure)
        found = {"refused": "dear" if dear else "broken"}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
