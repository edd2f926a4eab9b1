"""The only reader of the clock. Everything else is handed the moment as an argument."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC, to the millisecond.

    Milliseconds are what both databases, JSON and the pages can carry without a difference.
    """
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
