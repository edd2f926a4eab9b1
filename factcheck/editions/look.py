"""How the public site looks where an admin chose it: name, logo, colours, type. Pure.

An admin picks paper, ink and accent, by day and by night; the quieter tones between paper and ink
follow from them. What comes out is a style sheet that only sets the values of `tokens.css`, so that
no template and no rule is touched. The verdicts' colours are the scale's and stay as they are, so a
paper on which one of them could not be read is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from factcheck.editions.canonical import sha256
from factcheck.failures import Invalid
from factcheck.languages import ENGLISH

NAME = "factcheck"  # of a site that has no other yet
LONGEST_NAME = 60  # code points
LOGO_HEIGHT = 48  # CSS pixels on the page
TIMES = ("light", "dark")
PARTS = ("paper", "ink", "accent")
LEAST_TEXT, LEAST_EDGE = 4.5, 3.0  # WCAG 2.2, AA: 1.4.3 and 1.4.11

READING = {  # what is read: articles, headlines, quotations
    "charter": 'Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", Cambria,'
    ' "Noto Serif", Georgia, serif',
    "old-style": '"Iowan Old Style", "Palatino Linotype", Palatino, P052, "URW Palladio L", serif',
    "georgia": 'Georgia, "DejaVu Serif", "Noto Serif", serif',
    "sans": 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
}
AROUND = {  # what stands around it
    "system": 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans",'
    " sans-serif",
    "humanist": 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", sans-serif',
    "grotesque": '"Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif',
}
_MIXED = {  # how much ink there is in the tones between paper and ink, by day and by night
    "shade": (0.03, 0.04),
    "wash": (0.06, 0.08),
    "rule": (0.18, 0.17),
    "edge": (0.58, 0.56),
    "ink-2": (0.76, 0.74),
}
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_SHIPPED = (("#ffffff", "#16181b", "#16181b"), ("#15171a", "#e9e9e5", "#e9e9e5"))


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by "light_paper" and the like, as #rrggbb, and the keys of two stacks of fonts."""

    colours: Mapping[str, str]
    reading: str = "charter"
    around: str = "system"

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {"colours": dict(self.colours), "reading": self.reading, "around": self.around}


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG, its size in pixels, and whether the site's name is drawn in it already."""

    png: bytes
    width: int
    height: int
    has_name: bool

    @property
    def path(self) -> str:
        """Its path in the site; its digest is in it."""
        return f"assets/logo.{sha256(self.png)[:16]}.png"


@dataclass(frozen=True, slots=True)
class Look:
    """All that an admin chose; `theme` None: the colours and type that the site ships with."""

    name: str = NAME
    theme: Theme | None = None
    logo: Logo | None = None
    language: str = ENGLISH  # a key


@dataclass(frozen=True, slots=True)
class Pair:
    """Two colours that do not stand apart enough: what is on what, by day or night."""

    front: str
    back: str
    time: str
    ratio: float
    least: float


def shipped_theme() -> Theme:
    """Return the colours and type that the site ships with."""
    return Theme({
        f"{time}_{part}": colour
        for time, colours in zip(TIMES, _SHIPPED, strict=True)
        for part, colour in zip(PARTS, colours, strict=True)
    })  # fmt: skip


def checked_name(name: str) -> str:
    """Return a site's name; raise Invalid for none or one that is too long."""
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= LONGEST_NAME or not tidy.isprintable():
        raise Invalid("name", "Give a name of 1 to %(longest)s characters.", longest=LONGEST_NAME)
    return tidy


def theme_problems(theme: Theme, verdicts: Mapping[str, tuple[str, str]]) -> Iterator[Invalid]:
    """Yield what keeps a theme from being used.

    `verdicts`: each verdict's label with its colours by day and by night.
    """
    if theme.reading not in READING:
        yield Invalid("reading", "Choose one of the kinds of type.")
    if theme.around not in AROUND:
        yield Invalid("around", "Choose one of the kinds of type.")
    wrong = [key for key in _keys() if not _COLOUR.fullmatch(theme.colours.get(key, ""))]
    yield from (Invalid(key, "Give a colour as #rrggbb, such as #16181b.") for key in wrong)
    if not wrong:
        yield from (_too_close(pair) for pair in close_pairs(theme, verdicts))


def _keys() -> list[str]:
    return [f"{time}_{part}" for time in TIMES for part in PARTS]


def _too_close(pair: Pair) -> Invalid:
    field = f"{pair.time}_{pair.front if pair.front == 'accent' else 'paper'}"
    ratio, least = f"{math.floor(pair.ratio * 100) / 100:g}", f"{pair.least:g}"
    if pair.time == "light":
        return Invalid(
            field, "By day, %(front)s on %(back)s has a contrast of %(ratio)s to 1;"
            " it takes %(least)s.",
            front=pair.front, back=pair.back, ratio=ratio, least=least,
        )  # fmt: skip
    return Invalid(
        field, "By night, %(front)s on %(back)s has a contrast of %(ratio)s to 1;"
        " it takes %(least)s.",
        front=pair.front, back=pair.back, ratio=ratio, least=least,
    )  # fmt: skip


def close_pairs(theme: Theme, verdicts: Mapping[str, tuple[str, str]]) -> Iterator[Pair]:
    """Yield the pairs of colours that WCAG 2.2 AA asks to stand further apart."""
    for night, time in enumerate(TIMES):
        tones = _tones(theme, time)
        fronts = {name: tones[name] for name in ("ink", "ink-2", "accent")}
        fronts |= {label: colours[night] for label, colours in verdicts.items()}
        for name, colour in fronts.items():
            for back in ("paper", "wash"):
                ratio = contrast(colour, tones[back])
                if ratio < LEAST_TEXT:
                    yield Pair(name, back, time, ratio, LEAST_TEXT)
                    break
        ratio = contrast(tones["edge"], tones["paper"])
        if ratio < LEAST_EDGE:
            yield Pair("edge", "paper", time, ratio, LEAST_EDGE)


def _tones(theme: Theme, time: str) -> dict[str, str]:
    """Return the value of each of the tokens by day or by night."""
    paper, ink, accent = (theme.colours[f"{time}_{part}"] for part in PARTS)
    night = TIMES.index(time)
    mixed = {name: mix(ink, paper, shares[night]) for name, shares in _MIXED.items()}
    return {"paper": paper, "ink": ink, "accent": accent} | mixed


def mix(colour: str, other: str, share: float) -> str:
    """Return the colour that lies `share` of the way from `other` to `colour`, in sRGB."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(b + (a - b) * share):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2 reckons it."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def style_sheet(look: Look) -> bytes:
    """Return the style sheet that all public pages load after `tokens.css`."""
    lines = ["/* What the admin of this site chose. */"]
    if look.theme:
        lines += ["@layer tokens {", "  :root {", *_declarations(look.theme), "  }", "}"]
    if look.logo:
        lines += _logo_rules(look.logo)
    return ("\n".join(lines) + "\n").encode()


def _declarations(theme: Theme) -> Iterable[str]:
    day, night = _tones(theme, "light"), _tones(theme, "dark")
    for name, colour in day.items():
        yield f"    --{name}: light-dark({colour}, {night[name]});"
    yield f"    --serif: {READING[theme.reading]};"
    yield f"    --sans: {AROUND[theme.around]};"


def _logo_rules(logo: Logo) -> list[str]:
    height = min(LOGO_HEIGHT, logo.height)
    width = round(logo.width * height / logo.height)
    rules = [
        "@layer components {",
        "  .masthead-name a { display: inline-flex; align-items: center; gap: var(--s3); }",
        "  .masthead-name a::before {",
        f'    content: ""; inline-size: {width / 16:g}rem; block-size: {height / 16:g}rem;',
        f'    background: url("/{logo.path}") center / contain no-repeat;',
        "  }",
    ]
    if logo.has_name:
        rules.append(
            "  .masthead-name span { position: absolute; inline-size: 1px; block-size: 1px;"
            " overflow: hidden; clip-path: inset(50%); white-space: nowrap; }"
        )
    return [*rules, "}"]
