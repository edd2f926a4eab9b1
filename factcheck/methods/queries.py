"""The scales and policies that this installation carries, read once from the files beside it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from factcheck.failures import Invalid
from factcheck.methods.rules import Policy, Rating, Scale

DEFAULT_SCALE = "default"
DEFAULT_POLICY = "team"
_HERE = Path(__file__).parent


class UnknownScale(Invalid):
    """No scale has that key."""


class UnknownPolicy(Invalid):
    """No policy has that key."""


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


def _files(folder: str) -> list[dict[str, Any]]:
    return [
        json.loads(file.read_text(encoding="utf-8"))
        for file in sorted((_HERE / folder).glob("*.json"))
    ]


def _scale(data: dict[str, Any]) -> Scale:
    ratings = tuple(
        Rating(**{**rating, "colour": tuple(rating["colour"])}) for rating in data["ratings"]
    )
    return Scale(data["key"], data["version"], data["name"], ratings)


def _policy(data: dict[str, Any], first: dict[str, Any]) -> Policy:
    following = _policy(data["next"], first) if data["next"] else None
    return Policy(
        first["key"], first["name"], first["description"], data["seats"], data["agree"], following
    )
