"""Quoted words are found whatever the typing, and a changed word is told."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from factcheck.text.quotes import find_quote

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


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_that_is_typed_breaks_it(text, quote):
    assert find_quote(text, quote) in {"found", "changed", "missing"}
