"""Numbers in a text whatever way they are written: "4,000", "4k", "four thousand", "1 in 5".

A share of a whole is its percentage, rounded: "a third" and "33 %" are the same number. A single
"one" is a pronoun more often than a number and is left alone, and so are ordinals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_ONES = {
    word: value
    for value, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
            *("seventeen", "eighteen", "nineteen"),
        )
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_SCALES = {
    "dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "mio": 1e6,
    "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12,
}  # fmt: skip
_PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8,
    "tenth": 10,
}  # fmt: skip
_SMALL = "|".join([*_ONES, *_TENS])
_LONG_SCALES = "dozen|hundred|thousand|million|billion|trillion"
_DIGITS = r"[0-9]+(?:[,’\u00a0\u202f][0-9]{3})*(?:\.[0-9]+)?"
_SPELLED = (
    rf"(?:{_SMALL}|(?<=\ba\s)(?:{_LONG_SCALES}))"
    rf"(?:(?:\s|-|\sand\s)(?:{_SMALL}|{_LONG_SCALES})\b){{0,9}}"
)
_NUMBER = re.compile(
    rf"(?<![\w.,])(?P<of>[0-9]{{1,3}}|{_SMALL})(?P<sign>/|\s(?:in|out\sof)\s(?:every\s)?)"
    rf"(?P<whole>[0-9]{{1,3}}|{_SMALL})\b(?![/.,]?[0-9])"
    rf"|(?<![\w.,])(?P<digits>{_DIGITS})"
    rf"(?:\s?(?P<scale>(?:{_LONG_SCALES})s?|mio|mn|bn|[km])\b(?![’']))?"
    rf"|\b(?:(?P<count>{_SMALL}|[0-9]|an?)\s|(?=half\b))"
    rf"(?P<part>half|third|quarter|fourth|fifth|sixth|eighth|tenth)"
    rf"(?:s\b|\b(?=\s(?:of|more|less|fewer|its|the|all)\b|[^\w\s-]|\s?$))"
    rf"|\b(?P<spelled>{_SPELLED})\b(?!-(?:first|second|third|\w+th)\b)",
    re.IGNORECASE,
)
_YEAR_IN_TWO = re.compile(rf"(?:nineteen|eighteen|seventeen)\s(?:{'|'.join(_TENS)})", re.IGNORECASE)


class Number(NamedTuple):
    """A number, where it stands, and whether it is a share written as one of so many."""

    start: int
    end: int
    value: float
    is_share: bool


def numbers_in(text: str) -> Iterator[Number]:
    """Yield the numbers of a text in order."""
    for found in _NUMBER.finditer(text):
        share = _share(found)
        value = share if share is not None else _value(found)
        if value is not None:
            yield Number(found.start(), found.end(), value, share is not None)


def with_plain_numbers(text: str) -> str:
    """Return a text with each number in digits; a share keeps its words and gains its percentage.

    "forty-five per cent" becomes "45 per cent", "a third" becomes "a third 33 percent".
    """
    parts, since = [], 0
    for number in numbers_in(text):
        words = f"{text[number.start : number.end]} " if number.is_share else ""
        parts += [text[since : number.start], words, plain(number.value)]
        parts += [" percent"] if number.is_share else [""]
        if text[number.end : number.end + 1].isalpha():
            parts.append(" ")
        since = number.end
    return "".join([*parts, text[since:]])


def plain(value: float) -> str:
    """Return a number's digits, without ".0" and without an exponent."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _share(found: re.Match[str]) -> float | None:
    """Return the percentage that "1 in 5", "1/5" or "a fifth" is; None for other numbers."""
    if found["whole"]:
        of, whole = _small(found["of"]), _small(found["whole"])
        if not 0 < of < whole or ("/" in found["sign"] and whole > 10):
            return None
        return float(round(100 * of / whole))
    if found["part"]:
        count = _small(found["count"] or "a")
        share = 100 * count / _PARTS[found["part"].lower()]
        return float(round(share)) if share <= 100 else None
    return None


def _value(found: re.Match[str]) -> float | None:
    if found["digits"]:
        digits = re.sub(r"[,’\u00a0\u202f]", "", found["digits"])
        scale = (found["scale"] or "").lower()
        return float(digits) * (_SCALES[scale if scale in _SCALES else scale[:-1]] if scale else 1)
    if found["spelled"] and found["spelled"].lower() != "one":
        return _spelled(found["spelled"].lower())
    return None


def _small(word: str) -> int:
    word = word.lower()
    if word.isdecimal():
        return int(word)
    return 1 if word in {"a", "an"} else _ONES.get(word, _TENS.get(word, 0))


def _spelled(words: str) -> float:
    """Return the number that words in lower case spell."""
    if _YEAR_IN_TWO.match(words):
        first, *rest = re.split(r"[\s-]", words)
        return 100.0 * _ONES[first] + sum(map(_small, rest))
    total = current = 0.0
    for word in re.split(r"\sand\s|[\s-]", words):
        scale = _SCALES.get(word)
        if scale is None:
            current += _small(word)
        elif scale <= 100:
            current = (current or 1.0) * scale
        else:
            total, current = total + (current or 1.0) * scale, 0.0
    return total + current
