"""The daily look at deadlines and at claims that do not move; each is told of once.

It writes events, of which notices are made as of all others. A deadline is marked as told. Claims
are told of when they have stood in one state for `STUCK`: those who came to that since the last
look, and since a claim comes to it once in a state, none is told of twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.articles.models import Article
from factcheck.claims.models import DUE, ArticleWaiting, Claim
from factcheck.claims.rules import State
from factcheck.notices.queries import OVERDUE_EVERY, held_cursor
from factcheck.notices.rules import STUCK
from factcheck.reviews.gold import live_claims
from factcheck.site_days import day_of

UNDER_WAY = (State.ACCEPTED, State.DECIDED, State.DISPUTED)
MOST_LATE = 500  # articles in one look; the rest have theirs on the next day


def sweep(session: Session, *, now: datetime) -> None:
    """Write an event for each deadline that is over and each article with claims newly stuck."""
    cursor = held_cursor(session)
    _late(session, now=now)
    since = cursor.overdue_at
    if since is None or since > now:  # the first look, or a clock that was wrong
        since = now - OVERDUE_EVERY
    _stuck(session, since - STUCK, now=now)
    cursor.overdue_at = now


def _late(session: Session, *, now: datetime) -> None:
    late = session.execute(
        sa.select(Article, ArticleWaiting.claims)
        .join(ArticleWaiting, ArticleWaiting.article_id == Article.id)
        .where(
            DUE,
            ArticleWaiting.deadline < day_of(session, now),
            sa.or_(Article.late_told.is_(None), Article.late_told != Article.deadline),
        )
        .order_by(ArticleWaiting.deadline, ArticleWaiting.article_id)
        .limit(MOST_LATE)
    )
    for article, claims in late.all():
        article.late_told = article.deadline
        record(session, "article.late", article.public_id, actor=None, now=now,
               deadline=str(article.deadline), claims=claims)  # fmt: skip


def _stuck(session: Session, after: datetime, *, now: datetime) -> None:
    until = now - STUCK
    stuck = session.execute(
        sa.select(Article.public_id, sa.func.count())
        .join(Claim, Claim.article_id == Article.id)
        .where(
            Claim.state.in_(UNDER_WAY),
            Claim.state_since_at > after,
            Claim.state_since_at <= until,
            sa.not_(Claim.article_withdrawn),
            Claim.id.not_in(live_claims()),
        )
        .group_by(Article.public_id)
        .order_by(Article.public_id)
    )
    days = STUCK // timedelta(days=1)
    for public_id, claims in stuck.all():
        record(session, "article.stuck", public_id, actor=None, now=now, claims=claims, days=days)
