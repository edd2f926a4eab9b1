"""Agreement beyond chance, against its definition and against what Krippendorff published."""

from __future__ import annotations

import json
import time

import krippendorff
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.methods.agreement import FEWEST, agreement, alpha, nominal, ordinal
from tests.effort import examples

JUDGED = st.lists(st.lists(st.integers(1, 5), max_size=6), max_size=30)


def test_full_agreement_on_different_things_is_one():
    assert alpha([["a", "a"], ["b", "b"]]) == pytest.approx(1)


def test_disagreement_throughout_is_below_zero():
    assert alpha([["a", "b"], ["b", "a"]]) < 0


@pytest.mark.parametrize("judged", [[], [["a"]], [["a", "a"], ["a", "a"]]])
def test_where_nothing_can_differ_there_is_no_figure(judged):
    assert alpha(judged) is None
    assert agreement(judged).alpha is None
    assert not agreement(judged * FEWEST).is_telling


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("0100000010", "1110010000", 0.095),  # A: binary data, two observers
        ("aabbdcccedda", "babbbcccedd" + "d", 0.692),  # B: nominal data, two observers
    ],
)
def test_the_examples_of_two_observers_come_out(first, second, expected):
    """Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), parts A and B."""
    assert alpha(list(zip(first, second, strict=True))) == pytest.approx(expected, abs=0.001)


@pytest.fixture
def table(shared):
    """The same paper's four observers, with gaps."""
    return json.loads((shared / "data/hostile/integrity_vectors.json").read_bytes())["alpha"][0]


@pytest.mark.parametrize(("name", "metric"), [("nominal", nominal), ("ordinal", ordinal)])
def test_the_published_table_comes_out(table, name, metric):
    units = [
        [value for value in unit if value is not None] for unit in zip(*table["rows"], strict=True)
    ]

    assert alpha(units, metric) == pytest.approx(table[name], abs=0.001)


def by_definition(judged, is_ordinal):
    """Return alpha from all pairs of judgements, as the definition has it, step by step."""
    units = [unit for unit in judged if len(unit) >= 2]
    every = [value for unit in units for value in unit]

    def difference(one, other):
        if not is_ordinal:
            return float(one != other)
        low, high = min(one, other), max(one, other)
        between = sum(low <= value <= high for value in every)
        return (between - (every.count(one) + every.count(other)) / 2) ** 2

    def pairs(values):
        return [(a, b) for i, a in enumerate(values) for j, b in enumerate(values) if i != j]

    if not every:
        return None
    size = len(every)
    expected = sum(difference(*pair) for pair in pairs(every)) / (size * (size - 1))
    observed = sum(
        sum(difference(*pair) for pair in pairs(unit)) / (len(unit) - 1) for unit in units
    )
    return None if expected == 0 else 1 - observed / size / expected


@settings(max_examples=examples(100), deadline=None)
@given(JUDGED, st.booleans())
def test_it_is_what_the_definition_says(judged, is_ordinal):
    found = alpha(judged, ordinal if is_ordinal else nominal)
    expected = by_definition(judged, is_ordinal)
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-9))


GAPPED = st.integers(2, 5).flatmap(
    lambda people: st.lists(
        st.lists(st.none() | st.integers(1, 6), min_size=people, max_size=people), min_size=2,
        max_size=20,
    )
)  # fmt: skip


@settings(max_examples=examples(100), deadline=None)
@given(GAPPED, st.sampled_from([("ordinal", ordinal), ("nominal", nominal)]))
def test_it_is_what_another_library_says_with_gaps_and_without(judged, measure):
    """`krippendorff`, of other authors, works by a matrix of coincidences."""
    level, metric = measure
    units = [[value for value in unit if value is not None] for unit in judged]
    paired = {value for unit in units if len(unit) > 1 for value in unit}
    if len(paired) < 2:  # that library refuses what we have no figure for
        assert alpha(units, metric) is None
        return
    rows = [[float("nan") if value is None else float(value) for value in row]
            for row in zip(*judged, strict=True)]  # fmt: skip
    expected = krippendorff.alpha(reliability_data=rows, level_of_measurement=level)
    assert alpha(units, metric) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=examples(50), deadline=None)
@given(JUDGED, st.randoms(), st.integers(1, 4))
def test_order_does_not_matter_and_numbers_in_order_may_be_stretched(judged, dice, factor):
    shuffled = [dice.sample(unit, len(unit)) for unit in judged]
    dice.shuffle(shuffled)
    stretched = [[value * factor + 7 for value in unit] for unit in shuffled]
    before = alpha(judged, ordinal)
    for after in (shuffled, stretched):
        assert alpha(after, ordinal) == (None if before is None else pytest.approx(before))


@settings(max_examples=examples(30), deadline=None)
@given(JUDGED)
def test_the_interval_is_in_order_and_the_same_each_time(judged):
    found = agreement(judged, ordinal, draws=40)
    assert found.things == sum(len(unit) >= 2 for unit in judged)
    assert (found.low is None) == (found.high is None)
    if found.low is not None:
        assert found.low <= found.high <= 1 + 1e-9
    assert agreement(judged[::-1], ordinal, draws=40) == found


def test_more_things_make_the_interval_narrower():
    some = [[1, 1], [2, 2], [4, 5], [5, 5], [1, 3], [3, 3]] * 2
    few, many = agreement(some, ordinal), agreement(some * 20, ordinal)
    assert few.alpha == pytest.approx(many.alpha, abs=0.05)
    assert few.high - few.low > 2 * (many.high - many.low)
    assert few.low < few.alpha < few.high
    assert few.is_telling


def test_two_thousand_things_take_seconds_at_most():
    judged = [[1 + i % 5, 1 + (i * i) % 5, 1 + i % 3] for i in range(2_000)]
    begun = time.perf_counter()
    assert agreement(judged, ordinal).things == 2_000
    assert time.perf_counter() - begun < 10
