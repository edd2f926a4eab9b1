"""Where endpoints may be, how a delivery is signed, and when it is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.failures import Invalid
from factcheck.webhooks.rules import (
    DISABLED_AFTER,
    LONGEST_REST,
    TRIED_FOR,
    Told,
    checked_url,
    is_past_hope,
    next_try,
    rest,
    signature,
)
from tests.conftest import NOW


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/", "https://hooks.example.org:8443/", "https://localhost/",
        "https://printer.lan/", "https://10.0.0.1/", "https://[::ffff:127.0.0.1]/",
        "https://me:word@hooks.example.org/", "ftp://hooks.example.org/", "hooks", "",
        "https://hooks.example.org/" + "a" * 2000,
    ],
)  # fmt: skip
def test_an_endpoint_is_public_and_protected(url):
    with pytest.raises(Invalid) as refused:
        checked_url(url, frozenset())
    assert refused.value.field == "url"


def test_an_endpoint_is_kept_in_normal_form_and_what_is_allowed_may_be_private():
    assert checked_url(" https://Hooks.example.org/a?b#c ", frozenset()) == (
        "https://hooks.example.org/a?b"
    )
    allow = frozenset({"10.0.0.1:8080"})
    assert checked_url("http://10.0.0.1:8080/", allow) == "http://10.0.0.1:8080/"
    with pytest.raises(Invalid):
        checked_url("http://10.0.0.1:8081/", allow)


def test_a_signature_is_what_it_always_was():
    found = signature("fcwh_secret", 1795176000, b'{"id": "a"}')
    assert found == "v1=4e34fbfee07e63a6d41fb42ac12a19f362c40b8efa56c2b5f3553390983d891f"


@given(st.floats(0, 3600).map(lambda seconds: timedelta(seconds=seconds)))
def test_a_delivery_is_tried_nine_times_at_most_within_a_day_later_and_later(late):
    now, waits, attempts = NOW, [], 1
    while (at := next_try(Told.CHANGED, attempts, NOW, now)) is not None:
        waits.append(at - now)
        assert at - NOW <= TRIED_FOR
        now, attempts = at + late, attempts + 1
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert 5 <= attempts <= 9
    assert next_try(Told.PING, 1, NOW, NOW) is None


@given(st.integers(1, 10**6))
def test_a_rest_grows_to_half_an_hour(failures):
    assert timedelta(minutes=1) <= rest(failures) <= rest(failures + 1) <= LONGEST_REST


def test_hope_lasts_a_week():
    assert not is_past_hope(NOW, NOW + DISABLED_AFTER - timedelta(seconds=1))
    assert is_past_hope(NOW, NOW + DISABLED_AFTER)
