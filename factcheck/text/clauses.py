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

from factcheck.text.clause_signs import signs
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
    since = start
    for joint in joints(sentence, start, end):
        if not may_part(sentence, since, joint, end):
            continue
        if total_of(by.weights, joint_signs(joint, since)) >= by.threshold:
            yield joint
            since = joint.start


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


def may_part(sentence: str, since: int, joint: Joint, end: int) -> bool:
    """Return whether both sides of the joint are long enough to be clauses."""
    left, right = sentence[since : joint.end], sentence[joint.start : end]
    return min(len(left.split()), len(right.split())) >= _FEWEST_WORDS


def joint_signs(joint: Joint, since: int) -> list[str]:
    """Return what the model weighs at a joint; the clause before it starts at `since`."""
    return signs(joint.before, joint.behind, joint.kind, since)


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
