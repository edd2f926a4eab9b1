"""Reading what happened on which day, of an article or over all; the rows are bounded by days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.articles.models import Article
from factcheck.claims.models import ArticleDay, ClaimCount, DayTotal, StateTotal, WaitingTotal
from factcheck.claims.pace import LATELY, Work
from factcheck.claims.rules import State

REVIEWED = (State.DECIDED.value, State.DISPUTED.value)  # what the end of a round comes to


@dataclass(frozen=True, slots=True)
class Day:
    """How many claims came to something on a day, and how many left it (see `ArticleDay`)."""

    what: str
    day: date
    took: int
    came: int
    went: int


@dataclass(frozen=True, slots=True)
class Stock:
    """How many claims are in each state now, how many are open by age, how many were published."""

    states: dict[str, int]
    ages: list[int]
    published: int


def days(session: Session, article: Article | None, *, since: date) -> list[Day]:
    """Return what happened since a day, in the order of days; in one query."""
    table = _days_of(article)
    rows = session.execute(
        sa.select(table.what, table.day, table.took, _sum(table.came), _sum(table.went))
        .where(*_own(table, article), table.what.in_(_WHATS), table.day >= since)
        .group_by(table.what, table.day, table.took)
        .order_by(table.day, table.what, table.took)
    )
    return [Day(what, day, took, int(came), int(went)) for what, day, took, came, went in rows]


def stock(
    session: Session, article: Article | None, spans: Sequence[tuple[date | None, date | None]]
) -> Stock:
    """Return what there is now, with how many are open since each of the spans; in one query."""
    table = _days_of(article)
    published = sa.select(_sum(table.came)).where(*_own(table, article), table.what == "published")
    states: Any = StateTotal if article is None else ClaimCount
    open_: Any = WaitingTotal if article is None else ClaimCount
    is_open = [] if article is None else [ClaimCount.state == State.ACCEPTED.value]
    counts = [
        sa.select(_sum(states.claims)).where(*_own(states, article), states.state == one.value)
        for one in State
    ]
    counts += [
        sa.select(_sum(open_.claims)).where(*_own(open_, article), *is_open, *_inside(open_, span))
        for span in spans
    ]
    row = session.execute(
        sa.select(published.scalar_subquery(), *(one.scalar_subquery() for one in counts))
    ).one()
    found = [int(number or 0) for number in row]
    first = 1 + len(State)
    by_state = dict(zip((state.value for state in State), found[1:first], strict=True))
    return Stock(by_state, found[first:], found[0])


def decided_lately(
    article: sa.SQLColumnExpression[int] | int | None, today: date
) -> sa.ScalarSelect[Any]:
    """Return the query of how many claims were decided in the last 28 days; None: over all."""
    table: Any = DayTotal if article is None else ArticleDay
    own = [] if article is None else [ArticleDay.article_id == article]
    since = today - timedelta(days=LATELY)
    return (
        sa.select(sa.func.coalesce(_sum(table.came), 0))
        .where(*own, table.what.in_(REVIEWED), table.day > since)
        .scalar_subquery()
    )


def open_now() -> sa.ScalarSelect[Any]:
    """Return the query of how many claims wait for reviews over all articles."""
    counted = sa.select(sa.func.coalesce(_sum(StateTotal.claims), 0))
    return counted.where(StateTotal.state == State.ACCEPTED.value).scalar_subquery()


def work_in(found: Sequence[Day], left: int, today: date) -> Work:
    """Return the work of whatever these days are of, as `decided_lately` counts it."""
    since = today - timedelta(days=LATELY)
    return Work(left, sum(one.came for one in found if one.what in REVIEWED and one.day > since))


_WHATS = (*(state.value for state in State), "verdict")


def _sum(column: Any) -> Any:
    return sa.func.sum(column)


def _days_of(article: Article | None) -> Any:
    return DayTotal if article is None else ArticleDay


def _own(table: Any, article: Article | None) -> list[sa.ColumnElement[bool]]:
    return [] if article is None else [table.article_id == article.id]


def _inside(table: Any, span: tuple[date | None, date | None]) -> list[sa.ColumnElement[bool]]:
    first, last = span
    inside = [] if first is None else [table.day >= first]
    return inside if last is None else [*inside, table.day <= last]
