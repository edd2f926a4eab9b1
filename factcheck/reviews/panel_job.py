"""The job that looks after panels: it draws them, calls people, and passes on what is not used.

A claim that is accepted under a policy by lot has one such job, which asks for itself again for as
long as the claim is open (`stays`: since when; one that is opened anew gets another, and the old
job ends); whatever frees a seat asks for another that runs once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.articles.models import Article
from factcheck.claims.actions.states import ask_for_panel
from factcheck.claims.models import Claim
from factcheck.claims.queries import claim as claim_of
from factcheck.claims.rules import State
from factcheck.config import Settings
from factcheck.db import writing
from factcheck.methods import lots
from factcheck.outbox import enqueue
from factcheck.reviews import draws
from factcheck.reviews.models import Round, Seat
from factcheck.reviews.panels import is_by_lot, keep_up

AGAIN = timedelta(minutes=30)  # while too few can be drawn; else when the next seat's time is over


def look_after(payload: Mapping[str, Any], _settings: Settings) -> None:
    """Do all that the panel of a claim needs, or ask for that for each claim of an article."""
    if "article" in payload:
        _spread(str(payload["article"]))
        return
    public_id = str(payload["claim"])
    while _did_something(public_id):
        pass
    if "stays" in payload:
        _ask_again(payload)


def _did_something(public_id: str) -> bool:
    with writing() as session:
        return keep_up(session, claim_of(session, public_id), now=clock.now())


def _ask_again(payload: Mapping[str, Any]) -> None:
    with writing() as session:
        claim, now = claim_of(session, str(payload["claim"])), clock.now()
        if payload["stays"] == claim.state_since_at.isoformat() and is_by_lot(session, claim):
            due = _next_look(session, claim, now)
            enqueue(session, lots.JOB, dict(payload), now=now, due=due)


def _next_look(session: Session, claim: Claim, now: datetime) -> datetime:
    if draws.waiting_for(session, claim) is not None:
        return now + AGAIN
    first = session.scalar(
        sa.select(sa.func.min(Seat.expires_at))
        .join(Seat.round)
        .where(Round.claim_id == claim.id, Round.closed_at.is_(None))
    )
    return first or now + AGAIN


def _spread(public_id: str) -> None:
    with writing() as session:
        claims = session.scalars(
            sa.select(Claim)
            .join(Claim.article)
            .where(Article.public_id == public_id, Claim.state == State.ACCEPTED)
        )
        for claim in claims.all():
            if is_by_lot(session, claim):
                ask_for_panel(session, claim, now=clock.now())
