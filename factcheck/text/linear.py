"""A linear model over named features, learned with nothing but the standard library.

Logistic regression by stochastic gradient steps, each feature with a step size of its own
(AdaGrad), averaged over the passes. The order of the examples comes from a fixed seed and
the weights are rounded, so the same data give the same file, byte for byte.
"""

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple


class Example(NamedTuple):
    """One case: the signs it shows, the words it holds, whether it is sought, how much it counts.

    `sought` may lie between no (0) and yes (1) where a case is half of each.

    A sign weighs in full. The words share out a fixed weight, so that a long sentence does not
    count more than a short one: each weighs SHARE / sqrt(how many there are). A case of which
    one cannot be sure has a `weight` below one: it moves the model by that share.
    """

    signs: Sequence[str]
    words: Sequence[str]
    sought: float
    weight: float = 1.0


SHARE: Final = 6.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to learn: passes over the data, step size, pull to the start, rarest feature kept."""

    passes: int = 8
    rate: float = 0.2
    decay: float = 1e-6
    rarest: int = 2
    smallest: float = 0.02  # a weight nearer to zero is dropped


def fit(
    examples: Sequence[Example], recipe: Recipe, start: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return the weight of each feature, in the order of their names.

    Learning sets out from the weights `start`, if there are any, and is pulled back to them.
    """
    since = start or {}
    seen = Counter(feature for case in examples for feature in (*case.signs, *case.words))
    names = sorted({*since, *(name for name, count in seen.items() if count >= recipe.rarest)})
    number = {name: index for index, name in enumerate(names)}
    cases = [_numbered(case, number) for case in examples]
    rest = [since.get(name, 0.0) for name in names]
    weights = list(rest)
    steps = [0.5] * len(names)
    summed = [0.0] * len(names)
    shuffler = random.Random(7)  # noqa: S311
    for _ in range(recipe.passes):
        shuffler.shuffle(cases)
        for case in cases:
            _step(weights, steps, case, recipe, rest)
        summed = [total + weight for total, weight in zip(summed, weights, strict=True)]
    averaged = (round(total / recipe.passes, 3) for total in summed)
    return {
        name: weight
        for name, weight in zip(names, averaged, strict=True)
        if abs(weight) >= recipe.smallest
    }


_Case = tuple[list[tuple[int, float]], float, float]


def _numbered(case: Example, number: dict[str, int]) -> _Case:
    share = share_of(len(case.words))
    found = [(number[sign], 1.0) for sign in case.signs if sign in number]
    found += [(number[word], share) for word in case.words if word in number]
    return found, case.sought, case.weight


def _step(
    weights: list[float], steps: list[float], case: _Case, recipe: Recipe, rest: list[float]
) -> None:
    found, sought, weight = case
    total = 0.0
    for feature, share in found:
        total += weights[feature] * share
    error = probability(total) - sought
    if -0.01 < error < 0.01:
        return
    error *= weight
    for feature, share in found:
        slope = error * share + recipe.decay * (weights[feature] - rest[feature])
        steps[feature] += slope * slope
        weights[feature] -= recipe.rate * slope / math.sqrt(steps[feature])


def share_of(count: int) -> float:
    """Return what each of `count` words weighs."""
    return SHARE / math.sqrt(count) if count else 0.0


def total_of(
    weights: Mapping[str, float], signs: Sequence[str], words: Sequence[str] = ()
) -> float:
    """Return the sum of the weights of the signs in full and of the words by their share."""
    weigh = weights.get
    total = sum(filter(None, map(weigh, signs)))
    return total + share_of(len(words)) * sum(filter(None, map(weigh, words)))


def probability(total: float) -> float:
    """Return the logistic function of `total`."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def calibrated(totals: Sequence[float], sought: Sequence[float]) -> tuple[float, float]:
    """Return the (slope, offset) that turn totals into honest probabilities.

    Found by Newton's method on the two numbers (Platt's scaling).
    """
    slope, offset = 1.0, 0.0
    for _ in range(30):
        gradient = [0.0, 0.0]
        curve = [1e-9, 0.0, 1e-9]
        for total, truth in zip(totals, sought, strict=True):
            chance = probability(slope * total + offset)
            error, spread = chance - truth, chance * (1.0 - chance)
            gradient[0] += error * total
            gradient[1] += error
            curve[0] += spread * total * total
            curve[1] += spread * total
            curve[2] += spread
        determinant = curve[0] * curve[2] - curve[1] * curve[1]
        slope -= (curve[2] * gradient[0] - curve[1] * gradient[1]) / determinant
        offset -= (curve[0] * gradient[1] - curve[1] * gradient[0]) / determinant
    return round(slope, 4), round(offset, 4)
