"""Naming passages, finding them again, and counting as browsers do."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.selectors import (
    Quote,
    QuoteNotFound,
    from_utf16,
    locate,
    quote_at,
    to_utf16,
    w3c,
)

SHARED = Path(__file__).parents[3] / "shared"


def test_a_repeated_quote_is_told_apart_by_its_context():
    text = "In 2019 it rose 4%. In 2020 it rose 4%."

    assert locate(quote_at(text, 28, 38), text) == (28, 38)
    assert locate(quote_at(text, 8, 18), text) == (8, 18)


def test_of_equal_places_the_nearest_is_taken_and_else_the_first():
    text = "no no no"

    assert locate(Quote("no"), text) == (0, 2)
    assert locate(Quote("no"), text, near=7) == (6, 8)


@pytest.mark.parametrize("exact", ["", "never"])
def test_words_that_stand_nowhere_are_not_found(exact):
    with pytest.raises(QuoteNotFound):
        locate(Quote(exact), "It rose.")


@given(st.text(min_size=1, max_size=120), st.data())
def test_every_passage_is_found_again_where_its_words_stand(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    found = locate(quote_at(text, start, end), text, near=start)

    assert text[slice(*found)] == text[start:end]


@given(st.text(max_size=60), st.data())
def test_offsets_come_back_from_utf16(text, data):
    offset = data.draw(st.integers(0, len(text)))

    counted = to_utf16(text, offset)

    assert counted == len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2
    assert from_utf16(text, counted) == offset


def test_an_offset_inside_an_emoji_or_outside_the_text_is_refused():
    for offset in (1, 3, -1):
        with pytest.raises(ValueError, match="offset"):
            from_utf16("🙂", offset)
    with pytest.raises(ValueError, match="offset"):
        to_utf16("🙂", 2)


@pytest.mark.parametrize(("start", "end"), [(1, 1), (2, 1), (-1, 2), (0, 9)])
def test_an_impossible_span_is_refused(start, end):
    with pytest.raises(ValueError, match="passage"):
        quote_at("It rose.", start, end)


def test_the_w3c_selectors_hold_position_and_quote():
    position, quote = w3c("The rate rose 5%.", 9, 16)

    assert position == {"type": "TextPositionSelector", "start": 9, "end": 16}
    assert quote == {
        "type": "TextQuoteSelector",
        "exact": "rose 5%",
        "prefix": "The rate ",
        "suffix": ".",
    }


def test_the_offsets_of_the_unicode_cases_agree():
    path = SHARED / "data" / "hostile" / "unicode_traps.json"
    if not path.exists():
        pytest.skip("the hostile strings are not beside this checkout")
    for case in json.loads(path.read_text(encoding="utf-8"))["offsets"]:
        start, end = case["codepoint"]
        assert [to_utf16(case["text"], start), to_utf16(case["text"], end)] == case["utf16"]
        assert case["text"][start:end] == case["quote"]
