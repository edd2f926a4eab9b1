"""How claims lie in a text: paragraphs, flat segments where they overlap, words to step by.

Pure. Everything counts code points of one revision's text. A segment is a stretch that the same
claims cover from end to end, so that pages need no element that begins in one and ends in another.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from factcheck.text.units import PROSE_KINDS, Unit

Span = tuple[int, int]
_WORD = re.compile(r"w[wm]*(?:jw[wm]*)*|cm*|[jpm]+")
"""Over one letter a character: in a word, joining words, a character alone, a mark, combining."""
_WINDOW = 400  # code points around an edge in which the next word is looked for


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text, and the claims that cover all of it (places in a list), longest first."""

    start: int
    end: int
    text: str
    claims: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A unit (its place in the list), or what lies between two of them (None), as segments."""

    unit: int | None
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Units that stand together, of one kind; sentences of a paragraph are one of these."""

    kind: str
    pieces: tuple[Piece, ...]

    @property
    def units(self) -> tuple[int, ...]:
        """The places of its units."""
        return tuple(piece.unit for piece in self.pieces if piece.unit is not None)


def paragraphs(
    text: str, units: Sequence[Unit], spans: Sequence[Span], *, first: int = 0
) -> list[Paragraph]:
    """Return the text as paragraphs in order, each cut where claims (`spans`) begin and end.

    `first` is the place of the first of these units among all of the text.

    Joined, the segments of a paragraph are its text; between paragraphs lies white space alone.
    """
    segments = flat_segments(text, [(unit.start, unit.end) for unit in units], spans)
    starts = [segment.start for segment in segments]

    def between(start: int, end: int) -> tuple[Segment, ...]:
        return tuple(segments[bisect_left(starts, start) : bisect_left(starts, end)])

    found: list[Paragraph] = []
    pieces: list[Piece] = []
    for place, unit in enumerate(units):
        before = units[place - 1] if place else None
        if before is not None:
            if _stands_apart(text[before.end : unit.start], before.kind, unit.kind):
                found.append(Paragraph(before.kind, tuple(pieces)))
                pieces = []
            elif before.end < unit.start:
                pieces.append(Piece(None, between(before.end, unit.start)))
        pieces.append(Piece(first + place, between(unit.start, unit.end)))
    if units:
        found.append(Paragraph(units[-1].kind, tuple(pieces)))
    return found


def flat_segments(text: str, pieces: Sequence[Span], spans: Sequence[Span]) -> list[Segment]:
    """Return the text cut wherever one of `pieces` or of `spans` begins or ends."""
    edges = {0, len(text)}
    for start, end in (*pieces, *spans):
        edges.update((start, end))
    opening: dict[int, list[int]] = {}
    for place, (start, _) in enumerate(spans):
        opening.setdefault(start, []).append(place)
    found: list[Segment] = []
    covering: list[int] = []
    for start, end in pairwise(sorted(edges)):
        covering = [place for place in covering if spans[place][1] > start]
        covering += opening.get(start, ())
        covering.sort(key=lambda place: (spans[place][0] - spans[place][1], place))
        found.append(Segment(start, end, text[start:end], tuple(covering)))
    return found


def _stands_apart(gap: str, kind: str, following: str) -> bool:
    """Whether a unit begins a paragraph of its own after one of `kind`."""
    if kind != following or kind not in PROSE_KINDS:
        return True
    return "\n" in gap or kind == "list_item"


def words_of(text: str, start: int, end: int) -> list[Span]:
    """Return the words and marks of `text[start:end]` as spans: what an edge can stand beside.

    A word keeps its apostrophes, hyphens and combining marks; in scripts without spaces each
    character is one; other marks that stand together are one.
    """
    sorts = "".join(map(_sort_of, text[start:end]))
    return [(start + found.start(), start + found.end()) for found in _WORD.finditer(sorts)]


def _sort_of(character: str) -> str:
    """Return one letter for what a character is to a word: see `_WORD`."""
    if character.isspace():
        return " "
    if character in "'’-.,:/":
        return "j"
    if "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff":
        return "c"
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf":
        return "m"
    return "w" if category[0] in "LN" or character == "_" else "p"


def moved_edge(text: str, span: Span, edge: str, by: int) -> Span:
    """Return the span with its "start" or "end" moved by a word, back (-1) or on (1).

    The span stays as it is where that would leave the text or leave no word in it.
    """
    at = span[0] if edge == "start" else span[1]
    places = _places_for(text, span, edge, at)
    beyond = [place for place in places if (place > at if by > 0 else place < at)]
    if not beyond:
        return span
    return _with_edge(span, edge, min(beyond) if by > 0 else max(beyond))


def snapped_edge(text: str, span: Span, edge: str, at: int) -> Span:
    """Return the span with its "start" or "end" at the word's edge that is nearest to `at`.

    The span stays as it is where no word is near that would leave words in it.
    """
    places = _places_for(text, span, edge, max(0, min(at, len(text))))
    if not places:
        return span
    return _with_edge(span, edge, min(places, key=lambda place: (abs(place - at), place)))


def _with_edge(span: Span, edge: str, place: int) -> Span:
    return (place, span[1]) if edge == "start" else (span[0], place)


def _places_for(text: str, span: Span, edge: str, at: int) -> list[int]:
    """Return where words near `at` begin or end, of those that the edge of a span can stand at."""
    words = words_of(text, _word_start(text, at - _WINDOW), min(len(text), at + _WINDOW))
    if edge == "start":
        return [first for first, _ in words if first < span[1]]
    return [last for _, last in words if last > span[0]]


def _word_start(text: str, place: int) -> int:
    """Return the nearest place up to `place` that follows white space, else one not far off."""
    place = max(0, place)
    last = max(0, place - _WINDOW)
    while place > last and not text[place - 1].isspace():
        place -= 1
    return place
