"""Which day a moment lies in: the day that it is where the site is (`FACTCHECK_TIMEZONE`).

Everything that says "today", counts by day or shows an age asks here, so that a figure and the
list behind it never mean different days. The zone goes with the database's engine, since actions
and queries see the session and no settings. A day that was noted is never reckoned anew: what a
change of the zone means is said in docs/decisions/0032.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from sqlalchemy.orm import Session

_ZONE = "factcheck_zone"  # among the execution options of the engine


def zone_options(zone: tzinfo) -> dict[str, Any]:
    """Return what `create_engine` needs to know the site's zone; without it, days are UTC."""
    return {"execution_options": {_ZONE: zone}}


def zone_of(session: Session) -> tzinfo:
    """Return the zone in which days are reckoned."""
    zone: tzinfo = session.get_bind().get_execution_options().get(_ZONE, UTC)
    return zone


def day_of(session: Session, moment: datetime) -> date:
    """Return the day that it is at `moment`."""
    return day_in(zone_of(session), moment)


def day_in(zone: tzinfo, moment: datetime) -> date:
    """Return the day that it is in a time zone at `moment`."""
    return moment.astimezone(zone).date()


def start_of(session: Session, day: date) -> datetime:
    """Return the first moment of a day, in UTC."""
    return datetime.combine(day, time(), zone_of(session)).astimezone(UTC)
