"""Signing in as a person does: by the page, with the token in it."""

from __future__ import annotations

import re
import threading

import pytest

from factcheck import clock
from factcheck.accounts import actions, queries
from factcheck.accounts.models import SignInSession
from factcheck.db import current_session, writing
from tests.accounts.factories import PASSWORD, make_person
from tests.conftest import NOW
from tests.web.client import form_token, post_form, signed_in


@pytest.fixture
def person(app):
    with app.app_context(), writing() as session:
        return make_person(
            session, "editor", email="ada@factcheck.example", password=PASSWORD
        ).email


def test_who_signs_in_gets_to_where_they_wanted_to_go(app, person):
    client = app.test_client()
    sent = client.get("/account")
    assert sent.status_code == 302
    assert "/sign-in?next=" in sent.location

    answer = post_form(client, sent.location, {"email": person, "password": PASSWORD})

    assert answer.location == "/account"
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"]
)
def test_nobody_is_sent_to_another_site(app, person, target):
    answer = post_form(
        app.test_client(), "/sign-in", {"email": person, "password": PASSWORD},
        page=f"/sign-in?next={target}",
    )  # fmt: skip

    assert answer.location == "/work"


def test_wrong_password_unknown_account_and_disabled_account_read_the_same(app, person):
    with app.app_context(), writing() as session:
        gone = make_person(session, email="gone@factcheck.example", password=PASSWORD)
        make_person(session, "admin", password=PASSWORD)
        actions.disable(session, gone, actor=None, now=NOW)
    pages = []
    for email, password in ((person, "wrong password"), ("no@one.example", PASSWORD),
                            ("gone@factcheck.example", PASSWORD)):  # fmt: skip
        answer = post_form(app.test_client(), "/sign-in", {"email": email, "password": password})
        assert answer.status_code == 422
        page = re.sub(r'value="[^"]*"', "", answer.text)
        pages.append(page)

    assert len(set(pages)) == 1


def test_a_form_without_its_token_is_refused(app, person):
    answer = app.test_client().post("/sign-in", data={"email": person, "password": PASSWORD})

    assert answer.status_code == 400


def test_signing_out_ends_a_copied_cookie_too(app, person):
    client = signed_in(app, person)
    cookie = client.get_cookie("factcheck").value
    post_form(client, "/sign-out", {}, page="/account")

    thief = app.test_client()
    thief.set_cookie("factcheck", cookie)
    assert thief.get("/account").status_code == 302


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(app, person):
    here, elsewhere = signed_in(app, person), signed_in(app, person)
    answer = post_form(
        here, "/account/password", {"present": PASSWORD, "password": "another long secret"},
        page="/account",
    )  # fmt: skip

    assert answer.status_code == 302
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_a_wrong_present_password_changes_nothing(app, person):
    client = signed_in(app, person)
    answer = post_form(
        client, "/account/password", {"present": "guess", "password": "another long secret"},
        page="/account",
    )  # fmt: skip

    assert answer.status_code == 422
    assert "not your present password" in answer.text
    signed_in(app, person)


def test_a_token_is_shown_once(app, person):
    client = signed_in(app, person)
    answer = post_form(
        client, "/account/tokens", {"token_name": "my script", "scope": "edit", "expires": "30"},
        page="/account",
    )  # fmt: skip
    secret = re.search(r"fc_[\w-]{40,}", answer.text)[0]

    with app.app_context():
        assert queries.token_person(current_session(), secret, now=NOW)[0].email == person
    assert secret not in client.get("/account").text


def test_opening_a_link_does_not_use_it_up(app):
    with app.app_context(), writing() as session:
        _, secret = actions.invite(
            session, "new@example.org", name="", role="reviewer", actor=None, now=clock.now()
        )
    client = app.test_client()
    for _ in range(3):
        assert client.get(f"/invite/{secret}").status_code == 200
    answer = post_form(client, f"/invite/{secret}", {"name": "New", "password": PASSWORD})

    assert answer.status_code == 302
    assert client.get(f"/invite/{secret}").status_code == 404


def test_fifty_guesses_at_once_do_not_get_past_the_limit(app, person):
    def guess(number: int) -> None:
        client = app.test_client()
        token = form_token(client.get("/sign-in").text)
        sent = {"csrf_token": token, "email": person, "password": f"guess number {number}"}
        statuses.append(client.post("/sign-in", data=sent).status_code)

    statuses: list[int] = []
    threads = [threading.Thread(target=guess, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses.count(422) == 10
    assert statuses.count(429) == 40
    with app.app_context():
        assert current_session().query(SignInSession).count() == 0
