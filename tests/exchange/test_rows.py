"""Rows for other programs: all that may leave, and nothing that is sealed or withdrawn."""

from __future__ import annotations

import csv
import io
import json

import pytest

from factcheck.claims.actions import accept_claim
from factcheck.decisions.actions import submit_review
from factcheck.editions import withdrawing
from factcheck.editions.actions import publish_edition
from factcheck.exchange import formats, rows
from factcheck.exchange.rows import COLUMNS, What
from factcheck.reviews import gold
from factcheck.reviews.actions import save_draft
from factcheck.reviews.models import Review
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.editions.factories import make_ready_article
from tests.reviews.factories import SOURCE, make_answer

CANARY = "https://canary.example/page"


def everything(session, **asked) -> dict[What, list[dict]]:
    session.commit()
    return {
        what: [row for part in rows.parts(session, what, b"salt", **asked) for row in part.rows]
        for what in What
    }


def test_what_closed_rounds_hold_is_told_with_names_only_of_who_wants_it(session, monkeypatch):
    monkeypatch.setattr(rows, "A_PART", 2)  # so that there are several parts
    _article, claims = make_ready_article(session, ["true", "false"], policy="team")
    found = everything(session)
    assert [one["id"] for one in found[What.CLAIMS]] == [one.public_id for one in claims]
    reviews = found[What.REVIEWS]
    assert [one["rating"] for one in reviews] == ["true"] * 2 + ["false"] * 2
    assert {one["reviewer_name"] for one in reviews} == {None}
    assert len({one["reviewer"] for one in reviews}) == 4
    assert reviews[0]["sources"][0]["url"] == SOURCE.url
    assert [one["kind"] for one in found[What.DECISIONS]] == ["agreement", "approval"] * 2
    (source,) = found[What.SOURCES]
    assert (source["url"], source["reviews"], source["verdicts"]) == (SOURCE.url, 4, 2)
    for what in What:
        assert all(tuple(sorted(row)) == tuple(sorted(COLUMNS[what])) for row in found[what])
        assert rows.count(session, what) == len(found[what])

    named = session.query(Review).first().person
    named.shows_name, name = True, named.name
    assert {one["reviewer_name"] for one in everything(session)[What.REVIEWS]} == {None, name}


def test_nothing_of_an_open_round_leaves_nor_a_count_that_it_moves(session):
    article, _claims = make_ready_article(session, ["true"])
    claim = make_claim(session, article, "It cost 1.9 million crowns")
    accept_claim(session, claim, actor=None, now=NOW)
    before = everything(session)

    cited = (SOURCE.__class__(CANARY, "refutes", "CANARY", "CANARY"), SOURCE)
    answer = make_answer("false", rationale="CANARY [1] [2].", sources=cited)
    submit_review(session, claim, make_person(session), answer, now=NOW)
    save_draft(session, claim, make_person(session), answer, now=NOW)

    assert everything(session) == before
    for what in What:
        assert rows.count(session, what) == len(before[what])
    assert everything(session, article=article)[What.SOURCES] == before[What.SOURCES]


def test_answers_to_a_gold_claim_never_leave_nor_once_it_is_retired(session):
    article, _claims = make_ready_article(session, ["true"])
    known = make_claim(session, article, "It cost 1.9 million crowns", "accepted")
    editor = make_person(session, "editor")
    before = everything(session)
    gold.make_gold(session, known, "true", "Settled.", actor=editor, now=NOW)
    cited = (SOURCE.__class__(CANARY, "refutes", "CANARY", "CANARY"),)
    answer = make_answer("false", rationale="CANARY [1].", sources=cited)
    submit_review(session, known, make_person(session), answer, now=NOW)
    gold.retire(session, known, counts=True, actor=editor, now=NOW)
    assert everything(session) == before


def test_who_is_named_in_one_row_is_not_known_by_it_in_a_panel_drawn_by_lot(session):
    _article, claims = make_ready_article(session, ["true", "false"], policy="team")
    reviews = session.query(Review).order_by(Review.id).all()
    person, drawn = reviews[0].person, reviews[-1].round
    person.shows_name, reviews[-1].person_id = True, person.id
    drawn.policy_key = "crowd"
    found = everything(session)[What.REVIEWS]
    ordinary = {one["reviewer"] for one in found if one["claim"] == claims[0].public_id}
    by_lot = [one for one in found if one["claim"] == claims[1].public_id]
    assert {one["reviewer_name"] for one in by_lot} == {None}
    assert not ordinary & {one["reviewer"] for one in by_lot}


def test_what_was_withdrawn_is_in_no_file(session):
    article, claims = make_ready_article(session, ["true", "false"])
    publish_edition(session, article, note=None, actor=None, now=NOW)
    withdrawing.withdraw_claim(session, claims[0], reason="A slip.", actor=None, now=NOW)
    found = everything(session)
    assert [one["id"] for one in found[What.CLAIMS]] == [claims[1].public_id]
    (source,) = found[What.SOURCES]
    assert (source["reviews"], source["verdicts"]) == (2, 1)
    for what in (What.REVIEWS, What.DECISIONS):
        assert {one["claim"] for one in found[what]} == {claims[1].public_id}

    withdrawing.withdraw_article(session, article, reason="A slip.", actor=None, now=NOW)
    found = everything(session)
    assert not any(found.values())
    assert not any(everything(session, article=article).values())


def test_one_article_s_rows_are_its_own(session):
    article, claims = make_ready_article(session, ["true"])
    make_ready_article(session, ["false"])
    found = everything(session, article=article)
    assert [one["id"] for one in found[What.CLAIMS]] == [claims[0].public_id]
    assert {one["article"] for one in found[What.REVIEWS]} == {article.slug}
    assert len(found[What.SOURCES]) == 1


@pytest.mark.one_database
def test_a_file_is_read_back_as_it_was_and_no_cell_is_a_formula(session):
    article = make_article(session)
    claim = make_claim(session, article, restated='=HYPERLINK("x"), "said" he;\nand left')
    (row,) = everything(session)[What.CLAIMS]
    columns = COLUMNS[What.CLAIMS]
    assert json.loads(formats.body("jsonl", columns, [row])) == row
    text = (formats.head("csv", columns) + formats.body("csv", columns, [row])).decode()
    (read,) = csv.DictReader(io.StringIO(text, newline=""))
    assert read["restated"] == "'" + claim.restated
    assert (read["id"], read["sensitive"], read["dismissal"]) == (claim.public_id, "false", "")
