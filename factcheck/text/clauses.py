"""Where a sentence holds a second main clause with a subject of its own.

"Output rose, and exports fell" states two things. A linear model looks at each place after a
conjunction, a semicolon, a colon or a dash and says whether a whole statement begins there. It
speaks only when it is sure: a wrong cut costs a reviewer more than a long claim.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from factcheck.text.clause_signs import Passed, is_still_reported, signs
from factcheck.text.linear import total_of
from factcheck.text.word_classes import Word, classified

_MODEL: Final = Path(__file__).with_name("clauses.json")
_LONGEST: Final = 2_000  # code points of a sentence in which clauses are sought
_FEWEST_WORDS: Final = 3  # in each of two clauses
_JOINT: Final = re.compile(
    r"(?P<mark>[,;:—–]|\s-|\s--)?\s+"
    r"(?:(?P<word>and|but|or|so|yet|nor|while|whereas),?\s+)?(?=\S)"
)
_STRONG: Final = (";", "—", "–", ":", "-", "--")
_QUOTES: Final = {"“": "”", "«": "»", "„": "“", '"': '"', "‘": "’"}
_BRACKETS: Final = {"(": ")", "[": "]", "{": "}"}


class Joint(NamedTuple):
    """A place where a clause could begin: the one before ends at `end`, it begins at `start`.

    `kind` is the mark and the conjunction; `before` and `behind` are the words of the sentence.
    """

    end: int
    start: int
    kind: str
    before: Sequence[Word]
    behind: Sequence[Word]


class Model(NamedTuple):
    """What each sign weighs, and the total from which a clause is sure."""

    weights: Mapping[str, float]
    threshold: float


def second_clauses(sentence: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of the main clauses in `sentence[start:end]`, in order, at least one.

    The marks and the conjunction between two clauses belong to neither. Nothing is cut inside
    balanced quotation marks or brackets, nor where a sentence is longer than 2,000 code points.
    """
    since = start
    spans: list[tuple[int, int]] = []
    for joint in cut_joints(sentence, start, end, model()):
        spans.append((since, joint.end))
        since = joint.start
    return [*spans, (since, end)]


def cut_joints(sentence: str, start: int, end: int, by: Model) -> Iterator[Joint]:
    """Yield the places of `sentence[start:end]` at which a second clause begins, in order."""
    walk = Walk(sentence, start, end)
    for joint in walk.joints():
        if total_of(by.weights, walk.signs(joint)) >= by.threshold:
            yield joint
            walk.cut(joint)


class Walk:
    """Goes through the joints of `sentence[start:end]` at which a clause could end, in order.

    Who walks says at which of them a clause does end; what is weighed at the next depends on it.
    """

    def __init__(self, sentence: str, start: int, end: int) -> None:
        self._sentence, self._start, self._end = sentence, start, end
        self._since = start
        self._passed: list[Passed] = []

    def joints(self) -> Iterator[Joint]:
        """Yield the joints that leave enough words on both sides, but none in what is reported."""
        for joint in joints(self._sentence, self._start, self._end):
            before = self._since
            if self._may_part(joint) and not is_still_reported(joint.before, joint.kind):
                yield joint
            self._passed.append(Passed(joint.kind, self._since != before))

    def cut(self, joint: Joint) -> None:
        """Let a clause end at the joint that was yielded last."""
        self._since = joint.start

    def signs(self, joint: Joint) -> list[str]:
        """Return what the model weighs at the joint that was yielded last."""
        return signs(joint.before, joint.behind, joint.kind, self._since, self._passed)

    def _may_part(self, joint: Joint) -> bool:
        left = self._sentence[self._since : joint.end]
        right = self._sentence[joint.start : self._end]
        return min(len(left.split()), len(right.split())) >= _FEWEST_WORDS


def joints(sentence: str, start: int, end: int) -> list[Joint]:
    """Return the places of `sentence[start:end]` where a clause could begin, in order."""
    if end - start > _LONGEST:
        return []
    found = [
        match
        for match in _JOINT.finditer(sentence, start, end)
        if match.start() > start and (match["word"] or (match["mark"] or "").strip() in _STRONG)
    ]
    if not found:
        return []
    closed = [*_quoted(sentence, start, end), *_bracketed(sentence, start, end)]
    words = classified(sentence, start, end)
    starts = [word.start for word in words]
    return [
        Joint(
            match.start(),
            match.end(),
            (match["mark"] or "").strip()[:1] + (match["word"] or ""),
            words[: bisect_left(starts, match.start())],
            words[bisect_left(starts, match.end()) :],
        )
        for match in found
        if not any(first < match.end() <= last for first, last in closed)
    ]


def _quoted(sentence: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans inside balanced quotation marks; an open one protects nothing."""
    opened = -1
    closing = ""
    for position in range(start, end):
        character = sentence[position]
        if opened >= 0 and character == closing:
            if character != "’" or not sentence[position + 1 : position + 2].isalnum():
                yield opened, position
                opened = -1
        elif opened < 0 and character in _QUOTES:
            opened, closing = position, _QUOTES[character]


def _bracketed(sentence: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans inside balanced brackets, inner ones first."""
    opened: list[int] = []
    for position in range(start, end):
        character = sentence[position]
        if character in _BRACKETS:
            opened.append(position)
        elif opened and character == _BRACKETS[sentence[opened[-1]]]:
            yield opened.pop(), position


@cache
def model() -> Model:
    """Return the model that is shipped."""
    data = json.loads(_MODEL.read_text(encoding="utf-8"))
    return Model(data["weights"], data["threshold"])
