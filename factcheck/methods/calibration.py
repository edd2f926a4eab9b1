"""How often somebody's answers to gold claims are right, with the range that it lies in. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from factcheck.methods.rules import Scale

FEWEST: Final = 5
"""Answers below which no figure is shown, and by how many at a time a reviewer's own grows."""
_Z: Final = 1.959964  # standard deviations around the middle 95 of 100


@dataclass(frozen=True, slots=True)
class Calibration:
    """How many of so many answers are right, and between which shares 95 of 100 samples lie."""

    right: int
    answers: int
    low: float
    high: float


def is_right(rating: str, known: str, scale: Scale) -> bool:
    """Whether a rating lies in the same group of the scale as the known answer."""
    return scale.rating(rating).group == scale.rating(known).group


def calibration(answers: Sequence[bool]) -> Calibration | None:
    """Return the figure with its Wilson interval; None for fewer than FEWEST answers."""
    number, right = len(answers), sum(answers)
    if number < FEWEST:
        return None
    share, square = right / number, _Z * _Z
    middle = share + square / (2 * number)
    spread = _Z * sqrt(share * (1 - share) / number + square / (4 * number * number))
    whole = 1 + square / number
    low, high = (middle - spread) / whole, (middle + spread) / whole
    # At none and at all right, rounding may put an end of the range on the wrong side of the share.
    return Calibration(right, number, max(0.0, min(share, low)), min(1.0, max(share, high)))


def in_fives(answers: Sequence[bool]) -> Sequence[bool]:
    """Return the first answers up to a whole number of fives, so that none can be told apart."""
    return answers[: len(answers) // FEWEST * FEWEST]
