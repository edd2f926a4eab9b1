"""Cursors come back as they were given, and anything else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.failures import Invalid
from factcheck.web.paging import LARGEST, cursor, key_of, number_of

PART = st.text(st.characters(exclude_characters="\x1f", exclude_categories=["Cs"]), min_size=1)


@given(st.lists(PART, min_size=1, max_size=3))
def test_a_key_comes_back_from_its_cursor(key):
    assert key_of(cursor(*key), parts=len(key)) == tuple(key)


@given(st.integers(min_value=0, max_value=LARGEST))
def test_a_number_comes_back_from_its_cursor(number):
    assert number_of(cursor(number)) == number


@given(st.text())
def test_whatever_somebody_types_is_a_key_or_a_refusal(typed):
    try:
        key = key_of(typed)
        number = number_of(typed)
    except Invalid:
        return
    assert key is None or (len(key) == 1 and key[0])
    assert number is None or 0 <= number <= LARGEST


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "٣", str(LARGEST + 1), "0" * 30, "9" * 19])
def test_what_is_no_rows_number_is_refused(value):
    with pytest.raises(Invalid):
        number_of(cursor(value))


def test_without_a_cursor_there_is_no_key():
    assert key_of(None) is key_of("") is number_of(None) is None
