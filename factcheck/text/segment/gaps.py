"""Where sentences end inside one stretch of prose.

Only places that could be an end are looked at: white space after a stop, white space before
a capital, and a stop with a capital glued to it. Most are plain at a glance; a
linear model weighs the rest. The work is bounded per place, so the time is linear in the length.
"""

import re
from bisect import bisect_right
from collections.abc import Container, Iterator
from typing import Final, NamedTuple

from factcheck.text.segment.glance import (
    ENDS,
    ENDS_OUTSIDE,
    RUNS_ON,
    RUNS_ON_LATE,
    at_a_glance,
    when_glued,
)
from factcheck.text.segment.marks import STOPS, WIDE_STOPS
from factcheck.text.segment.model import Around, features, weight

_REACH: Final = 48  # code points read on each side of a gap
_INSIDE: Final = 400  # code points back in which an open bracket or quotation mark counts
_LABEL: Final = 32  # code points; "Weather update:" in front of a sentence belongs to it
_RUNNING: Final = 25  # code points; a sentence that long is under way
_LENGTHS: Final = (8, 25, 60, 140)  # code points of the running sentence
_AHEAD: Final = (15, 50, 150)  # code points still to come
_GAP: Final = re.compile(
    # One class in front lets the search leap from one such character to the next.
    rf"""[\s.!?…"”{WIDE_STOPS}](?:"""
    # White space, from its first character, behind something like an end,
    r"""(?<=[.!?…)\]"”’:>*;\-–—(]\s)\s*+(?=\S)|"""
    # or before anything but a small letter;
    r"""(?<=\S\s)\s*+(?=[^\sa-z])|"""
    # a stop glued to a capital: "was.The", "him."She";
    r"""(?<=[a-z)][.!?…])(?=["“(]?[A-Z][a-z])|(?<=[a-z][.!?…]["”])(?=[A-Z][a-z])|"""
    # a stop of a script that writes no spaces.
    rf"(?<=[{WIDE_STOPS}])(?=[^\s{WIDE_STOPS}”’」』）》\])]))"
    r"(?=(\S{1,48}))"
)
_OPENED: Final = re.compile(r"[\"“(\[]")


class Gap(NamedTuple):
    """A place where a sentence could end: it would end at `end`, the next start at `start`."""

    end: int
    start: int


def sentence_ends(text: str, start: int, end: int) -> list[Gap]:
    """Return the gaps of `text[start:end]` at which one sentence ends and the next starts."""
    found: list[Gap] = []
    running = _Running(text, start, end)
    for left, right, first in _places(text, start, end):
        is_end = running.ends_plainly(left, right, first)
        if is_end is None:
            is_end = weight(running.around(left, right, first)) > 0
        if is_end:
            found.append(Gap(left, right))
            running.since = right
    return found


def weighed(
    text: str, start: int, end: int, begins: Container[int]
) -> Iterator[tuple[Gap, list[str]]]:
    """Yield each gap inside `text[start:end]` that is left to the model, with its features.

    `begins` holds the offsets at which sentences are known to begin; a model learns from these.
    """
    running = _Running(text, start, end)
    for left, right, first in _places(text, start, end):
        if running.ends_plainly(left, right, first) is None:
            yield Gap(left, right), features(running.around(left, right, first))
        if right in begins:
            running.since = right


def _places(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield where a sentence could end, where the next would start, and its first word."""
    for match in _GAP.finditer(text, start, end):
        left, right = match.span()
        if not text[left].isspace():
            left = right
        if start < left and right < end:
            yield left, right, match[1]


class _Running:
    """The sentence that runs, from `since` on, while the gaps of a stretch are gone through."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.since = start
        self._text, self._start, self._end = text, start, end
        self._closed = text[end - 1 : end] in STOPS

    def ends_plainly(self, left: int, right: int, first: str) -> bool | None:
        """Return what is plain about a gap without weighing, None where nothing is."""
        text, since = self._text, self.since
        last = text[left - _REACH if left - since > _REACH else since : left].rsplit(None, 1)[-1]
        answer = at_a_glance(last, first) if left < right else when_glued(last)
        if answer == RUNS_ON or (
            answer == RUNS_ON_LATE and self._closed and left - since > _RUNNING
        ):
            return False
        if answer == ENDS or (answer == ENDS_OUTSIDE and not self._is_inside(left)):
            return True
        labelled = since == self._start and text[left - 1] == ":" and left - since <= _LABEL
        # Behind ". . ." a small letter or "I" does not tell that a sentence begins.
        trails = text[left - 3 : left] == ". ." and (first[0].islower() or first == "I")
        return False if labelled or trails else None

    def around(self, left: int, right: int, first: str) -> Around:
        """Return what the model may see of a gap."""
        text, since, end = self._text, self.since, self._end
        after = text[right : min(end, right + _REACH)].split(None, 2)
        ahead = bisect_right(_AHEAD, end - right)
        return Around(
            text[max(since, left - _REACH) : left].rsplit(None, 1)[-1],
            left == right,
            first,
            after[1] if len(after) > 1 else "",
            self._is_inside(left),
            bisect_right(_LENGTHS, left - since),
            f"{ahead}c" if self._closed else f"{ahead}o",
            text[since : since + 14].split(None, 1)[0].lower(),
        )

    def _is_inside(self, left: int) -> bool:
        """Whether a bracket or a quotation mark is open at `left`."""
        text, reach = self._text, max(self.since, left - _INSIDE)
        return _OPENED.search(text, reach, left) is not None and (
            text.count('"', reach, left) % 2 == 1
            or text.count("“", reach, left) > text.count("”", reach, left)
            or text.count("(", reach, left) > text.count(")", reach, left)
            or text.count("[", reach, left) > text.count("]", reach, left)
        )
