"""Cursors come back as they were given, and anything else is refused."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.failures import Invalid
from factcheck.web.paging import LARGEST, cursor, key_of, moment_and_key, number_of

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


@given(st.datetimes(timezones=st.just(UTC)), st.integers(min_value=0, max_value=LARGEST))
def test_a_moment_and_a_number_come_back_from_their_cursor(at, number):
    key = key_of(cursor(at.isoformat(), number), parts=2)
    assert moment_and_key(key) == moment_and_key([at.isoformat(), number]) == (at, number)


@pytest.mark.parametrize(
    "key",
    [
        ("2025-01-01T00:00:00+00:00", str(10**30)),
        ("2025-01-01T00:00:00+00:00", -1),
        ("2025-01-01T00:00:00", "1"),  # in no zone
        ("9999-12-31T23:59:59-23:59", "1"),  # in UTC there is no such year
        ("yesterday", "1"),
    ],
)
def test_what_is_no_moment_with_a_number_is_refused(key):
    with pytest.raises(Invalid):
        moment_and_key(key)


def test_without_a_cursor_there_is_no_key():
    assert key_of(None) is key_of("") is number_of(None) is moment_and_key(None) is None
