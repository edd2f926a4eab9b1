"""Every route says who may call it, and turns everybody else away."""

from __future__ import annotations

import pytest
from werkzeug.routing import Rule

from factcheck.db import writing
from factcheck.web.access import declared, is_to_be_confirmed
from tests.accounts.factories import make_person
from tests.web.access_table import ACCESS, TO_BE_CONFIRMED
from tests.web.client import signed_in

ROLES = ("anonymous", "newcomer", "reviewer", "editor", "admin")
ORDER = {"anyone": 0, "token": 0, "newcomer": 1, "reviewer": 2, "editor": 3, "admin": 4}
FILLED = {"default": "nothinghere", "int": 1, "path": "work.css"}

pytestmark = pytest.mark.one_database


def rules(app):
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule, method


def test_every_route_has_a_row_and_every_row_its_route(app):
    routes = {
        (method, rule.rule): declared(app, rule.endpoint)
        for rule, method in rules(app)
        if not rule.rule.startswith("/api/v1")
    }

    assert {route: caller and caller.value for route, caller in routes.items()} == ACCESS


def test_what_a_stolen_session_must_not_do_is_to_be_confirmed(app):
    marked = {
        rule.rule
        for rule, method in rules(app)
        if method == "POST" and is_to_be_confirmed(app, rule.endpoint)
    }

    assert marked == TO_BE_CONFIRMED


def test_every_call_of_the_api_is_marked(app):
    for rule, _ in rules(app):
        if rule.rule.startswith("/api/v1"):
            assert declared(app, rule.endpoint) in {"token", "anyone"}, rule


@pytest.fixture
def clients(app):
    with app.app_context(), writing() as session:
        people = {role: make_person(session, role).email for role in ROLES[1:]}
    found = {role: signed_in(app, email) for role, email in people.items()}
    return {"anonymous": app.test_client(), **found}


def test_each_role_gets_what_is_for_it_and_nothing_else(app, clients):
    wrong = []
    for (method, route), caller in ACCESS.items():
        for place, role in enumerate(ROLES):
            status = asked(app, clients[role], method, route)
            if place < ORDER[caller]:
                refused = status in ({302, 401, 400} if role == "anonymous" else {403, 400})
                wrong += [] if refused else [(method, route, role, status)]
            elif status in {401, 403}:
                wrong.append((method, route, role, status))

    assert wrong == []


def asked(app, client, method: str, route: str) -> int:
    rule: Rule = next(r for r, allowed in rules(app) if (allowed, r.rule) == (method, route))
    _, path = rule.build({name: FILLED[_kind(rule, name)] for name in rule.arguments})
    answer = client.open(path, method=method)
    answer.close()
    return answer.status_code


def _kind(rule: Rule, name: str) -> str:
    return {"IntegerConverter": "int", "PathConverter": "path"}.get(
        type(rule._converters[name]).__name__, "default"
    )


def test_a_view_that_does_not_say_who_may_call_it_is_closed(app):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    with app.app_context(), writing() as session:
        admin = make_person(session, "admin").email

    assert signed_in(app, admin).get("/forgotten").status_code == 403


def test_pages_of_signed_in_people_are_not_stored_and_carry_the_headers(clients):
    answer = clients["reviewer"].get("/account")

    assert answer.headers["Cache-Control"] == "no-store"
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in answer.headers
