"""How much one person may ask for, and lists in pages."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.api.cursors import PageQuery, cursor_of, key_of, page_of_all
from factcheck.api.limits import A_MINUTE, AT_ONCE, Limiter
from factcheck.api.problems import Refusal
from tests.conftest import NOW


def test_the_limits_are_at_least_what_is_promised():
    assert A_MINUTE >= 600
    assert AT_ONCE >= 100


def test_the_call_beyond_the_minute_s_limit_is_refused_until_the_minute_is_over():
    limiter = Limiter(a_minute=3, at_once=100)
    for second in range(3):
        with limiter.counted(1, now=NOW + timedelta(seconds=second)):
            pass
    with (
        pytest.raises(Refusal) as refusal,
        limiter.counted(1, now=NOW + timedelta(seconds=20)),
    ):
        pass

    assert (refusal.value.status, refusal.value.headers["Retry-After"]) == (429, "41")
    with limiter.counted(2, now=NOW + timedelta(seconds=20)):
        pass
    with limiter.counted(1, now=NOW + timedelta(seconds=60)):
        pass


def test_calls_at_once_are_counted_while_they_run():
    limiter = Limiter(a_minute=100, at_once=2)
    with limiter.counted(1, now=NOW), limiter.counted(1, now=NOW):
        with pytest.raises(Refusal) as refusal, limiter.counted(1, now=NOW):
            pass
        assert refusal.value.status == 429
    with limiter.counted(1, now=NOW):
        pass


@pytest.mark.one_database
def test_too_many_calls_answer_429_with_a_time_to_wait(app, rhea, monkeypatch):
    from factcheck.api import dispatch

    monkeypatch.setattr(dispatch, "limiter", Limiter(a_minute=2))
    assert [rhea.get("/me").status_code for _ in range(3)] == [200, 200, 429]
    answer = rhea.get("/me")

    assert answer.json["code"] == "too_many_calls"
    assert 1 <= int(answer.headers["Retry-After"]) <= 61


@given(st.lists(st.integers(0, 50), max_size=60), st.integers(1, 7))
def test_pages_hold_every_item_once_in_order(items, limit):
    items = sorted(set(items))
    seen, cursor = [], ""
    while True:
        given_page = PageQuery(cursor=cursor, limit=limit)
        found, following = page_of_all(items, given_page, lambda item: (item,))
        assert len(found) <= limit
        seen += found
        if following is None:
            break
        cursor = following

    assert seen == items


@given(st.text(max_size=40))
def test_any_text_for_a_cursor_is_a_cursor_or_a_refusal(text):
    key = None
    with suppress(Refusal):
        key = key_of(text, int, str)

    assert key is None or [type(part) for part in key] == [int, str]


def test_a_cursor_gives_its_key_back():
    assert key_of(cursor_of([3, "é"]), int, str) == (3, "é")
