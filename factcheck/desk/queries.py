"""What the desk shows: how many claims are where, and which of them wait. From the counters.

A fixed number of queries, whatever the number of claims: the counters are summed, and what no
counter holds is counted in an index, up to a bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.models import Person, SecondFactor
from factcheck.articles.models import Article
from factcheck.claims.facets import ClaimFacet, Facet
from factcheck.claims.models import PUBLISHED, ArticleWaiting, ClaimCount, StateTotal, WaitingTotal
from factcheck.claims.rules import PRIORITIES, State
from factcheck.desk.finding import MOST_COUNTED, Counted
from factcheck.desk.lists import AGES, days_of
from factcheck.desk.saved import MOST_SHOWN, SavedList, shown_to
from factcheck.desk.waiting import Waiting, counts
from factcheck.editions.models import Edition
from factcheck.site_days import day_of

_CLAIMS = sa.func.sum(ClaimCount.claims)
# For each kind the least value, then from each the next one: as many steps as there are values,
# each a look into the index, and each count of the index stops behind what is told.
_VALUES = sa.text("""WITH RECURSIVE stepped(kind, value) AS (
    SELECT kinds.kind, (SELECT min(value) FROM claim_facets
      WHERE kind = kinds.kind AND state = :state)
    FROM (SELECT 'language' AS kind UNION ALL SELECT 'person' UNION ALL SELECT 'tag') kinds
    UNION ALL
    SELECT stepped.kind, (SELECT min(value) FROM claim_facets
      WHERE kind = stepped.kind AND state = :state AND value > stepped.value)
    FROM stepped WHERE stepped.value IS NOT NULL
  )
  SELECT stepped.kind, stepped.value, (SELECT name FROM people
      WHERE stepped.kind = 'person' AND public_id = stepped.value) AS name,
    (SELECT count(*) FROM (SELECT 1 AS one FROM claim_facets WHERE kind = stepped.kind
      AND state = :state AND value = stepped.value LIMIT :most) counted) AS claims
  FROM stepped LIMIT :values""")
MOST_VALUES = 300  # languages, tags and people that a page offers to choose among


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
    published: int  # claims that readers are told of, whatever their state
    unreviewed: dict[str, dict[int, int]]  # age → priority → claims
    articles: list[ArticleRow]
    waiting: Waiting
    has_second_factor: bool  # whoever looks


@dataclass(frozen=True, slots=True)
class Value:
    """A value that claims of a state have: a language, a tag, or a person with their name."""

    value: str
    name: str
    counted: Counted


@dataclass(frozen=True, slots=True)
class NamedList:
    """One of the lists that everybody at the desk knows by name, and how many claims are in it."""

    key: str
    asked: dict[str, str]  # its address's query
    counted: Counted


def overview(session: Session, viewer: Person, *, now: datetime, limit: int = 100) -> Overview:
    """Return the figures of the desk; `articles` are those with most claims waiting."""
    today = day_of(session, now)
    cells = [(age, priority) for age in AGES for priority in PRIORITIES]
    # One row of sums: the database adds up, and no row is sorted or sent for each day.
    has_factor = sa.exists().where(SecondFactor.person_id == viewer.id)
    lines = counts(session, viewer, now)
    row = session.execute(
        sa.select(
            has_factor,
            _total_of(PUBLISHED),
            *(query.label(name) for name, query in lines.items()),
            *map(_total_of, State),
            *(_sum_of(*cell, today) for cell in cells),
        )
    ).one()
    has_second_factor, published, *sums = row
    waiting, sums = Waiting(**{name: int(getattr(row, name)) for name in lines}), sums[len(lines) :]
    totals = {state.value: int(claims or 0) for state, claims in zip(State, sums, strict=False)}
    unreviewed: dict[str, dict[int, int]] = {age: {} for age in AGES}
    for (age, priority), claims in zip(cells, sums[len(State) :], strict=True):
        unreviewed[age][priority] = int(claims or 0)
    return Overview(
        totals, int(published or 0), unreviewed, _articles(session, limit), waiting,
        bool(has_second_factor),
    )  # fmt: skip


def values(session: Session, state: State) -> dict[str, list[Value]]:
    """Return the values that claims of a state have, by kind ("language", "person", "tag").

    In their order; of very many, the first ones of each kind.
    """
    found: dict[str, list[Value]] = {kind.value: [] for kind in Facet}
    given = {"state": state.value, "most": MOST_COUNTED + 1, "values": MOST_VALUES}
    for kind, value, name, claims in session.execute(_VALUES, given):
        if value is not None:
            number = Counted(min(claims, MOST_COUNTED), or_more=claims > MOST_COUNTED)
            found[kind].append(Value(value, name or value, number))
    return found


def lists_of(
    session: Session, person: Person, *, today: date
) -> tuple[list[NamedList], list[SavedList]]:
    """Return the six lists with how many claims are in each, and those that somebody saved.

    In one query; `person` is whose the last of the six is, and who looks.
    """
    _first, last = days_of("older", today)
    stuck = sa.select(sa.func.sum(WaitingTotal.claims)).where(WaitingTotal.day <= last)
    own = (
        sa.select(ClaimFacet.claim_id)
        .where(
            ClaimFacet.kind == Facet.PERSON, ClaimFacet.state == State.ACCEPTED,
            ClaimFacet.value == person.public_id,
        )
        .limit(MOST_COUNTED + 1)
    )  # fmt: skip
    mine = sa.select(sa.func.count()).select_from(own.subquery())
    states = (State.ACCEPTED, State.DISPUTED, State.DECIDED, State.READY)
    figures = (*map(_total_of, states), stuck.scalar_subquery(), mine.scalar_subquery())
    once = sa.select(sa.literal(1).label("one")).subquery()
    rows = session.execute(
        sa.select(SavedList, *figures)
        .select_from(once)
        .outerjoin(SavedList, shown_to(person))
        .limit(MOST_SHOWN)
    ).all()
    lists = {
        "unreviewed": {"state": "accepted"},
        "disputed": {"state": "disputed"},
        "waiting": {"state": "decided"},
        "ready": {"state": "ready"},
        "stuck": {"state": "accepted", "age": "older"},
        "mine": {"state": "accepted", "person": person.public_id},
    }
    named = [
        NamedList(key, asked, Counted(int(claims or 0), or_more=False))
        for (key, asked), claims in zip(lists.items(), rows[0][1:], strict=True)
    ]
    saved = [row[0] for row in rows if row[0] is not None]
    return named, sorted(saved, key=lambda one: (one.is_shared, one.name.casefold()))


def _total_of(state: str) -> sa.ScalarSelect[int]:
    counted = sa.select(sa.func.sum(StateTotal.claims)).where(StateTotal.state == str(state))
    return counted.scalar_subquery()


def _sum_of(age: str, priority: int, today: date) -> sa.ColumnElement[int]:
    first, last = days_of(age, today)
    inside = [WaitingTotal.priority == priority]
    if first is not None:
        inside.append(WaitingTotal.day >= first)
    if last is not None:
        inside.append(WaitingTotal.day <= last)
    return sa.func.sum(sa.case((sa.and_(*inside), WaitingTotal.claims), else_=0))


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
