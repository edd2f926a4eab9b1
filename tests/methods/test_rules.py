"""Deciding, for every policy that is shipped and for any that could be written."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.failures import Invalid
from factcheck.methods import queries
from factcheck.methods.rules import (
    DISAGREE,
    Agreed,
    Disputed,
    Open,
    Policy,
    Rating,
    Scale,
    Wanted,
    checked_policy,
    decide,
)

SCALE = queries.scale("default")
KEYS = [rating.key for rating in SCALE.ratings]
TEAM, SOLO = queries.policy("team"), queries.policy("solo")
ratings = st.lists(st.sampled_from(KEYS), max_size=9)


@st.composite
def policies(draw, least: int = 1, depth: int = 3) -> Policy:
    """Steps that grow: each asks for a majority, and for no more further votes than seats."""
    seats = draw(st.integers(least, least + 3))
    agree = draw(st.integers(seats // 2 + 1, seats))
    following = draw(policies(seats + 1, depth - 1)) if depth and draw(st.booleans()) else None
    if following and following.agree - agree > following.seats - seats:
        agree = seats
    return Policy("own", "Own", "", seats, agree, following)


any_policy = st.one_of(st.sampled_from(queries.shipped_policies()), policies())


def group(key: str) -> str:
    return SCALE.rating(key).group


@given(ratings, any_policy, st.randoms(use_true_random=False))
def test_the_order_of_reviews_never_matters(given_ratings, policy, shuffler: random.Random):
    mixed = list(given_ratings)
    shuffler.shuffle(mixed)

    assert decide(mixed, policy, SCALE) == decide(given_ratings, policy, SCALE)


@given(st.data(), any_policy)
def test_a_round_that_goes_on_asks_for_more_seats_than_are_filled_and_ends(data, policy):
    given_ratings: list[str] = []
    for _ in range(policy.most_seats + 1):
        outcome = decide(given_ratings, policy, SCALE)
        if not isinstance(outcome, Open):
            break
        assert len(given_ratings) < outcome.seats <= policy.most_seats
        given_ratings.append(data.draw(st.sampled_from(KEYS)))

    assert not isinstance(outcome, Open)
    assert len(given_ratings) <= policy.most_seats


@given(ratings, any_policy)
def test_agreement_is_of_one_group_by_as_many_as_the_step_asks(given_ratings, policy):
    outcome = decide(given_ratings, policy, SCALE)

    if isinstance(outcome, Agreed):
        inside = [key for key in given_ratings if group(key) == outcome.group]
        if len(given_ratings) <= policy.most_seats:
            assert len(inside) * 2 > len(given_ratings)
        assert set(outcome.options) == set(inside)
        assert list(outcome.options) == sorted(outcome.options, key=KEYS.index)
        if outcome.rating is not None:
            assert all(
                inside.count(outcome.rating) > inside.count(other)
                for other in set(inside) - {outcome.rating}
            )


@given(ratings, any_policy, st.integers(0, 3))
def test_one_more_that_agrees_never_undoes_an_agreement(given_ratings, policy, more):
    outcome = decide(given_ratings, policy, SCALE)

    if isinstance(outcome, Agreed):
        grown = decide(given_ratings + [outcome.options[0]] * more, policy, SCALE)
        assert isinstance(grown, Agreed)
        assert grown.group == outcome.group


STEPS = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), max_size=4)


def as_policy(steps) -> Policy | None:
    following = None
    for seats, agree in reversed(steps):
        following = Policy("own", "", "", seats, agree, following)
    return following


@given(STEPS)
def test_what_can_be_added_decides_by_majorities_that_nobody_undoes(steps):
    """Of two groups, by their votes alone: the check lets through what holds, and nothing else."""
    scale = Scale("two", 1, "", tuple(
        Rating(key, key, key, "", "", "", "", ("", ""), None, 0) for key in "ab"
    ))  # fmt: skip
    seats = [one[0] for one in steps]
    is_shaped = 1 <= len(steps) <= 3 and seats[0] >= 2 and seats == sorted(set(seats))
    holds = is_shaped and all(s < 2 * agree <= 2 * s for s, agree in steps)
    if holds:
        policy = as_policy(steps)
        for number, yes in ((n, y) for n in range(seats[-1]) for y in range(n + 1)):
            outcome = decide("a" * yes + "b" * (number - yes), policy, scale)
            if isinstance(outcome, Agreed):
                grown = decide("a" * yes + "b" * (number - yes) + outcome.group, policy, scale)
                holds &= isinstance(grown, Agreed) and grown.group == outcome.group
    wanted = Wanted("Own", "By votes.", tuple(steps))
    if holds:
        assert checked_policy(wanted) == wanted
    else:
        with pytest.raises(Invalid) as refused:
            checked_policy(wanted)
        assert refused.value.field == "steps"


@given(st.lists(st.sampled_from("ab"), min_size=1, max_size=9), st.integers(1, 9))
def test_the_boundary_of_agreement_is_exact(votes, agree):
    scale = Scale("two", 1, "", tuple(
        Rating(key, key, key, "", "", "", "", ("", ""), None, 0) for key in "ab"
    ))  # fmt: skip
    most = max(votes.count("a"), votes.count("b"))
    agree = max(agree, len(votes) // 2 + 1)

    outcome = decide(votes, Policy("p", "", "", len(votes), agree), scale)

    assert isinstance(outcome, Agreed) == (most >= agree)


@pytest.mark.parametrize(
    ("given_ratings", "outcome"),
    [
        ([], Open(2)),
        (["true"], Open(2)),
        (["true", "true"], Agreed("upper", "true", ("true",))),
        (["mostly-true", "true"], Agreed("upper", None, ("true", "mostly-true"))),
        (["true", "false"], Open(3)),
        (["true", "false", "mostly-false"], Agreed("lower", None, ("mostly-false", "false"))),
        (["true", "false", "false"], Agreed("lower", "false", ("false",))),
        (["true", "false", "unproven"], Disputed()),
        (["not-checkable", "not-checkable"], Agreed("exit", "not-checkable", ("not-checkable",))),
    ],
)
def test_a_team_decides_by_two_in_one_group(given_ratings, outcome):
    assert decide(given_ratings, TEAM, SCALE) == outcome


def test_a_panel_that_failed_waits_for_the_whole_of_the_next():
    crowd = Policy("crowd", "", "", 5, 4, Policy("crowd", "", "", 9, 6))
    first = ["true", "true", "true", "false", "mixed"]

    assert decide(first, crowd, SCALE) == Open(9)
    assert decide([*first, "true"], crowd, SCALE) == Open(9)
    assert decide([*first, "true", "true", "true", "false"], crowd, SCALE) == Agreed(
        "upper", "true", ("true",)
    )
    assert decide(["true"] * 4 + ["false", "true"], crowd, SCALE).group == "upper"


@pytest.mark.parametrize("key", KEYS)
def test_alone_one_review_decides(key):
    assert decide([key], SOLO, SCALE) == Agreed(group(key), key, (key,))


def test_the_default_scale_stands_as_it_was_promised():
    assert queries.scales()[0] is SCALE
    assert KEYS == [
        "true", "mostly-true", "mixed", "mostly-false", "false", "misleading", "missing-context",
        "unproven", "not-checkable",
    ]  # fmt: skip
    assert [one.value for one in SCALE.ratings] == [5, 4, 3, 2, 1, None, None, None, None]
    assert [one.sources_needed for one in SCALE.ratings] == [1] * 8 + [0]
    assert {one.shape for one in SCALE.ratings} == {f"v-{key}" for key in KEYS}


def test_the_default_policy_comes_first_and_unknown_keys_are_named():
    assert queries.shipped_policies()[0].key == "team"
    with pytest.raises(queries.UnknownPolicy, match="team"):
        queries.policy("jury")
    with pytest.raises(queries.UnknownScale):
        queries.scale("stars")


def test_that_reviewers_disagree_is_a_finding_and_no_rating():
    assert SCALE.finding(DISAGREE.key) is DISAGREE
    assert all(SCALE.finding(key) is SCALE.rating(key) for key in KEYS)
    for look_up in (SCALE.rating, lambda key: decide([key, "true"], TEAM, SCALE)):
        with pytest.raises(KeyError):
            look_up(DISAGREE.key)


@pytest.mark.parametrize("scale", queries.scales())
def test_it_looks_like_no_rating_of_any_scale(scale):
    for rating in scale.ratings:
        assert rating.key != DISAGREE.key
        assert rating.group != DISAGREE.group
        assert rating.label != DISAGREE.label
        assert (rating.shape, rating.line) != (DISAGREE.shape, DISAGREE.line)
        assert not set(rating.colour) & set(DISAGREE.colour)


def test_a_scale_that_brings_the_key_along_is_refused():
    rating = {"key": "disagree", "label": "", "group": "a", "short": "", "definition": "",
              "shape": "", "line": "", "colour": ["", ""], "value": None,
              "sources_needed": 0}  # fmt: skip
    with pytest.raises(queries.ReservedRating):
        queries._scale({"key": "own", "version": 1, "name": "Own", "ratings": [rating]})
