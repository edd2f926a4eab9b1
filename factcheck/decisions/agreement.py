"""How far reviewers agree, kept as figures: worked out by a job after a round has closed.

Only the newest closed round of a claim is looked at, and of the newest claims a bounded number, so
that neither a page nor the job grows with the site.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from factcheck import clock
from factcheck.articles.models import Article
from factcheck.articles.queries import article as article_of
from factcheck.claims.models import Claim
from factcheck.claims.pace import monday_of
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.decisions.models import AgreementFigure, AgreementWeek
from factcheck.decisions.queries import ratings_by_round
from factcheck.methods import queries as methods
from factcheck.methods.agreement import Agreement, agreement, nominal, ordinal
from factcheck.outbox import OutboxJob, enqueue
from factcheck.reviews.models import Round
from factcheck.site_days import day_of

JOB, OVERALL_JOB = "agreement", "agreement-overall"  # in the outbox
MOST = 2_000  # claims, those whose round was opened last
ARTICLE_EVERY = timedelta(seconds=30)  # at most, however many rounds close
OVERALL_EVERY = timedelta(minutes=10)
Measure = Literal["ordinal", "nominal"]
Figures = Mapping[Measure, Agreement]
_NONE = Agreement(None, None, None, 0)
_LAST_OF = sa.select(sa.func.max(AgreementFigure.at)).where(
    AgreementFigure.article_id == sa.bindparam("article_id")
)


def figures_of(session: Session, article: Article | None) -> Figures:
    """Return the figures of an article, or without one those over all; in one query."""
    found = session.scalars(sa.select(AgreementFigure).where(_of(article.id if article else None)))
    kept = {one.measure: Agreement(one.alpha, one.low, one.high, one.claims) for one in found}
    return {"ordinal": kept.get("ordinal", _NONE), "nominal": kept.get("nominal", _NONE)}


def _of(article_id: int | None) -> sa.ColumnElement[bool]:
    column = AgreementFigure.article_id
    return column.is_(None) if article_id is None else column == article_id


def weeks_of(session: Session, article: Article | None, *, since: date) -> list[AgreementWeek]:
    """Return the last figure of each week, on the ratings in order, from the week of a day on."""
    query = _weeks_of(article.id if article else None, monday_of(since))
    in_order = query.where(AgreementWeek.measure == "ordinal").order_by(AgreementWeek.week)
    return list(session.scalars(in_order))


def _weeks_of(article_id: int | None, since: date) -> sa.Select[AgreementWeek]:
    column = AgreementWeek.article_id
    own = column.is_(None) if article_id is None else column == article_id
    return sa.select(AgreementWeek).where(own, AgreementWeek.week >= since)


def ask(session: Session, article: Article, *, now: datetime) -> None:
    """Have the figures worked out anew since a round of the article has closed.

    Where many close one after the other, not for each of them: that takes longer than closing one.
    """
    last = session.scalar(_LAST_OF, {"article_id": article.id})
    due = _due(last, ARTICLE_EVERY, now)
    enqueue(session, JOB, {"article": article.public_id}, now=now, due=due)


def _due(last: datetime | None, every: timedelta, now: datetime) -> datetime:
    """Return when to work figures out that were worked out last then; a later moment is wrong."""
    return now if last is None or last > now else max(now, last + every)


def work_out(payload: Mapping[str, Any], _settings: Settings) -> None:
    """Work out the figures of an article, and ask for those over all."""
    now = clock.now()
    article = article_of(current_session(), str(payload["article"]))
    article_id = article.id
    others = _also_due(current_session(), article, now)  # before measuring: what they ask is in it
    found = measured(current_session(), article_id)  # takes time, so nothing is locked yet
    with writing() as session:
        _keep(session, article_id, found, now)
        _ask_overall(session, now)
        done = sa.update(OutboxJob).where(OutboxJob.id.in_(others), OutboxJob.done_at.is_(None))
        session.execute(done.values(done_at=now))


def _also_due(session: Session, article: Article, now: datetime) -> list[int]:
    """Return the keys of further jobs that are due and ask for the same figures."""
    return list(
        session.scalars(
            sa.select(OutboxJob.id).where(
                OutboxJob.done_at.is_(None), OutboxJob.failed_at.is_(None), OutboxJob.due_at <= now,
                OutboxJob.kind == JOB,
                OutboxJob.payload["article"].as_string() == article.public_id,
            )
        )
    )  # fmt: skip


def work_out_overall(_payload: Mapping[str, Any], _settings: Settings) -> None:
    """Work out the figures over all."""
    now = clock.now()
    found = measured(current_session(), None)
    with writing() as session:
        _keep(session, None, found, now)


def measured(session: Session, article_id: int | None) -> Figures:
    """Work out the figures from the reviews of closed rounds."""
    rounds = session.execute(_newest_closed(article_id)).all()
    ratings = ratings_by_round(session, [row.id for row in rounds])
    judged = [(methods.scale(row.scale_key), ratings[row.id]) for row in rounds]
    in_order = [
        [value for key in given if (value := scale.rating(key).value) is not None]
        for scale, given in judged
    ]
    return {
        "ordinal": agreement(in_order, ordinal),
        "nominal": agreement((given for _scale, given in judged), nominal),
    }


def _newest_closed(article_id: int | None) -> sa.Select[int, str]:
    later = aliased(Round)
    is_newest = ~sa.exists().where(
        later.claim_id == Round.claim_id, later.unsealed(), later.number > Round.number
    )
    query = sa.select(Round.id, Round.scale_key).where(Round.unsealed(), is_newest)
    if article_id is not None:
        query = query.join(Claim, Claim.id == Round.claim_id).where(Claim.article_id == article_id)
    return query.order_by(Round.id.desc()).limit(MOST)


def _keep(session: Session, article_id: int | None, found: Figures, now: datetime) -> None:
    """Put figures in the place of those before, unless these were worked out later."""
    query = sa.select(AgreementFigure).where(_of(article_id)).with_for_update()
    kept: dict[str, AgreementFigure] = {one.measure: one for one in session.scalars(query)}
    week = monday_of(day_of(session, now))
    of_week = _weeks_of(article_id, week).where(AgreementWeek.week == week)
    this_week: dict[str, AgreementWeek] = {one.measure: one for one in session.scalars(of_week)}
    for measure, one in found.items():
        figure = kept.get(measure)
        if figure is None:
            figure = AgreementFigure(article_id=article_id, measure=measure, at=now)
            session.add(figure)
        elif now < figure.at <= now + OVERALL_EVERY:  # beyond, the clock was wrong then
            continue
        figure.alpha, figure.low, figure.high = one.alpha, one.low, one.high
        figure.claims, figure.at = one.things, now
        _keep_in_week(session, this_week.get(measure), figure, week)


def _keep_in_week(
    session: Session, kept: AgreementWeek | None, figure: AgreementFigure, week: date
) -> None:
    """Make a figure the last one of its week."""
    if kept is None:
        kept = AgreementWeek(article_id=figure.article_id, measure=figure.measure, week=week)
        session.add(kept)
    kept.alpha, kept.low, kept.high = figure.alpha, figure.low, figure.high
    kept.claims = figure.claims


def _ask_overall(session: Session, now: datetime) -> None:
    """Have the figures over all worked out now, or when the last are old enough; once."""
    last = session.scalar(sa.select(sa.func.max(AgreementFigure.at)).where(_of(None)))
    due = _due(last, OVERALL_EVERY, now)
    waiting = sa.select(OutboxJob.id).where(
        OutboxJob.done_at.is_(None), OutboxJob.failed_at.is_(None), OutboxJob.due_at <= due,
        OutboxJob.kind == OVERALL_JOB,
    )  # fmt: skip
    if session.scalar(waiting.limit(1)) is None:
        enqueue(session, OVERALL_JOB, {}, now=now, due=due)
