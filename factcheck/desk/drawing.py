"""Pictures as shapes, from numbers alone: lines, bars, rows of bars, and stages. Pure.

All are 280 by 110 of their own units; `templates/desk/_shapes.svg` makes the tags. Every shape has
a class of `work.css`, so that it follows the page's colours into the dark. Ends are labelled; there
is no legend and no grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

WIDTH, HEIGHT = 280, 110
_LEFT, _RIGHT, _TOP, _BOTTOM = 2, 218, 16, 92  # of what is drawn; labels stand around it
_NAMES = 62  # units for the names of rows
_NEAR = 11  # labels closer than this would overlap
Look = Literal["line", "goal", "base", "soft", "now", ""]


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points."""

    points: Sequence[tuple[float, float]]
    look: Look


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    look: Look


@dataclass(frozen=True, slots=True)
class Words:
    """A label; `anchor` says which part of it stands at `x`."""

    x: float
    y: float
    text: str
    look: Look = ""
    anchor: Literal["start", "middle", "end"] = "start"


Shape = Path | Bar | Words


@dataclass(frozen=True, slots=True)
class Line:
    """What is drawn as a line: (place, value); `label` stands at its end."""

    points: Sequence[tuple[float, float]]
    label: str = ""
    look: Look = "line"


@dataclass(frozen=True, slots=True)
class Axes:
    """Places 0 to `width`, values `bottom` to `top`; what the first and last place are called."""

    width: float
    top: float
    ends: tuple[str, str]
    bottom: float = 0

    def at(self, place: float, value: float) -> tuple[float, float]:
        """Return where a value is drawn."""
        x = _LEFT + (_RIGHT - _LEFT) * place / (self.width or 1)
        span = (self.top - self.bottom) or 1
        return x, _BOTTOM - (_BOTTOM - _TOP) * (value - self.bottom) / span


def lines(
    drawn: Sequence[Line], axes: Axes, whiskers: Sequence[tuple[float, float, float]] = ()
) -> list[Shape]:
    """Draw lines, and whiskers (place, low, high)."""
    shapes: list[Shape] = [
        Path([(_LEFT, _BOTTOM + 0.5), (_RIGHT, _BOTTOM + 0.5)], "base"),
        Words(_LEFT, HEIGHT - 4, axes.ends[0]),
        Words(_RIGHT, HEIGHT - 4, axes.ends[1], anchor="end"),
    ]
    shapes += [
        Path([axes.at(place, low), axes.at(place, high)], "base") for place, low, high in whiskers
    ]
    taken: list[float] = []
    for line in drawn:
        if not line.points:
            continue
        spots = [axes.at(*point) for point in line.points]
        shapes.append(Path(spots, line.look))
        if line.label:
            x, y = spots[-1]
            taken.append(_free(y - 1, taken))
            shapes.append(Words(x + 4, taken[-1], line.label, "now"))
    return shapes


def _free(y: float, taken: Sequence[float]) -> float:
    """Return the height nearest to `y` at which a label stands free of those that there are."""
    tries = [y + step * _NEAR for step in (0, -1, 1, -2, 2)]
    return next((one for one in tries if all(abs(one - other) >= _NEAR for other in taken)), y)


def bars(values: Sequence[int], labels: Sequence[str]) -> list[Shape]:
    """Draw a bar for each value, with the value above it and its label below."""
    step = WIDTH / max(len(values), 1)
    most = max(values, default=0) or 1
    shapes: list[Shape] = [Path([(0, _BOTTOM + 0.5), (WIDTH, _BOTTOM + 0.5)], "base")]
    for number, (value, label) in enumerate(zip(values, labels, strict=True)):
        height = (_BOTTOM - _TOP) * value / most
        middle = step * (number + 0.5)
        shapes += [
            Bar(step * number + 3, _BOTTOM - height, step - 6, height, "soft"),
            Words(middle, _BOTTOM - height - 3, f"{value:,}", "now", "middle"),
            Words(middle, HEIGHT - 5, label, anchor="middle"),
        ]
    return shapes


def rows_of_bars(rows: Sequence[tuple[str, Sequence[int]]], ends: tuple[str, str]) -> list[Shape]:
    """Draw a row of bars for each (label, values), all to one scale, the last value beside it."""
    most = max((max(values, default=0) for _label, values in rows), default=0) or 1
    tall = _BOTTOM / max(len(rows), 1)
    shapes: list[Shape] = [
        Words(_NAMES, HEIGHT - 4, ends[0]), Words(_RIGHT, HEIGHT - 4, ends[1], anchor="end"),
    ]  # fmt: skip
    for number, (label, values) in enumerate(rows):
        base = tall * (number + 1)
        step = (_RIGHT - _NAMES) / max(len(values), 1)
        shapes += [Words(0, base - 2, label), Path([(_NAMES, base), (_RIGHT, base)], "base")]
        for place, value in enumerate(values):
            height = (tall - 6) * value / most
            look: Look = "now" if place == len(values) - 1 else "soft"
            shapes.append(Bar(_NAMES + step * place, base - height, step - 1, height, look))
        shapes.append(Words(_RIGHT + 5, base - 2, f"{values[-1]:,}" if values else "", "now"))
    return shapes


def stages(rows: Sequence[tuple[str, int]]) -> list[Shape]:
    """Draw a lying bar for each stage of a funnel, to one scale, its number at its end."""
    most = max((value for _label, value in rows), default=0) or 1
    tall, begin = HEIGHT / max(len(rows), 1), _NAMES + 16
    shapes: list[Shape] = []
    for number, (label, value) in enumerate(rows):
        y = tall * number + 3
        length = (_RIGHT - begin) * value / most
        shapes += [
            Words(0, y + tall / 2 + 1, label),
            Bar(begin, y, length, tall - 6, "soft"),
            Words(begin + length + 5, y + tall / 2 + 1, f"{value:,}", "now"),
        ]
    return shapes
