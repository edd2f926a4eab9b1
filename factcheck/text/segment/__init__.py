"""Cutting a text into units: what it says, and what merely stands around it.

Blocks and blank lines first, then kinds, then sentences. Whatever the input, every
character that is not white space ends up in exactly one unit, and the time is linear.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from factcheck.text.segment.gaps import sentence_ends
from factcheck.text.segment.glue import Words, dropped_captions, seam_at_head
from factcheck.text.segment.kinds import kinds_of, opening_dateline
from factcheck.text.segment.pieces import Piece, pieces_of
from factcheck.text.units import KINDS, PROSE_KINDS, Block, Unit
from factcheck.text.wordlists import words

__all__ = ["KINDS", "PROSE_KINDS", "Block", "Unit", "segment"]

_LABEL: Final = re.compile(
    r"(?:[A-Z]{1,2}|[A-Z][A-Z.'’-]{1,20}(?:\s[A-Z][A-Z.'’-]{1,20}){0,3}|"
    r"(?:(?:Mr|Mrs|Ms|Dr)\.\s)?[A-Z][\w'’-]{1,20}(?:\s[A-Z][\w.'’-]{0,20}){0,3})\s?:(?=\s)"
)
_NO_SPEAKER: Final = words(
    "update note edit ps warning fact claim verdict correction example caution tip answer "
    "question summary tl breaking disclaimer"
)
_MARK: Final = re.compile(r"([•⁃‣▪●*-]?)\s?\(?(\d{1,3}|[a-z])[.)]{1,2}\s")
_INNER_MARK: Final = re.compile(r"(?<=\s)([•⁃‣▪●*-]?)\s?\(?(\d{1,3}|[a-z])[.)]{1,2}\s")
_MARKER: Final = re.compile(
    r"(?:[•⁃‣▪◦●○■□➢►✓✔*+>–—-]\s?){0,3}(?:\(?(?:\d{1,3}|[a-z])[.)]{1,2}\s)?"
)


def segment(text: str, *, blocks: Sequence[Block] = (), title: str | None = None) -> list[Unit]:
    """Return the units of `text` in order.

    `blocks` are the kinds that the document's markup told; `title` is its title where it is
    known from elsewhere. Every character that is not white space lies in exactly one unit.
    """
    pieces = pieces_of(text, blocks)
    kinds = kinds_of(text, pieces, title)
    words = Words(text)
    speakers = _speakers(text, pieces)
    units: list[Unit] = []
    for piece, kind in zip(pieces, kinds, strict=True):
        units += _units_of(text, piece, kind, words, speakers)
    return units


def _units_of(
    text: str, piece: Piece, kind: str, words: Words, speakers: frozenset[str]
) -> Iterator[Unit]:
    start, end = piece.start, piece.end
    if kind not in PROSE_KINDS and (piece.told or kind not in ("heading", "title")):
        yield Unit(start, end, kind)
        return
    seam = seam_at_head(text, start, end, words, prose=kind in PROSE_KINDS)
    if seam > start:
        yield Unit(start, seam, _kind_of_glued(text[start:seam], kind))
        start = seam
    if kind not in PROSE_KINDS:
        yield Unit(start, end, kind)
        return
    opening = _opening(text, start, end, speakers) if kind == "sentence" else None
    if opening is not None:
        yield opening
        start = _skip_space(text, opening.end)
    for first, last in _items(text, start, end) if kind != "quotation" else [(start, end)]:
        listed = "list_item" if (first, last) != (start, end) else kind
        yield from _sentences(text, first, last, listed, words)


def _kind_of_glued(phrase: str, kind: str) -> str:
    """Return what a glued phrase is: a name is a caption, a phrase over prose its heading."""
    capitals = all(word[:1].isupper() for word in phrase.split())
    return "caption" if capitals or kind not in PROSE_KINDS else "heading"


def _opening(text: str, start: int, end: int, speakers: frozenset[str]) -> Unit | None:
    """Return the speaker's name or the place and day that open a paragraph, if either does."""
    head = text[start : min(end, start + 120)]
    label = _LABEL.match(head)
    if label and label.group().rstrip(": ") in speakers and label.end() < end - start:
        return Unit(start, start + label.end(), "byline")
    length = opening_dateline(head)
    if 0 < length < end - start and not text[start + length : end].isspace():
        return Unit(start, start + length, "dateline")
    return None


def _speakers(text: str, pieces: Sequence[Piece]) -> frozenset[str]:
    """Return the labels that open several lines: the people of a transcript."""
    labels: Counter[str] = Counter()
    for piece in pieces:
        match = _LABEL.match(text, piece.start, min(piece.end, piece.start + 100))
        if match:
            labels[match.group().rstrip(": ")] += 1
    for label in list(labels):
        if label.lower().split(None, 1)[0] in _NO_SPEAKER:
            del labels[label]
    often = [label for label, count in labels.items() if count > 1]
    return frozenset(labels) if len(often) > 1 else frozenset(often)


def _items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the items of a list written in one line ("1) one 2) two"), else the whole."""
    mark = _MARK.match(text, start, min(end, start + 12))
    if not mark:
        return [(start, end)]
    cuts = [start]
    wanted = _next_mark(mark[2])
    for match in _INNER_MARK.finditer(text, mark.end() - 1, end):
        if match[1] == mark[1] and match[2] == wanted:
            cuts.append(_skip_space(text, match.start()))
            wanted = _next_mark(match[2])
    ends = [*(_trim_end(text, cut) for cut in cuts[1:]), end]
    return list(zip(cuts, ends, strict=True))


def _next_mark(mark: str) -> str:
    return str(int(mark) + 1) if mark.isdecimal() else chr(ord(mark) + 1)


def _sentences(text: str, start: int, end: int, kind: str, words: Words) -> Iterator[Unit]:
    """Yield the sentences of `text[start:end]`, each caption dropped into one by itself."""
    body = _after_marker(text, start, end) if kind != "sentence" else start
    captions = dropped_captions(text, body, end, words)
    since = start
    for gap in [*sentence_ends(text, body, end), None]:
        last = end if gap is None else gap.end
        while captions and captions[0][0] < last:
            first, seam = captions.pop(0)
            if since < first and seam < last:
                yield Unit(since, _trim_end(text, first), kind)
                yield Unit(first, seam, "caption")
                since = seam
        yield Unit(since, last, kind)
        since = end if gap is None else gap.start


def _after_marker(text: str, start: int, end: int) -> int:
    marker = _MARKER.match(text, start, min(end, start + 16))
    return marker.end() if marker and marker.end() < end else start


def _skip_space(text: str, position: int) -> int:
    while text[position].isspace():
        position += 1
    return position


def _trim_end(text: str, end: int) -> int:
    while text[end - 1].isspace():
        end -= 1
    return end
