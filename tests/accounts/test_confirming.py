"""Who is signed in proves once more who they are before what a stolen session must not do."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from factcheck.accounts.models import Token
from factcheck.accounts.views.confirming import CONFIRMED_FOR
from factcheck.db import current_session, writing
from tests.accounts.factories import PASSWORD, make_person, with_second_factor
from tests.conftest import NOW
from tests.web.client import form_token, post_form, signed_in

EMAIL = "ada@factcheck.example"
TOKENS = "/account/tokens"
TOKEN = {"token_name": "Robot", "scope": "read", "expires": ""}
pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def moment():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(app):
    with app.app_context(), writing() as session:
        make_person(session, email=EMAIL, password=PASSWORD)
    return signed_in(app, EMAIL)


def tokens(app):
    with app.app_context():
        return current_session().scalar(sa.select(sa.func.count()).select_from(Token))


def test_shortly_after_signing_in_nothing_is_asked(app, client, moment):
    moment.shift(CONFIRMED_FOR - timedelta(seconds=1))
    assert post_form(client, TOKENS, TOKEN, page="/account").status_code == 201


def test_later_the_password_is_asked_for_and_what_was_sent_goes_on_with_it(app, client, moment):
    moment.shift(CONFIRMED_FOR)
    asked = post_form(client, TOKENS, TOKEN, page="/account")
    assert asked.status_code == 401
    assert 'name="token_name" value="Robot"' in asked.text
    assert tokens(app) == 0

    again = {"csrf_token": form_token(asked.text), **TOKEN}
    wrong = client.post(TOKENS, data={**again, "confirming-present": "wrong horse battery"})
    assert (wrong.status_code, tokens(app)) == (401, 0)
    assert "not your present password" in wrong.text
    right = client.post(TOKENS, data={**again, "confirming-present": PASSWORD})
    assert (right.status_code, tokens(app)) == (201, 1)
    assert client.post(TOKENS, data=again).status_code == 201  # it holds for a while


def test_with_a_second_factor_its_code_is_asked_for_too(app, client, moment):
    with app.app_context(), writing() as session:
        from factcheck.accounts.queries import person_by_email

        person = person_by_email(session, EMAIL)
        factor = with_second_factor(session, person, key=app.config["SECRET_KEY"])
    moment.shift(CONFIRMED_FOR)
    asked = post_form(client, TOKENS, TOKEN, page="/account")
    proof = {"csrf_token": form_token(asked.text), "confirming-present": PASSWORD, **TOKEN}
    assert client.post(TOKENS, data=proof).status_code == 401
    assert tokens(app) == 0
    proof["confirming-code"] = factor.recovery_codes[0]
    assert client.post(TOKENS, data=proof).status_code == 201


def test_what_is_asked_for_is_shown_as_text_and_secrets_are_not(client, moment):
    moment.shift(CONFIRMED_FOR)
    sent = {**TOKEN, "token_name": '"><script>', "confirming-present": "secret words"}
    page = post_form(client, TOKENS, sent, page="/account").text
    assert '"><script>' not in page
    assert "secret words" not in page
