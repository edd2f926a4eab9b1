"""The linear model of sentence ends: what it looks at around a gap, and what that weighs.

Each feature is a letter for its sort and what was seen. The features that name no word repeat
in all texts, so the sum of a group of them is remembered for the next gap that looks the same.
"""

import json
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from factcheck.text.segment.lexicon import lexicon
from factcheck.text.segment.marks import OPENERS, PUNCTUATION

_WEIGHTS: Final = Path(__file__).with_name("gaps.json")
_REMEMBERED: Final = 16_384  # words, or looks of a gap


class Around(NamedTuple):
    """What stands around a gap."""

    last: str  # the word in front
    glued: bool  # no white space between `last` and `first`
    first: str  # the word behind
    second: str  # the word behind `first`, or nothing
    inside: bool  # quotation marks or brackets are open
    length: int  # of the running sentence so far, coarsely
    ending: str  # how much is still to come, coarsely, and "c" if that ends in a stop, or "o"
    opening: str  # the first word of the running sentence, in small letters


class _Looks(NamedTuple):
    """The features that name words, and what the three groups of other features are made of."""

    names: tuple[str, ...]
    marks: tuple[str, str, str, str, str, str]
    shapes: tuple[str, str, str, str, str, str]
    place: tuple[str, str, str, str, int, str, str]


def features(around: Around) -> list[str]:
    """Return the names of all that the model looks at."""
    names, marks, shapes, place = _looks_of(around)
    return [*names, *_of_marks(*marks), *_of_shapes(*shapes), *_of_place(*place)]


def weight(around: Around) -> int:
    """Return how much more speaks for an end than against one; the unit means nothing."""
    names, marks, shapes, place = _looks_of(around)
    return _sum(names) + _marks_weight(*marks) + _shapes_weight(*shapes) + _place_weight(*place)


def _looks_of(around: Around) -> _Looks:
    last, glued, first, second, inside, length, ending, opening = around
    bare = last.rstrip(PUNCTUATION)
    core = bare.lstrip(OPENERS)
    marks = ("g" if glued else "") + last[len(bare) :][:4]
    final = marks[-1:] or "-"
    head = first.strip(PUNCTUATION)
    opener = first[: len(first) - len(first.lstrip(OPENERS))][:2]
    tail = first[len(first.rstrip(PUNCTUATION)) :][:2] if head else ""
    core_shape, head_shape = _shape(core), _shape(head)
    core, head = core.lower(), head.lower()
    core_known, head_known = _known(core), _known(head)
    worded = "w" if opening[:1].isalpha() else ""
    return _Looks(
        (
            f"c{marks[:1]}|{core}",
            f"d{final}|{head}",
            f"e{head}|{head_shape}",
            f"j{final}|{second.lower()}",
            f"z{final}{opening}",
        ),
        (marks, opener, tail, core_shape, head_shape, "i" if inside else ""),
        (final, core_shape, core_known, head_shape, head_known, _shape(second.strip(PUNCTUATION))),
        (final, core_shape, head_shape, head_known, length, ending, worded),
    )


def _of_marks(
    marks: str, opener: str, tail: str, core: str, head: str, inside: str
) -> tuple[str, ...]:
    return (
        f"a{marks}",
        f"b{marks}|{head}{opener}",
        f"f{marks}|{core}",
        f"g{marks}|{core}|{head}{opener}",
        f"m{marks}|{inside}{opener}",
        f"r{marks[-1:]}|{tail}|{head}|{opener}",
    )


def _of_shapes(
    final: str, core: str, core_known: str, head: str, head_known: str, second: str
) -> tuple[str, ...]:
    return (
        f"i{final}|{second}|{head}",
        f"u{final}{head_known}{core_known}{head}{core}",
        f"v{final}{head_known}{head}",
        f"w{final}{core_known}{core}",
    )


def _of_place(
    final: str, core: str, head: str, head_known: str, length: int, ending: str, worded: str
) -> tuple[str, ...]:
    return (
        f"n{final}|{length}|{head}",
        f"o{final}|{ending}",
        f"s{final}|{length}|{ending}",
        f"t{final}|{core}|{head}|{length}{ending[1]}",
        f"y{final}{length}{head_known}{head}{worded}",
    )


@lru_cache(maxsize=_REMEMBERED)
def _marks_weight(*look: *tuple[str, str, str, str, str, str]) -> int:
    return _sum(_of_marks(*look))


@lru_cache(maxsize=_REMEMBERED)
def _shapes_weight(*look: *tuple[str, str, str, str, str, str]) -> int:
    return _sum(_of_shapes(*look))


@lru_cache(maxsize=_REMEMBERED)
def _place_weight(*look: *tuple[str, str, str, str, int, str, str]) -> int:
    return _sum(_of_place(*look))


def _sum(names: Iterable[str]) -> int:
    return sum(filter(None, map(_weights().get, names)))


@cache
def _weights() -> dict[str, int]:
    """Return the weight of each feature in whole thousandths, which add up in any order."""
    found: dict[str, float] = json.loads(_WEIGHTS.read_text(encoding="utf-8"))["weights"]
    return {name: round(1000 * value) for name, value in found.items()}


def _known(word: str) -> str:
    return "s" if word in lexicon() else "i" if word == "i" else "n"


@lru_cache(maxsize=_REMEMBERED)
def _shape(word: str) -> str:
    """Return a coarse picture of a word: its case, digits and inner dots."""
    if not word:
        return "0"
    if word.isalpha():
        return _letters(word)
    if word.isdigit():
        return "9" if len(word) < 3 else "99" if len(word) < 5 else "999"
    return _mixed(word)


def _mixed(word: str) -> str:
    if "." in word:
        return "U.U" if word.replace(".", "").isupper() else "w.w"
    if word[0].isdigit():
        return "9a"
    apostrophe = "'" if "'" in word or "’" in word else "?"
    return ("Xx" if word[0].isupper() else "x") + apostrophe


def _letters(word: str) -> str:
    if word.islower():
        return "x" if len(word) > 1 else "x1"
    if word.isupper():
        return "X1" if len(word) == 1 else "XX"
    return "Xx" if word[0].isupper() and word[1:].islower() else "xX"
