"""The queue and the review page, used as a browser would without scripts."""

from __future__ import annotations

import re
from html import unescape

import sqlalchemy as sa

from factcheck.claims.models import Claim
from factcheck.db import writing
from factcheck.decisions.actions import submit_review
from factcheck.reviews import actions, queries
from factcheck.reviews.models import Comment, Review, Seat
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer, make_ready
from tests.reviews.pages import QUOTE, WHOLE, send, started
from tests.web.client import form_token, post_form


def test_the_queue_deals_a_claim_and_leads_to_its_page(client, setting):
    assert "Next claim" in client.get("/queue").text

    answer = post_form(client, "/queue/next", {"minutes": "20"}, page="/queue")

    assert answer.location == setting["page"]
    page = client.get(answer.location).text
    assert f"<mark>{QUOTE}</mark>" in page
    assert "Said by Ines Corrie, 2026-10-12" in page
    assert len(re.findall(r'type="radio" name="rating"', page)) == 9
    assert "checked" not in re.search(r'<fieldset class="rating">.*?</section>', page, re.S)[0]
    assert setting["page"] in client.get("/queue").text


def test_an_empty_queue_says_so(client, setting):
    started(client, setting)
    send(client, setting, WHOLE | {"do": "submit"})

    answer = post_form(client, "/queue/next", {}, page="/queue")

    assert "There is nothing for you to review now" in client.get(answer.location).text


def test_a_draft_is_kept_and_comes_back_as_typed(client, setting):
    started(client, setting)

    answer = send(client, setting, WHOLE | {"do": "save"})

    assert answer.status_code == 302
    page = client.get(setting["page"]).text
    assert 'value="https://port.example/report"' in page
    assert "\nThe report *has* it [1].</textarea>" in page
    assert '<em>has</em> it <a href="#source-1"' in page
    assert re.search(r'value="mostly-true" checked', page)
    assert re.search(r'name="source-1-stance" value="supports" checked', page)


def test_a_row_that_lacks_something_stays_on_the_page_and_the_rest_is_kept(app, client, setting):
    started(client, setting)

    answer = send(
        client, setting, WHOLE | {"source-2-url": "port.example", "source-2-quote": "kept"}
    )

    assert answer.status_code == 422
    assert 'value="port.example"' in answer.text
    assert 'value="kept"' in answer.text
    assert "2 things left" in answer.text
    assert 'id="source-2-error"' in answer.text
    with app.app_context(), writing() as session:
        review = session.scalars(sa.select(Review)).one()
        assert len(queries.citations_by_review(session, [review.id])[review.id]) == 1


def test_what_lacks_is_said_beside_its_field_and_in_one_line(client, setting):
    started(client, setting)

    answer = send(client, setting, {"do": "submit", "rationale": "Only words"})
    assert answer.status_code == 422
    assert "One thing left: Choose a rating." in answer.text
    assert "Only words</textarea>" in answer.text

    answer = send(client, setting, {"do": "submit", "rating": "true", "version": "1"})
    assert "2 things left" in answer.text
    assert 'id="rationale-error"' in answer.text
    assert 'id="sources-error"' in answer.text


def test_what_was_not_taken_is_kept_as_a_draft_all_the_same(app, client, setting):
    started(client, setting)

    send(client, setting, {"do": "submit", "rationale": "Only words", "version": "0"})

    assert "Only words</textarea>" in client.get(setting["page"]).text


def test_rows_are_added_and_removed_without_a_script(client, setting):
    started(client, setting)
    rows = {**WHOLE, "source-2-url": "https://b.example/", "source-2-stance": "context"}

    answer = send(client, setting, rows | {"do": "add"})
    assert answer.text.count('class="source"') == 3 + 1  # and the script's template
    answer = send(client, setting, rows | {"do": "remove-1"})

    assert "https://port.example/report" not in answer.text
    assert 'id="source-1-url" name="source-1-url" value="https://b.example/"' in answer.text


def test_submitting_goes_on_and_the_page_then_only_shows_what_was_sent(client, setting):
    started(client, setting)

    answer = send(client, setting, WHOLE | {"do": "submit"})

    assert answer.location == "/queue?empty=1&sent=1"
    assert "Your review is in" in client.get(answer.location).text
    page = client.get(setting["page"]).text
    assert "Withdraw it" in page
    assert '<form class="panes"' not in page
    assert client.get("/queue").text.count("Mostly true") == 1
    again = client.post(
        setting["page"], data={"csrf_token": form_token(page), **WHOLE, "do": "submit"}
    )
    assert again.status_code == 302


def test_the_script_s_saves_are_answered_with_a_sentence_and_a_version(client, setting):
    started(client, setting)
    json = {"Accept": "application/json"}

    first = send(client, setting, WHOLE, headers=json)
    second = send(client, setting, WHOLE | {"rationale": "more", "version": "1"}, headers=json)
    stale = send(client, setting, WHOLE | {"rationale": "other", "version": "1"}, headers=json)

    assert (first.json["version"], second.json["version"]) == (1, 2)
    assert first.json["message"].startswith("Saved at ")
    assert (stale.status_code, stale.json["code"]) == (409, "stale_draft")


def test_two_windows_are_shown_both_texts_and_saving_again_keeps_the_chosen(client, setting):
    started(client, setting)
    send(client, setting, WHOLE | {"rationale": "in the first window"})

    answer = send(client, setting, WHOLE | {"rationale": "in the second window"})

    assert answer.status_code == 409
    assert "in the first window" in answer.text
    assert "in the second window</textarea>" in answer.text
    version = re.search(r'name="version" value="(\d+)"', answer.text)[1]
    again = send(client, setting, WHOLE | {"rationale": "in the second window", "version": version})
    assert again.status_code == 302
    assert "in the second window</textarea>" in client.get(setting["page"]).text


def test_the_preview_is_made_by_the_one_sanitiser(client, setting):
    page = started(client, setting).text
    answer = client.post(
        "/work/preview",
        data={
            "csrf_token": form_token(page),
            "rationale": "*a* [1] <script>x</script>",
            "sources": "1",
        },
    )

    assert "<em>a</em>" in answer.text
    assert 'href="#source-1"' in answer.text
    assert "<script>" not in answer.text


def test_skipping_leads_on_and_gives_the_seat_back(app, client, setting):
    started(client, setting)

    answer = post_form(
        client, setting["page"] + "/skip", {"reason": "not my field"}, page=setting["page"]
    )

    assert answer.location == "/queue?empty=1"
    with app.app_context(), writing() as session:
        assert session.scalars(sa.select(Seat.person_id)).all() == [None, None]


def test_an_unclear_claim_goes_back_to_the_editors_with_a_note(app, client, setting):
    started(client, setting)
    place, page = setting["page"] + "/skip", setting["page"]

    refused = post_form(client, place, {"reason": " ", "unclear": "1"}, page=page)
    assert refused.status_code == 422
    note = "Whose harbour is meant?"
    assert post_form(client, place, {"reason": note, "unclear": "1"}, page=page).status_code == 302
    with app.app_context(), writing() as session:
        assert session.scalars(sa.select(Seat.person_id)).all() == [None, None]
        asked = session.scalars(sa.select(Comment)).one()
        assert (asked.text, asked.awaits_answer) == (note, True)


def test_a_seat_is_kept_for_longer_by_one_button(client, setting):
    started(client, setting)

    assert (
        post_form(client, setting["page"] + "/renew", {}, page=setting["page"]).status_code == 302
    )


def test_who_may_not_review_is_told_why(app, client, setting):
    with app.app_context(), writing() as session:
        claim = session.get(Claim, setting["claim"])
        claim.proposed_by_id = session.query(actions.Person).filter_by(
            email=setting["people"][0]
        ).one().id  # fmt: skip

    page = client.get(setting["page"]).text

    assert "You proposed this claim" in page
    assert "Ask for a seat" not in page


def test_a_withdrawal_wants_a_reason(client, setting):
    started(client, setting)
    send(client, setting, WHOLE | {"do": "submit"})
    place = setting["page"] + "/withdraw"

    assert post_form(client, place, {"reason": " "}, page=setting["page"]).status_code == 422
    assert post_form(client, place, {"reason": "kin"}, page=setting["page"]).status_code == 302
    assert "You withdrew your review" in client.get(setting["page"]).text


def test_changed_words_are_confirmed_by_one_button(app, client, setting):
    started(client, setting)
    send(client, setting, WHOLE | {"do": "submit"})
    with app.app_context(), writing() as session:
        actions.mark_wording_changed(session, session.get(Claim, setting["claim"]), NOW)
    assert "Yes, it holds" in client.get(setting["page"]).text

    post_form(client, setting["page"] + "/confirm", {}, page=setting["page"])

    assert "Yes, it holds" not in client.get(setting["page"]).text


def test_earlier_checks_and_the_article_s_own_links_are_beside_the_claim(app, client, setting):
    with app.app_context(), writing() as session:
        article = make_article(session, "The ferry carried 398,000 passengers in 2024.")
        make_ready(session, make_claim(session, article, article_words(article)), "false")

    page = started(client, setting).text

    assert "Checked before, and like it" in page
    assert "398,000" in unescape(page)


def article_words(_article) -> str:
    return "The ferry carried 398,000 passengers in 2024"


def test_a_claim_that_is_not_there_is_a_404(client, setting):
    assert client.get("/work/claims/nowhere").status_code == 404


def test_odd_forms_get_an_answer_and_no_defect(client, setting):
    started(client, setting)
    odd = [
        {"version": "x", "do": "save"},
        {"version": "9" * 40, "do": "submit", "rating": "splendid"},
        {"source-0-url": "a", "source-9999-quote": "b", "do": "remove-77"},
        {f"source-{n}-url": "https://a.example/" for n in range(80)} | {"do": "submit"},
        {"rationale": "x" * 30_000, "private_note": "\0"},
        {"do": "remove-"},
    ]
    for form in odd:
        assert send(client, setting, form).status_code in {200, 302, 409, 422}


def test_a_submission_by_the_page_equals_one_by_the_action(app, client, setting):
    with app.app_context(), writing() as session:
        submit_review(
            session, session.get(Claim, setting["claim"]), make_person(session),
            make_answer("mostly-true"), now=NOW,
        )  # fmt: skip
    started(client, setting)

    send(client, setting, WHOLE | {"do": "submit"})

    assert "The reviews agree" in client.get("/queue").text
