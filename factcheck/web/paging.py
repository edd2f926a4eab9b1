"""Keyset paging: a cursor is the key of the last row shown, not a number of rows to skip."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from factcheck.failures import Invalid

LARGEST = 2**63 - 1  # that a database's key can be


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


def number_of(value: str | None) -> int | None:
    """Return the row's number in a cursor that holds nothing else, or None without a cursor.

    Raises Invalid("cursor", …).
    """
    key = key_of(value)
    if key is None:
        return None
    digits = key[0].isascii() and key[0].isdecimal() and len(key[0]) <= len(str(LARGEST))
    if not digits or int(key[0]) > LARGEST:
        raise Invalid("cursor", "This cursor is not one that a list gave.")
    return int(key[0])
