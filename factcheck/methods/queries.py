"""Scales, policies and practice cases that this installation carries, read once from files."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from factcheck.failures import Invalid, Missing
from factcheck.methods.cases import Case, case_of
from factcheck.methods.rules import DISAGREE, Policy, Rating, Scale

DEFAULT_SCALE = "default"
DEFAULT_POLICY = "team"
_HERE = Path(__file__).parent


class UnknownScale(Invalid):
    """No scale has that key."""


class ReservedRating(Invalid):
    """A scale has a rating of its own under the key that says that reviewers disagree."""


class UnknownPolicy(Invalid):
    """No policy has that key."""


class CaseMissing(Missing):
    """No practice case has that key."""


@cache
def scales() -> tuple[Scale, ...]:
    """Return every scale, the default first, the others by key."""
    found = [_scale(data) for data in _files("scales")]
    return tuple(sorted(found, key=lambda scale: (scale.key != DEFAULT_SCALE, scale.key)))


@cache
def policies() -> tuple[Policy, ...]:
    """Return every policy, the default first, then by how many seats they may take."""
    found = [_policy(data, data) for data in _files("policies")]
    return tuple(sorted(found, key=lambda policy: (policy.key != DEFAULT_POLICY, policy.seats)))


def keys_by_lot() -> tuple[str, ...]:
    """Return the keys of the policies under which reviewers are drawn."""
    return tuple(policy.key for policy in policies() if policy.by_lot)


def scale(key: str) -> Scale:
    """Return the scale with that key; raise UnknownScale."""
    for candidate in scales():
        if candidate.key == key:
            return candidate
    raise UnknownScale("scale", "There is no scale “%(key)s”.", key=key)


def policy(key: str) -> Policy:
    """Return the policy with that key; raise UnknownPolicy."""
    for candidate in policies():
        if candidate.key == key:
            return candidate
    known = ", ".join(candidate.key for candidate in policies())
    raise UnknownPolicy(
        "policy", "There is no policy “%(key)s”; there are %(known)s.", key=key, known=known
    )


@cache
def cases() -> tuple[Case, ...]:
    """Return the practice cases, on the default scale, in the order in which they are offered."""
    found = [case_of(data, scale(DEFAULT_SCALE)) for data in _files("practice")]
    return tuple(sorted(found, key=lambda case: case.place))


def case(key: str) -> Case:
    """Return the practice case with that key; raise CaseMissing."""
    for candidate in cases():
        if candidate.key == key:
            return candidate
    raise CaseMissing("There is no practice case “%(key)s”.", key=key[:40])


def _files(folder: str) -> list[dict[str, Any]]:
    return [
        json.loads(file.read_text(encoding="utf-8"))
        for file in sorted((_HERE / folder).glob("*.json"))
    ]


def _scale(data: dict[str, Any]) -> Scale:
    ratings = tuple(
        Rating(**{**rating, "colour": tuple(rating["colour"])}) for rating in data["ratings"]
    )
    if any(rating.key == DISAGREE.key for rating in ratings):
        raise ReservedRating("scale", "No rating can have the key “%(key)s”.", key=DISAGREE.key)
    return Scale(data["key"], data["version"], data["name"], ratings)


def _policy(data: dict[str, Any], first: dict[str, Any]) -> Policy:
    following = _policy(data["next"], first) if data["next"] else None
    return Policy(
        first["key"], first["name"], first["description"], data["seats"], data["agree"], following,
        by_lot=first.get("by_lot", False), least_sources=first["least_sources"],
        archived_only=first["archived_only"],
    )  # fmt: skip
