"""Scales and policies as they are answered."""

from __future__ import annotations

from typing import Annotated

import msgspec

from factcheck.methods.rules import Policy, Scale

Seats = Annotated[int, msgspec.Meta(ge=2, le=15)]


class RatingShown(msgspec.Struct, forbid_unknown_fields=True):
    """One value of a scale."""

    key: str
    label: str
    group: str
    definition: str
    short: str
    shape: str
    sources_needed: int


class ScaleShown(msgspec.Struct, forbid_unknown_fields=True):
    """A scale, its ratings in their order."""

    key: str
    version: int
    name: str
    ratings: list[RatingShown]


class ScalePage(msgspec.Struct, forbid_unknown_fields=True):
    """Every scale, the default first."""

    items: list[ScaleShown]
    next: str | None


class StepShown(msgspec.Struct, forbid_unknown_fields=True):
    """What follows when a step's reviews do not agree.

    Seats count from the first; where reviewers are drawn by lot, each step's are a fresh panel's.
    """

    seats: int
    agree: int
    next: StepShown | None


class PolicyShown(msgspec.Struct, forbid_unknown_fields=True):
    """A policy: how many seats open, how many must agree, what follows if they do not.

    `least_sources` is how many a rating needs that needs any; `archived_only`: each with a copy.
    """

    key: str
    name: str
    description: str
    by_lot: bool
    least_sources: int
    archived_only: bool
    seats: int
    agree: int
    next: StepShown | None


class NewPolicy(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A policy of this site; `description` is for readers."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    description: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    steps: Annotated[list[tuple[Seats, Seats]], msgspec.Meta(min_length=1, max_length=3)]
    least_sources: Annotated[int, msgspec.Meta(ge=0, le=10)] = 1
    archived_only: bool = False


class PolicyPage(msgspec.Struct, forbid_unknown_fields=True):
    """Every policy, the default first."""

    items: list[PolicyShown]
    next: str | None


def scale_shown(scale: Scale) -> ScaleShown:
    """Return a scale as it is answered."""
    ratings = [
        RatingShown(
            rating.key, rating.label, rating.group, rating.definition, rating.short,
            rating.shape, rating.sources_needed,
        )
        for rating in scale.ratings
    ]  # fmt: skip
    return ScaleShown(scale.key, scale.version, scale.name, ratings)


def policy_shown(policy: Policy) -> PolicyShown:
    """Return a policy as it is answered."""
    return PolicyShown(
        policy.key, policy.name, policy.description, policy.by_lot, policy.least_sources,
        policy.archived_only, policy.seats, policy.agree, _step_shown(policy.next),
    )  # fmt: skip


def _step_shown(step: Policy | None) -> StepShown | None:
    return StepShown(step.seats, step.agree, _step_shown(step.next)) if step else None
