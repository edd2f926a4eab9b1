"""People with tokens, and callers for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from factcheck.accounts.actions import add_person, create_token
from factcheck.accounts.queries import person_by_email
from factcheck.accounts.rules import HIGHEST_SCOPE, Role
from factcheck.db import writing
from factcheck.failures import Missing
from tests.api.client import Api
from tests.conftest import NOW

ROLES = {
    "ada": "admin", "edith": "editor", "egon": "editor",
    "rhea": "reviewer", "rolf": "reviewer", "runa": "reviewer",
}  # fmt: skip


@pytest.fixture
def caller(app: Flask) -> Callable[..., Api]:
    """A function that gives somebody's caller: `caller("rhea")`, `caller("edith", scope="read")`.

    Their role is told by the name; the scope is the highest of the role unless one is named.
    """

    def make(name: str, scope: str | None = None) -> Api:
        return Api(app, token_of(app, name, scope))

    return make


def token_of(app: Flask, name: str, scope: str | None = None) -> str:
    """Return a new token of somebody, who is added where they are not known yet."""
    email = f"{name}@example.org"
    with app.app_context(), writing() as session:
        try:
            person = person_by_email(session, email)
        except Missing:
            role = ROLES[name]
            person = add_person(session, email, role=role, name=name.title(), actor=None, now=NOW)
            session.flush()
        scope = scope or HIGHEST_SCOPE[Role(person.role)].value
        _token, secret = create_token(
            session, person, name="test", scope=scope, expires_days=None, actor=None, now=NOW
        )
    return secret


@pytest.fixture
def edith(caller) -> Api:
    """An editor."""
    return caller("edith")


@pytest.fixture
def rhea(caller) -> Api:
    """A reviewer."""
    return caller("rhea")


@pytest.fixture
def nobody(app: Flask) -> Api:
    """A caller without a token."""
    return Api(app)
