"""Whether words quoted from a document stand in it. Pure.

Typing is set aside: kinds of quotation marks and dashes, blanks, soft hyphens. "…" or "[…]" stands
for words left out. Words that are there but for a few letters are "changed": shown to people, who
judge whether that matters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

from rapidfuzz import fuzz

Found = Literal["found", "changed", "missing"]

LEAST_LIKE = 88  # per cent of a quotation's letters that stand together, from which it is changed
MOST_LETTERS = 100_000_000  # of text times quotation, above which only exact words are sought
_MARKS = str.maketrans({
    **dict.fromkeys("‘’‚‛“”„‟«»‹›'`´″′", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"),
})  # fmt: skip
_BLANK = re.compile(r"\s+")
_DIVIDED = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]\s*\n\s*(?=[^\W\d_])")
_LEFT_OUT = re.compile(r"\[\s*(?:…|\.{3})\s*\]|…|\.{3}")


def find_quote(text: str, quote: str) -> Found:
    """Return how the quoted words stand in a text; "missing" too for a quotation without words."""
    return find_on_pages([text], quote)[0]


def find_on_pages(pages: Sequence[str], quote: str) -> tuple[Found, int | None]:
    """Return how the quoted words stand in pages taken together, and on which page they begin.

    Pages count from 1. A word divided at the end of a line is also taken as one.
    """
    parts = [part for one in _LEFT_OUT.split(quote) if (part := _plain(one).strip(' "-'))]
    if not parts:
        return "missing", None
    whole = [_plain(page).strip() for page in pages]
    mended = [_plain(_DIVIDED.sub("", page)).strip() for page in pages]
    for plain in (whole, mended):
        if (place := _where_in_order(" ".join(plain), parts)) is not None:
            return "found", _page_at(plain, place)
    folded = [page.casefold() for page in mended]
    place = _where_alike(" ".join(folded), " ".join(parts).casefold())
    return ("missing", None) if place is None else ("changed", _page_at(folded, place))


def _page_at(plain: Sequence[str], place: int) -> int:
    """Return on which page a place in all of them lies, each but the last with a blank after it."""
    end = 0
    for number, page in enumerate(plain, 1):
        end += len(page) + 1
        if place < end:
            return number
    return len(plain)


def _where_in_order(text: str, parts: list[str]) -> int | None:
    """Return where the first of the parts begins, if all stand in the text in their order."""
    first, place = None, 0
    for part in parts:
        place = text.find(part, place)
        if place < 0:
            return None
        first = place if first is None else first
        place += len(part)
    return first


def _where_alike(text: str, whole: str) -> int | None:
    """Return where words begin that are the quoted ones but for a few letters."""
    if len(text) < len(whole) // 2 or len(text) * len(whole) > MOST_LETTERS:
        return None
    alike = fuzz.partial_ratio_alignment(whole, text, score_cutoff=LEAST_LIKE)
    if alike is None:
        return None
    start = alike.dest_start
    return start + len(text[start:]) - len(text[start:].lstrip())


def _plain(text: str) -> str:
    return _BLANK.sub(" ", unicodedata.normalize("NFD", text).translate(_MARKS))
