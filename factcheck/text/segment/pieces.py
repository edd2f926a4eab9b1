"""A text as pieces: the lines of it that belong together, blank lines apart.

A line break inside a paragraph is either a real one (a list, an address, a heading above
its text) or the work of a program that wraps at some width. Wrapped lines are joined: the
next line's first word would not have fitted any more.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from factcheck.text.units import Block

_BREAKS: Final = "\n\r\x0b\x0c\x85\u2028\u2029"
_LINE: Final = re.compile(rf"\S(?:[^{_BREAKS}]*\S)?")
_BREAK: Final = re.compile(rf"\r\n|[{_BREAKS}]")
_MARKER: Final = re.compile(
    r"(?:[-*•·‣⁃▪◦●○■□➢►✓✔–—+#>|=]+\s|[•·‣⁃▪◦●■➢►✓✔>]|\(?\d{1,3}[.)]\s|\(?[a-zA-Z][.)]\s)"
)
_LABEL: Final = re.compile(r"[A-Z][A-Z.'’ -]{1,25}:\s")
_WIDEST: Final = 130  # code points; a longer line was not wrapped by a program
_NARROWEST_WRAP: Final = 55  # code points; no program wraps at less
_NARROWEST: Final = 40  # code points; a shorter line broke off because it was over


@dataclass(frozen=True, slots=True)
class Piece:
    """One or more lines that read as one: `start` to `end`, without white space at the ends.

    `first` and `last` say whether it opens and closes its paragraph; `told` is the kind
    that the document's markup gave, or empty.
    """

    start: int
    end: int
    first: bool
    last: bool
    told: str = ""


def pieces_of(text: str, blocks: Sequence[Block] = ()) -> list[Piece]:
    """Return the pieces of `text` in order; together they hold all that is not white space."""
    if not blocks:
        return _pieces_between(text, 0, len(text))
    pieces: list[Piece] = []
    position = 0
    for block in sorted(blocks, key=lambda block: (block.start, -block.end)):
        start, end = max(block.start, position), min(block.end, len(text))
        if start >= end:
            continue
        pieces += _pieces_between(text, position, start)
        pieces += [replace(p, told=block.kind) for p in _pieces_between(text, start, end)]
        position = end
    return pieces + _pieces_between(text, position, len(text))


def _pieces_between(text: str, start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    for paragraph in _paragraphs(text, start, end):
        joined = _joined(text, paragraph)
        final = len(joined) - 1
        pieces += [Piece(a, b, n == 0, n == final) for n, (a, b) in enumerate(joined)]
    return pieces


def _paragraphs(text: str, start: int, end: int) -> list[list[tuple[int, int]]]:
    paragraphs: list[list[tuple[int, int]]] = []
    position = start
    for match in _LINE.finditer(text, start, end):
        line = match.span()
        if not paragraphs or _holds_blank_line(text, position, line[0]):
            paragraphs.append([])
        paragraphs[-1].append(line)
        position = line[1]
    return paragraphs


def _holds_blank_line(text: str, start: int, end: int) -> bool:
    if end - start < 2:
        return False
    if text.count("\n", start, end) > 1:
        return True
    return len(_BREAK.findall(text, start, end)) > 1


def _joined(text: str, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    if len(lines) == 1:
        return lines
    widths = sorted(end - start for start, end in lines)
    within = bisect_right(widths, _WIDEST)
    width = widths[within - 1] if within else 0
    if not _wraps(text, lines, width):
        width = 0
    joined = [lines[0]]
    previous = lines[0]
    for line in lines[1:]:
        if _runs_on(text, previous, line, width):
            joined[-1] = (joined[-1][0], line[1])
        else:
            joined.append(line)
        previous = line
    return joined


def _wraps(text: str, lines: list[tuple[int, int]], width: int) -> bool:
    """Whether most lines are as full as a program that wraps at `width` would make them."""
    full = sum(_is_full(text, line, following, width) for line, following in pairwise(lines))
    return width >= _NARROWEST_WRAP and 3 * full >= 2 * (len(lines) - 1)


def _is_full(text: str, line: tuple[int, int], following: tuple[int, int], width: int) -> bool:
    length = line[1] - line[0]
    word = text[following[0] : following[0] + 40].split(None, 1)[0]
    return width - 12 <= length <= _WIDEST and length + 1 + len(word) > width


def _runs_on(text: str, line: tuple[int, int], following: tuple[int, int], width: int) -> bool:
    start, end = line
    length = end - start
    opening = text[following[0] : following[0] + 40]
    if length < _NARROWEST:
        return False
    if _MARKER.match(opening) or _LABEL.match(opening):
        return opening[0] == ">" and text[start] == ">"
    if opening[0].islower() and text[end - 1] not in ".!?…:;":
        return True
    return width > 0 and _is_full(text, line, following, width)
