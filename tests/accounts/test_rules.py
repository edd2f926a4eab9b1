"""Roles and scopes are ladders."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.accounts.rules import HIGHEST_SCOPE, Role, Scope, checked_languages, checked_words
from factcheck.accounts.signing_in import network_of
from factcheck.failures import Invalid


@pytest.mark.parametrize("ladder", [Role, Scope])
def test_each_step_includes_itself_and_those_below(ladder):
    steps = list(ladder)
    for place, step in enumerate(steps):
        assert [other for other in steps if step.includes(other)] == steps[: place + 1]


def test_a_higher_role_never_has_a_lower_scope():
    scopes = [HIGHEST_SCOPE[role] for role in Role]
    assert all(higher.includes(lower) for lower, higher in pairwise(scopes))


@given(st.lists(st.text(max_size=120), max_size=60))
def test_words_are_either_refused_or_all_printable_short_and_different(entries):
    try:
        words = checked_words("fields", entries)
    except Invalid:
        return
    assert len(words) == len(set(words)) <= 50
    assert all(word.isprintable() and 0 < len(word) <= 100 for word in words)
    assert checked_words("fields", words) == words


@given(st.lists(st.text(max_size=12), max_size=5))
def test_language_codes_stay_as_they_are_when_checked_again(entries):
    try:
        codes = checked_languages(entries)
    except Invalid:
        return
    assert checked_languages(codes) == codes


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1:a:b:c:d", "2001:db8:0:1::/64"),
        ("2001:db8:0:1::", "2001:db8:0:1::/64"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_attempts_count_under_the_network_that_one_person_has(address, network):
    assert network_of(address) == network
