"""Gold claims: dealt unseen among the others, deciding nothing; and the figure of them."""

from __future__ import annotations

import random
import re
from datetime import timedelta

import pytest

from factcheck.claims.models import Claim
from factcheck.claims.queries import counted
from factcheck.db import writing
from factcheck.decisions import agreement
from factcheck.decisions.actions import submit_review, withdraw_review
from factcheck.decisions.written import closed_reviews
from factcheck.reviews import gold, queries
from factcheck.reviews.actions import NothingToReview, save_draft
from factcheck.reviews.dealing import Wish, _drawn, deal_next
from factcheck.reviews.pool import pool_of
from factcheck.reviews.rules import Cited
from factcheck.reviews.seats import KnowsAnswer, take_seat
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer, review_as
from tests.reviews.pages import WHOLE, send
from tests.web.client import post_form, signed_in

WORDS = [f"Number {n} was seen in {1900 + n}." for n in range(12)]


def make_claims(session, number):
    article = make_article(session, " ".join(WORDS[:number]))
    return [make_claim(session, article, one, state="accepted") for one in WORDS[:number]]


def make_gold(session, claim, rating="true"):
    editor = make_person(session, "editor")
    return gold.make_gold(session, claim, rating, "Settled in 1950.", actor=editor, now=NOW)


def deal_every_time(session, monkeypatch):
    gold.set_rate(session, 5, actor=make_person(session, "admin"), now=NOW)
    monkeypatch.setattr("factcheck.reviews.dealing._draw.random", lambda: 0.0)


def test_a_gold_claim_takes_the_place_of_an_ordinary_one_and_is_never_dealt_alone(
    session, monkeypatch
):
    known, other = make_claims(session, 2)
    make_gold(session, known)
    person, late = make_person(session), make_person(session)
    assert deal_next(session, make_person(session), now=NOW).round.claim is other  # no rate
    deal_every_time(session, monkeypatch)
    assert deal_next(session, person, now=NOW).round.claim is known

    review_as(session, other, ["true"])  # its second seat
    with pytest.raises(NothingToReview):
        deal_next(session, late, now=NOW)


def test_one_of_another_priority_is_not_dealt_since_it_would_come_before_its_turn(
    session, monkeypatch
):
    known, other = make_claims(session, 2)
    make_gold(session, known)
    deal_every_time(session, monkeypatch)
    known.priority, other.priority = 2, 3
    session.flush()
    assert deal_next(session, make_person(session), now=NOW).round.claim is other
    known.priority = 3
    session.flush()
    assert deal_next(session, make_person(session), now=NOW).round.claim is known


def test_editors_are_neither_dealt_a_gold_claim_nor_given_a_seat_of_it(session, monkeypatch):
    known, other = make_claims(session, 2)
    make_gold(session, known)
    deal_every_time(session, monkeypatch)
    editor = make_person(session, "editor")
    assert known.id not in {one.id for one in _drawn(session, editor, NOW, Wish())}
    assert deal_next(session, editor, now=NOW).round.claim is other
    with pytest.raises(KnowsAnswer):
        take_seat(session, known, editor, now=NOW)


def test_however_many_answer_it_decides_nothing_and_moves_no_counter(session):
    (known,) = make_claims(session, 1)
    before = counted(session)
    make_gold(session, known)
    reviews = review_as(session, known, ["true"] * 3 + ["false"] * 3)
    assert known.state == "accepted"
    assert counted(session) == before

    gold.retire(session, known, counts=True, actor=make_person(session, "editor"), now=NOW)

    other = make_person(session, "editor")
    assert queries.reviews_of(session, known, other) == []
    assert [one.id for one in queries.reviews_of(session, known, reviews[0].person)] == [
        reviews[0].id
    ]
    assert closed_reviews(session, reviews[0].person, before=None, limit=9) == []
    assert agreement.measured(session, None)["nominal"].things == 0
    review_as(session, known, ["true", "true"])
    assert known.state == "decided"


@pytest.mark.parametrize("spoilt", ["state", "solo", "crowd", "reviewed"])
def test_only_a_claim_that_looks_like_any_other_can_be_one(session, spoilt):
    (claim,) = make_claims(session, 1)
    if spoilt == "state":
        claim.state = "proposed"
    elif spoilt == "reviewed":
        review_as(session, claim, ["true"])
    else:
        claim.policy_key = spoilt
    session.flush()
    with pytest.raises(gold.NotForGold):
        make_gold(session, claim)


def test_the_own_figure_grows_by_fives_on_mondays_and_taking_back_does_not_move_it(session):
    claims, person = make_claims(session, 6), make_person(session)
    for claim in claims:
        make_gold(session, claim)
    answers = [
        submit_review(session, claim, person, make_answer(rating), now=NOW)
        for claim, rating in zip(claims, ["true"] * 4 + ["false"] * 2, strict=True)
    ]
    week = NOW + timedelta(days=7)
    assert gold.own_figure(session, person, now=NOW) is None
    own = gold.own_figure(session, person, now=week)
    assert (own.right, own.answers) == (4, 5)
    assert gold.figures(session, [person.id])[person.id].answers == 6
    withdraw_review(session, answers[0], reason="Unsure.", actor=person, now=NOW)
    assert gold.own_figure(session, person, now=week) == own

    editor = make_person(session, "editor")
    gold.retire(session, claims[1], counts=False, actor=editor, now=NOW)
    gold.retire(session, claims[2], counts=False, actor=editor, now=NOW)
    assert gold.own_figure(session, person, now=week) is None


def test_a_reviewer_gets_the_same_bytes_whether_the_claim_is_gold_and_whatever_others_did(
    app, client, setting
):
    with app.app_context(), writing() as session:
        claim = session.get(Claim, setting["claim"])
        article = f"/work/articles/{claim.article.slug}"
    page = setting["page"]
    places = (page, article, "/queue", "/account/work", "/notices", "/work/articles")

    def seen():
        answers = [client.get(place) for place in places]
        return [(one.status_code, masked(one.text)) for one in answers]

    ordinary = seen()
    with app.app_context(), writing() as session:
        make_gold(session, session.get(Claim, setting["claim"]))
    assert seen() == ordinary
    source = {"source-1-title": "canary 7343", "source-1-quote": "canary 7344"}
    for email in setting["people"][1:]:  # as many as would close an ordinary round
        other = signed_in(app, email)
        post_form(other, page + "/seat", {}, page=page)
        send(other, setting, WHOLE | source | {"do": "submit", "rationale": "canary 7341"})
        assert seen() == ordinary
        post_form(other, page + "/comments", {"text": "canary 7342"}, page=page)
        assert seen() == ordinary
    with app.app_context(), writing() as session:
        known = session.get(Claim, setting["claim"])
        assert queries.submitted_by_claim(session, [known.id]) == {known.id: 2}
        gold.retire(session, known, counts=True, actor=make_person(session, "editor"), now=NOW)
    assert seen() == ordinary
    assert {status for status, _text in ordinary} == {200}
    assert "canary" not in "".join(text for _status, text in ordinary)


def masked(page):
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", page)


def test_a_draft_in_it_is_kept_as_any_other_and_its_pool_tells_nothing_of_others(session):
    (known,) = make_claims(session, 1)
    make_gold(session, known)
    review_as(session, known, ["true"] * 4)
    person = make_person(session)
    found = Cited("https://mine.example/1", "supports", "Words.")
    draft = save_draft(session, known, person, make_answer(sources=(found,)), now=NOW)
    assert draft.state == "draft"
    assert [one.url for one in pool_of(session, known, None, person, with_sources=True)] == [
        "https://mine.example/1"
    ]


def test_editors_add_and_retire_one_and_see_how_it_was_answered_without_names(app, setting):
    editor = signed_in(app, setting["editor"])
    given = {"claim": setting["page"], "rating": "true", "reasons": "Settled in 1950."}
    assert post_form(editor, "/desk/gold", given, page="/desk/gold").status_code == 303
    assert post_form(editor, "/desk/gold", given, page="/desk/gold").status_code == 409
    with app.app_context(), writing() as session:
        review_as(session, session.get(Claim, setting["claim"]), ["true"] + ["false"] * 5)
    page = editor.get("/desk/gold").text
    assert "1 of 6 answered so." in page
    assert "Most say otherwise" in page
    retire = setting["page"].replace("/work/claims", "/desk/gold") + "/retire"
    assert post_form(editor, retire, {"wrong": "1"}, page="/desk/gold").status_code == 303
    assert "no figure rests on it" in editor.get("/desk/gold").text


@pytest.mark.one_database
def test_admins_set_the_rate_by_the_page_and_editors_see_it(app, setting):
    with app.app_context(), writing() as session:
        email = make_person(session, "admin").email
    admin, editor = signed_in(app, email), signed_in(app, setting["editor"])
    assert "the rate is off" in editor.get("/desk/gold").text
    assert "Set the rate" not in editor.get("/desk/gold").text
    page = "/desk/gold"
    assert post_form(admin, page + "/rate", {"one_in": "20"}, page=page).status_code == 303
    assert "One in 20 claims dealt" in editor.get(page).text
    assert '<option value="20" selected>' in admin.get(page).text
    for wrong in ("3", "-1", "1", "x", ""):
        answer = post_form(admin, page + "/rate", {"one_in": wrong}, page=page)
        assert answer.status_code == 422
        assert "Choose one of the rates." in answer.text
    assert post_form(editor, page + "/rate", {"one_in": "5"}, page=page).status_code == 403
    assert "One in 20 claims dealt" in editor.get(page).text
    assert post_form(admin, page + "/rate", {"one_in": "0"}, page=page).status_code == 303
    assert "the rate is off" in editor.get(page).text


@pytest.mark.one_database
@pytest.mark.parametrize(("rate", "least", "most"), [(0, 0, 0), (5, 30, 90), (50, 0, 20)])
def test_of_so_many_dealt_one_is_a_gold_claim_on_average(session, monkeypatch, rate, least, most):
    known, _other = make_claims(session, 2)
    make_gold(session, known)
    gold.set_rate(session, rate, actor=make_person(session, "admin"), now=NOW)
    person, chance = make_person(session), random.Random(7341)
    monkeypatch.setattr("factcheck.reviews.dealing._draw", chance)
    dealt = [next(_drawn(session, person, NOW, Wish())).id for _ in range(300)]
    assert least <= dealt.count(known.id) <= most
