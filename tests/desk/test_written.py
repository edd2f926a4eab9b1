"""Pages of what people did and wrote: all of one's own, of others nothing that is sealed."""

from __future__ import annotations

import re

import pytest

from factcheck.accounts.actions import Profile, edit_person
from factcheck.claims.models import Claim
from factcheck.db import writing
from factcheck.decisions import written
from factcheck.decisions.actions import decide_claim, submit_review
from factcheck.decisions.rules import VerdictWords
from factcheck.reviews.actions import save_draft, take_seat
from factcheck.reviews.talk import add_comment
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer, review_as
from tests.reviews.pages import queries_of
from tests.web.client import signed_in

FUTURE = NOW.replace(year=2999)
TEXT = (
    "The ferry was built in 1923. It carried 412,000 people. It ran from nine to four. It is blue."
)


@pytest.fixture
def work(app):
    """Rhea's work: a closed round, an open one with her review in, a draft; and who else is there.

    Returned are ids and addresses.
    """
    with app.app_context(), writing() as session:
        article = make_article(session, text=TEXT)
        rhea = make_person(session, name="Rhea", email="rhea@factcheck.example")
        editor = make_person(session, "editor", name="Edda", email="edda@factcheck.example")
        profile = Profile("Rhea", ("sv",), ("rail transport",), ("another-post",))
        edit_person(session, rhea, profile, actor=rhea, now=NOW)
        closed, still_open, begun = (
            make_claim(session, article, quote, state="accepted")
            for quote in ("built in 1923", "412,000 people", "from nine to four")
        )
        answer = make_answer("true", rationale="canary closed")
        submit_review(session, closed, rhea, answer, now=NOW)
        review_as(session, closed, ["mostly-true"])
        decide_claim(session, closed, VerdictWords("true", "The register has it."),
                     actor=editor, now=NOW)  # fmt: skip
        sealed = make_answer("false", rationale="canary sealed")
        submit_review(session, still_open, rhea, sealed, now=NOW)
        save_draft(session, begun, rhea, make_answer(rationale="canary draft"), now=FUTURE)
        add_comment(session, still_open, "canary question", actor=rhea, now=NOW)
        add_comment(session, closed, "canary talk", actor=rhea, now=NOW)
        return {
            "rhea": rhea.email, "editor": editor.email,
            "page": f"/desk/people/{rhea.public_id}", "edda": f"/desk/people/{editor.public_id}",
            "open": still_open.id,
        }  # fmt: skip


def masked(page: str) -> str:
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", page)


def test_one_s_own_page_shows_what_one_holds_and_what_became_of_the_rest(app, work):
    page = signed_in(app, work["rhea"]).get("/account/work").text

    assert "A draft is begun." in page
    assert "The round is open." in page
    assert page.count("It came to:") == 1
    for said in ("sv", "rail transport", "another-post"):
        assert f"<dd>{said}</dd>" in page


def test_one_s_own_page_does_not_move_by_what_others_do_in_an_open_round(app, work):
    client = signed_in(app, work["rhea"])
    before = masked(client.get("/account/work").text)
    with app.app_context(), writing() as session:
        claim = session.get(Claim, work["open"])
        take_seat(session, claim, make_person(session), now=FUTURE)
        add_comment(session, claim, "x", actor=make_person(session), now=NOW)
    assert masked(client.get("/account/work").text) == before


def test_an_editor_sees_what_somebody_wrote_but_for_what_is_sealed(app, work):
    editor = signed_in(app, work["editor"])
    reviews = editor.get(work["page"]).text
    assert "canary closed" in reviews
    assert "canary sealed" not in reviews
    assert "canary draft" not in reviews
    assert editor.get(f"{work['page']}?kind=sources").text.count("Built 1923.") == 1
    talk = editor.get(f"{work['page']}?kind=talk").text
    assert "canary talk" in talk
    assert "canary question" in talk
    assert "The register has it." in editor.get(f"{work['edda']}?kind=verdicts").text
    assert editor.get(f"{work['page']}?kind=drafts").status_code == 422


def test_an_editor_who_reviews_a_claim_sees_no_question_about_it(app, work):
    with app.app_context(), writing() as session:
        claim = session.get(Claim, work["open"])
        editor = make_person(session, "editor", email="egon@factcheck.example")
        take_seat(session, claim, editor, now=FUTURE)
    client = signed_in(app, "egon@factcheck.example")
    talk = client.get(f"{work['page']}?kind=talk").text
    assert "canary talk" in talk
    assert "canary question" not in talk


@pytest.mark.parametrize("kind", ["reviews", "talk", "sources", "verdicts"])
def test_each_page_takes_few_queries(app, work, kind):
    assert queries_of(app, signed_in(app, work["editor"]), f"{work['page']}?kind={kind}") <= 6
    assert queries_of(app, signed_in(app, work["rhea"]), "/account/work") <= 6


def test_lists_go_on_after_the_last_row_shown(session):
    article = make_article(session, text=TEXT)
    person, viewer = make_person(session), make_person(session, "editor")
    claim = make_claim(session, article, "built in 1923", state="accepted")
    review_as(session, claim, ["true", "true"])
    said = [add_comment(session, claim, str(n), actor=person, now=NOW) for n in range(5)]

    first = written.remarks(session, person, viewer, before=None, limit=3)
    rest = written.remarks(session, person, viewer, before=first[-1].id, limit=3)
    assert [one.id for one in [*first, *rest]] == [one.id for one in reversed(said)]
