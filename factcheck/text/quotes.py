"""Whether words quoted from a document stand in it. Pure.

Typing is set aside: kinds of quotation marks and dashes, blanks, soft hyphens. "…" or "[…]" stands
for words left out. Words that are there but for a few letters are "changed": shown to people, who
judge whether that matters.
"""

from __future__ import annotations

import re
import unicodedata
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
_LEFT_OUT = re.compile(r"\[\s*(?:…|\.{3})\s*\]|…|\.{3}")


def find_quote(text: str, quote: str) -> Found:
    """Return how the quoted words stand in a text; "missing" too for a quotation without words."""
    plain = _plain(text)
    parts = [part for one in _LEFT_OUT.split(quote) if (part := _plain(one).strip(' "-'))]
    if not parts:
        return "missing"
    if _stand_in_order(plain, parts):
        return "found"
    whole = " ".join(parts)
    if len(plain) < len(whole) // 2 or len(plain) * len(whole) > MOST_LETTERS:
        return "missing"
    likeness = fuzz.partial_ratio(whole.casefold(), plain.casefold(), score_cutoff=LEAST_LIKE)
    return "changed" if likeness else "missing"


def _stand_in_order(text: str, parts: list[str]) -> bool:
    place = 0
    for part in parts:
        place = text.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return True


def _plain(text: str) -> str:
    return _BLANK.sub(" ", unicodedata.normalize("NFD", text).translate(_MARKS))
