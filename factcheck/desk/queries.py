"""What the desk shows: how many claims are where, and which of them wait. From the counters.

A fixed number of queries, whatever the number of claims: the counters are summed, claims are only
read a page at a time, by their key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts.models import Person, SecondFactor
from factcheck.accounts.registering import newcomer_count
from factcheck.articles.models import Article
from factcheck.claims.models import ArticleWaiting, Claim, ClaimCount, StateTotal, WaitingTotal
from factcheck.claims.rules import PRIORITIES, State
from factcheck.desk.trends import late_count
from factcheck.editions.models import Edition
from factcheck.inbox.queries import open_letters
from factcheck.reviews.threads import question_count

AGES = ("today", "days", "week", "older")  # since 0, 1 to 3, 4 to 7, more days
_CLAIMS = sa.func.sum(ClaimCount.claims)
Place = tuple[int | datetime, int]


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article on the desk: its counts by state, and the day since which its oldest waits."""

    article: Article
    counts: dict[str, int]
    oldest_on: date | None
    editions: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What an editor sees first."""

    totals: dict[str, int]
    unreviewed: dict[str, dict[int, int]]  # age → priority → claims
    articles: list[ArticleRow]
    letters: int  # of readers, without an answer


@dataclass(frozen=True, slots=True)
class Aside:
    """Who waits to be let in or for an answer, and whether who looks has a second factor."""

    newcomers: int
    has_second_factor: bool
    questions: int  # of reviewers, that this editor may answer
    late: int  # articles with claims to review after their deadline; 100: that many or more


@dataclass(frozen=True, slots=True)
class ClaimsWanted:
    """Which claims a list shows."""

    state: State
    article: Article | None = None
    priority: int | None = None
    days: tuple[date | None, date | None] = (None, None)  # since when, from and to, both included

    @property
    def by_age(self) -> bool:
        """Whether an age is asked for."""
        return self.days != (None, None)


def overview(session: Session, *, now: datetime, zone: ZoneInfo, limit: int = 100) -> Overview:
    """Return the figures of the desk; `articles` are those with most claims waiting."""
    today = now.astimezone(zone).date()
    cells = [(age, priority) for age in AGES for priority in PRIORITIES]
    # One row of sums: the database adds up, and no row is sorted or sent for each day.
    letters, *sums = session.execute(
        sa.select(
            open_letters(), *map(_total_of, State), *(_sum_of(*cell, today) for cell in cells)
        )
    ).one()
    totals = {state.value: int(claims or 0) for state, claims in zip(State, sums, strict=False)}
    unreviewed: dict[str, dict[int, int]] = {age: {} for age in AGES}
    for (age, priority), claims in zip(cells, sums[len(State) :], strict=True):
        unreviewed[age][priority] = int(claims or 0)
    return Overview(totals, unreviewed, _articles(session, limit), letters)


def aside(session: Session, person: Person, today: date) -> Aside:
    """Return what the desk says of people and deadlines, in one query."""
    has_factor = sa.exists().where(SecondFactor.person_id == person.id)
    row = session.execute(
        sa.select(newcomer_count(), has_factor, question_count(person), late_count(today))
    ).one()
    return Aside(row[0], bool(row[1]), row[2], row[3])


def _total_of(state: State) -> sa.ScalarSelect[int]:
    counted = sa.select(sa.func.sum(StateTotal.claims)).where(StateTotal.state == state.value)
    return counted.scalar_subquery()


def _sum_of(age: str, priority: int, today: date) -> sa.ColumnElement[int]:
    first, last = days_of(age, today)
    inside = [WaitingTotal.priority == priority]
    if first is not None:
        inside.append(WaitingTotal.day >= first)
    if last is not None:
        inside.append(WaitingTotal.day <= last)
    return sa.func.sum(sa.case((sa.and_(*inside), WaitingTotal.claims), else_=0))


def age_of(day: date, today: date) -> str:
    """Return the age that a claim has on `today` when it waits since `day`."""
    days = (today - day).days
    return AGES[0] if days <= 0 else AGES[1] if days <= 3 else AGES[2] if days <= 7 else AGES[3]


def days_of(age: str, today: date) -> tuple[date | None, date | None]:
    """Return the first and the last day of an age; None where it is open."""
    spans = {
        "today": (today, None),
        "days": (today - timedelta(days=3), today - timedelta(days=1)),
        "week": (today - timedelta(days=7), today - timedelta(days=4)),
        "older": (None, today - timedelta(days=8)),
    }
    return spans[age]


def _articles(session: Session, limit: int) -> list[ArticleRow]:
    newest = sa.select(sa.func.max(Edition.number)).where(Edition.article_id == Article.id)
    found = session.execute(
        sa.select(Article, newest.scalar_subquery())
        .join(ArticleWaiting, ArticleWaiting.article_id == Article.id)
        .order_by(ArticleWaiting.claims.desc(), ArticleWaiting.article_id.desc())
        .limit(limit)
    ).all()
    keys = [article.id for article, _ in found]
    counts = {key: dict.fromkeys((state.value for state in State), 0) for key in keys}
    oldest: dict[int, date] = {}
    for key, state, claims, day in session.execute(
        sa.select(ClaimCount.article_id, ClaimCount.state, _CLAIMS, sa.func.min(ClaimCount.day))
        .where(ClaimCount.article_id.in_(keys), ClaimCount.claims > 0)
        .group_by(ClaimCount.article_id, ClaimCount.state)
    ):
        counts[key][state] = int(claims)
        if state == State.ACCEPTED:
            oldest[key] = day
    return [
        ArticleRow(article, counts[article.id], oldest.get(article.id), number or 0)
        for article, number in found
    ]


def claims_wanted(
    session: Session, wanted: ClaimsWanted, *, after: Place | None = None, limit: int
) -> list[Claim]:
    """Return claims in one state, after the place of the last one seen.

    The most urgent come first; where an age is asked for, those that have waited longest.
    """
    query = (
        sa.select(Claim)
        .where(Claim.state == wanted.state.value)
        .options(joinedload(Claim.article))
        .limit(limit)
    )
    if wanted.article is not None:
        query = query.where(Claim.article_id == wanted.article.id)
    if wanted.priority is not None:
        query = query.where(Claim.priority == wanted.priority)
    return list(session.scalars(_in_order(query, wanted, after)))


def _in_order(
    query: sa.Select[Claim], wanted: ClaimsWanted, after: Place | None
) -> sa.Select[Claim]:
    """Return the query in an order that an index has, so that no page costs more than the first."""
    if not wanted.by_age:
        if after is not None:
            query = query.where(sa.tuple_(Claim.priority, Claim.id) < sa.tuple_(*after))
        return query.order_by(Claim.priority.desc(), Claim.id.desc())
    first, last = wanted.days
    if first is not None:
        query = query.where(Claim.state_since_at >= _start_of(first))
    if last is not None:
        query = query.where(Claim.state_since_at < _start_of(last + timedelta(days=1)))
    if after is not None:
        query = query.where(sa.tuple_(Claim.state_since_at, Claim.id) > sa.tuple_(*after))
    return query.order_by(Claim.state_since_at, Claim.id)


def place_of(claim: Claim, wanted: ClaimsWanted) -> Place:
    """Return where a claim stands in the list: what `after` takes to go on behind it."""
    return (claim.state_since_at if wanted.by_age else claim.priority), claim.id


def _start_of(day: date) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}T00:00:00+00:00")
