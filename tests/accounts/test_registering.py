"""Registering without an invitation, up to being let in or turned away."""

from __future__ import annotations

import dataclasses
import re

import pytest
import sqlalchemy as sa

from factcheck.accounts.events import Event
from factcheck.accounts.models import Person, Registration
from factcheck.accounts.queries import person_by_email
from factcheck.db import current_session, writing
from factcheck.methods.queries import cases
from factcheck.outbox import OutboxJob
from factcheck.reviews.actions import keep_practice
from factcheck.reviews.draws import can_sit
from factcheck.reviews.rules import Answer
from tests.accounts.factories import PASSWORD, make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.pages import queries_of
from tests.web.client import post_form, signed_in

GIVEN = {"name": "Nora", "email": "Nora@example.org", "password": PASSWORD}


@pytest.fixture
def settings(settings):
    return dataclasses.replace(settings, open_registration=True, smtp_url="smtp://mail.example")


@pytest.fixture
def people(app):
    with app.app_context(), writing() as session:
        for role, name in (("editor", "Edda"), ("admin", "Root"), ("reviewer", "Rhea")):
            make_person(session, role, name=name, email=f"{name.lower()}@factcheck.example",
                        password=PASSWORD)  # fmt: skip


def register(app, **given):
    return post_form(app.test_client(), "/register", GIVEN | given)


def mails(app) -> list[dict]:
    with app.app_context():
        query = sa.select(OutboxJob.payload).where(OutboxJob.kind == "mail").order_by(OutboxJob.id)
        return list(current_session().scalars(query))


def link_in(letter: dict) -> str:
    return re.search(r"http://localhost(/register/\S+)", letter["text"])[1]


def masked(answer) -> str:
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", answer.text)


def newcomer(app):
    """Register, confirm, and return the client that is signed in by it."""
    register(app)
    client = app.test_client()
    answer = post_form(client, link_in(mails(app)[-1]), {"password": PASSWORD})
    assert answer.location == "/work"
    return client


def practise(app, count: int) -> None:
    with app.app_context(), writing() as session:
        person = person_by_email(session, "nora@example.org")
        for case in cases()[:count]:
            keep_practice(session, person, case, Answer("true"), now=NOW)


def test_without_the_switch_nobody_registers(app, settings):
    app.extensions["factcheck"] = dataclasses.replace(settings, open_registration=False)
    assert app.test_client().get("/register").status_code == 404
    assert "/register" not in app.test_client().get("/sign-in").text
    app.extensions["factcheck"] = settings
    assert 'href="/register"' in app.test_client().get("/sign-in").text


def test_who_confirms_practises_and_nothing_else_until_an_editor_lets_them_in(app, people):
    client = newcomer(app)
    assert client.get("/work").location == "/practice"
    assert "an editor lets you in" in client.get("/practice").text
    assert client.get("/account").status_code == 200
    assert {client.get(path).status_code for path in ("/queue", "/work/articles", "/notices")} == {
        403
    }
    editor = signed_in(app, "edda@factcheck.example")
    assert "1 person waits to be let in" in editor.get("/desk").text
    with app.app_context():
        base = f"/desk/people/{person_by_email(current_session(), 'nora@example.org').public_id}"

    early = post_form(editor, f"{base}/let-in", {}, page="/desk/people")
    assert early.status_code == 409
    assert "has done 0 of 3 practice claims" in early.text
    practise(app, 3)
    assert "Practice: 3 of 3." in editor.get("/desk/people").text
    assert post_form(editor, f"{base}/let-in", {}, page="/desk/people").status_code == 302

    assert signed_in(app, "nora@example.org").get("/queue").status_code == 200
    assert mails(app)[-1]["subject"] == "You were let in"
    assert "waits to be let in" not in editor.get("/desk").text
    again = post_form(editor, f"{base}/turn-away", {"reason": "x"}, page="/desk/people")
    assert again.status_code == 409
    assert queries_of(app, editor, "/desk/people") <= 6
    assert queries_of(app, editor, "/desk") <= 6


def test_who_is_turned_away_is_told_why_and_gets_in_no_more(app, people):
    client = newcomer(app)
    editor = signed_in(app, "edda@factcheck.example")
    with app.app_context():
        base = f"/desk/people/{person_by_email(current_session(), 'nora@example.org').public_id}"
    blank = post_form(editor, f"{base}/turn-away", {"reason": " "}, page="/desk/people")
    assert blank.status_code == 422
    assert "Write something here." in blank.text
    post_form(editor, f"{base}/turn-away", {"reason": "We know you."}, page="/desk/people")

    assert client.get("/practice").status_code == 302
    assert "We know you." in mails(app)[-1]["text"]
    with app.app_context():
        query = sa.select(Event.why).where(Event.kind == "person.disabled")
        assert current_session().scalars(query).one() == "We know you."


def test_a_known_address_gets_the_same_answer_and_its_owner_a_mail(app, people):
    new, known = register(app), register(app, email="rhea@factcheck.example")

    assert (new.status_code, new.location) == (known.status_code, known.location) == (
        303, "/register?sent=1",
    )  # fmt: skip
    assert [one["subject"] for one in mails(app)] == [
        "Confirm your address", "You have an account already",
    ]  # fmt: skip
    with app.app_context():
        assert current_session().scalar(sa.select(sa.func.count(Registration.id))) == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"name": "Rhеa"}, "one script"), ({"name": "R h e a"}, "looks like somebody"),
     ({"name": "EDDA"}, "looks like somebody"), ({"password": "short"}, "10 characters"),
     ({"email": "nobody"}, "not an e-mail address")],
)  # fmt: skip
@pytest.mark.parametrize("email", ["nora@example.org", "rhea@factcheck.example"])
def test_what_cannot_be_taken_is_said_the_same_for_any_address(app, people, given, sentence, email):
    answer = register(app, **{"email": email, **given})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert mails(app) == []


def test_the_link_needs_the_password_that_was_chosen_and_works_once(app, people):
    register(app)
    register(app, name="Mallory", password="another long one")  # of the same address, by another
    first, second = (link_in(letter) for letter in mails(app))
    client = app.test_client()
    wrong = post_form(client, second, {"password": PASSWORD})
    assert wrong.status_code == 422
    assert "not the password" in wrong.text
    assert post_form(client, first, {"password": PASSWORD}).status_code == 302
    for link in (first, second):
        assert app.test_client().get(link).status_code == 404
    with app.app_context():
        assert person_by_email(current_session(), "nora@example.org").name == "Nora"


def test_registrations_from_one_network_and_of_one_address_are_limited(app, people):
    for _ in range(3):
        assert register(app).status_code == 303
    assert register(app).status_code == 429
    for number in range(7):
        assert register(app, email=f"n{number}@example.org").status_code == 303
    answer = register(app, email="n9@example.org")
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text


def test_where_no_mail_is_sent_an_admin_makes_the_link(app, people, settings):
    app.extensions["factcheck"] = dataclasses.replace(settings, smtp_url="")
    register(app)
    admin = signed_in(app, "root@factcheck.example")
    page = admin.get("/admin").text
    action = re.search(r'action="(/admin/registrations/\d+/link)"', page)[1]
    shown = post_form(admin, action, {}, page="/admin")
    link = re.search(r"http://localhost(/register/[\w-]{40,})", shown.text)[1]
    answer = post_form(app.test_client(), link, {"password": PASSWORD})
    assert answer.location == "/work"
    assert mails(app) == []


def test_a_newcomer_is_neither_drawn_nor_given_a_role_by_name(session):
    claim = make_claim(session, make_article(session), state="accepted")
    person = make_person(session, "newcomer")
    assert not can_sit(claim, person)
    person.role = "reviewer"
    assert can_sit(claim, person)


def test_a_name_is_not_changed_into_one_that_looks_like_another_s(app, people):
    client = signed_in(app, "rhea@factcheck.example")
    rest = {"languages": "", "fields": "", "interests": ""}
    for name, sentence in (("Eddа", "one script"), ("E dda", "looks like somebody")):
        answer = post_form(client, "/account", {"name": name, **rest})
        assert answer.status_code == 422
        assert sentence in answer.text
    assert post_form(client, "/account", {"name": "Rhea", **rest}).status_code == 302
    with app.app_context():
        assert current_session().scalar(sa.select(sa.func.count(Person.id))) == 3
