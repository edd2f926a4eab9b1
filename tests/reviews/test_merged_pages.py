"""A claim that is merged away while somebody writes: they are led on, with what they typed."""

from __future__ import annotations

import re

import pytest

from factcheck.claims.models import Claim
from factcheck.db import writing
from factcheck.decisions.cutting import merge_claims
from factcheck.reviews import actions
from tests.accounts.factories import make_person
from tests.claims.factories import make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer, review_as
from tests.reviews.pages import WHOLE, queries_of, send, started
from tests.web.client import form_token, post_form, signed_in


@pytest.fixture
def merge(app, setting):
    """Return how to merge the claim of the setting into one before it; that gives its page."""

    def merge(prepare=lambda _session, _stays: None):
        with app.app_context(), writing() as session:
            gone = session.get_one(Claim, setting["claim"])
            stays = make_claim(session, gone.article, "The harbour", "accepted")
            prepare(session, stays)
            editor = make_person(session, "editor")
            merge_claims(session, [stays, gone], actor=editor, now=NOW)
            return f"/work/claims/{stays.public_id}"

    return merge


def fill_seats(session, stays):
    for _ in range(2):
        actions.take_seat(session, stays, make_person(session), now=NOW.replace(year=2999))


@pytest.mark.parametrize("do", ["save", "submit"])
def test_what_is_sent_to_the_old_address_stands_in_the_form_of_the_other(
    client, setting, merge, do
):
    page = started(client, setting).text
    send(client, setting, WHOLE)
    there = merge()
    data = {"csrf_token": form_token(page), **WHOLE, "version": "1", "rationale": "typed 4711"}

    answer = client.post(setting["page"], data=data | {"do": do})

    assert answer.status_code == 409
    assert "was merged into this one while you wrote" in answer.text
    assert "typed 4711</textarea>" in answer.text
    assert f'action="{there}"' in answer.text
    again = client.get(there).text
    assert "typed 4711</textarea>" in again
    assert "or merged another claim into it" in again
    version = re.search(r'name="version" value="(\d+)"', again)[1]
    sent = client.post(there, data=data | {"do": "submit", "version": version})
    assert sent.location == "/queue?empty=1&sent=1"


def test_where_no_seat_is_free_the_draft_goes_along_all_the_same(client, setting, merge):
    page = started(client, setting).text
    send(client, setting, WHOLE)
    there = merge(fill_seats)
    data = {"csrf_token": form_token(page), **WHOLE, "version": "1", "rationale": "typed 4712"}

    answer = client.post(setting["page"], data=data | {"do": "submit"})

    assert answer.status_code == 409
    assert "typed 4712</textarea>" in answer.text
    assert "Your seat went to somebody else" in answer.text
    assert "typed 4712</textarea>" in client.get(there).text


def test_who_had_typed_without_saving_and_finds_no_seat_keeps_it_to_read(client, setting, merge):
    page = started(client, setting).text
    there = merge(fill_seats)
    data = {"csrf_token": form_token(page), **WHOLE, "rationale": "typed 4713"}

    answer = client.post(setting["page"], data=data | {"do": "submit"})

    assert answer.status_code == 409
    assert "typed 4713" in answer.text
    assert "Your draft, which only you see" in answer.text
    assert "typed 4713" in client.get(there).text
    assert "https://port.example/report" in client.get(there).text


def test_a_draft_on_each_of_the_two_keeps_both_apart(app, client, setting, merge):
    page = started(client, setting).text
    send(client, setting, WHOLE)

    def draft_there(session, stays):
        person = setting["people"][0]
        actions.save_draft(session, stays, of_mail(session, person),
                           make_answer("false", rationale="of the other"), now=NOW)  # fmt: skip

    there = merge(draft_there)
    data = {"csrf_token": form_token(page), **WHOLE, "version": "1", "rationale": "typed 4714"}

    answer = client.post(setting["page"], data=data)

    assert answer.status_code == 409
    for shown in (answer.text, client.get(there).text):
        assert "of the other</textarea>" in shown
        assert "typed 4714" in shown


def of_mail(session, mail):
    from factcheck.accounts.queries import person_by_email

    return person_by_email(session, mail)


def test_the_script_is_told_and_stops(client, setting, merge):
    page = started(client, setting).text
    merge()
    data = {"csrf_token": form_token(page), **WHOLE}

    answer = client.post(setting["page"], data=data, headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json["code"]) == (409, "merged_away")
    assert "merged into another one" in answer.json["message"]


def test_others_learn_nothing_from_a_merge_of_who_was_at_work(app, client, setting, merge):
    other = signed_in(app, setting["people"][1])
    started(other, setting)
    send(other, setting, WHOLE | {"do": "submit", "rationale": "canary 4715"})
    there = merge()

    page = client.get(setting["page"], follow_redirects=True)
    assert page.request.path == there
    assert "canary 4715" not in page.text
    assert "Merged into this claim" not in page.text
    own = other.get(there).text
    assert "canary 4715" in own
    assert "does not count for this claim" in own
    assert queries_of(app, other, there) <= 6


def test_closed_rounds_of_what_was_merged_can_be_read_at_its_own_address(
    app, client, setting, merge
):
    with app.app_context(), writing() as session:
        review_as(session, session.get_one(Claim, setting["claim"]), ["true", "true"])

    def decide(session, stays):
        review_as(session, stays, ["false", "false"])

    there = merge(decide)
    page = client.get(there).text
    assert f"{setting['page']}?rounds=closed" in page
    assert "The register has it" in client.get(f"{setting['page']}?rounds=closed").text
    assert client.get(setting["page"]).location == there


def test_an_editor_merges_and_splits_under_review_by_the_page(app, client, setting):
    started(client, setting)
    with app.app_context(), writing() as session:
        claim = session.get_one(Claim, setting["claim"])
        make_claim(session, claim.article, "nine to four", "accepted")
        triage = f"/work/articles/{claim.article.slug}"
        public_id = claim.public_id
    editor = signed_in(app, setting["editor"])
    page = editor.get(f"{triage}?claim={public_id}").text
    assert "Who is writing one is asked to confirm it" in page
    other = re.search(r'name="other" value="(\w+)"', page)[1]
    version = re.search(r'name="version" value="(\d+)"', page)[1]

    answer = post_form(
        editor, f"{triage}/claims/{public_id}", {"do": "merge", "other": other, "version": version},
        page=f"{triage}?claim={public_id}",
    )  # fmt: skip

    assert answer.status_code == 303
    assert public_id in answer.location
    assert "nine to four" in client.get(setting["page"]).text
