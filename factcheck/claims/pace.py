"""How fast claims are reviewed, when that would be done, and what would have to change. Pure.

The present pace is what was decided in the last 28 days. Where an article has too little of that
to tell, it goes as all claims together go: it gets its share of what is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Literal

LATELY = 28  # days
FEWEST = 5  # claims decided in that time, of which a pace can be told
FARTHEST = timedelta(days=3_650)  # beyond, a day says nothing
_EXACT = 28  # days to a verdict that are told apart; more are counted in weeks, up to a year
_LONGEST = 364


def took_of(days: int) -> int:
    """Return what a number of days to a verdict is counted as: weeks of it beyond 28, 364 at most.

    So a week of verdicts has at most 77 different counts. What a wrong clock made negative is 0.
    """
    days = max(days, 0)
    return days if days <= _EXACT else min(days // 7 * 7, _LONGEST)


def monday_of(day: date) -> date:
    """Return the first day of the week that a day lies in."""
    return day - timedelta(days=day.weekday())


def quantile(counts: dict[int, int], share: float) -> int | None:
    """Return the least value that at least `share` of all values do not exceed; None of none."""
    wanted = share * sum(counts.values())
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if counts[value] and seen >= wanted:
            return value
    return None


@dataclass(frozen=True, slots=True)
class Work:
    """How many claims wait for reviews, and how many were decided in the last 28 days."""

    left: int
    decided: int


@dataclass(frozen=True, slots=True)
class Together:
    """The work over all articles, and how many people reviewed in the last 28 days."""

    work: Work
    reviewers: int


@dataclass(frozen=True, slots=True)
class Change:
    """What would have to change to be done in time: claims `a_week`, which is `times` as many.

    `times` is None where nothing is decided at present, `reviewers` how many more it would take at
    the pace of those who review at present; None where nobody does.
    """

    a_week: int
    times: float | None
    reviewers: int | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """When what is left would be done at the present pace.

    `weekly`: claims a week; None where too little was decided to tell. `of`: whose pace that is.
    `done_on`: None where it cannot be told or is more than ten years off. `change`: None without
    need.
    """

    left: int
    weekly: float | None
    of: Literal["own", "all"]
    done_on: date | None
    deadline: date | None
    verdict: Literal["done", "in-time", "too-late", "over", "unknown", "open"]
    change: Change | None


def forecast(work: Work, together: Together, deadline: date | None, today: date) -> Forecast:
    """Return the forecast of an article's work, or of all of it (`work` is then `together`'s)."""
    daily, of = _pace(work, together)
    done_on = _done_on(work.left, daily, today)
    verdict = _verdict(work.left, done_on, deadline, today)
    change = None
    if deadline is not None and verdict in {"too-late", "unknown"}:
        change = _change(work.left, daily, together, (deadline - today).days)
    return Forecast(work.left, None if daily is None else daily * 7, of, done_on, deadline,
                    verdict, change)  # fmt: skip


def _pace(work: Work, together: Together) -> tuple[float | None, Literal["own", "all"]]:
    """Return claims a day, and whether that is the article's own pace or its share of all."""
    if work.decided >= FEWEST:
        return work.decided / LATELY, "own"
    everything = together.work
    if everything.decided < FEWEST or not everything.left:
        return None, "all"
    return everything.decided / LATELY * min(work.left / everything.left, 1), "all"


def _done_on(left: int, daily: float | None, today: date) -> date | None:
    if not left:
        return today
    if not daily or left / daily > FARTHEST.days:
        return None
    return today + timedelta(days=ceil(left / daily))


def _verdict(
    left: int, done_on: date | None, deadline: date | None, today: date
) -> Literal["done", "in-time", "too-late", "over", "unknown", "open"]:
    if not left:
        return "done"
    if deadline is None:
        return "open"
    if deadline < today:
        return "over"
    if done_on is None:
        return "unknown"
    return "in-time" if done_on <= deadline else "too-late"


def _change(left: int, daily: float | None, together: Together, days: int) -> Change:
    needed = left / max(days, 1)  # on the day itself, all of it is to be done today
    times = needed / daily if daily else None
    each = together.work.decided / LATELY / together.reviewers if together.reviewers else 0
    reviewers = max(ceil((needed - (daily or 0)) / each - 1e-9), 0) if each else None
    return Change(ceil(needed * 7), times, reviewers)
