"""Signing in as a person does: by the page, with the token in it."""

from __future__ import annotations

import re
import threading

import pytest
import sqlalchemy as sa

from factcheck import clock
from factcheck.accounts import actions, queries, signing_in
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


def test_right_passwords_in_parallel_are_not_taken_for_guesses(app, person):
    def enter() -> None:
        answer = post_form(app.test_client(), "/sign-in", {"email": person, "password": PASSWORD})
        statuses.append(answer.status_code)

    statuses: list[int] = []
    for _ in range(3):
        threads = [threading.Thread(target=enter) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert statuses == [302] * 24


def test_the_limit_holds_for_the_present_password_too(app, person):
    client = signed_in(app, person)
    for _ in range(10):
        post_form(client, "/account/password", {"present": "guess", "password": "x" * 20},
                  page="/account")  # fmt: skip
    answer = post_form(
        client, "/account/password", {"present": PASSWORD, "password": "another long secret"},
        page="/account",
    )  # fmt: skip

    assert answer.status_code == 422
    assert "Too many attempts" in answer.text


def test_nobody_gets_in_when_attempts_cannot_be_counted(app, person, monkeypatch):
    def broken(*_args, **_kwargs):
        raise sa.exc.OperationalError("INSERT", {}, OSError("disk full"))

    monkeypatch.setattr(signing_in, "count_attempt", broken)
    client = app.test_client()
    answer = post_form(client, "/sign-in", {"email": person, "password": PASSWORD})

    assert answer.status_code == 503
    assert client.get("/account").status_code == 302


def test_signing_in_again_ends_the_session_before_and_changes_the_cookie(app, person):
    client = signed_in(app, person)
    before = client.get_cookie("factcheck").value
    token = form_token(client.get("/account").text)
    client.post(
        "/sign-in", data={"csrf_token": token, "email": person, "password": PASSWORD}
    )  # fmt: skip

    assert client.get("/account").status_code == 200
    thief = app.test_client()
    thief.set_cookie("factcheck", before)
    assert thief.get("/account").status_code == 302


def test_the_first_admin_is_made_by_the_set_up_link(app):
    with app.app_context(), writing() as session:
        secret = actions.first_link(session, now=clock.now())
    client = app.test_client()
    typed = {"email": "ada@example.org", "name": "Ada", "password": "short"}
    refused = post_form(client, f"/set-up/{secret}", typed)
    assert refused.status_code == 422
    assert 'value="ada@example.org"' in refused.text
    assert "at least 10 characters" in refused.text

    answer = post_form(client, f"/set-up/{secret}", typed | {"password": PASSWORD})
    assert answer.location == "/work"
    assert client.get("/admin").status_code == 200
    assert app.test_client().get(f"/set-up/{secret}").status_code == 404


def test_a_session_is_ended_from_the_list_and_others_cannot(app, person):
    with app.app_context(), writing() as session:
        other = make_person(session).email
    here, lost, stranger = signed_in(app, person), signed_in(app, person), signed_in(app, other)
    end = re.search(r"/account/sessions/\d+/end", here.get("/account").text)[0]

    assert post_form(stranger, end, {}, page="/account").status_code == 404
    assert lost.get("/account").status_code == 200
    post_form(here, end, {}, page="/account")
    assert lost.get("/account").status_code == 302
    assert here.get("/account").status_code == 200
    huge = f"/account/sessions/{2**80}/end"
    assert post_form(here, huge, {}, page="/account").status_code == 404


def test_a_token_is_ended_by_its_person_alone(app, person):
    with app.app_context(), writing() as session:
        other = make_person(session).email
    client, stranger = signed_in(app, person), signed_in(app, other)
    made = post_form(client, "/account/tokens", {"token_name": "t", "scope": "read"},
                     page="/account")  # fmt: skip
    secret = re.search(r"fc_[\w-]{40,}", made.text)[0]
    end = re.search(r"/account/tokens/\w+/end", made.text)[0]

    post_form(stranger, end, {}, page="/account")
    with app.app_context():
        queries.token_person(current_session(), secret, now=NOW)
    post_form(client, end, {}, page="/account")
    with app.app_context(), pytest.raises(queries.BadToken):
        queries.token_person(current_session(), secret, now=NOW)


def test_what_one_says_of_oneself_is_kept_or_stays_in_the_form(app, person):
    client = signed_in(app, person)
    typed = {"name": "Ada  Lindqvist", "languages": "EN, de", "fields": "rail transport, ferries",
             "interests": "a-ferry", "single_keys": "y"}  # fmt: skip
    assert post_form(client, "/account", typed).status_code == 302
    page = client.get("/account").text
    for shown in ("Ada Lindqvist", 'value="en de"', 'value="rail transport, ferries"'):
        assert shown in page
    assert 'data-single-keys="on"' in page

    refused = post_form(client, "/account", typed | {"languages": "English!", "name": "Eve"})
    assert refused.status_code == 422
    assert 'value="English!"' in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert post_form(client, "/account", typed | {"single_keys": ""}).status_code == 302
    assert 'data-single-keys="off"' in client.get("/account").text


@pytest.mark.parametrize("field", ["email", "password"])
def test_odd_characters_at_sign_in_are_only_a_wrong_password(app, person, field):
    typed = {"email": person, "password": PASSWORD, field: "a\x00\ud800\u202e" * 10}
    typed = {name: value.encode("utf-8", "surrogatepass") for name, value in typed.items()}

    assert post_form(app.test_client(), "/sign-in", typed).status_code == 422
