"""Editors find claims, what reviewers wrote once it is open, and sources; sealed words never."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from factcheck.articles.actions import edit_article
from factcheck.claims.actions import accept_claim, edit_claim
from factcheck.db import writing
from factcheck.decisions import words
from factcheck.decisions.actions import reopen_claim, submit_review, withdraw_review
from factcheck.decisions.words import KINDS, Kind
from factcheck.desk.searching import Wanted, search, wanted_by
from factcheck.editions import purging
from factcheck.editions.withdrawing import withdraw_article
from factcheck.failures import Invalid
from factcheck.reviews.rules import Cited
from factcheck.text.sought import quoted, words_in
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer, make_ready
from tests.reviews.pages import queries_of
from tests.web.client import signed_in

SEALED = Cited("https://quixotic.example/canary-paper", "refutes", "Built 1923.", "A zyzzyva paper")
CANARIES = ("zyzzyva", "quixotic", "xylophonist")


def sealed_answer(rating: str = "false"):
    return make_answer(rating, rationale="The xylophonist counted them.", sources=(SEALED,))


@pytest.fixture
def claim(session):
    claim = make_claim(session, make_article(session))
    accept_claim(session, claim, actor=None, now=NOW)
    return claim


def found(session, typed, **narrowed):
    """Return for each kind the rows that have the words."""
    groups = search(session, Wanted(typed, **narrowed), offset=0, limit=50)
    return {group.kind.value: [hit.row for hit in group.hits] for group in groups if group.hits}


def whole_index(session) -> dict[str, int]:
    """Return how many rows each index has."""
    count = "SELECT count(*) FROM search_words_{}"
    return {kind: session.scalar(sa.text(count.format(kind))) for kind in KINDS}


def test_a_claim_is_found_by_its_words_in_another_form_and_follows_them(session, claim):
    assert found(session, "passenger CARRYING") == {"claims": [claim]}
    edit_claim(session, claim, {"restated": "Penguins swam."}, version=None, actor=None, now=NOW)
    assert found(session, "penguin") == {"claims": [claim]}
    session.rollback()
    assert found(session, "penguin") == {}


def test_nothing_of_an_open_round_is_found_nor_changes_what_is(session, claim):
    accepted = {typed: found(session, typed) for typed in (*CANARIES, "passengers", "counted")}
    rows = whole_index(session)

    submit_review(session, claim, make_person(session), sealed_answer(), now=NOW)

    assert whole_index(session) == rows
    assert {typed: found(session, typed) for typed in accepted} == accepted

    submit_review(session, claim, make_person(session), sealed_answer(), now=NOW)

    assert claim.state == "decided"
    assert len(found(session, "xylophonist")["rationales"]) == 2
    assert [one.url for one in found(session, "quixotic")["sources"]] == [SEALED.url]


def test_a_reopened_claim_seals_what_its_new_round_holds(session, claim):
    for _ in range(2):
        submit_review(session, claim, make_person(session), make_answer("false"), now=NOW)
    reopen_claim(session, claim, "A new paper.", actor=make_person(session, "editor"), now=NOW)
    withdrawn = submit_review(session, claim, make_person(session), sealed_answer(), now=NOW)
    assert len(found(session, "register")["rationales"]) == 2
    withdraw_review(session, withdrawn, reason="A slip.", actor=withdrawn.person, now=NOW)
    for _ in range(2):
        submit_review(session, claim, make_person(session), make_answer("false"), now=NOW)
    assert found(session, "xylophonist") == {}
    assert len(found(session, "register")["rationales"]) == 4


def test_what_is_purged_is_in_no_index_and_not_in_its_pages(session, claim, settings):
    for _ in range(2):
        submit_review(session, claim, make_person(session), sealed_answer(), now=NOW)
    one, other = make_person(session, "admin"), make_person(session, "admin")
    asked = purging.ask(session, ["xylophonist"], "A court said so.", with_copies=False,
                        actor=one, now=NOW)  # fmt: skip
    purging.carry_out(session, asked, actor=other, folder=settings.archive, now=NOW)

    assert found(session, "xylophonist") == {}
    assert len(found(session, "counted")["rationales"]) == 2
    if session.get_bind().dialect.name == "sqlite":
        pages = session.scalars(sa.text("SELECT block FROM search_words_rationales_data")).all()
        assert not any(b"xylophon" in page for page in pages)


def test_a_change_of_language_stems_words_anew_and_an_empty_index_is_filled(session, claim):
    before = whole_index(session)
    edit_article(session, claim.article, {"language": "de"}, actor=None, now=NOW)
    if session.get_bind().dialect.name == "postgresql":
        assert found(session, "passenger") == {}
    assert found(session, "passengers") == {"claims": [claim]}
    for kind in KINDS:
        session.execute(sa.text(f"DELETE FROM search_words_{kind}"))
    words.catch_up(session)
    assert whole_index(session) == before


def test_filters_narrow_and_leave_out_sources(session, claim):
    make_ready(session, claim, "false")
    assert set(found(session, "register")) == {"rationales", "sources"}
    assert set(found(session, "register", state="ready")) == {"rationales"}
    assert found(session, "register", state="disputed") == {}
    assert found(session, "passengers", language="fr") == {}
    assert found(session, "passengers", article=claim.article.slug) == {"claims": [claim]}
    assert found(session, "passengers zebra") == {}
    assert found(session, "passengers zebra", any="1") == {"claims": [claim]}
    assert found(session, "passengers", kind=Kind.SOURCES) == {}
    withdraw_article(session, claim.article, reason="A mistake.", actor=None, now=NOW)
    assert set(found(session, "register passengers", any="1")) == {"sources"}
    assert found(session, "passengers", article=claim.article.slug) == {"claims": [claim]}
    for wrong in ({"kind": "people"}, {"state": "odd"}):
        with pytest.raises(Invalid):
            wanted_by(wrong)


@pytest.mark.parametrize("typed", ['"', "' OR 1=1 --", "a* NEAR(b)", "title:x", "\\", "\0", "&|!"])
def test_nothing_typed_is_query_syntax(session, claim, typed):
    assert found(session, f"{typed} passengers", any="1") == {"claims": [claim]}
    assert found(session, typed).get("claims", []) in ([], [claim])


@given(st.text(max_size=300))
def test_a_query_is_made_of_quoted_words_alone(typed):
    for dialect, mark in (("sqlite", '"'), ("postgresql", "'")):
        for query in quoted(words_in(typed), dialect):
            pieces = query.split(mark)
            assert all(piece.strip() in {"", "AND", "OR", "&", "|"} for piece in pieces[::2])
            assert all(piece.isalnum() or not piece.isascii() for piece in pieces[1::2])


def test_the_page_groups_marks_and_leads_on(app):
    with app.app_context(), writing() as session:
        claim = make_claim(session, make_article(session))
        make_ready(session, claim, "false")
        editor = make_person(session, "editor").email
    browser = signed_in(app, editor)
    assert '<a href="/desk/search">' in browser.get("/desk").text
    assert queries_of(app, browser, "/desk/search?q=the") <= 6
    page = browser.get("/desk/search?q=passengers+ferry")
    assert "<mark>passengers</mark>" in page.text
    assert "Claims <span" in page.text
    assert "Nothing has all of these words" in browser.get("/desk/search?q=ferry+zebra").text
    assert browser.get("/desk/search?q=ferry+zebra&any=1").text.count("<mark>") >= 1
    assert browser.get("/desk/search?q=register&kind=rationales&page=2").status_code == 200
    assert browser.get("/desk/search?q=x&kind=people").status_code == 422
    narrowed = browser.get("/desk/search?q=the+register&kind=sources&state=ready").text
    assert "Nothing has all" not in narrowed
    assert '<a href="/desk/search?q=the+register&amp;kind=sources">' in narrowed
    assert "<script>x" not in browser.get("/desk/search?q=<script>x</script>").text
