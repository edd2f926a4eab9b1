"""Earlier checks of others: read from files, staged, matched, removed."""

import io
import json

import pytest

from factcheck.checks import actions, importing, queries
from factcheck.checks.reading import entries
from factcheck.checks.rules import NewCheck, as_typed, defused
from factcheck.db import current_session, writing
from factcheck.decisions.queries import CheckElsewhere, earlier_checks
from factcheck.runs import actions as runs
from factcheck.runs.queries import run as run_at
from factcheck.runs.queries import troubles
from tests.claims.factories import make_article, make_claim
from tests.editions.factories import QUOTES, TEXT

CSV = """text;url;rating;date
The ferry carried 400,000 passengers in 2024;https://ex.example/a;False;2024-05-01
=1+1;https://ex.example/b;True;
;https://ex.example/c;True;
"""


def review(number, **details):
    return {
        "@type": "ClaimReview", "url": f"https://k.example/{number}",
        "claimReviewed": "Water is wet",
        "author": {"name": "K"}, "reviewRating": {"ratingValue": 1, "bestRating": "5"}, **details,
    }  # fmt: skip


def read(text, **options):
    data = text if isinstance(text, bytes) else text.encode()
    return list(entries(io.BytesIO(data), **options))


def begin(now):
    with writing() as session:
        return runs.begin(session, "import-checks", "a file", actor=None, now=now).public_id


def bring(text, now, **asked):
    public_id = begin(now)
    return importing.bring(io.BytesIO(text.encode()), public_id, asked), public_id


@pytest.mark.parametrize("wrap", [
    json.dumps,
    lambda one: json.dumps([one]),
    lambda one: json.dumps({"@type": "DataFeed", "dataFeedElement": [{"item": one}]}, indent=1),
    lambda one: json.dumps({"@graph": [one], "@context": "https://schema.org"}),
    lambda one: json.dumps(one) + "\n",
])  # fmt: skip
def test_every_wrapping_of_a_claim_review_is_read(wrap):
    (found,) = read(wrap(review(1)))
    assert (found.text, found.rating, found.publisher) == ("Water is wet", "False", "K")


def test_json_lines_name_a_bad_line_and_go_on():
    lines = [json.dumps(review(1)), "{broken", json.dumps(review(2, url="ftp://x")),
             json.dumps(review(3, reviewRating={"alternateName": "So, so"}))]  # fmt: skip
    good, broken, url, last = read("\n".join(lines))
    assert isinstance(good, NewCheck)
    assert (broken.line, broken.field) == (2, "row")
    assert (url.line, url.field) == (3, "url")
    assert last.rating == "So, so"


def test_a_table_in_another_encoding_is_read_when_it_is_said():
    data = "text,url,rating\nCafé,https://a.example/,faux\n".encode("cp1252")
    (bad,) = read(data)
    assert (bad.line, bad.field) == (2, "text")
    assert read(data, encoding="windows-1252")[0].text == "Café"
    assert (
        read("text,url,rating\nCafé,https://a.example/,faux\n".encode("utf-16"))[0].text == "Café"
    )


@pytest.mark.parametrize("typed", ["=1+1", "'=1+1", "-3 degrees", "plain", "'quoted'", "\tx"])
def test_a_formula_is_defused_and_comes_back_as_it_was(typed):
    assert not defused(typed).startswith(("=", "+", "-", "@", "\t"))
    assert as_typed(defused(typed)) == typed


def test_nothing_is_kept_where_rows_are_bad(app, now):
    with app.app_context():
        with pytest.raises(importing.NothingKept):
            bring(CSV, now)
        assert queries.newest(current_session(), before=None, limit=9) == []


def test_good_rows_are_kept_and_the_bad_one_is_named(app, now):
    with app.app_context():
        counts, public_id = bring(CSV, now, keep_good=True)
        assert counts == {"good": 2, "bad": 1, "added": 2, "renewed": 0}
        session = current_session()
        run = run_at(session, public_id)
        (bad,) = troubles(session, run, after=0, limit=9)
        assert (bad.line, bad.field, run.state) == (4, "text", "done")


def test_a_second_import_renews_what_differs_and_keeps_its_id(app, now):
    with app.app_context():
        bring(CSV, now, keep_good=True)
        before = {one.text: one.public_id for one in queries.every(current_session())}
        counts, _ = bring(CSV.replace("False", "Not so"), now, keep_good=True)
        assert (counts["added"], counts["renewed"]) == (0, 1)
        after = {one.text: one.public_id for one in queries.every(current_session())}
        assert after == before
        (found,) = queries.found(current_session(), "ferry passengers", offset=0, limit=9)
        assert found.rating == "Not so"


@pytest.mark.parametrize(("keep_good", "left"), [(True, 1), (False, 0)])
def test_a_run_that_is_stopped_leaves_a_whole_state(app, now, monkeypatch, keep_good, left):
    monkeypatch.setattr(importing, "A_STEP", 1)
    with app.app_context():
        public_id = begin(now)

        def stop(_done, _troubles):
            with writing() as session:
                run_at(session, public_id).stop_asked_at = now

        with pytest.raises(runs.Stopped):
            importing.bring(io.BytesIO(CSV.encode()), public_id, {"keep_good": keep_good}, stop)
        session = current_session()
        assert run_at(session, public_id).state == "stopped"
        assert len(queries.newest(session, before=None, limit=9)) == left


def test_an_earlier_check_of_others_is_offered_beside_a_claim_until_it_is_removed(app, now):
    with app.app_context():
        bring(CSV, now, keep_good=True)
        with writing() as session:
            claim = make_claim(session, make_article(session, TEXT), QUOTES[0])
            (match,) = earlier_checks(session, claim)
            assert isinstance(match, CheckElsewhere)
            assert match.check.url == "https://ex.example/a"
            actions.remove(session, match.check, actor=None, now=now)
            assert earlier_checks(session, claim) == []
