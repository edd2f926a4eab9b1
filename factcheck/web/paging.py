"""Keyset paging: a cursor is the key of the last row shown, not a number of rows to skip."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from factcheck.failures import Invalid


def cursor(*key: int | str) -> str:
    """Return an opaque cursor for the row with that sort key."""
    text = "\x1f".join(str(part) for part in key)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def key_of(value: str | None, *, parts: int = 1) -> tuple[str, ...] | None:
    """Return the sort key in a cursor, or None without one; raise Invalid("cursor", …)."""
    if not value:
        return None
    try:
        text = urlsafe_b64decode(value.encode("ascii") + b"=" * (-len(value) % 4)).decode()
    except (Error, UnicodeError, ValueError):
        text = ""
    key = tuple(text.split("\x1f"))
    if len(key) != parts or not all(key):
        raise Invalid("cursor", "This cursor is not one that a list gave.")
    return key
