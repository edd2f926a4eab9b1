"""What somebody decided alone, listed when they are disabled, and opened again by one button."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from factcheck.accounts.events import Event
from factcheck.claims.models import Claim
from factcheck.db import current_session, writing
from factcheck.decisions.actions import decide_claim, submit_review
from factcheck.decisions.rules import VerdictWords
from factcheck.decisions.written import decided_alone
from tests.accounts.factories import PASSWORD, make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer, review_as
from tests.reviews.pages import queries_of
from tests.web.client import post_form, signed_in

TEXT = (
    "The ferry was built in 1923. It carried 412,000 people. It ran from nine to four. It is blue."
)
WORDS = VerdictWords("true", "The register has it.")


def claim_of(session, article, quote, **fields):
    return make_claim(session, article, quote, state="accepted", **fields)


@pytest.fixture
def article(session):
    return make_article(session, text=TEXT)


def test_the_only_review_of_a_solo_round_stands_alone_and_one_of_two_does_not(session, article):
    person, other = make_person(session), make_person(session)
    solo = claim_of(session, article, "built in 1923", policy_key="solo")
    team = claim_of(session, article, "412,000 people")
    for claim, people in ((solo, [person]), (team, [person, other])):
        for one in people:
            submit_review(session, claim, one, make_answer("true"), now=NOW)
    assert [one.claim_id for one in decided_alone(session, person)] == [solo.id]
    decide_claim(session, solo, WORDS, actor=make_person(session, "editor"), now=NOW)
    assert [one.claim_id for one in decided_alone(session, person)] == [solo.id]
    assert decided_alone(session, other) == []


def test_a_summary_stands_on_its_editor_until_another_supersedes_it(session, article):
    first, second = make_person(session, "editor"), make_person(session, "editor")
    claim = claim_of(session, article, "built in 1923")
    review_as(session, claim, ["true", "true"])
    decide_claim(session, claim, WORDS, actor=first, now=NOW)
    assert [one.claim_id for one in decided_alone(session, first)] == [claim.id]
    later = VerdictWords("true", "Both registers have it.")
    decide_claim(session, claim, later, actor=second, now=NOW)
    assert decided_alone(session, first) == []
    assert [one.claim_id for one in decided_alone(session, second)] == [claim.id]


def test_what_two_editors_signed_stands_on_neither_alone(session, article):
    first, second = make_person(session, "editor"), make_person(session, "editor")
    claim = claim_of(session, article, "built in 1923", sensitive=True)
    review_as(session, claim, ["true", "true"])
    for editor in (first, second):
        decide_claim(session, claim, WORDS, actor=editor, now=NOW)
        assert decided_alone(session, editor) == []


@pytest.fixture
def setting(app):
    """An admin's client, and an editor with three summaries of their own: the editor's pages."""
    with app.app_context(), writing() as session:
        article = make_article(session, text=TEXT)
        make_person(session, "admin", email="root@factcheck.example", password=PASSWORD)
        editor = make_person(session, "editor", name="Edda", email="edda@factcheck.example")
        quotes = ("built in 1923", "412,000 people", "from nine to four")
        claims = [claim_of(session, article, quote) for quote in quotes]
        for claim in claims:
            review_as(session, claim, ["true", "true"])
            decide_claim(session, claim, WORDS, actor=editor, now=NOW)
        base = f"/admin/people/{editor.public_id}"
        return {"base": base, "claims": [claim.public_id for claim in claims]}


@pytest.fixture
def admin(app, setting):
    return signed_in(app, "root@factcheck.example")


def states(app) -> list[str]:
    with app.app_context():
        return list(current_session().scalars(sa.select(Claim.state).order_by(Claim.id)))


def test_disabling_leads_to_the_list_and_one_button_opens_what_is_ticked(app, setting, admin):
    page = setting["base"] + "/alone"
    answer = post_form(admin, setting["base"] + "/disable", {}, page="/admin")
    assert answer.location == page
    assert admin.get(page).text.count('type="checkbox"') == 3
    ticked = {"claim": setting["claims"][:2], "reason": "Their sources were made up."}

    answer = post_form(admin, page, ticked)

    assert "2 claims are open for review again" in admin.get(answer.location).text
    assert states(app) == ["accepted", "accepted", "ready"]
    with app.app_context():
        events = current_session().scalars(sa.select(Event).where(Event.kind == "claim.reopen"))
        found = [(one.actor.email, one.why) for one in events]
    assert found == [("root@factcheck.example", "Their sources were made up.")] * 2
    again = post_form(admin, page, ticked)
    assert again.status_code == 422  # they no longer stand on that person alone
    assert queries_of(app, admin, page) <= 6


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"reason": "Why."}, "Tick what is to be"), ({"claim": 0, "reason": " "}, "Say why")],
)
def test_without_a_tick_or_a_reason_nothing_is_opened(app, setting, admin, given, sentence):
    given = {**given, **({"claim": setting["claims"][0]} if "claim" in given else {})}
    answer = post_form(admin, setting["base"] + "/alone", given)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert states(app) == ["ready"] * 3
