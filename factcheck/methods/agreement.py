"""How far reviewers agree beyond chance: Krippendorff's alpha for unordered categories. Pure.

1 is full agreement, 0 what chance alone would give. A thing that one person judged says nothing and
is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence


def alpha(judged: Iterable[Sequence[str]]) -> float | None:
    """Return alpha for things judged by two or more people each, or None where it is not defined.

    `judged` holds for each thing the categories it was given, in any order. Not defined: nothing
    was judged twice, or everything was put into one category.
    """
    counts = [Counter(given) for given in judged if len(given) >= 2]
    totals: Counter[str] = Counter()
    observed = 0.0
    for count in counts:
        size = count.total()
        totals.update(count)
        alike = sum(number * (number - 1) for number in count.values())
        observed += (size * (size - 1) - alike) / (size - 1)
    size = totals.total()
    expected = size * size - sum(number * number for number in totals.values())
    if expected == 0:
        return None
    return 1 - (size - 1) * observed / expected
