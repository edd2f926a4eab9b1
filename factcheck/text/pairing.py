"""Pairing the words of two short sequences so that as much as possible stays in order and together.

A longest common subsequence that prefers pairs in a row, and words over marks, because a small word
or a full stop finds its equal everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

ROW_WORTH = 2  # of a pair that follows another one directly


def best_pairs(
    words: Sequence[int], others: Sequence[int], worths: Sequence[int]
) -> list[tuple[int, int]]:
    """Return the pairs of equal words, in order, worth most; pairs in a row are worth more.

    The edges count as pairs: what is next to an edge on both sides stands in a row with it.
    """
    width = len(others)
    best = [[0] * (width + 1)]  # of what stands before a row and a column
    ending = [[-1] * (width + 1)]  # the same, where those two are a pair
    ending[0][0] = 0
    for word, worth in zip(words, worths, strict=True):
        above, above_ending = best[-1], ending[-1]
        row, row_ending = [0], [-1]
        for column, other in enumerate(others):
            here = -1
            if word == other:
                here = worth + above[column]
                if above_ending[column] >= 0:
                    here = max(here, worth + above_ending[column] + ROW_WORTH)
            row_ending.append(here)
            row.append(max(here, above[column + 1], row[column]))
        best.append(row)
        ending.append(row_ending)
    return _traced(best, ending, worths)


def _traced(
    best: Sequence[Sequence[int]], ending: Sequence[Sequence[int]], worths: Sequence[int]
) -> list[tuple[int, int]]:
    """Return the pairs that a filled table stands for, last first."""
    row, column = len(best) - 1, len(best[0]) - 1
    pairs = []
    inside = ending[row][column] >= 0 and ending[row][column] + ROW_WORTH >= best[row][column]
    while row and column:
        if inside or ending[row][column] == best[row][column]:
            pairs.append((row - 1, column - 1))
            rest = ending[row][column] - worths[row - 1]
            row, column = row - 1, column - 1
            inside = ending[row][column] >= 0 and ending[row][column] + ROW_WORTH == rest
        elif best[row - 1][column] == best[row][column]:
            row -= 1
        else:
            column -= 1
    return pairs
