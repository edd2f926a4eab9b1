"""A reader's request or appeal, from the form to the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck.db import writing
from factcheck.editions.actions import publish_edition
from factcheck.failures import Invalid
from factcheck.inbox import actions, queries
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.editions.factories import make_ready_article
from tests.web.client import form_token, post_form, signed_in

TEXT = "The ferry figure is said everywhere and nobody knows where it comes from."


def send(session, text=TEXT, *, address="192.0.2.1", now=NOW, **more):
    return actions.send(
        session, actions.Words(text, **more), address=address, key="k" * 64, now=now
    )


def test_only_the_secret_leads_to_a_letter(session):
    letter, secret = send(session)
    assert queries.letter_by_secret(session, secret) is letter
    assert secret not in (letter.digest, letter.public_id)
    with pytest.raises(queries.LetterMissing):
        queries.letter_by_secret(session, letter.public_id)


@pytest.mark.parametrize(
    ("field", "words"),
    [("text", {"text": "short"}), ("text", {"text": "a" * 4001}), ("text", {"text": TEXT + "\0"}),
     ("url", {"text": TEXT, "url": "javascript:alert(1)"}), ("url", {"text": TEXT, "url": "x y"})],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_beside_its_field(session, field, words):
    with pytest.raises(Invalid) as refusal:
        send(session, **words)
    assert refusal.value.field == field


def test_a_flood_from_one_network_is_held_off_for_an_hour(session):
    for _ in range(actions.MOST_PER_NETWORK):
        send(session, address="2001:db8::1")
    with pytest.raises(actions.TooManyLetters):
        send(session, address="2001:db8::ffff")
    send(session, address="192.0.2.2")
    send(session, address="2001:db8::1", now=NOW + timedelta(minutes=61))


def test_a_letter_is_answered_once_and_its_network_forgotten(session):
    letter, _ = send(session)
    editor = make_person(session, "editor")
    with pytest.raises(Invalid):
        actions.answer(session, letter, "taken-up", " ", actor=editor, now=NOW)
    actions.answer(session, letter, "declined", "It is an opinion.", actor=editor, now=NOW)
    assert (letter.state, letter.sent_from) == ("declined", None)
    with pytest.raises(actions.AlreadyAnswered):
        actions.answer(session, letter, "taken-up", "Yes.", actor=editor, now=NOW)
    assert session.scalar(sa.select(queries.open_letters())) == 0


@pytest.fixture
def claim(app):
    """The public id of a published claim."""
    with app.app_context(), writing() as session:
        article, claims = make_ready_article(session, ["true"])
        publish_edition(session, article, note=None, actor=None, now=NOW)
        return claims[0].public_id


def test_from_the_form_to_the_answer(app, claim):
    with app.app_context(), writing() as session:
        email = make_person(session, "editor").email
    reader, editor = app.test_client(), signed_in(app, email)
    page = reader.get(f"/appeal?claim={claim}").text
    assert "412,000 passengers" in page
    form = {"claim": claim, "text": TEXT, "url": "https://example.org/minutes"}
    sent = reader.post("/appeal", data=form | {"csrf_token": form_token(page)})
    assert sent.status_code == 303
    assert "has arrived" in reader.get(sent.location).text

    assert "1 appeal against a verdict" in editor.get("/desk").text
    assert TEXT not in editor.get("/desk/inbox?kind=request").text
    listed = editor.get("/desk/inbox?kind=appeal").text
    assert TEXT in listed
    assert f"/work/claims/{claim}/decide" in listed
    place = "/desk/inbox/" + listed.partition('id="letter-')[2][:16]
    no_mend = post_form(editor, f"{place}/mend", {"on": "2025-06-01"}, page="/desk/inbox")
    assert no_mend.status_code == 409
    refused = post_form(editor, place, {"state": "declined", "answer": ""}, page="/desk/inbox")
    assert refused.status_code == 422
    assert "Say why" in refused.text
    answer = {"state": "taken-up", "answer": "We look at the port’s figures again."}
    assert post_form(editor, place, answer, page="/desk/inbox").status_code == 303

    assert "We look at the port’s figures again." in reader.get(sent.location).text
    assert TEXT in editor.get("/desk/inbox?show=answered").text
    assert TEXT not in editor.get("/desk/inbox").text


def test_a_request_that_is_refused_keeps_what_was_typed(app):
    reader = app.test_client()
    answer = post_form(reader, "/request", {"text": "Too short, <b>", "url": "nonsense"})
    assert answer.status_code == 422
    assert "Too short, &lt;b&gt;" in answer.text
    trapped = post_form(reader, "/request", {"text": TEXT, "website": "http://spam.example"})
    assert trapped.status_code == 422


def test_an_appeal_against_nothing_is_not_taken(app):
    reader = app.test_client()
    for address in ("/appeal", "/appeal?claim=%25", "/appeal?claim=nothinghere00000"):
        assert reader.get(address).status_code == 404
    token = form_token(reader.get("/request").text)
    form = {"csrf_token": token, "text": TEXT, "claim": "nothinghere00000"}
    assert reader.post("/appeal", data=form).status_code == 404
    assert reader.get("/letters/nothinghere").status_code == 404
