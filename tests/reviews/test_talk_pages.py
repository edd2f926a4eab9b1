"""The talk on the page of a claim, without scripts."""

from __future__ import annotations

import re

import pytest

from factcheck.claims.models import Claim
from factcheck.db import writing
from factcheck.decisions.actions import reopen_claim
from factcheck.reviews.talk import add_comment
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.reviews.factories import review_as
from tests.reviews.pages import queries_of, started
from tests.web.client import post_form, signed_in


@pytest.fixture
def editor(app, setting):
    return signed_in(app, setting["editor"])


@pytest.fixture
def closed(app, setting):
    """The claim with its round closed and a remark in its talk: the id of the remark."""
    with app.app_context(), writing() as session:
        claim = session.get(Claim, setting["claim"])
        reviews = review_as(session, claim, ["true", "true"])
        return add_comment(
            session, claim, "It *counts* cars <b>too</b>.", actor=reviews[0].person, now=NOW
        ).public_id


def send(client, setting, data, path="/comments", **kwargs):
    return post_form(
        client, setting["page"] + path, data, page=kwargs.get("page", setting["page"])
    )  # fmt: skip


def test_a_question_is_answered_by_an_editor_and_nobody_else_sees_either(
    app, client, setting, editor
):
    started(client, setting)
    sent = send(client, setting, {"text": "Which **year** is meant?"})
    assert sent.status_code == 302
    asked = sent.headers["Location"].rpartition("#comment-")[2]
    answer = send(editor, setting, {"text": "canary 2024", "answers": asked})
    assert answer.status_code == 302

    mine = client.get(setting["page"]).text
    assert "Which <strong>year</strong> is meant?" in mine
    assert "canary 2024" in mine
    assert "Questions to the editors" in mine
    other = signed_in(app, setting["people"][1]).get(setting["page"]).text
    assert "canary" not in other
    assert asked not in other


def test_what_is_said_goes_through_the_one_sanitiser(client, setting, closed):
    page = client.get(setting["page"]).text
    assert "<p>It <em>counts</em> cars &lt;b&gt;too&lt;/b&gt;.</p>" in page


def test_a_remark_is_edited_by_its_author_and_its_earlier_words_stay(client, setting, closed):
    sent = send(client, setting, {"text": "first words"})
    mine = sent.headers["Location"].rpartition("#comment-")[2]
    send(client, setting, {"text": "second words", "version": "1"}, f"/comments/{mine}")
    page = client.get(setting["page"]).text
    assert page.index("second words") < page.index("first words")

    stale = send(client, setting, {"text": "third words", "version": "1"}, f"/comments/{mine}")
    assert stale.status_code == 409
    assert "edited in another window" in stale.text
    assert "third words" in stale.text
    assert send(client, setting, {"text": "mine"}, f"/comments/{closed}").status_code == 403


def test_an_editor_hides_a_remark_and_the_reason_stands_in_its_place(
    client, setting, editor, closed
):
    unreasoned = send(editor, setting, {"reason": " "}, f"/comments/{closed}/hide")
    assert unreasoned.status_code == 422
    assert "Write something here." in unreasoned.text
    send(editor, setting, {"reason": "It names a neighbour."}, f"/comments/{closed}/hide")

    page = client.get(setting["page"]).text
    assert "It names a neighbour." in page
    assert "cars" not in page[page.index('id="comments"') :]
    assert "Show what is hidden" in editor.get(setting["page"]).text


def test_the_talk_of_the_rounds_before_lies_with_them_while_the_claim_is_open_again(
    app, client, setting, closed
):
    with app.app_context(), writing() as session:
        claim = session.get(Claim, setting["claim"])
        reopen_claim(session, claim, "Again.", actor=make_person(session, "editor"), now=NOW)

    assert closed not in client.get(setting["page"]).text
    before = client.get(setting["page"] + "?rounds=closed").text
    assert closed in before
    assert "Send the answer" not in before
    assert send(client, setting, {"text": "now", "answers": closed}).status_code == 409


def test_from_the_page_for_deciding_a_remark_leads_back_there(setting, editor, closed):
    decide = setting["page"] + "/decide"
    sent = send(editor, setting, {"text": "So I see.", "from": "decide"}, page=decide)
    assert "/decide#comment-" in sent.headers["Location"]
    wrong = send(editor, setting, {"text": "", "from": "decide"}, page=decide)
    assert wrong.status_code == 422
    assert re.search(r'id="add"[^>]*aria-invalid="true"', wrong.text)


def test_a_talk_of_many_remarks_takes_no_more_queries(app, client, setting, closed):
    for text in ("one", "two", "three"):
        sent = send(client, setting, {"text": text})
        mine = sent.headers["Location"].rpartition("#comment-")[2]
        send(client, setting, {"text": text + "?", "version": "1"}, f"/comments/{mine}")

    assert queries_of(app, client, setting["page"]) <= 6


def test_an_editor_shows_a_hidden_remark_again(client, setting, editor, closed):
    page = setting["page"]
    send(editor, setting, {"reason": "Names a person."}, f"/comments/{closed}/hide")
    assert "Show it again" in editor.get(page).text
    assert "Show it again" not in client.get(page).text
    wrong = send(editor, setting, {"reason": ""}, f"/comments/{closed}/unhide")
    assert wrong.status_code == 422
    assert "open><summary>Show it again" in wrong.text
    sent = send(editor, setting, {"reason": "It names none."}, f"/comments/{closed}/unhide")
    assert sent.status_code == 302
    shown = client.get(page).text
    assert "<em>counts</em>" in shown
    assert "Names a person. Shown again: It names none." in shown


def test_a_long_talk_leads_to_what_was_said_before(client, setting, closed, monkeypatch):
    monkeypatch.setattr("factcheck.reviews.threads.SHOWN", 2)
    for text in ("one", "two", "three"):
        send(client, setting, {"text": text})
    newest = client.get(setting["page"]).text
    assert "<p>one</p>" not in newest
    place = re.search(r'href="([^"]+)#comments">Earlier remarks', newest)[1].replace("&amp;", "&")
    before = client.get(place).text
    assert "<p>one</p>" in before
    assert "Earlier remarks" not in before
    assert "The newest remarks" in before
    assert client.get(setting["page"] + "?talk=nonsense").status_code == 422


def test_the_desk_leads_to_questions_that_wait(app, client, setting, editor):
    assert "Questions from reviewers" in editor.get("/desk").text
    started(client, setting)
    send(client, setting, {"text": "Which **year** is meant?"})
    assert "1 question from a reviewer waits for an answer" in editor.get("/desk").text
    listed = editor.get("/desk/questions").text
    assert "Which <strong>year</strong> is meant?" in listed
    assert setting["page"] + "#comment-" in listed
    assert queries_of(app, editor, "/desk/questions") <= 6
    assert queries_of(app, editor, "/desk") <= 6
