"""Two texts beside each other, paragraph by paragraph and word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

LONGEST = 2_000  # paragraphs compared with each other, once those alike at both ends are left out
MOST_WORDS = 600  # of two passages that are compared word by word
_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+|\s+|[^\w\s]")

Pair = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a passage, and whether they stand on this side alone."""

    words: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph before and now, empty where there is none; or `same` paragraphs left out."""

    before: list[Piece]
    now: list[Piece]
    same: int = 0


def rows_of(old: str, new: str) -> list[Row] | None:
    """Return the paragraphs that differ, in order, with how many alike lie between them.

    None where too many differ to be compared while somebody waits.
    """
    was, now = (_paragraphs(text) for text in (old, new))
    head = _alike(was, now)
    tail = _alike(was[head:][::-1], now[head:][::-1])
    middle = [one[head : len(one) - tail] for one in (was, now)]
    if max(map(len, middle)) > LONGEST:
        return None
    rows = [Row([], [], head)] if head else []
    for before, after in _pairs(*middle):
        if before == after:
            _add_same(rows)
        else:
            rows.append(Row(*side_by_side(before or "", after or "")))
    return [*rows, Row([], [], tail)] if tail and rows else rows


def side_by_side(before: str, now: str) -> tuple[list[Piece], list[Piece]]:
    """Return two passages in pieces that say which words stand in both."""
    was, is_ = _WORD.findall(before), _WORD.findall(now)
    if not (before and now) or max(len(was), len(is_)) > MOST_WORDS:
        return _whole(before, before != now), _whole(now, before != now)
    matcher = SequenceMatcher(None, was, is_, autojunk=False)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, start, end, first, last in matcher.get_opcodes():
        left += _whole("".join(was[start:end]), kind != "equal")
        right += _whole("".join(is_[first:last]), kind != "equal")
    return left, right


def _whole(words: str, differs: bool) -> list[Piece]:  # noqa: FBT001 - a value, not a switch
    return [Piece(words, differs)] if words else []


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return with how many equal paragraphs both begin."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _pairs(was: Sequence[str], now: Sequence[str]) -> Iterator[Pair]:
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    for _, start, end, first, last in matcher.get_opcodes():
        yield from zip_longest(was[start:end], now[first:last])


def _add_same(rows: list[Row]) -> None:
    if rows and rows[-1].same:
        rows[-1] = Row([], [], rows[-1].same + 1)
    else:
        rows.append(Row([], [], 1))
