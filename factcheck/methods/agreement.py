"""How far reviewers agree beyond chance: Krippendorff's alpha, with a bootstrap interval. Pure.

1 is full agreement, 0 what chance alone would give. A thing that one person judged says nothing and
is left out. What is judged alike is counted together, so that time grows with how many different
ways of judging there are, not with how many things.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations

FEWEST = 10  # things below which the figure is not worth telling
DRAWS = 1_000
COVERAGE = 0.95
_SEED = 2011  # the same judgements give the same interval on every machine

Value = str | int
Totals = Mapping[Value, float]
Difference = Callable[[Value, Value], float]
Metric = Callable[[Totals], Difference]
"""Given how often each value was given, how different two of them are (squared)."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha with its interval, each None where it is not defined, and over how many `things`."""

    alpha: float | None
    low: float | None
    high: float | None
    things: int

    @property
    def is_telling(self) -> bool:
        """Whether there is a figure, over enough things to be told."""
        return self.things >= FEWEST and self.alpha is not None and self.low is not None


def nominal(_totals: Totals) -> Difference:
    """Return the metric of values without an order: two are the same, or not."""
    return lambda one, other: float(one != other)


def ordinal(totals: Totals) -> Difference:
    """Return the metric of numbers in order.

    Two differ by how many judgements lie from one to the other, those at the two ends counted half.
    """
    ranks = sorted(totals, key=int)
    upto = list(accumulate((totals[rank] for rank in ranks), initial=0.0))

    def difference(one: Value, other: Value) -> float:
        low, high = sorted((int(one), int(other)))
        first = bisect_left(ranks, low, key=int)
        last = bisect_right(ranks, high, key=int)
        between = upto[last] - upto[first] - (totals[one] + totals[other]) / 2
        return between * between

    return difference


def alpha(judged: Iterable[Sequence[Value]], metric: Metric = nominal) -> float | None:
    """Return alpha for things judged by two or more people each, or None where it is not defined.

    `judged` holds for each thing the values it was given, in any order. Not defined: nothing was
    judged twice, or everything was given one value.
    """
    return _alpha(_patterns(judged), metric)


def agreement(
    judged: Iterable[Sequence[Value]], metric: Metric = nominal, *, draws: int = DRAWS
) -> Agreement:
    """Return alpha with the interval in which it lies in 95 of 100 draws of the things judged."""
    patterns = _patterns(judged)
    things = patterns.total()
    found = _alpha(patterns, metric)
    if found is None:
        return Agreement(None, None, None, things)
    ways = sorted(patterns)
    weights = list(accumulate(patterns[way] for way in ways))
    dice = random.Random(_SEED)  # noqa: S311 - a sample, not a secret
    drawn = (Counter(dice.choices(ways, cum_weights=weights, k=things)) for _ in range(draws))
    values = sorted(value for one in drawn if (value := _alpha(one, metric)) is not None)
    tail = int(len(values) * (1 - COVERAGE) / 2)
    low, high = (values[tail], values[-1 - tail]) if values else (None, None)
    return Agreement(found, low, high, things)


def _patterns(judged: Iterable[Sequence[Value]]) -> Counter[tuple[Value, ...]]:
    """Count the ways of judging, in one order, so that sums are the same to the last digit."""
    ways = sorted(tuple(sorted(given)) for given in judged if len(given) >= 2)
    return Counter(ways)


def _alpha(patterns: Mapping[tuple[Value, ...], int], metric: Metric) -> float | None:
    totals: Counter[Value] = Counter()
    pairs: dict[tuple[Value, Value], float] = {}
    for pattern, times in patterns.items():
        for value in pattern:
            totals[value] += times
        for pair in combinations(pattern, 2):
            if pair[0] != pair[1]:
                pairs[pair] = pairs.get(pair, 0.0) + times / (len(pattern) - 1)
    difference = metric(totals)
    expected = sum(
        totals[one] * totals[other] * difference(one, other)
        for one, other in combinations(totals, 2)
    )
    if expected == 0:
        return None
    observed = sum(many * difference(*pair) for pair, many in pairs.items())
    return 1 - (totals.total() - 1) * observed / expected
