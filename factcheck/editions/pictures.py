"""Share pictures: what messengers and networks show beside a link to a claim or an article. Pure.

Ink on paper, as the pages by day. The same record gives the same bytes: fonts and shapes are ours,
the pixels go into a palette of few colours, and nothing of the moment gets in. What the fonts
cannot draw is left out whole, so that no picture shows half of a sentence or boxes for letters.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageColor, ImageDraw

from factcheck.editions.shapes import shape
from factcheck.editions.typesetting import (
    SANS,
    SERIF,
    Block,
    fitted,
    font,
    font_name,
    tidied,
    width_of,
)
from factcheck.methods.rules import Rating

FILE = "share.png"  # in the folder of a page
WIDTH, HEIGHT = 1200, 630
PAPER, INK = "#ffffff", "#16181b"
LONGEST_WORDS = 600  # code points that are tried; more could not be read
SHADES = 7  # of a verdict's colour; with paper and eight of ink they make the sixteen of 4 bits
INK_SHADES = 8
SECOND = 180  # how much of the ink small print takes, of 255

LEFT, RIGHT = 64, WIDTH - 64
HEAD, KICKER, WORDS = 76, 156, 186  # heights: the feet of two lines, the top of the words
EDGE = 36  # free below the last row of verdicts
SIZES = (72, 62, 54, 46, 40)
SIZES_OF_ONE = (64, 54, 44, 36, 28)  # one verdict
SIZES_OF_MANY = (38, 33, 29, 25)  # how many of each
MOST_ROWS = 3  # for which the verdicts are made smaller


@dataclass(frozen=True, slots=True)
class VerdictMark:
    """A verdict as it is drawn: its shape, its colour on paper, its words."""

    shape: str
    colour: str
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture says. `findings` are one verdict, or how many of each; `small`: the latter."""

    site: str
    day: str
    kicker: str
    words: str
    is_from_right: bool
    findings: tuple[VerdictMark, ...]
    small: bool = False


Row = list[tuple[VerdictMark, int, int]]
"""Findings beside each other, each with its left and right edge."""


def mark_of(rating: Rating, words: str) -> VerdictMark:
    """Return a rating as it is drawn, under `words`."""
    return VerdictMark(rating.shape, rating.colour[0], words)


@lru_cache(maxsize=512)
def png(picture: Picture) -> bytes:
    """Return the picture as a PNG of 1200 × 630 pixels."""
    sheet = _Sheet([one.colour for one in picture.findings])
    _masthead(sheet, picture)
    sizes = SIZES_OF_MANY if picture.small else SIZES_OF_ONE
    rows, size = _laid_out(picture.findings, sizes)
    foot = HEIGHT - EDGE - _step(size) * len(rows)
    words = tidied(picture.words[:LONGEST_WORDS])
    name = font_name(f"{words}…", SERIF)
    if words and name and foot - WORDS > SIZES[-1] * 2:
        _kicker(sheet, picture.kicker, from_right=picture.is_from_right)
        block = fitted(words, name, SIZES, RIGHT - LEFT, foot - WORDS)
        _block(sheet, block, WORDS, from_right=picture.is_from_right)
        sheet.draw.rectangle((LEFT, foot, RIGHT, foot), 255)
    else:
        rows, size = _laid_out(picture.findings, [one * 3 // 2 for one in sizes] + [*sizes])
        foot = (HEIGHT + HEAD - _step(size) * len(rows)) // 2
    _findings(sheet, rows, size, foot + EDGE // 2)
    return sheet.png()


class _Sheet:
    """A paper with a mask of ink; verdicts are laid on in their colours at the end."""

    def __init__(self, colours: Sequence[str]) -> None:
        self._colours = list(dict.fromkeys(colours))
        self._ink = Image.new("L", (WIDTH, HEIGHT))
        self.draw = ImageDraw.Draw(self._ink)
        self._laid: list[tuple[Image.Image, tuple[int, int], str]] = []

    def lay(self, mask: Image.Image, at: tuple[int, int], colour: str) -> None:
        """Lay what `mask` covers onto the paper in one of the colours."""
        self._laid.append((mask, at, colour))

    def png(self) -> bytes:
        """Return the sheet as a PNG with a palette."""
        image = self._ink.point(_steps(1, INK_SHADES), "L")
        for mask, at, colour in self._laid:
            first = 1 + INK_SHADES + SHADES * self._colours.index(colour)
            image.paste(mask.point(_steps(first, SHADES), "L"), at, mask.point(_is_there))
        flat = Image.frombytes("P", image.size, image.tobytes())
        palette = [*_ramp(INK, INK_SHADES, with_paper=True)]
        for colour in self._colours:
            palette += _ramp(colour, SHADES)
        flat.putpalette(palette)
        file = io.BytesIO()
        bits = 4 if len(palette) <= 3 * 16 else 8
        # Level 9 makes it 7 % smaller and takes twenty times as long.
        flat.save(file, "PNG", bits=bits, compress_level=4)
        return file.getvalue()


def _is_there(level: int) -> int:
    return 255 if level >= 16 else 0


def _steps(first: int, count: int) -> list[int]:
    """Return, for how much of a pixel is covered, its place in the palette; 0 is paper."""
    return [0] * 16 + [first + (level - 16) * count // 240 for level in range(16, 256)]


def _ramp(colour: str, count: int, *, with_paper: bool = False) -> list[int]:
    """Return the shades of a colour on paper, from the faintest to all of it, as R, G, B, R, …."""
    full, paper = ImageColor.getrgb(colour), ImageColor.getrgb(PAPER)
    return [
        round(b + (a - b) * step / count)
        for step in range(0 if with_paper else 1, count + 1)
        for a, b in zip(full, paper, strict=True)
    ]


def _masthead(sheet: _Sheet, picture: Picture) -> None:
    day = tidied(picture.day)
    room = RIGHT - LEFT
    if day and font_name(day, SANS) == SANS:
        sheet.draw.text((RIGHT, HEAD), day, SECOND, font(SANS, 30), anchor="rs")
        room -= width_of(day, SANS, 30) + 40
    name = tidied(picture.site)
    if face := font_name(f"{name}…", SERIF):
        line = fitted(name, face, (44, 36, 30), room, 54 if face == SERIF else 66)
        sheet.draw.text((LEFT, HEAD), line.lines[0], 255, font(face, line.size), anchor="ls")
    for y in (102, 107):
        sheet.draw.rectangle((LEFT, y, RIGHT, y + 1), 255)


def _kicker(sheet: _Sheet, words: str, *, from_right: bool) -> None:
    if font_name(words, SANS) == SANS:
        at, anchor = (RIGHT, "rs") if from_right else (LEFT, "ls")
        sheet.draw.text((at, KICKER), words, SECOND, font(SANS, 30), anchor=anchor)


def _block(sheet: _Sheet, block: Block, top: int, *, from_right: bool) -> None:
    at, anchor = (RIGHT, "rs") if from_right else (LEFT, "ls")
    face = font(block.font, block.size)
    for number, line in enumerate(block.lines, 1):
        foot = top + number * block.leading - round(0.28 * block.leading)
        sheet.draw.text((at, foot), line, 255, face, anchor=anchor)


def _laid_out(findings: Sequence[VerdictMark], sizes: Sequence[int]) -> tuple[list[Row], int]:
    """Return the findings in rows, and their size: the largest in which three rows are enough."""
    for size in sizes:
        rows = _rows(findings, size)
        if len(rows) <= MOST_ROWS and all(row[-1][2] <= RIGHT for row in rows):
            break
    return rows, size


def _step(size: int) -> int:
    return round(size * 1.5)


def _rows(findings: Sequence[VerdictMark], size: int) -> list[Row]:
    rows: list[Row] = [[]]
    for one in findings:
        wide = round(1.3 * size) + (width_of(one.words, SANS, size) if _has_words(one) else 0)
        left = rows[-1][-1][2] + size if rows[-1] else LEFT
        if rows[-1] and left + wide > RIGHT:
            rows.append([])
            left = LEFT
        rows[-1].append((one, left, left + wide))
    return [row for row in rows if row]


def _has_words(one: VerdictMark) -> bool:
    return font_name(one.words, SANS) == SANS


def _findings(sheet: _Sheet, rows: Sequence[Row], size: int, top: int) -> None:
    for number, row in enumerate(rows):
        for one, left, _right in row:
            _finding(sheet, one, (left, top + number * _step(size) + size // 4), size)


def _finding(sheet: _Sheet, one: VerdictMark, at: tuple[int, int], size: int) -> None:
    if icon := shape(one.shape, size):
        sheet.lay(icon, at, one.colour)
    if not _has_words(one):
        return
    face = font(SANS, size)
    mask = Image.new("L", (round(face.getlength(one.words)) + 4, round(size * 1.4)))
    ImageDraw.Draw(mask).text((0, size), one.words, 255, face, anchor="ls")
    sheet.lay(mask, (at[0] + round(1.3 * size), at[1] - round(0.16 * size)), one.colour)
