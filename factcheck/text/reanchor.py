"""Finding the passages of one revision again in the next.

A passage whose words are not there any more is "gone": it is better to have no anchor than a wrong
one. A passage is told from an equal one elsewhere by what stands around it, because whole texts are
aligned and not single quotes searched.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from factcheck.text.alignment import Alignment, align

Status = Literal["unchanged", "moved", "changed", "gone"]

LEAST_KEPT = 0.5  # share of a passage's characters, blanks aside, that must have survived
TORN = 0.6  # size of a second part, against the largest, from which a passage has no one place
_REACH = 60  # words between two parts of one passage, beyond what stood between them


@dataclass(frozen=True, slots=True)
class Span:
    """A passage, `start` to `end` in code points, end excluded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Anchored:
    """Where a passage is now.

    "unchanged": same words, same offsets; "moved": same words elsewhere; "changed": other words
    within; "gone": no place, `start` and `end` are None. `score` is the share of its characters
    that are still there, `method` how it was found: "same place", "exact" or "aligned".
    """

    status: Status
    start: int | None
    end: int | None
    score: float
    method: str


def reanchor(old: str, new: str, spans: Sequence[tuple[int, int]]) -> list[Anchored]:
    """Return where each passage of `old` stands in `new`, in the order of `spans`.

    Offsets are code points. Raises ValueError for a span that is empty or not inside `old`.
    """
    for start, end in spans:
        if not 0 <= start < end <= len(old):
            raise ValueError(f"[{start}, {end}) is no passage of a text of {len(old)} characters")
    if old == new:
        return [Anchored("unchanged", start, end, 1.0, "same place") for start, end in spans]
    alignment = align(old, new)
    return [_anchored(old, new, Span(start, end), alignment) for start, end in spans]


def _anchored(old: str, new: str, span: Span, alignment: Alignment) -> Anchored:
    """Return where one passage is."""
    first = bisect_right(alignment.old.ends, span.start)
    last = bisect_left(alignment.old.starts, span.end)
    groups = _groups(alignment, range(first, last))
    sizes = [_size(alignment, group) for group in groups]
    whole = _size(alignment, range(first, last))
    kept = max(sizes, default=0)
    share = kept / whole if whole else 0.0
    torn = any(size >= kept * TORN for size in sorted(sizes)[:-1])
    if share < LEAST_KEPT or torn:
        return Anchored("gone", None, None, round(share, 3), "aligned")
    parts = groups[sizes.index(kept)]
    start = _start(old, new, alignment, parts[0], span.start)
    end = _end(old, new, alignment, parts[-1], span.end)
    if new[start:end] != old[span.start : span.end]:
        return Anchored("changed", start, end, round(share, 3), "aligned")
    if start == span.start:
        return Anchored("unchanged", start, end, 1.0, "same place")
    return Anchored("moved", start, end, 1.0, "exact")


def _groups(alignment: Alignment, words: range) -> list[list[int]]:
    """Return the surviving words of a passage, parted where they no longer stand together."""
    groups: list[list[int]] = []
    for place in words:
        other = alignment.places[place]
        if other < 0:
            continue
        before = groups[-1][-1] if groups else -1
        step = other - alignment.places[before] if groups else 0
        if 0 < step <= place - before + _REACH:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _size(alignment: Alignment, words: Iterable[int]) -> int:
    """Return how many characters these words of the old text have."""
    return sum(alignment.old.ends[place] - alignment.old.starts[place] for place in words)


def _start(old: str, new: str, alignment: Alignment, place: int, offset: int) -> int:
    """Return where a passage begins whose first surviving word is given.

    A start inside that word stays as far inside. The blank between a lost word and that one
    survived too, and belongs to the passage.
    """
    old_start = alignment.old.starts[place]
    new_start = alignment.new.starts[alignment.places[place]]
    if offset >= old_start:
        return new_start + offset - old_start
    other = alignment.places[place]
    replaced = other > 0 and alignment.sources[other - 1] < 0
    both_blank = old[old_start - 1].isspace() and new[:new_start][-1:].isspace()
    return new_start - 1 if replaced and both_blank else new_start


def _end(old: str, new: str, alignment: Alignment, place: int, offset: int) -> int:
    """Return where a passage ends whose last surviving word is given, as `_start` does."""
    old_end = alignment.old.ends[place]
    new_end = alignment.new.ends[alignment.places[place]]
    if offset <= old_end:
        return new_end - (old_end - offset)
    both_blank = old[old_end].isspace() and new[new_end : new_end + 1].isspace()
    return new_end + 1 if both_blank else new_end
