"""Scales, policies and practice cases: those that ship, read once from files, and a site's own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.db import current_session
from factcheck.failures import Invalid, Missing
from factcheck.methods.cases import Case, case_of
from factcheck.methods.models import OwnPolicy
from factcheck.methods.rules import DISAGREE, Policy, Rating, Scale

DEFAULT_SCALE = "default"
DEFAULT_POLICY = "team"
OWN = "own-"  # what the key of a policy of this site begins with
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
def shipped_policies() -> tuple[Policy, ...]:
    """Return the policies that ship, the default first, then by how many seats they may take."""
    found = [_policy(data, data) for data in _files("policies")]
    return tuple(sorted(found, key=lambda policy: (policy.key != DEFAULT_POLICY, policy.seats)))


def policies(session: Session) -> list[Policy]:
    """Return the policies that can be chosen: those that ship, then those of this site, by age."""
    own = sa.select(OwnPolicy).where(OwnPolicy.retired_at.is_(None)).order_by(OwnPolicy.id)
    return [*shipped_policies(), *map(_own, session.scalars(own))]


def own_policies(session: Session) -> list[OwnPolicy]:
    """Return the policies of this site with who added them, retired ones too, by age."""
    query = sa.select(OwnPolicy).options(joinedload(OwnPolicy.added_by)).order_by(OwnPolicy.id)
    return list(session.scalars(query))


def keys_by_lot() -> tuple[str, ...]:
    """Return the keys of the policies under which reviewers are drawn: none of a site's own is."""
    return tuple(policy.key for policy in shipped_policies() if policy.by_lot)


def scale(key: str) -> Scale:
    """Return the scale with that key; raise UnknownScale."""
    for candidate in scales():
        if candidate.key == key:
            return candidate
    raise UnknownScale("scale", "There is no scale “%(key)s”.", key=key)


def policy(key: str) -> Policy:
    """Return the policy with that key, also a retired one; raise UnknownPolicy."""
    for candidate in shipped_policies():
        if candidate.key == key:
            return candidate
    if key.startswith(OWN):
        return _own_policy(key)
    raise _unknown(key)


def check_offered(session: Session, key: str) -> None:
    """Raise UnknownPolicy for a policy of this site that was retired, or is none."""
    query = sa.select(OwnPolicy.id).where(OwnPolicy.key == key, OwnPolicy.retired_at.is_(None))
    if key.startswith(OWN) and session.scalar(query) is None:
        raise UnknownPolicy("policy", "This policy was retired. Choose another.")


def known_policies(keys: Iterable[str]) -> list[Policy]:
    """Return the policies with those keys, also retired ones; what is no policy is left out."""
    found = []
    for key in keys:
        with suppress(UnknownPolicy):
            found.append(policy(key))
    return found


def _own_policy(key: str) -> Policy:
    """Return a policy of this site, read once a session: words in it may be purged."""
    session = current_session()
    known: dict[str, Policy] = session.info.setdefault("own_policies", {})
    if key not in known:
        found = session.scalar(sa.select(OwnPolicy).where(OwnPolicy.key == key))
        if found is None:
            raise _unknown(key)
        known[key] = _own(found)
    return known[key]


def _unknown(key: str) -> UnknownPolicy:
    known = ", ".join(one.key for one in shipped_policies())
    return UnknownPolicy(
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


def _own(found: OwnPolicy) -> Policy:
    data: dict[str, Any] | None = None
    for seats, agree in reversed(found.steps):
        data = {"seats": seats, "agree": agree, "next": data}
    given = {
        name: getattr(found, name)
        for name in ("key", "name", "description", "least_sources", "archived_only")
    }
    return _policy(data or {}, given)


def _policy(data: dict[str, Any], first: dict[str, Any]) -> Policy:
    following = _policy(data["next"], first) if data["next"] else None
    return Policy(
        first["key"], first["name"], first["description"], data["seats"], data["agree"], following,
        by_lot=first.get("by_lot", False), least_sources=first["least_sources"],
        archived_only=first["archived_only"],
    )  # fmt: skip
