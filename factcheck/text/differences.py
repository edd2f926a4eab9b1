"""In what an earlier check differs from a claim that reads much like it, in words.

A check of "40 % voted" is no check of "4 % voted", and none of "40 % did not vote". Nothing here
decides; a person is told where to look.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from factcheck.failures import filled_in
from factcheck.text.words import STOP_WORDS, stem

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_YEAR = re.compile(r"(?<![\d.,$€£])(?:1[5-9]|20)[0-9]{2}(?![\d%]|[.,][0-9])")
_MONTH = re.compile(rf"\b(?:{'|'.join(word.capitalize() for word in _MONTHS)})\b")
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<digits>[0-9]+(?:[,\u00a0\u202f][0-9]{3})*(?:\.[0-9]+)?)"
    r"(?:\s?(?P<scale>thousand|million|billion|trillion|hundred|dozen)s?\b)?",
    re.IGNORECASE,
)
_SPELLED = {
    word: value
    for value, word in enumerate(
        (
            *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
            "twelve",
        ),
        start=2,
    )
}
_SPELLED_NUMBER = re.compile(
    rf"\b(?P<digits>{'|'.join(_SPELLED)})\b(?:\s(?P<scale>hundred|thousand|million|billion|trillion)\b)?",
    re.IGNORECASE,
)
_SCALES = {
    "": 1.0,
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|[a-z]+n['’]t|(?:do|does|did|is|was|ca|wo)nt)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_a-z][\w’'-]+(?:\s[^\W\d_a-z][\w’'-]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|[\"“”]\s*)$")
_MOST = 2_000  # code points that are compared


@dataclass(frozen=True, slots=True)
class Difference:
    """A phrase such as "other number: 40 instead of 4", the check's own word first."""

    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the phrase in English."""
        return filled_in(self.sentence, self.values)


def differences(claim: str, check: str) -> tuple[Difference, ...]:
    """Return how `check` differs from `claim`: other numbers, dates, names, a negation.

    Numbers that both texts have count for nothing.
    """
    claim, check = claim[:_MOST], check[:_MOST]
    found = [
        *_swapped("other date: %(other)s instead of %(own)s", _dates(claim), _dates(check)),
        *_swapped("other number: %(other)s instead of %(own)s", _numbers(claim), _numbers(check)),
    ]
    if len(_NEGATION.findall(claim)) % 2 != len(_NEGATION.findall(check)) % 2:
        found.append(Difference("negated"))
    ours, theirs = _names(claim, check), _names(check, claim)
    found += _swapped("other name: %(other)s instead of %(own)s", ours, theirs)
    return tuple(found)


def _swapped(phrase: str, ours: dict[str, str], theirs: dict[str, str]) -> list[Difference]:
    """Return the phrases for what stands in one text only; pairs are made in text order."""
    only_ours = [written for meaning, written in ours.items() if meaning not in theirs]
    only_theirs = [written for meaning, written in theirs.items() if meaning not in ours]
    return [
        Difference(phrase, {"other": other, "own": own})
        for own, other in zip(only_ours, only_theirs, strict=False)
    ]


def _dates(text: str) -> dict[str, str]:
    """Return the years and months in a text as they are written, by their meaning."""
    return {found[0]: found[0] for found in (*_YEAR.finditer(text), *_MONTH.finditer(text))}


def _numbers(text: str) -> dict[str, str]:
    """Return the numbers in a text as they are written, by their value; years are dates."""
    rest = _YEAR.sub(" ", text)
    found = sorted(
        (*_NUMBER.finditer(rest), *_SPELLED_NUMBER.finditer(rest)), key=lambda match: match.start()
    )
    numbers = {}
    for number in found:
        digits = re.sub(r"[,\u00a0\u202f]", "", number["digits"].lower())
        value = float(_SPELLED.get(digits, 0) or digits) * _SCALES[(number["scale"] or "").lower()]
        numbers[f"{value:g}"] = number[0]
    return numbers


def _names(text: str, other: str) -> dict[str, str]:
    """Return the names in a text that do not stand in the other one, whatever its capitals.

    A single word at the start of a sentence is no name: it is written so anyway.
    """
    others = {stem(word) for word in re.findall(r"\w+", other.lower())}
    names = {}
    for name in _NAME.finditer(text):
        words = [word.lower() for word in re.findall(r"\w+", name[0])]
        if len(words) == 1 and _SENTENCE_START.search(text[: name.start()]):
            continue
        if _is_name(words) and not any(stem(word) in others for word in words):
            names[" ".join(words)] = name[0]
    return names


def _is_name(words: Sequence[str]) -> bool:
    return not all(word in STOP_WORDS or word in _MONTHS for word in words)
