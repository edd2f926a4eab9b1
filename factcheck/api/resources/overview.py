"""The desk: what waits for reviews, as the page `/desk` has it, and how far reviewers agree.

What reviewers gave is counted in closed rounds alone, so that nothing here tells of an open one.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.api.calls import OVERSEES, Asked, call
from factcheck.api.shapes.articles import Counts
from factcheck.api.shapes.overview import (
    DeskShown,
    OpenAge,
    OpenArticle,
    OpenPriority,
    OpenValue,
    ReviewerShown,
    Unreviewed,
    WaitingShown,
    agreement_shown,
    reviewer_shown,
)
from factcheck.articles.rules import plain_day
from factcheck.claims.rules import PRIORITIES, State
from factcheck.decisions.agreement import figures_of
from factcheck.desk.lists import AGES, days_of
from factcheck.desk.queries import ArticleRow, Value, overview
from factcheck.desk.queries import values as values_of
from factcheck.desk.reviewers import given, with_load
from factcheck.reviews.gold import figures
from factcheck.site_days import day_of


@call("GET", "/desk", OVERSEES, answer=DeskShown)
def read_desk(session: Session, asked: Asked[Any]) -> DeskShown:
    """Read how many claims are in each state, and which of them wait for reviews."""
    values = values_of(session, State.ACCEPTED)
    found = overview(session, asked.person, now=asked.now)
    today = day_of(session, asked.now)
    return DeskShown(
        totals=Counts(**found.totals),
        published=found.published,
        waiting=WaitingShown(**asdict(found.waiting)),
        unreviewed=Unreviewed(
            [_article(row) for row in found.articles if row.counts[State.ACCEPTED]],
            [_age(age, sum(found.unreviewed[age].values()), today) for age in AGES],
            [
                OpenPriority(priority, sum(row[priority] for row in found.unreviewed.values()))
                for priority in reversed(PRIORITIES)
            ],
            [_value(one) for one in values["language"]],
            [_value(one) for one in values["tag"]],
        ),
        reviewers=_reviewers(session, asked),
        agreement=agreement_shown(figures_of(session, None)),
    )


def _article(row: ArticleRow) -> OpenArticle:
    return OpenArticle(
        article=row.article.public_id,
        slug=row.article.slug,
        title=row.article.title,
        claims=row.counts[State.ACCEPTED],
        oldest=plain_day(row.oldest_on),
        counts=Counts(**row.counts),
        editions=row.editions,
    )


def _value(one: Value) -> OpenValue:
    return OpenValue(one.value, one.counted.number, one.counted.or_more)


def _age(age: str, claims: int, today: date) -> OpenAge:
    first, last = days_of(age, today)
    return OpenAge(
        age=age,  # type: ignore[arg-type]  # one of AGES
        since=plain_day(first),
        until=plain_day(last),
        claims=claims,
    )


def _reviewers(session: Session, asked: Asked[Any]) -> list[ReviewerShown]:
    found = given(session, now=asked.now)
    query = sa.select(Person).where(Person.id.in_(list(found)))
    loads = with_load(session, asked.person, query, now=asked.now)
    people = {person.id: (person, load) for person, load in loads}
    calibrated = figures(session, found)
    return [reviewer_shown(*people[key], one, calibrated.get(key)) for key, one in found.items()]
