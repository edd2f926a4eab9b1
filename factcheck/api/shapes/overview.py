"""The desk as it is answered."""

from __future__ import annotations

from typing import Literal

import msgspec

from factcheck.accounts.models import Person
from factcheck.api.shapes.articles import Counts
from factcheck.api.shapes.moments import moment
from factcheck.api.shapes.people import CalibrationShown, calibration_shown
from factcheck.articles.rules import plain_day
from factcheck.claims.pace import Forecast
from factcheck.decisions.agreement import Figures
from factcheck.desk.reviewers import Given, Load
from factcheck.methods.calibration import Calibration


class OpenArticle(msgspec.Struct, forbid_unknown_fields=True):
    """An article with claims that wait for reviews: how many, since when, and all its counts."""

    article: str
    slug: str
    title: str
    claims: int
    oldest: str | None
    counts: Counts
    editions: int


class OpenAge(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How many claims have waited since days from `since` to `until`; null where it is open."""

    age: Literal["today", "days", "week", "older"]
    since: str | None
    until: str | None
    claims: int


class OpenPriority(msgspec.Struct, forbid_unknown_fields=True):
    """How many claims of a priority wait for reviews."""

    priority: int
    claims: int


class OpenValue(msgspec.Struct, forbid_unknown_fields=True):
    """How many claims with a language or a tag wait for reviews; `or_more`: more than `claims`."""

    value: str
    claims: int
    or_more: bool


class Unreviewed(msgspec.Struct, forbid_unknown_fields=True):
    """The claims that wait for reviews, counted in five ways; articles: the 100 with most."""

    by_article: list[OpenArticle]
    by_age: list[OpenAge]
    by_priority: list[OpenPriority]
    by_language: list[OpenValue]
    by_tag: list[OpenValue]


class WaitingShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What waits for an editor: letters by kind, claims that wait for a summary, and more.

    `corrections`: claims of which readers are told what no longer stands; `sources`: pages that
    verdicts rest on and are not what they were; `leases`: those that ran out in seven days, but for
    rounds in which you have a part; `late`: articles after their deadline. Of these and of letters,
    100 is that many or more.
    """

    requests: int
    appeals: int
    mends: int
    questions: int
    summaries: int
    corrections: int
    sources: int
    leases: int
    late: int
    newcomers: int


class ReviewerShown(msgspec.Struct, forbid_unknown_fields=True):
    """How many of the newest 5,000 reviews in closed rounds are somebody's, and what is in hand.

    `lately`: of these, in the last 28 days; `median_hours`: from getting the seat to the answer,
    null where it is not known; `seats`: held now, but for rounds in which you have a part; `asked`:
    claims they are asked to review, 100 for that many or more; `calibration`: of gold claims, null
    before five were answered.
    """

    id: str
    name: str
    reviews: int
    lately: int
    last: str
    median_hours: float | None
    seats: int
    asked: int
    calibration: CalibrationShown | None


class Measured(msgspec.Struct, forbid_unknown_fields=True):
    """Krippendorff's alpha over `n` claims, and the interval in which it lies 95 times of 100.

    Null where it is not defined, as before two people have reviewed the same claim.
    """

    alpha: float | None
    n: int
    low: float | None
    high: float | None


class Agreement(Measured, forbid_unknown_fields=True):
    """How far reviewers agree on the ratings that are in order; `nominal`: on all ratings.

    From the newest closed round of each claim, of the newest 2,000 claims; worked out some minutes
    after a round closes at the latest.
    """

    nominal: Measured


class DeskShown(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be done, and by whom it is being done.

    No claim of a withdrawn article is counted. `published`: claims that readers are told of now,
    whatever state they are in.
    """

    totals: Counts
    published: int
    waiting: WaitingShown
    unreviewed: Unreviewed
    reviewers: list[ReviewerShown]
    agreement: Agreement


class NeededShown(msgspec.Struct, forbid_unknown_fields=True):
    """What would have to change: claims a week, how many times as many, how many more reviewers."""

    a_week: int
    times: float | None
    reviewers: int | None


class ForecastShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """When what waits for reviews would be done at the present rate, and the deadline.

    The rate, in claims `weekly`, is that of the last 28 days: the article's own, or its share of
    `all` where in it too few were decided; null where there are too few of all. `done` is null
    where it cannot be told. `change`: what keeping the deadline takes, where it would be missed.
    """

    claims: int
    weekly: float | None
    rate_of: Literal["own", "all"]
    done: str | None
    deadline: str | None
    verdict: Literal["done", "in-time", "too-late", "over", "unknown", "open"]
    change: NeededShown | None


def forecast_shown(found: Forecast) -> ForecastShown:
    """Return a forecast as it is answered."""
    change = found.change
    return ForecastShown(
        claims=found.left,
        weekly=found.weekly,
        rate_of=found.of,
        done=plain_day(found.done_on),
        deadline=plain_day(found.deadline),
        verdict=found.verdict,
        change=NeededShown(change.a_week, change.times, change.reviewers) if change else None,
    )


def reviewer_shown(
    person: Person, load: Load, given: Given, figure: Calibration | None
) -> ReviewerShown:
    """Return how active somebody is, as it is answered."""
    took = given.median_time
    return ReviewerShown(
        person.public_id, person.name, given.reviews, given.lately, moment(given.last_at),
        round(took.total_seconds() / 3600, 2) if took is not None else None,
        load.seats, load.asked, calibration_shown(figure),
    )  # fmt: skip


def agreement_shown(figures: Figures) -> Agreement:
    """Return figures of agreement as they are answered."""
    order, every = figures["ordinal"], figures["nominal"]
    return Agreement(
        order.alpha, order.things, order.low, order.high,
        Measured(every.alpha, every.things, every.low, every.high),
    )  # fmt: skip
