"""What a form asks to be done with many claims, and with which."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.claims.queries import claims_by_public_id
from factcheck.claims.rules import PRIORITIES, Dismissal
from factcheck.claims.tags import checked_tag
from factcheck.desk.bulk.batches import MOST
from factcheck.desk.bulk.rules import Action
from factcheck.desk.finding import keys_of
from factcheck.desk.lists import ClaimsWanted
from factcheck.failures import Invalid
from factcheck.methods.queries import check_offered, policy

REASONS = tuple(reason for reason in Dismissal if reason is not Dismissal.SAME_AS)


def action_of(session: Session, form: Mapping[str, str]) -> tuple[Action, dict[str, Any]]:
    """Return the action that is asked for (`do`) and what it needs; raise Invalid for its field.

    The fields are reason, person (an id, an email address or a name), priority, policy ("": as the
    article) and tag.
    """
    asked = form.get("do", "")
    if asked not in set(Action):
        raise Invalid("do", "Choose what to do with them.")
    action = Action(asked)
    needs = _NEEDS.get(action)
    return action, needs(session, form) if needs else {}


def _reason(_session: Session, form: Mapping[str, str]) -> dict[str, Any]:
    if form.get("reason") not in REASONS:
        raise Invalid("reason", "Choose one of the reasons.")
    return {"reason": form["reason"]}


def _person(session: Session, form: Mapping[str, str]) -> dict[str, Any]:
    person = _person_called(session, form.get("person", "").strip())
    return {"person": person.public_id, "name": person.name}


def _priority(_session: Session, form: Mapping[str, str]) -> dict[str, Any]:
    if form.get("priority") not in {str(one) for one in PRIORITIES}:
        raise Invalid("priority", "There is no such priority.")
    return {"priority": int(form["priority"])}


def _policy(session: Session, form: Mapping[str, str]) -> dict[str, Any]:
    key = form.get("policy") or None
    if key:
        check_offered(session, key)
    return {"policy": policy(key).key if key else None}


def _tag(_session: Session, form: Mapping[str, str]) -> dict[str, Any]:
    return {"tag": checked_tag(form.get("tag", ""), "tag")}


_NEEDS: dict[Action, Callable[[Session, Mapping[str, str]], dict[str, Any]]] = {
    Action.DISMISS: _reason,
    Action.ASSIGN: _person,
    Action.PRIORITY: _priority,
    Action.POLICY: _policy,
    Action.TAG: _tag,
    Action.UNTAG: _tag,
}


def ticked(session: Session, values: Sequence[str]) -> dict[int, int | None]:
    """Return the claims of tick boxes ("id:version") by key, with the version that was seen."""
    pairs = [value.partition(":")[::2] for value in values[:MOST]]
    if any(not version.isascii() or not version.isdecimal() for _id, version in pairs):
        raise Invalid("claim", "This form was incomplete. Load the page again.")
    seen = {public_id: int(version[:9]) for public_id, version in pairs}
    found = claims_by_public_id(session, list(seen))
    return {claim.id: seen[public_id] for public_id, claim in found.items()}


def all_that_match(session: Session, wanted: ClaimsWanted) -> dict[int, int | None]:
    """Return every claim of a list by key, the first MOST of them where there are more."""
    return dict.fromkeys(keys_of(session, wanted, most=MOST)[:MOST])


def _person_called(session: Session, typed: str) -> Person:
    if not typed:
        raise Invalid("person", "Say who is to review them: a name or an email address.")
    found = session.scalars(
        sa.select(Person)
        .where(
            sa.or_(Person.email == typed.lower(), Person.name == typed, Person.public_id == typed)
        )
        .order_by(Person.id)
        .limit(2)
    ).all()
    if not found:
        raise Invalid("person", "There is nobody “%(name)s” here.", name=typed[:100])
    if len(found) > 1:
        raise Invalid("person", "Several people are called that. Give the email address.")
    return found[0]
