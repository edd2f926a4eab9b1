"""What an editor writes to somebody is told once, mailed as they choose, and not without end."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck.accounts.events import Event
from factcheck.db import current_session, writing
from factcheck.failures import Invalid
from factcheck.notices import actions, making, messages
from factcheck.notices.messages import LONGEST, MOST_A_DAY, MOST_AN_HOUR, TooManyMessages, send
from factcheck.notices.rules import Kind, Way
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.notices.factories import mails, make_claim_under_review, notices, told
from tests.reviews.pages import queries_of
from tests.web.client import post_form, signed_in

TEXT = "Could you take it?\nYou know *rail*."


@pytest.fixture
def people(service):
    """An editor and a reviewer."""
    with writing() as session:
        return make_both(session)


def make_both(session):
    editor = make_person(session, "editor", name="Edda", email="edda@factcheck.example")
    return editor, make_person(session, name="Ada", email="ada@factcheck.example")


def test_a_message_is_told_once_and_mailed_at_once_with_its_words(people, settings):
    editor, ada = people
    with writing() as session:
        claim = make_claim_under_review(session)
        send(session, ada, f" {TEXT} ", claim=claim, actor=editor, now=NOW)
    assert told(settings) == [("Ada", "message")]
    making.make_notices(settings)
    (letter,) = mails()
    assert letter["to"] == "ada@factcheck.example"
    assert "Edda writes to you about a claim." in letter["text"]
    assert TEXT in letter["text"]
    assert f"/work/claims/{claim.public_id}\n" in letter["text"]
    event = current_session().scalars(sa.select(Event).where(Event.kind == "message.sent")).one()
    assert (event.actor_id, event.details["to"]) == (editor.id, ada.public_id)
    assert TEXT not in str(event.details)


def test_who_switched_them_off_is_not_told(people, settings):
    editor, ada = people
    with writing() as session:
        actions.choose(session, ada, {Kind.MESSAGE: Way.OFF}, actor=ada, now=NOW)
        send(session, ada, TEXT, actor=editor, now=NOW)
    assert told(settings) == []


@pytest.mark.parametrize("text", ["", " \n", "a\0b", "x" * (LONGEST + 1)])
def test_what_is_no_message_is_refused(people, text):
    editor, ada = people
    with pytest.raises(Invalid), writing() as session:
        send(session, ada, text, actor=editor, now=NOW)


def test_who_does_not_work_here_and_oneself_are_not_written_to(people):
    editor, ada = people
    with writing() as session:
        newcomer = make_person(session, "newcomer")
        ada.disabled_at = NOW
        for person in (newcomer, session.merge(ada), editor):
            with pytest.raises(Invalid):
                send(session, person, TEXT, actor=editor, now=NOW)


def test_nobody_is_pestered_and_nobody_writes_without_end(people, monkeypatch):
    editor, ada = people
    monkeypatch.setattr(messages, "MOST_AN_HOUR", MOST_A_DAY + 2)
    with writing() as session:
        others = [make_person(session) for _ in range(3)]
        for _ in range(MOST_A_DAY):
            send(session, ada, TEXT, actor=editor, now=NOW)
        with pytest.raises(TooManyMessages, match="within a day"):
            send(session, ada, TEXT, actor=editor, now=NOW + timedelta(hours=23))
        for person in others[:2]:
            send(session, person, TEXT, actor=editor, now=NOW)
        with pytest.raises(TooManyMessages, match="within an hour"):
            send(session, others[2], TEXT, actor=editor, now=NOW)
        send(session, others[2], TEXT, actor=editor, now=NOW + timedelta(hours=1))
        send(session, ada, TEXT, actor=editor, now=NOW + timedelta(days=1))
    assert MOST_AN_HOUR > MOST_A_DAY


def test_the_page_sends_it_and_keeps_what_was_typed_when_it_cannot(app, time_passes, settings):
    with app.app_context(), writing() as session:
        editor, ada = make_both(session)
        claim = make_claim_under_review(session).public_id
        page = f"/desk/people/{ada.public_id}/message?claim={claim}"
        emails = editor.email, ada.email
    client = signed_in(app, emails[0])
    wrong = post_form(client, page, {"text": "a\x07\0b", "claim": claim})
    assert wrong.status_code == 422
    assert 'id="text-error"' in wrong.text
    answer = post_form(client, page, {"text": TEXT, "claim": claim})
    assert answer.location == f"{page}&sent=1"
    after = client.get(answer.location).text
    assert "Sent." in after
    assert "You know *rail*." in after
    assert queries_of(app, client, answer.location) <= 6
    with app.app_context():
        making.make_notices(settings)
        assert len(notices("message")) == 1
    shown = signed_in(app, emails[1]).get("/notices").text
    assert "Edda writes to you about a claim." in shown
    assert f'href="/work/claims/{claim}"' in shown
