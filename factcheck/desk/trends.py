"""What the pictures of the desk are drawn from: figures over time, of an article or over all.

Four queries, of rows that grow with days and not with claims (docs/decisions/0029).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.articles.models import Article
from factcheck.claims import days
from factcheck.claims.days import Day, Stock, decided_lately
from factcheck.claims.models import DUE, ArticleWaiting
from factcheck.claims.pace import LATELY, Forecast, Together, Work, forecast, monday_of
from factcheck.decisions.agreement import weeks_of
from factcheck.decisions.models import AgreementWeek
from factcheck.reviews.models import Review
from factcheck.site_days import day_of, start_of

WEEKS = 26
SPANS = (0, 3, 7, 14, 28, 90)  # the last day of each age; the last age is open


@dataclass(frozen=True, slots=True)
class Trends:
    """How it went in the last 26 weeks, and what there is on `today`."""

    article: Article | None
    today: date
    since: date  # a Monday
    days: Sequence[Day]
    stock: Stock
    agreement: Sequence[AgreementWeek]
    forecast: Forecast

    @property
    def weeks(self) -> list[date]:
        """The Mondays of the weeks, the oldest first."""
        return [self.since + timedelta(weeks=number) for number in range(WEEKS)]


def trends(session: Session, article: Article | None, *, now: datetime) -> Trends:
    """Return the figures over time, in four queries."""
    today = day_of(session, now)
    since = monday_of(today) - timedelta(weeks=WEEKS - 1)
    found = days.days(session, article, since=since)
    stock = days.stock(session, article, spans_on(today))
    everything = together(session, today)
    work = everything.work
    if article is not None:
        work = days.work_in(found, stock.states["accepted"], today)
    return Trends(
        article, today, since, found, stock, weeks_of(session, article, since=since),
        forecast(work, everything, article.deadline if article else None, today),
    )  # fmt: skip


def spans_on(today: date) -> list[tuple[date | None, date | None]]:
    """Return the days of each age on `today`, from and to; None where it is open."""
    firsts = [today - timedelta(days=last) for last in SPANS]
    lasts = [None, *(first - timedelta(days=1) for first in firsts)]
    return list(zip([*firsts, None], lasts, strict=True))


def together(session: Session, today: date) -> Together:
    """Return the work over all articles and how many review at present, in one query."""
    start = start_of(session, today - timedelta(days=LATELY))
    # Asked of each person by the index of their newest work, so that no review is counted.
    at_work = sa.exists().where(
        Review.person_id == Person.id, Review.edited_at >= start, Review.state == "submitted"
    )
    reviewers = sa.select(sa.func.count(Person.id)).where(Person.disabled_at.is_(None), at_work)
    left, decided, people = session.execute(
        sa.select(days.open_now(), decided_lately(None, today), reviewers.scalar_subquery())
    ).one()
    return Together(Work(int(left), int(decided)), people)


def forecast_of(session: Session, article: Article, today: date) -> Forecast:
    """Return when an article would be done at the present rate, in two queries."""
    waiting = sa.select(ArticleWaiting.claims).where(ArticleWaiting.article_id == article.id)
    left, decided = session.execute(
        sa.select(waiting.scalar_subquery(), decided_lately(article.id, today))
    ).one()
    work = Work(int(left or 0), int(decided))
    return forecast(work, together(session, today), article.deadline, today)


@dataclass(frozen=True, slots=True)
class Deadline:
    """An article that has a deadline, with its forecast."""

    article: Article
    forecast: Forecast


def deadlines(
    session: Session, today: date, *, after: tuple[date, int] | None = None, limit: int
) -> list[Deadline]:
    """Return articles with a deadline and claims to review, the nearest first; two queries."""
    query = (
        sa.select(Article, ArticleWaiting.claims, decided_lately(Article.id, today))
        .join(ArticleWaiting, ArticleWaiting.article_id == Article.id)
        .where(DUE)
        .order_by(ArticleWaiting.deadline, ArticleWaiting.article_id)
        .limit(limit)
    )
    if after is not None:
        place = sa.tuple_(ArticleWaiting.deadline, ArticleWaiting.article_id)
        query = query.where(place > sa.tuple_(*after))
    everything = together(session, today)
    return [
        Deadline(article, forecast(Work(left, int(done)), everything, article.deadline, today))
        for article, left, done in session.execute(query)
    ]


def late_articles(today: date) -> sa.Select[int]:
    """Return the query of the articles with claims to review after their deadline, by their keys.

    It is of the index of those that have both alone, so that finished articles cost nothing.
    """
    return sa.select(ArticleWaiting.article_id).where(DUE, ArticleWaiting.deadline < today)
