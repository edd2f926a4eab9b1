"""Keyset paging: a cursor is the key of the last row shown, not a number of rows to skip."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Sequence
from datetime import UTC, datetime

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
        raise _not_given()
    return key


def number_of(value: str | None) -> int | None:
    """Return the row's number in a cursor that holds nothing else, or None without a cursor.

    Raises Invalid("cursor", …).
    """
    key = key_of(value)
    return number_in(key[0]) if key else None


def number_in(part: str) -> int:
    """Return the row's number that is a part of a cursor; raise Invalid("cursor", …)."""
    digits = part.isascii() and part.isdecimal() and len(part) <= len(str(LARGEST))
    if not digits or int(part) > LARGEST:
        raise _not_given()
    return int(part)


def moment_and_key(key: Sequence[str | int] | None) -> tuple[datetime, int] | None:
    """Return the place that a cursor's parts tell in a list by moments, in UTC; None without one.

    Raises Invalid("cursor", …).
    """
    if key is None:
        return None
    since, number = map(str, key)
    try:
        at = datetime.fromisoformat(since)
        in_zone = at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        in_zone = None
    if in_zone is None:
        raise _not_given()
    return in_zone, number_in(number)


def _not_given() -> Invalid:
    return Invalid("cursor", "This cursor is not one that a list gave.")
