"""A long text in parts that a browser and an editor can hold at once. Pure.

The parts follow from the text and its units alone, so an address with a part in it stays true.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from factcheck.text.units import Unit

Span = tuple[int, int]
LENGTH = 30_000  # code points after which a part ends with its paragraph; some 5,000 words
LONGEST = 60_000  # code points; a paragraph that runs on is parted between two sentences


def parts_of(text: str, units: Sequence[Unit]) -> list[Span]:
    """Return the parts of a text in order, half open, which together are all of it."""
    starts = [0]
    for before, unit in pairwise(units):
        length = unit.start - starts[-1]
        if length >= LENGTH and ("\n" in text[before.end : unit.start] or length >= LONGEST):
            starts.append(unit.start)
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def part_at(parts: Sequence[Span], offset: int) -> int:
    """Return which part holds the code point at `offset`, counted from 0."""
    return max(0, bisect_right([start for start, _ in parts], offset) - 1)
