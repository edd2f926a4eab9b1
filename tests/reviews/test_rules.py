"""Canonical addresses, what an answer must hold, effort."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.failures import Invalid
from factcheck.methods.queries import policy, scale
from factcheck.reviews.rules import (
    Answer,
    Cited,
    answer_problems,
    canonical_url,
    check_text,
    draft_problems,
    lease_end,
    minutes_needed,
)
from tests.conftest import NOW
from tests.reviews.factories import SOURCE, make_answer

SCALE = scale("default")
TEAM = policy("team")


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://example.org", "https://example.org/"),
        (" HTTP://EXAMPLE.org:80/A#b ", "http://example.org/A"),
        ("https://example.org:443/?utm_source=a&utm_medium=b", "https://example.org/"),
        ("https://example.org/?b=2&gclid=x&a=1&fbclid", "https://example.org/?b=2&a=1"),
        ("https://example.org/?q=a%20b&UTM_Campaign=x", "https://example.org/?q=a%20b"),
        ("https://example.org/?utmost=1", "https://example.org/?utmost=1"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://example.org:8443/a/../b", "https://example.org:8443/b"),
        ("http://[::1]/x", "http://[::1]/x"),
    ],
)
def test_addresses_of_one_source_have_one_form(url, canonical):
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "ftp://example.org/", "javascript:alert(1)", "https://", "https://a b/",
     "https://me:secret@example.org/", "data:text/html,x", "https://example.org/" + "a" * 2_000],
)  # fmt: skip
def test_what_is_no_web_address_is_refused_with_a_sentence(url):
    with pytest.raises(Invalid) as refused:
        canonical_url(url)
    assert str(refused.value).endswith((".", "@."))


@given(st.text(max_size=60))
def test_a_canonical_address_is_a_fixed_point(path):
    try:
        once = canonical_url("https://example.org/" + path)
    except Invalid:
        return
    assert canonical_url(once) == once


def fields(problems) -> list[str]:
    return [problem.field for problem in problems]


def test_a_whole_answer_has_no_problems_and_an_empty_one_lacks_rating_and_reasons():
    assert fields(answer_problems(make_answer(), SCALE, TEAM)) == []
    assert fields(answer_problems(Answer(), SCALE, TEAM)) == ["rating", "rationale"]
    assert fields(draft_problems(Answer(), SCALE)) == []


def test_every_rating_but_the_last_needs_a_source():
    for rating in SCALE.ratings:
        lacking = fields(answer_problems(make_answer(rating.key, sources=()), SCALE, TEAM))
        assert lacking == ([] if rating.key == "not-checkable" else ["sources"])


def test_a_problem_is_told_once_and_names_the_source_it_is_about():
    answer = make_answer(sources=(SOURCE, Cited("nowhere", "supports"), Cited("", "", "q" * 5_001)))

    assert fields(answer_problems(answer, SCALE, TEAM)) == [
        "sources[1].url", "sources[2].url", "sources[2].stance", "sources[2].quote",
    ]  # fmt: skip


def test_the_longest_rationale_is_counted_in_code_points():
    assert fields(answer_problems(make_answer(rationale="😀" * 20_000), SCALE, TEAM)) == []
    assert fields(answer_problems(make_answer(rationale="😀" * 20_001), SCALE, TEAM)) == [
        "rationale"
    ]
    assert fields(answer_problems(make_answer(rationale="a\ud800"), SCALE, TEAM)) == ["rationale"]


def test_work_is_words_or_a_source():
    assert not Answer("true", rationale=" \n").has_work
    assert Answer(rationale="a").has_work
    assert Answer(private_note="a").has_work
    assert Answer(sources=(SOURCE,)).has_work
    assert lease_end(NOW, has_work=False) == NOW + timedelta(hours=2)
    assert lease_end(NOW, has_work=True) == NOW + timedelta(hours=72)


def test_more_figures_and_a_foreign_language_take_longer():
    assert minutes_needed("The ferry was old.", is_foreign=False) == 10
    assert minutes_needed("412,000 passengers.", is_foreign=False) == 10
    assert minutes_needed("From 412,000 to 398,000 in 2024.", is_foreign=False) == 20
    assert minutes_needed("1 2 3 4 5 6 7 8", is_foreign=False) == 25
    assert minutes_needed("The ferry was old.", is_foreign=True) == 30


def test_a_needed_text_comes_back_without_blanks_around_it():
    assert check_text("reason", " a b \n", 3) == "a b"
    for bad in ("", " ", "abcdefg", "\0"):
        with pytest.raises(Invalid):
            check_text("reason", bad, 6)


@pytest.mark.parametrize(("sources", "lacks"), [(1, True), (2, False), (3, False)])
def test_a_policy_can_ask_for_more_sources_than_the_scale(sources, lacks):
    asked = replace(TEAM, least_sources=2)
    cited = tuple(Cited(f"https://{n}.example/", "context") for n in range(sources))
    found = fields(answer_problems(make_answer(sources=cited), SCALE, asked))
    assert found == (["sources"] if lacks else [])
    exit_key = next(one.key for one in SCALE.ratings if not one.sources_needed)
    assert fields(answer_problems(make_answer(exit_key, sources=()), SCALE, asked)) == []


def test_a_policy_can_take_archived_sources_alone():
    asked = replace(TEAM, archived_only=True)
    cited = (
        Cited("https://kept.example/?utm_source=a", "context"),
        Cited("https://web.archive.org/web/2007/https://old.example/", "context"),
        Cited("https://new.example/", "context", archive_url="https://archive.ph/aBcDe"),
        Cited("https://bare.example/", "context"),
    )
    answer = make_answer(sources=cited)
    found = list(answer_problems(answer, SCALE, asked, {"https://kept.example/"}))
    assert fields(found) == ["sources[3].url"]
    assert "There is no copy of it yet" in str(found[0])
    assert fields(answer_problems(answer, SCALE, TEAM)) == []
