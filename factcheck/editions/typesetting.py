"""Words as pictures have them: which of the shipped fonts can draw them, and how they fill a space.

A font is asked first what it can draw, so that no picture shows an empty box for a letter.
"""

from __future__ import annotations

import struct
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont, features

FONTS = Path(__file__).parent / "fonts"
SERIF, SANS, NASKH = "serif", "sans", "naskh"
_NEVER = {"Cc", "Cf", "Cs", "Co"}  # controls, marks of direction among them, have no picture
_KEPT = "\u200c\u200d"  # but these two say how letters join


def tidied(text: str) -> str:
    """Return the words with single spaces and without what has no picture."""
    kept = (
        sign if sign in _KEPT or unicodedata.category(sign) not in _NEVER else " " * sign.isspace()
        for sign in unicodedata.normalize("NFC", text)
    )
    return " ".join("".join(kept).split())


def font_name(text: str, wanted: str) -> str | None:
    """Return the font that draws all of `text`, best `wanted`; None if none does."""
    signs = set(text) - set(_KEPT)
    for name in dict.fromkeys((wanted, SERIF, NASKH)):
        if (name != NASKH or joins_letters()) and all(_covers(name, ord(one)) for one in signs):
            return name
    return None


@cache
def joins_letters() -> bool:
    """Whether letters are joined and run from the right here, as Arabic needs it."""
    return bool(features.check("raqm"))


@lru_cache(maxsize=64)
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """Return a font in a size, in pixels."""
    engine = ImageFont.Layout.RAQM if joins_letters() else ImageFont.Layout.BASIC
    return ImageFont.truetype(FONTS / f"{name}.ttf", size, layout_engine=engine)


@cache
def _ranges(name: str) -> tuple[tuple[int, int], ...]:
    """Return what a font can draw, as (first, last) code points, from its only `cmap` table."""
    data = (FONTS / f"{name}.ttf").read_bytes()
    tables = struct.unpack_from(">4xH", data)[0]
    found = (struct.unpack_from(">4s4xI", data, 12 + 16 * i) for i in range(tables))
    at = next(offset for tag, offset in found if tag == b"cmap")
    at += struct.unpack_from(">8xI", data, at)[0]
    count = struct.unpack_from(">12xI", data, at)[0]
    return tuple(struct.unpack_from(">II", data, at + 16 + 12 * i) for i in range(count))


def _covers(name: str, sign: int) -> bool:
    return any(first <= sign <= last for first, last in _ranges(name))


@dataclass(frozen=True, slots=True)
class Block:
    """Words broken into lines of one font and size."""

    lines: tuple[str, ...]
    font: str
    size: int

    @property
    def leading(self) -> int:
        """From one line's foot to the next one's, in pixels."""
        return round(self.size * (1.5 if self.font == NASKH else 1.2))

    @property
    def height(self) -> int:
        """Of all lines, in pixels."""
        return self.leading * len(self.lines)


def fitted(text: str, name: str, sizes: tuple[int, ...], width: int, height: int) -> Block:
    """Return `text` in the largest of `sizes` that fits; in the least, cut with "…" if it must."""
    for size in sizes:
        block = Block(tuple(_wrapped(text, name, size, width)), name, size)
        if block.height <= height:
            return block
    return _cut(block, width, max(1, height // block.leading))


def width_of(text: str, name: str, size: int) -> int:
    """Return how wide a line is, in pixels."""
    return round(font(name, size).getlength(text))


def _wrapped(text: str, name: str, size: int, width: int) -> list[str]:
    lines, line = list[str](), ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if width_of(longer, name, size) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, name, size, width)
        lines += full
    return [*lines, line]


def _broken(word: str, name: str, size: int, width: int) -> list[str]:
    """Return a word in pieces that fit; most are one piece."""
    pieces = [""]
    for sign in word if width_of(word, name, size) > width else [word]:
        if pieces[-1] and width_of(pieces[-1] + sign, name, size) > width:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def _cut(block: Block, width: int, most: int) -> Block:
    kept = list(block.lines[:most])
    while " " in kept[-1] and width_of(f"{kept[-1]} …", block.font, block.size) > width:
        kept[-1] = kept[-1].rpartition(" ")[0]
    kept[-1] = f"{kept[-1].rstrip(' ,;:')} …"
    return Block(tuple(kept), block.font, block.size)
