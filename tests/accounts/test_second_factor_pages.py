"""The second factor as people meet it: on their account, at sign-in, after a reset."""

from __future__ import annotations

import html
import re
import threading
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
import time_machine

from factcheck import clock
from factcheck.accounts import actions, attempts, codes, queries
from factcheck.accounts.events import Event
from factcheck.accounts.models import SignInSession
from factcheck.db import current_session, writing
from tests.accounts.factories import PASSWORD, make_person, with_second_factor
from tests.conftest import NOW
from tests.web.client import form_token, post_form, signed_in

EMAIL = "ada@factcheck.example"
FACTOR = "/account/second-factor"
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def moment():
    """A clock that stands still, so that a test knows which codes are right."""
    with time_machine.travel(LATER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person(app):
    with app.app_context(), writing() as session:
        return make_person(session, "editor", email=EMAIL, password=PASSWORD).email


@pytest.fixture
def factor(app, person):
    """Secret and recovery codes of `person`."""
    with app.app_context(), writing() as session:
        found = queries.person_by_email(session, person)
        return with_second_factor(session, found, key=app.config["SECRET_KEY"])


def code_of(secret, *, steps=0):
    return pyotp.HOTP(secret).at(codes.step_of(clock.now()) + steps)


def with_password(app, target=""):
    """Return a client that has given the password, and what it was answered."""
    client = app.test_client()
    url = f"/sign-in{target}"
    return client, post_form(client, url, {"email": EMAIL, "password": PASSWORD})


def with_code(app, code):
    """Return a client that has signed in by password and code."""
    client, _ = with_password(app)
    assert post_form(client, "/sign-in/code", {"code": code}).status_code == 302
    return client


def test_it_is_switched_on_used_and_switched_off(app, person, moment):
    client = signed_in(app, person)
    assert "Editors and admins can do much harm" in client.get("/account").text
    shown = post_form(client, FACTOR, {}, page="/account")
    assert shown.status_code == 201
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", shown.text)[1]
    begun = re.search(r'name="begun"[^>]* value="([^"]+)"', shown.text)[1]
    assert f"secret={secret}" in html.unescape(shown.text)

    sent = {"csrf_token": form_token(shown.text), "begun": begun, "present": PASSWORD,
            "code": code_of(secret)}  # fmt: skip
    on = client.post(f"{FACTOR}/on", data=sent)
    recovery = re.findall(r"<code>((?:[a-z2-7]{4}-){3}[a-z2-7]{4})</code>", on.text)
    assert (on.status_code, len(recovery)) == (201, 10)
    assert recovery[0] not in client.get("/account").text

    moment.shift(60)
    again, asked = with_password(app, "?next=/account")
    assert asked.location == "/sign-in/code?next=/account"
    assert again.get("/account").status_code == 302
    entered = post_form(again, asked.location, {"code": code_of(secret)})
    assert entered.location == "/account"
    assert "10 recovery codes are left" in again.get("/account").text

    off = {"present": PASSWORD, "code": recovery[0]}
    assert post_form(again, f"{FACTOR}/off", off, page="/account").status_code == 302
    assert signed_in(app, person).get("/account").status_code == 200
    with app.app_context():
        found = [event.kind for event in current_session().query(Event).order_by(Event.id)]
    assert [kind for kind in found if "code" in kind or "factor" in kind] == [
        "person.second-factor-on", "person.recovery-code-used", "person.second-factor-off",
    ]  # fmt: skip


def test_the_qr_code_keeps_the_policy_against_inline_styles(app, person):
    shown = post_form(signed_in(app, person), FACTOR, {}, page="/account").text
    drawing = re.search(r'<svg class="qr".*?</svg>', shown, re.DOTALL)[0]

    assert " style=" not in shown
    assert len(re.findall(r"M\d+ \d+h\d+v1h-\d+z", drawing)) > 100


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"present": "guess"}, "not your present password"),
        ({"code": "12345"}, "This code is not right"),
        ({"code": ""}, "Type the code."),
        ({"begun": "x"}, "This page is too old"),
    ],
)
def test_it_stays_off_until_code_and_password_are_right(app, person, typed, sentence):
    client = signed_in(app, person)
    shown = post_form(client, FACTOR, {}, page="/account").text
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", shown)[1]
    begun = re.search(r'name="begun"[^>]* value="([^"]+)"', shown)[1]
    sent = {"csrf_token": form_token(shown), "begun": begun, "present": PASSWORD,
            "code": code_of(secret)}  # fmt: skip
    refused = client.post(f"{FACTOR}/on", data=sent | typed)

    assert refused.status_code == 422
    assert sentence in refused.text
    assert ("begun" in typed) or secret in refused.text
    signed_in(app, person)


@pytest.mark.parametrize("what", ["codes", "off"])
def test_it_is_not_changed_without_password_and_code(app, factor, what):
    client = with_code(app, code_of(factor.secret))
    fresh = code_of(factor.secret, steps=1)
    for present, code in (("guess", fresh), (PASSWORD, code_of(factor.secret)), ("", "")):
        sent = {"present": present, "code": code}
        answer = post_form(client, f"{FACTOR}/{what}", sent, page="/account")
        assert answer.status_code == 422
    sent = {"present": PASSWORD, "code": fresh}
    assert post_form(client, f"{FACTOR}/{what}", sent, page="/account").status_code != 422


def test_new_recovery_codes_take_the_place_of_the_old(app, factor):
    client = with_code(app, code_of(factor.secret))
    sent = {"present": PASSWORD, "code": factor.recovery_codes[0]}
    shown = post_form(client, f"{FACTOR}/codes", sent, page="/account").text
    made = re.findall(r"<code>((?:[a-z2-7]{4}-){3}[a-z2-7]{4})</code>", shown)

    assert len(made) == 10
    assert not set(made) & set(factor.recovery_codes)
    other, _ = with_password(app)
    wrong = post_form(other, "/sign-in/code", {"code": factor.recovery_codes[1]})
    assert wrong.status_code == 422
    assert post_form(other, "/sign-in/code", {"code": made[1]}).status_code == 302


def test_without_the_password_nobody_is_asked_for_a_code(app, factor):
    client = app.test_client()

    assert client.get("/sign-in/code").location == "/sign-in"
    token = form_token(client.get("/sign-in").text)
    sent = {"csrf_token": token, "code": code_of(factor.secret)}
    assert client.post("/sign-in/code", data=sent).location == "/sign-in"
    assert client.get("/account").status_code == 302


def test_a_code_that_signed_in_signs_nobody_else_in(app, factor):
    with_code(app, code_of(factor.secret))
    thief, _ = with_password(app)
    answer = post_form(thief, "/sign-in/code", {"code": code_of(factor.secret)})

    assert answer.status_code == 422
    assert thief.get("/account").status_code == 302


def test_one_code_sent_many_times_at_once_starts_one_session(app, factor):
    clients = [with_password(app)[0] for _ in range(4)]
    tokens = [form_token(client.get("/sign-in/code").text) for client in clients]
    statuses: list[int] = []

    def enter(client, token):
        sent = {"csrf_token": token, "code": code_of(factor.secret)}
        statuses.append(client.post("/sign-in/code", data=sent).status_code)

    pairs = zip(clients, tokens, strict=True)
    threads = [threading.Thread(target=enter, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [302, 422, 422, 422]
    with app.app_context():
        assert current_session().query(SignInSession).count() == 1


def test_the_sixth_wrong_code_must_wait_and_so_must_the_right_one(app, factor, moment):
    client, _ = with_password(app)
    statuses = [
        post_form(client, "/sign-in/code", {"code": "1"}).status_code for _ in range(6)
    ]  # fmt: skip
    assert statuses == [422] * 5 + [429]
    right = {"code": code_of(factor.secret)}
    assert post_form(client, "/sign-in/code", right).status_code == 429

    moment.shift(301)
    right = {"code": code_of(factor.secret)}
    assert post_form(client, "/sign-in/code", right).status_code == 302


def test_signing_in_by_password_anew_does_not_forgive_wrong_codes(app, factor):
    statuses = []
    for _ in range(6):
        client, _ = with_password(app)
        statuses.append(post_form(client, "/sign-in/code", {"code": "1"}).status_code)

    assert statuses == [422] * 5 + [429]


def test_nobody_gets_in_when_codes_cannot_be_counted(app, factor, monkeypatch):
    client, _ = with_password(app)

    def broken(*_args, **_kwargs):
        raise sa.exc.OperationalError("INSERT", {}, OSError("disk full"))

    monkeypatch.setattr(attempts, "count", broken)
    answer = post_form(client, "/sign-in/code", {"code": code_of(factor.secret)})

    assert answer.status_code == 503
    assert client.get("/account").status_code == 302


def test_ten_minutes_after_the_password_it_is_asked_for_again(app, factor, moment):
    client, _ = with_password(app)
    moment.shift(600)
    answer = post_form(client, "/sign-in/code", {"code": code_of(factor.secret)})

    assert answer.status_code == 404
    assert "Begin anew" in answer.text
    assert client.get("/account").status_code == 302


def test_a_new_password_ends_a_sign_in_that_waits_for_its_code(app, factor):
    waiting, _ = with_password(app)
    client = with_code(app, factor.recovery_codes[0])
    sent = {"present": PASSWORD, "password": "another long secret"}
    assert post_form(client, "/account/password", sent, page="/account").status_code == 302

    answer = post_form(waiting, "/sign-in/code", {"code": code_of(factor.secret)})
    assert answer.status_code == 404
    assert "It is on" in client.get("/account").text


def test_a_reset_by_link_does_not_skip_the_code(app, factor):
    with app.app_context(), writing() as session:
        found = queries.person_by_email(session, EMAIL)
        secret = actions.reset_link(session, found, actor=None, now=clock.now())
    client = app.test_client()
    answer = post_form(client, f"/reset/{secret}", {"password": "another long secret"})

    assert answer.location == "/sign-in/code"
    assert client.get("/account").status_code == 302
    entered = post_form(client, "/sign-in/code", {"code": code_of(factor.secret)})
    assert entered.location == "/work"
    assert client.get("/account").status_code == 200


def test_tokens_are_not_asked_for_a_code(app, factor):
    with app.app_context(), writing() as session:
        found = queries.person_by_email(session, EMAIL)
        _, token = actions.create_token(
            session, found, name="t", scope="read", expires_days=None, actor=found, now=NOW
        )
    answer = app.test_client().get(
        "/api/v1/articles", headers={"Authorization": f"Bearer {token}"}
    )  # fmt: skip

    assert answer.status_code == 200


def test_the_desk_suggests_it_until_it_is_on(app, person):
    client = signed_in(app, person)
    assert "Switch it on in your account" in client.get("/desk").text

    with app.app_context(), writing() as session:
        found = queries.person_by_email(session, person)
        with_second_factor(session, found, key=app.config["SECRET_KEY"])
    assert "Switch it on in your account" not in client.get("/desk").text


def test_an_admin_switches_it_off_for_who_lost_their_phone(app, factor):
    with app.app_context(), writing() as session:
        admin = make_person(session, "admin")
        public_id, email = admin.public_id, admin.email
    client = signed_in(app, email)
    with app.app_context(), writing() as session:
        found = queries.person_by_email(session, email)
        with_second_factor(session, found, key=app.config["SECRET_KEY"])
    paths = re.findall(r"/admin/people/\w+/second-factor-off", client.get("/admin").text)
    assert len(paths) == 1

    own = f"/admin/people/{public_id}/second-factor-off"
    assert post_form(client, own, {}, page="/admin").status_code == 403
    assert post_form(client, paths[0], {}, page="/admin").status_code == 302
    assert with_password(app)[1].location == "/work"
