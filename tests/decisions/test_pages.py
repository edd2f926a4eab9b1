"""The page where a claim is decided."""

from __future__ import annotations

import re

import pytest

from factcheck.claims.models import Claim
from factcheck.db import writing
from factcheck.decisions.actions import submit_review
from factcheck.decisions.queries import current_decision, sources_of
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import SOURCE, leave_open, make_answer, review_as
from tests.reviews.pages import queries_of
from tests.web.client import form_token, post_form, signed_in


@pytest.fixture
def setting(app):
    with app.app_context(), writing() as session:
        claim = make_claim(session, make_article(session, published="2026-10"), state="accepted")
        return {
            "page": f"/work/claims/{claim.public_id}/decide",
            "claim": claim.id,
            "editor": make_person(session, "editor").email,
            "other": make_person(session, "editor").email,
        }


@pytest.fixture
def client(app, setting):
    return signed_in(app, setting["editor"])


def reviewed(app, setting, *ratings):
    with app.app_context(), writing() as session:
        review_as(session, session.get(Claim, setting["claim"]), list(ratings))


def verdict(page: str, **changes) -> dict[str, str]:
    """Return the form as it was prefilled, with changes."""
    fields = dict(
        re.findall(r'name="(source-\d+-(?:url|quote|title|place))"\s+value="([^"]*)"', page)
    )
    fields |= dict(re.findall(r'name="(source-\d+-stance)" value="(\w+)" checked', page))
    fields |= dict.fromkeys(re.findall(r'name="(source-\d+-show)" value="1" checked', page), "1")
    fields["summary"] = re.search(r'name="summary"[^>]*>\n(.*?)</textarea>', page, re.S)[1]
    fields["as_of"] = re.search(r'name="as_of" value="([^"]*)"', page)[1]
    return {"do": "approve", "rating": "true"} | fields | changes


def test_an_open_claim_has_nothing_to_decide_and_shows_no_review(app, client, setting):
    reviewed(app, setting, "true")

    page = client.get(setting["page"]).text

    assert "Its reviews are not all in yet" in page
    assert "The register has it" not in page


def test_the_page_starts_from_the_reviews_and_approves_by_one_button(app, client, setting):
    reviewed(app, setting, "true", "true")
    page = client.get(setting["page"]).text
    assert "The register has it. It was built in 1923.</textarea>" in page
    assert re.search(r'value="true" checked', page)
    assert len(re.findall(r'type="radio" name="rating"', page)) == 1

    answer = client.post(setting["page"], data={"csrf_token": form_token(page), **verdict(page)})

    assert answer.status_code == 302
    assert "It is ready for the next edition" in client.get(answer.location).text
    with app.app_context(), writing() as session:
        claim = session.get(Claim, setting["claim"])
        decision = current_decision(session, claim)
        assert (claim.state, decision.kind, decision.as_of) == ("ready", "approval", "2026-10")
        assert [one.source.url for one in sources_of(session, decision)] == [SOURCE.url]


def test_an_editor_picks_and_orders_what_readers_are_shown(app, client, setting):
    reviewed(app, setting, "true", "true")
    page = client.get(setting["page"]).text
    new = {
        "source-1-place": "2", "source-2-url": "https://own.example/", "source-2-place": "1",
        "source-2-stance": "context", "source-2-show": "1",
    }  # fmt: skip

    client.post(setting["page"], data={"csrf_token": form_token(page), **verdict(page, **new)})

    with app.app_context(), writing() as session:
        decision = current_decision(session, session.get(Claim, setting["claim"]))
        shown = [one.source.url for one in sources_of(session, decision)]
        assert shown == ["https://own.example/", SOURCE.url]


def test_a_dispute_opens_the_private_notes_and_wants_reasons(app, client, setting):
    with app.app_context(), writing() as session:
        claim = session.get(Claim, setting["claim"])
        answer = make_answer("mixed", private_note="ask the harbour master")
        submit_review(session, claim, make_person(session), answer, now=NOW)
    reviewed(app, setting, "true", "false")
    page = client.get(setting["page"]).text
    assert "ask the harbour master" in page
    assert len(re.findall(r'type="radio" name="rating"', page)) == 10  # and that it is left open

    answer = client.post(
        setting["page"], data={"csrf_token": form_token(page), **verdict(page, rating="mixed")}
    )
    assert answer.status_code == 422
    assert "One thing left: Say why you settle it this way." in answer.text

    data = verdict(page, rating="mixed", reasons="Both halves count.")
    answer = client.post(setting["page"], data={"csrf_token": form_token(page), **data})
    assert answer.status_code == 302
    assert "Supersede" in client.get(setting["page"]).text


def test_a_dispute_is_left_open_with_reasons_and_said_so_to_its_reviewers(app, client, setting):
    reviewed(app, setting, "true", "false", "unproven")
    page = client.get(setting["page"]).text
    assert "Leave it open, and show both sides" in page
    data = {"csrf_token": form_token(page), **verdict(page, rating="disagree")}
    answer = client.post(setting["page"], data=data)
    assert answer.status_code == 422
    assert "One thing left: Say why you leave it open." in answer.text
    assert 'value="disagree" checked' in answer.text

    answer = client.post(setting["page"], data={**data, "reasons": "Both books were kept well."})
    assert "It is ready for the next edition" in client.get(answer.location).text
    assert 'value="disagree" checked' in client.get(setting["page"]).text

    told = client.get(setting["page"].replace("/decide", "")).text
    assert 'data-verdict="disagree"' in told
    assert "Why it is left open:</b> Both books were kept well." in told


def test_where_reviews_agree_it_cannot_be_left_open(app, client, setting):
    reviewed(app, setting, "true", "true")
    page = client.get(setting["page"]).text
    assert 'value="disagree"' not in page

    data = {**verdict(page, rating="disagree"), "reasons": "I would rather not."}
    answer = client.post(setting["page"], data={"csrf_token": form_token(page), **data})
    assert answer.status_code == 422
    assert "Choose among True." in answer.text


def test_a_claim_like_one_that_was_left_open_is_told_of_it(app, client, setting):
    with app.app_context(), writing() as session:
        open_one = session.get(Claim, setting["claim"])
        other = make_claim(session, make_article(session), state="accepted")
        other.restated = open_one.restated
        leave_open(session, other)
    page = client.get(setting["page"].replace("/decide", "")).text

    assert "Checked before, and like it" in page
    assert 'data-verdict="disagree"' in page


def test_private_notes_stay_closed_where_the_reviews_agree(app, client, setting):
    with app.app_context(), writing() as session:
        claim = session.get(Claim, setting["claim"])
        answer = make_answer("true", private_note="ask the harbour master")
        submit_review(session, claim, make_person(session), answer, now=NOW)
    reviewed(app, setting, "true")

    assert "ask the harbour master" not in client.get(setting["page"]).text


def test_who_reviewed_it_sees_no_form_and_is_refused(app, client, setting):
    with app.app_context(), writing() as session:
        claim = session.get(Claim, setting["claim"])
        editor = session.query(type(make_person(session))).filter_by(email=setting["editor"]).one()
        submit_review(session, claim, editor, make_answer("true"), now=NOW)
    reviewed(app, setting, "true")
    page = client.get(setting["page"]).text
    assert "You reviewed this claim" in page
    assert 'id="verdict"' not in page

    data = {"csrf_token": form_token(page), "do": "approve", "rating": "true", "summary": "x"}
    assert client.post(setting["page"], data=data).status_code == 403


def test_a_sensitive_claim_is_ready_once_a_second_editor_approves_the_same(app, client, setting):
    with app.app_context(), writing() as session:
        session.get(Claim, setting["claim"]).sensitive = True
    reviewed(app, setting, "true", "true")
    page = client.get(setting["page"]).text
    data = verdict(page, summary="So it is.")
    answer = client.post(setting["page"], data={"csrf_token": form_token(page), **data})
    assert "another editor has to give the same words" in client.get(answer.location).text

    second = signed_in(app, setting["other"])
    page = second.get(setting["page"]).text
    assert "Signed by" in page
    answer = second.post(setting["page"], data={"csrf_token": form_token(page), **verdict(page)})

    assert "It is ready for the next edition" in second.get(answer.location).text


def test_reopening_wants_a_reason_and_opens_a_new_round(app, client, setting):
    reviewed(app, setting, "true", "true")
    place = setting["page"].replace("/decide", "/reopen")
    assert post_form(client, place, {"reason": ""}, page=setting["page"]).status_code == 422

    assert (
        post_form(client, place, {"reason": "new papers"}, page=setting["page"]).status_code == 302
    )

    assert "open for review again" in client.get(setting["page"]).text
    own_page = setting["page"].replace("/decide", "")
    assert "It was reviewed before" in client.get(own_page).text
    assert client.get(own_page + "?rounds=closed").text.count('<article class="answer"') == 2


def test_a_reviewer_does_not_come_here(app, setting):
    with app.app_context(), writing() as session:
        email = make_person(session).email

    assert signed_in(app, email).get(setting["page"]).status_code == 403


@pytest.mark.parametrize("ratings", [(), ("true", "true"), ("true", "false", "mixed")])
def test_the_page_takes_few_queries(app, client, setting, ratings):
    reviewed(app, setting, *ratings)

    assert queries_of(app, client, setting["page"]) <= 6
