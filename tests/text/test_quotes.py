"""Quoted words are found whatever the typing, and a changed word is told."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from factcheck.text.quotes import find_on_pages, find_quote

PAGE = """Register of inland vessels, entry 1923/041.

The “Reach Maid” – a chain ferry – was built in 1923. Her certificate of use
was renewed on 2\u00a0May 2026, after a sur\u00advey. She carried 412,000 passengers."""


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("was built in 1923", "found"),
        ("\"The 'Reach Maid' - a chain ferry - was built in 1923.\"", "found"),
        ("certificate of use was renewed on 2 May 2026", "found"),
        ("after a survey", "found"),
        ("Register of inland vessels … built in 1923", "found"),
        ("Register [...] built in 1923 [...] renewed", "found"),
        ("“… she carried 412,000 passengers”", "changed"),
        ("Her certificate of use was renewed on 3 May 2026", "changed"),
        ("was renewed … was built", "missing"),
        ("She sank in 1931 with all hands", "missing"),
        ("", "missing"),
        (" … ", "missing"),
    ],
)
def test_how_quoted_words_stand_in_a_page(quote, found):
    assert find_quote(PAGE, quote) == found


@given(st.text(st.characters(exclude_categories=["Mn", "Cs"]), min_size=1, max_size=200), st.data())
def test_any_passage_of_a_text_is_found_in_it(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    passage = text[start : data.draw(st.integers(start + 1, len(text)))]
    assume(any(letter.isalnum() for letter in passage))
    assume("..." not in passage and "…" not in passage)

    assert find_quote(f"{text} ", passage) == "found"


PAGES = ["Register of ves-\nsels, entry 1923.", "", "Built at the yard", "of Nagy in 1923."]


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("Register of vessels", ("found", 1)),
        ("Register of ves- sels", ("found", 1)),
        ("at the yard of Nagy", ("found", 3)),
        ("of Nagy", ("found", 4)),
        ("entry 1923 … in 1923", ("found", 1)),
        ("Built at the yard of Nagi", ("changed", 3)),
        ("Sunk in the ice of 1931", ("missing", None)),
        ("…", ("missing", None)),
    ],
)
def test_on_which_page_quoted_words_begin(quote, found):
    assert find_on_pages(PAGES, quote) == found


@given(
    st.lists(st.text("ab ß-\n", max_size=12), min_size=1, max_size=4), st.text("abß", min_size=1)
)
def test_the_page_told_is_one_of_the_pages(pages, quote):
    found, page = find_on_pages(pages, quote)
    assert (page is None) == (found == "missing")
    assert page is None or 1 <= page <= len(pages)


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_that_is_typed_breaks_it(text, quote):
    assert find_quote(text, quote) in {"found", "changed", "missing"}
