"""What can be done with many claims at once, and what keeps a claim out of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from factcheck.claims.rules import State
from factcheck.claims.tags import MOST_TAGS


class Action(StrEnum):
    """What is done with every claim of a batch."""

    ACCEPT = "accept"
    DISMISS = "dismiss"  # value: reason
    ASSIGN = "assign"  # value: person (public id), name
    UNASSIGN = "unassign"
    PRIORITY = "priority"  # value: priority
    POLICY = "policy"  # value: policy; None: as the article says
    TAG = "tag"  # value: tag
    UNTAG = "untag"  # value: tag


@dataclass(frozen=True, slots=True)
class Stand:
    """How a claim stands: what an action looks at.

    `values` are its tags, or whom it was asked of where the action is about that.
    """

    id: int
    version: int
    state: str
    priority: int
    policy_key: str | None
    merged_into_id: int | None
    proposed_by: str | None  # a public id
    has_round: bool  # that is open
    values: tuple[str, ...]


_STATES = {
    Action.ACCEPT: {State.PROPOSED},
    # What was decided or is disputed is dismissed one by one: that could not be undone.
    Action.DISMISS: {State.PROPOSED, State.ACCEPTED},
    Action.ASSIGN: {State.PROPOSED, State.ACCEPTED},
}


def hindrance(action: Action, value: Mapping[str, Any], stand: Stand) -> str | None:
    """Return why a claim is left out of an action, None where it is not.

    "merged", "state" (it is in none in which that can be done), "already" (it is so), "own" (they
    proposed it), "round" (reviewing has begun), "full" (it has as many tags as it may have).
    """
    reasons = {
        "merged": stand.merged_into_id is not None,
        "state": action in _STATES and stand.state not in _STATES[action],
        "round": action is Action.POLICY and stand.has_round,
        "own": action is Action.ASSIGN and stand.proposed_by == value["person"],
        "already": _is_so(action, value, stand),
        "full": action is Action.TAG and len(stand.values) >= MOST_TAGS,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _is_so(action: Action, value: Mapping[str, Any], stand: Stand) -> bool:
    if action is Action.ASSIGN:
        return stand.values == (value["person"],)
    if action is Action.UNASSIGN:
        return not stand.values
    if action is Action.PRIORITY:
        return stand.priority == int(value["priority"])
    if action is Action.POLICY:
        return bool(stand.policy_key == value["policy"])
    has_tag = value.get("tag") in stand.values
    return {Action.TAG: has_tag, Action.UNTAG: not has_tag}.get(action, False)
