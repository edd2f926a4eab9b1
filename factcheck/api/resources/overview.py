"""The desk: what waits for reviews, as the page `/desk` has it, and how far reviewers agree.

What reviewers gave is counted in closed rounds alone, so that nothing here tells of an open one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.api.calls import OVERSEES, Asked, call
from factcheck.api.shapes.articles import Counts
from factcheck.api.shapes.overview import (
    DeskShown,
    OpenAge,
    OpenArticle,
    OpenPriority,
    ReviewerShown,
    Unreviewed,
    agreement_shown,
)
from factcheck.claims.rules import PRIORITIES, State
from factcheck.decisions.agreement import figures_of
from factcheck.desk.lists import AGES, days_of
from factcheck.desk.queries import ArticleRow, overview
from factcheck.reviews.models import Review, Round

_MOST_REVIEWS = 5_000  # the newest, for who is active


@call("GET", "/desk", OVERSEES, answer=DeskShown)
def read_desk(session: Session, asked: Asked[Any]) -> DeskShown:
    """Read how many claims are in each state, and which of them wait for reviews."""
    zone = current_app.extensions["factcheck"].zone
    given = _newest_reviews(session)
    found = overview(session, asked.person, now=asked.now, zone=zone)
    today = asked.now.astimezone(zone).date()
    return DeskShown(
        totals=Counts(**found.totals),
        unreviewed=Unreviewed(
            [_article(row) for row in found.articles if row.counts[State.ACCEPTED]],
            [_age(age, sum(found.unreviewed[age].values()), today) for age in AGES],
            [
                OpenPriority(priority, sum(row[priority] for row in found.unreviewed.values()))
                for priority in reversed(PRIORITIES)
            ],
        ),
        reviewers=_reviewers(session, given),
        agreement=agreement_shown(figures_of(session, None)),
    )


def _article(row: ArticleRow) -> OpenArticle:
    return OpenArticle(
        article=row.article.public_id,
        slug=row.article.slug,
        title=row.article.title,
        claims=row.counts[State.ACCEPTED],
        oldest=row.oldest_on.isoformat() if row.oldest_on else None,
        counts=Counts(**row.counts),
        editions=row.editions,
    )


def _age(age: str, claims: int, today: date) -> OpenAge:
    first, last = days_of(age, today)
    return OpenAge(
        age=age,  # type: ignore[arg-type]  # one of AGES
        since=first.isoformat() if first else None,
        until=last.isoformat() if last else None,
        claims=claims,
    )


def _newest_reviews(session: Session) -> list[sa.Row[tuple[int]]]:
    """Return whose the newest reviews of closed rounds are."""
    return list(
        session.execute(
            sa.select(Review.person_id)
            .join(Review.round)
            .where(Round.unsealed(), Review.state.in_(("submitted", "late")))
            .order_by(Round.id.desc())
            .limit(_MOST_REVIEWS)
        )
    )


def _reviewers(session: Session, given: Sequence[sa.Row[Any]]) -> list[ReviewerShown]:
    counts = Counter(row.person_id for row in given)
    people = {
        key: (public_id, name)
        for key, public_id, name in session.execute(
            sa.select(Person.id, Person.public_id, Person.name).where(Person.id.in_(counts))
        )
    }
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [ReviewerShown(*people[key], reviews) for key, reviews in ordered]
