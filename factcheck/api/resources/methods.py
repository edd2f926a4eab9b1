"""Scales and policies."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, READS, Asked, call
from factcheck.api.cursors import PageQuery, page_of_all
from factcheck.api.shapes.methods import (
    NewPolicy,
    PolicyPage,
    PolicyShown,
    ScalePage,
    policy_shown,
    scale_shown,
)
from factcheck.desk.policies import added, retired
from factcheck.methods import queries
from factcheck.methods.rules import Wanted


@call("GET", "/scales", READS, query=PageQuery, answer=ScalePage)
def list_scales(_session: Session, asked: Asked[PageQuery]) -> ScalePage:
    """List the rating scales, the default first, with their ratings in order."""
    items, following = page_of_all(_numbered(queries.scales()), asked.given, lambda one: (one[0],))
    return ScalePage([scale_shown(scale) for _number, scale in items], following)


@call("GET", "/policies", READS, query=PageQuery, answer=PolicyPage)
def list_policies(session: Session, asked: Asked[PageQuery]) -> PolicyPage:
    """List the policies by which reviews decide, the default first, those of this site last.

    `seats` reviews are asked for; when `agree` of them lie in one group of the scale it is
    decided, else `next` says with how many seats it goes on.
    """
    items, following = page_of_all(
        _numbered(queries.policies(session)), asked.given, lambda one: (one[0],)
    )
    return PolicyPage([policy_shown(policy) for _number, policy in items], following)


@call("POST", "/policies", EDITS, body=NewPolicy, answer=PolicyShown, status=201)
def add_policy(session: Session, asked: Asked[NewPolicy]) -> PolicyShown:
    """Add a policy of this site; it cannot be changed later.

    `steps` are pairs of seats, counted from the first, and how many of them have to agree: more
    than half.
    """
    given = asked.given
    wanted = Wanted(
        given.name, given.description, tuple((seats, agree) for seats, agree in given.steps),
        least_sources=given.least_sources, archived_only=given.archived_only,
    )  # fmt: skip
    made = added(session, wanted, actor=asked.person, now=asked.now)
    return policy_shown(queries.policy(made.key))


@call("POST", "/policies/{id}/retire", EDITS, answer=PolicyShown)
def retire_policy(session: Session, asked: Asked[Any]) -> PolicyShown:
    """Offer a policy of this site, named by its key, no more; what is under it stays so."""
    gone = retired(session, asked.id, actor=asked.person, now=asked.now)
    return policy_shown(queries.policy(gone.key))


def _numbered(values: Any) -> list[tuple[int, Any]]:
    return list(enumerate(values))
