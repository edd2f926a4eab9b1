"""What waits for an editor: a number a line of the desk, counted in an index up to a bound."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts.models import Person
from factcheck.accounts.registering import newcomer_count
from factcheck.claims.models import Claim, StateTotal
from factcheck.claims.rules import State
from factcheck.decisions.models import Decision
from factcheck.decisions.queries import decisions_by_claim, drifted
from factcheck.desk.trends import late_articles
from factcheck.inbox.queries import open_letters_of
from factcheck.reviews.lapsed import lapsed_seats
from factcheck.reviews.threads import question_count
from factcheck.site_days import day_of

MOST = 99  # of a kind; one more stands for that many or more


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of each kind wait; of most kinds 100 means that many or more."""

    requests: int  # of readers, for a check
    appeals: int
    mends: int  # of authors, that readers tell of
    questions: int  # of reviewers, that whoever looks may answer
    summaries: int  # claims that wait for one; all are counted
    corrections: int  # claims of which readers are told what no longer stands
    sources: int  # pages that verdicts rest on and are gone, moved or changed
    leases: int  # that ran out in the last seven days, where whoever looks has no part
    late: int  # articles with claims to review after their deadline
    newcomers: int  # who wait to be let in

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of any kind."""
        return not any(astuple(self))


def counts(session: Session, viewer: Person, now: datetime) -> dict[str, sa.ScalarSelect[Any]]:
    """Return what is counted, by the names that `Waiting` has for it, as parts of one query."""
    summaries = sa.select(sa.func.coalesce(sa.func.sum(StateTotal.claims), 0))
    return {
        "requests": _up_to_most(open_letters_of("request")),
        "appeals": _up_to_most(open_letters_of("appeal")),
        "mends": _up_to_most(open_letters_of("mend")),
        "questions": question_count(viewer),
        "summaries": summaries.where(StateTotal.state == State.DECIDED.value).scalar_subquery(),
        "corrections": _up_to_most(sa.select(Claim.id).where(Claim.to_correct)),
        "sources": _up_to_most(drifted()),
        "leases": _up_to_most(lapsed_seats(viewer, now)),
        "late": _up_to_most(late_articles(day_of(session, now))),
        "newcomers": newcomer_count(),
    }


def _up_to_most(query: sa.Select[Any]) -> sa.ScalarSelect[int]:
    some = query.limit(MOST + 1).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def to_correct(session: Session, *, after: int, limit: int) -> list[tuple[Claim, Decision | None]]:
    """Return claims of which readers are told what no longer stands, each with what stands.

    `after` is the key of a claim. In two queries.
    """
    chosen = sa.select(Claim).where(Claim.to_correct, Claim.id > after).order_by(Claim.id)
    claims = session.scalars(chosen.limit(limit).options(joinedload(Claim.article))).all()
    decisions = decisions_by_claim(session, [one.id for one in claims])
    return [(one, decisions[one.id][-1] if decisions[one.id] else None) for one in claims]
