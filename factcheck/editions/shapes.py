"""The verdicts' shapes as masks to draw with, read from the sprite that pages use. Pure.

Of SVG this reads what the sprite has: circles, and paths of lines, curves and arcs of circles.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from lxml import etree
from PIL import Image, ImageChops, ImageDraw

from factcheck.folders import data_folder

if TYPE_CHECKING:
    from lxml.etree import _Element

SIDE = 16  # of the sprite's own grid
STROKE = 1.7  # as wide as `.hollow` in tokens.css
FINER = 8  # drawn so many times larger, then made small: smooth edges
STEPS = 24  # straight pieces that a curve is made of

Point = tuple[float, float]
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "A": 7, "Z": 0}
_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d*\.\d+|\d+)")


@cache
def shape(key: str, size: int) -> Image.Image | None:
    """Return a shape as a mask, `size` × `size` pixels; None if the sprite has none by that id."""
    symbol = _sprite().get(key)
    if symbol is None:
        return None
    side = size * FINER
    mask = Image.new("1", (side, side))
    for element in symbol:
        is_hollow = element.get("class") == "hollow"
        outlines = list(_outlines(element))
        part = _stroked(outlines, side) if is_hollow else _filled(outlines, side)
        mask = ImageChops.logical_or(mask, part)
    return mask.convert("L").reduce(FINER)


@cache
def _sprite() -> dict[str, _Element]:
    text = (data_folder("templates") / "_icons.html").read_text(encoding="utf-8")
    root = etree.fromstring(f"<svg>{text[text.index('<symbol') :]}")
    return {str(symbol.get("id")): symbol for symbol in root}


def _filled(outlines: list[list[Point]], side: int) -> Image.Image:
    """Return what lies inside an odd number of outlines, so that a tick is cut out of its disc."""
    mask = Image.new("1", (side, side))
    for outline in outlines:
        part = Image.new("1", (side, side))
        ImageDraw.Draw(part).polygon(_scaled(outline, side), fill=1)
        mask = ImageChops.logical_xor(mask, part)
    return mask


def _stroked(outlines: list[list[Point]], side: int) -> Image.Image:
    mask = Image.new("1", (side, side))
    draw, width = ImageDraw.Draw(mask), round(STROKE * side / SIDE)
    for outline in outlines:
        is_closed = outline[0] == outline[-1]  # then on past the start, for a whole corner there
        points = _scaled(outline + outline[1:2] if is_closed else outline, side)
        draw.line(points, fill=1, width=width, joint="curve")
    return mask


def _scaled(outline: list[Point], side: int) -> list[Point]:
    return [(x * side / SIDE, y * side / SIDE) for x, y in outline]


def _outlines(element: _Element) -> Iterator[list[Point]]:
    if element.tag == "circle":
        x, y, radius = (float(str(element.get(name))) for name in ("cx", "cy", "r"))
        yield [_on_circle((x, y), radius, math.tau * i / (2 * STEPS)) for i in range(2 * STEPS)] + [
            (x + radius, y)
        ]
        return
    outline: list[Point] = []
    for letter, numbers in _commands(str(element.get("d"))):
        if letter in "Mm" and outline:
            yield outline
            outline = [_drawn(letter, numbers, outline[-1])[-1]]
        elif letter in "Zz":
            outline.append(outline[0])
        else:
            outline += _drawn(letter, numbers, outline[-1] if outline else (0.0, 0.0))
    yield outline


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """Yield each command with its numbers; numbers that follow without one repeat the last."""
    letter, numbers = "", list[float]()
    for token in [*_TOKEN.findall(path), ""]:
        if token and not token.isalpha():
            numbers.append(float(token))
        if letter and len(numbers) == _TAKES[letter.upper()]:
            yield letter, numbers
            numbers = []
            letter = {"M": "L", "m": "l"}.get(letter, letter) if letter not in "Zz" else ""
        if token.isalpha():
            letter = token
            if letter in "Zz":
                yield letter, []
                letter = ""


def _drawn(letter: str, numbers: list[float], at: Point) -> list[Point]:
    """Return the points that a command leads to from `at`."""
    kind = letter.upper()
    x, y = at if letter.islower() else (0.0, 0.0)
    if kind == "H":
        return [(x + numbers[0], at[1])]
    if kind == "V":
        return [(at[0], y + numbers[0])]
    if kind == "A":
        end = (x + numbers[5], y + numbers[6])
        is_large, clockwise = bool(numbers[3]), bool(numbers[4])
        on_right = is_large != clockwise
        return _arc(at, numbers[0], end, clockwise=clockwise, on_right=on_right)
    ends = [(x + a, y + b) for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
    return ends if kind in "ML" else _curve(at, *ends)


def _curve(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    found = []
    for step in range(1, STEPS + 1):
        t = step / STEPS
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        found.append(
            (
                sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
                sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
            )
        )
    return found


def _arc(
    start: Point, radius: float, end: Point, *, clockwise: bool, on_right: bool
) -> list[Point]:
    """Return a part of a circle from `start` to `end`; its centre on the right hand or the left."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = math.hypot(across, down)
    off = math.sqrt(max(0.0, radius**2 - length**2 / 4)) * (1 if on_right else -1)
    centre = (
        (start[0] + end[0]) / 2 - off * down / length,
        (start[1] + end[1]) / 2 + off * across / length,
    )
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    turn = (math.atan2(end[1] - centre[1], end[0] - centre[0]) - first) % math.tau
    if not clockwise:
        turn -= math.tau
    points = [_on_circle(centre, radius, first + turn * i / STEPS) for i in range(1, STEPS)]
    return [*points, end]


def _on_circle(centre: Point, radius: float, angle: float) -> Point:
    return (centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle))
