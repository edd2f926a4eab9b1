"""Moments as JSON has them: RFC 3339, UTC, to the millisecond where there are any."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """Return a moment such as "2026-11-20T12:00:00Z"."""
    utc = at.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds" if utc.microsecond else "seconds") + "Z"
