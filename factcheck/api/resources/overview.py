"""The desk: what waits for reviews. Counted from the counters, never by counting claims.

What reviewers gave is counted in closed rounds alone, so that nothing here tells of an open one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.api.calls import OVERSEES, Asked, call
from factcheck.api.shapes.articles import Counts
from factcheck.api.shapes.overview import (
    Agreement,
    DeskShown,
    OpenArticle,
    OpenDay,
    OpenPriority,
    ReviewerShown,
    Unreviewed,
)
from factcheck.articles.models import Article
from factcheck.claims.models import ClaimCount
from factcheck.claims.queries import counts_by_article
from factcheck.claims.rules import State
from factcheck.methods.agreement import alpha
from factcheck.methods.queries import scale
from factcheck.reviews.models import Review, Round

_MOST_ARTICLES = 200
_MOST_REVIEWS = 20_000  # the newest, for the figure of agreement
_waiting = sa.func.sum(ClaimCount.claims)


@call("GET", "/desk", OVERSEES, answer=DeskShown)
def read_desk(session: Session, asked: Asked[Any]) -> DeskShown:
    """Read how many claims are in each state, and which of them wait for reviews."""
    totals = dict.fromkeys((state.value for state in State), 0)
    rows = session.execute(sa.select(ClaimCount.state, _waiting).group_by(ClaimCount.state))
    totals |= {state: int(claims) for state, claims in rows}
    return DeskShown(
        totals=Counts(**totals),
        unreviewed=Unreviewed(
            _by_article(session), _by_age(session, asked.now), _by_priority(session)
        ),
        reviewers=_reviewers(session),
        agreement=_agreement(session),
    )


def _by_article(session: Session) -> list[OpenArticle]:
    rows = session.execute(
        sa.select(Article, _waiting)
        .join(ClaimCount, ClaimCount.article_id == Article.id)
        .where(ClaimCount.state == State.ACCEPTED, ClaimCount.claims > 0)
        .group_by(Article.id)
        .order_by(_waiting.desc(), Article.id)
        .limit(_MOST_ARTICLES)
    ).all()
    counts = counts_by_article(session, [article for article, _claims in rows])
    return [
        OpenArticle(
            article=article.public_id,
            slug=article.slug,
            title=article.title,
            claims=int(claims),
            counts=Counts(**counts[article.id]),
        )
        for article, claims in rows
    ]


def _by_age(session: Session, now: datetime) -> list[OpenDay]:
    """Return the waiting claims by the day since which they wait, the oldest first."""
    today = now.astimezone(UTC).date()
    rows = session.execute(
        sa.select(ClaimCount.day, _waiting)
        .where(ClaimCount.state == State.ACCEPTED, ClaimCount.claims > 0)
        .group_by(ClaimCount.day)
        .order_by(ClaimCount.day)
    )
    return [OpenDay(day.isoformat(), (today - day).days, int(claims)) for day, claims in rows]


def _by_priority(session: Session) -> list[OpenPriority]:
    """Return the waiting claims by priority, the most urgent first."""
    rows = session.execute(
        sa.select(ClaimCount.priority, _waiting)
        .where(ClaimCount.state == State.ACCEPTED, ClaimCount.claims > 0)
        .group_by(ClaimCount.priority)
        .order_by(ClaimCount.priority.desc())
    )
    return [OpenPriority(priority, int(claims)) for priority, claims in rows]


def _reviewers(session: Session) -> list[ReviewerShown]:
    given = sa.func.count(Review.id)
    rows = session.execute(
        sa.select(Person.public_id, Person.name, given)
        .join(Review, Review.person_id == Person.id)
        .join(Round, Round.id == Review.round_id)
        .where(Review.state.in_(("submitted", "late")), Round.closed_at.is_not(None))
        .group_by(Person.id, Person.public_id, Person.name)
        .order_by(given.desc(), Person.id)
    )
    return [ReviewerShown(public_id, name, reviews) for public_id, name, reviews in rows]


def _agreement(session: Session) -> Agreement:
    rows = session.execute(
        sa.select(Round.id, Round.scale_key, Review.rating)
        .join(Review, Review.round_id == Round.id)
        .where(Round.closed_at.is_not(None), Review.state == "submitted")
        .order_by(Round.id.desc())
        .limit(_MOST_REVIEWS)
    )
    groups: dict[int, list[str]] = defaultdict(list)
    for round_id, scale_key, rating in rows:
        groups[round_id].append(scale(scale_key).rating(str(rating)).group)
    sizes = Counter(len(given) >= 2 for given in groups.values())
    return Agreement(alpha(groups.values()), sizes[True])
