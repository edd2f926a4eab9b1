"""Scales and policies."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from factcheck.api.calls import READS, Asked, call
from factcheck.api.cursors import PageQuery, page_of_all
from factcheck.api.shapes.methods import PolicyPage, ScalePage, policy_shown, scale_shown
from factcheck.methods import queries


@call("GET", "/scales", READS, query=PageQuery, answer=ScalePage)
def list_scales(_session: Session, asked: Asked[PageQuery]) -> ScalePage:
    """List the rating scales, the default first, with their ratings in order."""
    items, following = page_of_all(_numbered(queries.scales()), asked.given, lambda one: (one[0],))
    return ScalePage([scale_shown(scale) for _number, scale in items], following)


@call("GET", "/policies", READS, query=PageQuery, answer=PolicyPage)
def list_policies(_session: Session, asked: Asked[PageQuery]) -> PolicyPage:
    """List the policies by which reviews decide, the default first.

    `seats` reviews are asked for; when `agree` of them lie in one group of the scale it is
    decided, else `next` says with how many seats it goes on.
    """
    items, following = page_of_all(
        _numbered(queries.policies()), asked.given, lambda one: (one[0],)
    )
    return PolicyPage([policy_shown(policy) for _number, policy in items], following)


def _numbered(values: Any) -> list[tuple[int, Any]]:
    return list(enumerate(values))
