"""Failures as pages: a sentence, a way on, and nothing typed lost."""

from __future__ import annotations

import dataclasses
import errno
import logging

import pytest
import sqlalchemy as sa

from factcheck.accounts import browser_session
from factcheck.app import create_app
from factcheck.db import writing
from factcheck.failures import Conflict, Forbidden, Invalid, Missing
from factcheck.web.access import Caller, access
from tests.accounts.factories import make_person
from tests.web.client import form_token, signed_in

pytestmark = pytest.mark.one_database

LONG = "Four hundred and twelve thousand passengers, says the register."


@pytest.fixture
def client(app):
    """Somebody signed in to a service with a view that fails as it is told."""
    app.testing = False

    @access(Caller.REVIEWER)
    def fail(kind: str) -> str:
        raise FAILURES[kind]

    app.add_url_rule("/fail/<kind>", "fail", fail, methods=["GET", "POST"])
    with app.app_context(), writing() as session:
        email = make_person(session).email
    return signed_in(app, email)


FAILURES = {
    "missing": Missing("There is no such ferry."),
    "conflict": Conflict("The ferry has left."),
    "invalid": Invalid("ferry", "A ferry floats."),
    "forbidden": Forbidden("The ferry is for its crew."),
    "defect": ZeroDivisionError("secret detail"),
    "database": sa.exc.OperationalError("SELECT secret", {}, OSError("disk full")),
    "pool": sa.exc.TimeoutError("pool secret"),
    "data": sa.exc.DataError("INSERT secret", {}, ValueError("NUL")),
    "full": OSError("pages of ferry: secret"),
    "unmade": OSError("pages of ferry: secret"),
    "no way": ConnectionRefusedError(111, "secret"),
}
FAILURES["full"].__cause__ = OSError(errno.ENOSPC, "secret")
FAILURES["unmade"].__cause__ = ZeroDivisionError("secret")


@pytest.mark.parametrize(
    ("kind", "status"), [("missing", 404), ("conflict", 409), ("invalid", 422), ("forbidden", 403)]
)
def test_a_rooms_failure_is_a_page_with_its_sentence(client, kind, status):
    answer = client.get(f"/fail/{kind}")

    assert answer.status_code == status
    assert str(FAILURES[kind]) in answer.text
    assert 'href="/work"' in answer.text


@pytest.mark.parametrize(("kind", "status"), [("database", 503), ("pool", 503), ("data", 422)])
def test_a_refusing_database_is_a_sentence_and_no_secret(client, kind, status):
    answer = client.get(f"/fail/{kind}")

    assert answer.status_code == status
    assert "secret" not in answer.text
    assert "<h1>" in answer.text


@pytest.mark.parametrize(("kind", "blamed"), [("full", True), ("unmade", False), ("no way", False)])
def test_the_disk_is_blamed_only_where_it_said_so(client, kind, blamed):
    answer = client.get(f"/fail/{kind}")

    assert answer.status_code == 503
    assert "secret" not in answer.text
    assert ("disk" in answer.text) is blamed


def test_a_defect_shows_a_mark_that_stands_in_the_log_and_nothing_else(client, caplog):
    with caplog.at_level(logging.ERROR):
        answer = client.get("/fail/defect")

    assert answer.status_code == 500
    assert "secret" not in answer.text
    marks = [record.args[0] for record in caplog.records if record.msg == "defect %s"]
    assert len(marks) == 1
    assert marks[0] in answer.text


def test_a_page_about_a_dead_database_does_not_ask_it(app, client, monkeypatch):
    def dead(*_args, **_kwargs):
        raise sa.exc.OperationalError("SELECT 1", {}, OSError("gone"))

    monkeypatch.setattr(browser_session.queries, "live_session", dead)
    answer = client.get("/account")

    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_a_full_disk_does_not_keep_anybody_from_reading(app, client, monkeypatch):
    class Full:
        def __enter__(self):
            raise sa.exc.OperationalError("UPDATE", {}, OSError("disk full"))

        def __exit__(self, *_):
            return False

    monkeypatch.setattr(browser_session, "TOUCHED_EVERY", browser_session.TOUCHED_EVERY * 0)
    monkeypatch.setattr(browser_session, "writing", Full)

    assert client.get("/account").status_code == 200


def test_what_was_typed_is_shown_again_when_the_form_is_refused(client):
    token = form_token(client.get("/account").text)
    typed = {"rationale": LONG, "password": "a secret that is long enough", "rating": "true"}

    refused = client.post("/fail/conflict", data={"csrf_token": token, **typed})
    assert LONG in refused.text
    assert typed["password"] not in refused.text
    assert token not in refused.text.partition("<main")[2]

    too_old = client.post("/fail/conflict", data=typed)
    assert too_old.status_code == 400
    assert LONG in too_old.text


def test_another_sites_form_puts_no_words_on_our_pages(app, client):
    answer = app.test_client().post("/fail/conflict", data={"rationale": LONG})

    assert answer.status_code == 400
    assert LONG not in answer.text


def test_a_form_sent_after_the_session_ended_is_not_lost(app, client):
    token = form_token(client.get("/account").text)
    with app.app_context(), writing() as session:
        session.execute(sa.text("UPDATE sign_in_sessions SET ended_at = created_at"))
    answer = client.post("/fail/conflict", data={"csrf_token": token, "rationale": LONG})

    assert answer.status_code == 401
    assert LONG in answer.text
    assert 'href="/sign-in"' in answer.text


def test_what_flask_refuses_is_a_page_too(client):
    assert "nothing at this address" in client.get("/no-such-page").text
    wrong_way = client.delete("/sign-in")
    assert wrong_way.status_code in {400, 405}
    not_taken = client.post("/work", data={"csrf_token": form_token(client.get("/account").text)})
    assert not_taken.status_code == 405
    assert "GET" in not_taken.headers["Allow"]


def test_a_form_that_is_too_large_is_refused(client):
    answer = client.post("/account", data={"name": "x" * (3 * 1024 * 1024)})

    assert answer.status_code == 413
    assert "more than one form can hold" in answer.text


def test_the_api_answers_its_own_failures(client):
    for path in ("/api/v1/no-such-call", "/api/v1/me"):
        answer = client.get(path)
        assert answer.content_type == "application/problem+json"


def test_https_makes_cookies_secure_and_is_asked_for_a_year(settings):
    secure = create_app(dataclasses.replace(settings, public_url="https://check.example"))
    answer = secure.test_client().get("/sign-in", base_url="https://check.example")

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-factcheck=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
