"""The practice, used as a browser would without scripts, and what is kept of it."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa

from factcheck import clock
from factcheck.db import current_session, writing
from factcheck.failures import Invalid
from factcheck.methods import queries as methods
from factcheck.reviews import actions, queries
from factcheck.reviews.models import PracticeDone
from factcheck.reviews.rules import Answer
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.reviews.pages import WHOLE, queries_of, send, started
from tests.web.client import post_form, signed_in

OFFER = "Before your first claim"
CASE = "/practice/fire-station"


def answered(client, rating, path=CASE, **words):
    return post_form(client, path, {"rating": rating, **words})


def kept(app):
    with app.app_context():
        rows = current_session().scalars(sa.select(PracticeDone).order_by(PracticeDone.id)).all()
        return [(one.key, one.rating) for one in rows]


def test_the_list_says_what_is_done_and_how_it_was_rated_first(client):
    before = client.get("/practice").text
    assert before.count("Not done yet.") == 3

    answered(client, "missing-context")

    after = client.get("/practice").text
    assert after.count("Not done yet.") == 2
    assert 'data-verdict="missing-context"' in after
    assert 'data-verdict="false"' not in after  # which would give the answer away


def test_a_case_shows_its_claim_in_its_paragraph_its_sources_and_nothing_chosen(client):
    page = unescape(client.get(CASE).text)

    assert "<mark>the fire service’s own report found" in page
    assert page.count('<p class="quote"') == 3
    assert len(re.findall(r'type="radio" name="rating"', page)) == 9
    assert " checked" not in page
    assert "Could evidence settle it?" in page
    assert "The report does not say it" not in page
    assert "<kbd>" not in page


@pytest.mark.parametrize("case", methods.cases(), ids=lambda case: case.key)
def test_every_answer_is_told_what_the_authors_say_to_it(client, case):
    for rating in methods.scale("default").ratings:
        page = unescape(answered(client, rating.key, f"/practice/{case.key}").text)
        agrees = rating.key == case.best
        assert ("The authors say the same." in page) == agrees
        chosen = page.split('id="yours-h"')[1].split('id="ours-h"')[0]
        assert f'data-verdict="{rating.key}"' in chosen
        assert agrees or case.feedback[rating.key] in chosen
        for other in case.feedback.values():
            assert other in page


def test_the_authors_reasons_point_to_their_sources(client):
    page = answered(client, "false").text

    assert '<a href="#source-1"' in page
    assert 'id="source-3"' in page


def test_what_was_written_is_shown_again_and_not_kept(app, client):
    page = answered(client, "true", rationale="A *singular* thought [2] <script>x</script>").text

    assert '<em>singular</em> thought <a href="#source-2"' in page
    assert "<script>x" not in page
    assert kept(app) == [("fire-station", "true")]
    assert "singular" not in client.get(CASE).text


def test_the_first_answer_stays_and_a_later_one_is_answered_too(app, client):
    answered(client, "true")

    page = answered(client, "false").text

    assert "The authors say the same." in page
    assert kept(app) == [("fire-station", "true")]
    assert "your first answer stays" in client.get(CASE).text


def test_after_an_answer_comes_a_case_that_is_not_done_and_after_the_last_the_queue(client):
    def onward(page):
        return re.search(r'<form class="row" action="([^"]+)"><button class="main"', page)[1]

    assert onward(answered(client, "false").text) == "/practice/dry-wells"
    assert (
        onward(answered(client, "false", "/practice/dry-wells").text) == "/practice/library-loans"
    )
    last = answered(client, "true", "/practice/library-loans").text
    assert onward(last) == "/queue"
    assert "You have done all of the cases." in last


@pytest.mark.parametrize("form", [{}, {"rating": "splendid"}, {"rationale": "Because."}])
def test_without_a_rating_the_form_comes_back_as_it_was_typed(app, client, form):
    answer = post_form(client, CASE, form)

    assert answer.status_code == 422
    assert 'id="rating-error"' in answer.text
    assert f"\n{form.get('rationale', '')}</textarea>" in answer.text
    assert kept(app) == []


@pytest.mark.parametrize("words", ["x" * 20_001, "nul \0 here"])
def test_words_that_no_review_could_hold_are_refused_beside_their_field(app, client, words):
    answer = answered(client, "false", rationale=words)

    assert answer.status_code == 422
    assert 'id="rationale-error"' in answer.text
    assert kept(app) == []


def test_a_case_that_is_not_there_is_a_404(client):
    assert client.get("/practice/nowhere").status_code == 404
    assert answered_at_nowhere(client).status_code == 404


def answered_at_nowhere(client):
    return post_form(client, "/practice/nowhere", {"rating": "true"}, page=CASE)


def test_the_queue_offers_it_until_a_case_is_done(client):
    page = client.get("/queue").text
    assert OFFER in page
    assert "Next claim" in page
    assert page.count('href="/practice"') == 1

    answered(client, "unproven")

    page = client.get("/queue").text
    assert OFFER not in page
    assert page.count('href="/practice"') == 1


def test_the_queue_offers_it_until_a_review_is_in(client, setting):
    started(client, setting)
    send(client, setting, WHOLE | {"do": "save"})
    assert OFFER in client.get("/queue").text

    send(client, setting, WHOLE | {"do": "submit", "version": "1"})

    assert OFFER not in client.get("/queue").text


def test_the_pages_ask_little_of_the_database(app, client):
    assert queries_of(app, client, "/practice") <= 2
    assert queries_of(app, client, CASE) <= 2


def test_the_people_page_says_how_many_each_did(app, client):
    with app.app_context(), writing() as session:
        admin = make_person(session, "admin").email
    answered(client, "true")
    answered(client, "true", "/practice/dry-wells")

    page = signed_in(app, admin).get("/admin").text

    assert page.count("Practice: 2 of 3.") == 1
    assert page.count("Practice: 0 of 3.") == 1  # the admin; who never came in is not counted


def test_a_case_that_is_no_longer_shipped_does_not_count(session):
    ada, bert = make_person(session), make_person(session)
    session.add_all(
        PracticeDone(person_id=ada.id, key=key, rating="true", at=NOW)
        for key in ("dry-wells", "one-of-last-year")
    )
    session.flush()

    assert queries.practice_counts(session, [ada.id, bert.id]) == {ada.id: 1, bert.id: 0}


def test_each_person_has_a_first_answer_of_their_own(session):
    ada, bert = make_person(session), make_person(session)
    case = methods.case("dry-wells")
    for person, rating in ((ada, "true"), (bert, "false"), (ada, "mixed")):
        actions.keep_practice(session, person, case, Answer(rating), now=clock.now())

    assert queries.practice_done(session, ada)["dry-wells"].rating == "true"
    assert queries.practice_done(session, bert)["dry-wells"].rating == "false"
    with pytest.raises(Invalid):
        actions.keep_practice(session, ada, case, Answer(None), now=clock.now())
