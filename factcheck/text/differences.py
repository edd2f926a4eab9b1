"""In what an earlier check differs from a claim that reads much like it, in words.

A check of "40 % voted" is no check of "4 % voted", and none of "40 % did not vote". Nothing here
decides; a person is told where to look.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache

from factcheck.failures import filled_in
from factcheck.text.numerals import numbers_in, plain
from factcheck.text.words import STOP_WORDS, stem

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_YEAR = re.compile(r"(?<![\d.,$€£])(?:1[5-9]|20)[0-9]{2}(?![\d%]|[.,][0-9])")
_MONTH = re.compile(rf"\b(?:{'|'.join(word.capitalize() for word in _MONTHS)})\b")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|[a-z]+n['’]t|(?:do|does|did|is|was|ca|wo)nt)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_a-z][\w’'-]+(?:\s[^\W\d_a-z][\w’'-]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|[\"“”]\s*)$")
_WORD = re.compile(r"\w+")
_MOST = 2_000  # code points that are compared


@dataclass(frozen=True, slots=True)
class Difference:
    """A phrase such as "other number: 40 instead of 4", the check's own word first.

    `kind` is "date", "number", "name" or "negation".
    """

    kind: str
    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the phrase in English."""
        return filled_in(self.sentence, self.values)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What of a text is compared: each as it is written, by its meaning."""

    dates: Mapping[str, str]
    numbers: Mapping[str, str]
    is_negated: bool
    names: Mapping[str, str]
    stems: frozenset[str]


def differences(claim: str, check: str) -> tuple[Difference, ...]:
    """Return how `check` differs from `claim`: other numbers, dates, names, a negation.

    Numbers that both texts have count for nothing.
    """
    ours, theirs = _facts(claim[:_MOST]), _facts(check[:_MOST])
    found = [
        *_swapped("date", "other date: %(other)s instead of %(own)s", ours.dates, theirs.dates),
        *_swapped(
            "number", "other number: %(other)s instead of %(own)s", ours.numbers, theirs.numbers
        ),
    ]
    if ours.is_negated != theirs.is_negated:
        found.append(Difference("negation", "negated"))
    found += _swapped(
        "name", "other name: %(other)s instead of %(own)s",
        _without(ours.names, theirs.stems), _without(theirs.names, ours.stems),
    )  # fmt: skip
    return tuple(found)


@lru_cache(maxsize=2_048)
def _facts(text: str) -> _Facts:
    return _Facts(
        _dates(text),
        _numbers(text),
        len(_NEGATION.findall(text)) % 2 == 1,
        _names(text),
        frozenset(stem(word) for word in _WORD.findall(text.lower())),
    )


def _without(names: Mapping[str, str], stems: Set[str]) -> dict[str, str]:
    """Return the names of which no word stands in the other text, whatever its capitals."""
    return {
        name: written
        for name, written in names.items()
        if not any(stem(word) in stems for word in name.split())
    }


def _swapped(
    kind: str, phrase: str, ours: Mapping[str, str], theirs: Mapping[str, str]
) -> list[Difference]:
    """Return the phrases for what stands in one text only; pairs are made in text order."""
    only_ours = [written for meaning, written in ours.items() if meaning not in theirs]
    only_theirs = [written for meaning, written in theirs.items() if meaning not in ours]
    return [
        Difference(kind, phrase, {"other": other, "own": own})
        for own, other in zip(only_ours, only_theirs, strict=False)
    ]


def _dates(text: str) -> dict[str, str]:
    """Return the years and months in a text as they are written, by their meaning."""
    return {found[0]: found[0] for found in (*_YEAR.finditer(text), *_MONTH.finditer(text))}


def _numbers(text: str) -> dict[str, str]:
    """Return the numbers in a text as they are written, by their value; years are dates."""
    rest = _YEAR.sub(lambda year: " " * len(year[0]), text)
    return {
        plain(number.value): rest[number.start : number.end].strip() for number in numbers_in(rest)
    }


def _names(text: str) -> dict[str, str]:
    """Return the names in a text.

    A single word at the start of a sentence is no name: it is written so anyway.
    """
    names = {}
    for name in _NAME.finditer(text):
        words = _WORD.findall(name[0].lower())
        if len(words) == 1 and _SENTENCE_START.search(text, 0, name.start()):
            continue
        if _is_name(words):
            names[" ".join(words)] = name[0]
    return names


def _is_name(words: Sequence[str]) -> bool:
    return not all(word in STOP_WORDS or word in _MONTHS for word in words)
