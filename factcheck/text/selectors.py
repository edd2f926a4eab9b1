"""Naming a passage so that it can be found again, and the two ways of counting characters.

A passage is kept as a W3C TextQuoteSelector: the exact words and up to 32 characters on
either side. Offsets count Unicode code points, as Python does; a browser counts UTF-16 code
units, so an emoji before the passage moves its offsets there by one.
"""

from dataclasses import dataclass
from typing import Final

CONTEXT: Final = 32  # code points kept on each side
_MOST_OCCURRENCES: Final = 10_000  # of the exact words that are weighed; the rest are not read


class QuoteNotFound(LookupError):
    """The exact words of the quote stand nowhere in the text."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The exact words of a passage and what stood before and after them."""

    exact: str
    prefix: str = ""
    suffix: str = ""


def quote_at(text: str, start: int, end: int) -> Quote:
    """Return the quote of `text[start:end]`, with 32 code points of context on each side.

    Raises ValueError for a span that is empty or leaves the text.
    """
    _require_span(text, start, end)
    prefix = text[max(0, start - CONTEXT) : start]
    return Quote(exact=text[start:end], prefix=prefix, suffix=text[end : end + CONTEXT])


def locate(quote: Quote, text: str, near: int | None = None) -> tuple[int, int]:
    """Return the (start, end) of the quote's exact words in `text`.

    Where they stand more than once, the place whose neighbours share most characters with
    the prefix and suffix wins; on a tie the one nearest to `near`, else the earliest.
    Raises QuoteNotFound when the words stand nowhere, or when the quote is empty.
    """
    starts = _occurrences(quote.exact, text)
    if not starts:
        raise QuoteNotFound("These exact words do not stand in the text.")
    if len(starts) == 1:
        return starts[0], starts[0] + len(quote.exact)

    def rank(start: int) -> tuple[int, int, int]:
        shared = _shared_context(quote, text, start)
        return -shared, 0 if near is None else abs(start - near), start

    best = min(starts, key=rank)
    return best, best + len(quote.exact)


def to_utf16(text: str, offset: int) -> int:
    """Return the UTF-16 offset of a code-point offset. Raises ValueError outside the text."""
    if not 0 <= offset <= len(text):
        raise ValueError("The offset lies outside the text.")
    return offset + sum(character > "\uffff" for character in text[:offset])


def from_utf16(text: str, offset: int) -> int:
    """Return the code-point offset of a UTF-16 offset.

    Raises ValueError for one outside the text or inside a surrogate pair.
    """
    position = counted = 0
    while counted < offset and position < len(text):
        counted += 2 if text[position] > "\uffff" else 1
        position += 1
    if counted != offset:
        raise ValueError("The offset lies outside the text or inside a character.")
    return position


def w3c(text: str, start: int, end: int) -> list[dict[str, str | int]]:
    """Return the span as W3C Web Annotation selectors: by position, then by quote.

    Positions count code points, as the Web Annotation model does. Raises ValueError for a
    span that is empty or leaves the text.
    """
    quote = quote_at(text, start, end)
    return [
        {"type": "TextPositionSelector", "start": start, "end": end},
        {
            "type": "TextQuoteSelector",
            "exact": quote.exact,
            "prefix": quote.prefix,
            "suffix": quote.suffix,
        },
    ]


def _require_span(text: str, start: int, end: int) -> None:
    if not 0 <= start < end <= len(text):
        raise ValueError("A passage starts before it ends, inside the text.")


def _occurrences(exact: str, text: str) -> list[int]:
    starts: list[int] = []
    start = text.find(exact) if exact else -1
    while start >= 0 and len(starts) < _MOST_OCCURRENCES:
        starts.append(start)
        start = text.find(exact, start + 1)
    return starts


def _shared_context(quote: Quote, text: str, start: int) -> int:
    before = text[max(0, start - len(quote.prefix)) : start]
    end = start + len(quote.exact)
    after = text[end : end + len(quote.suffix)]
    return _shared_head(before[::-1], quote.prefix[::-1]) + _shared_head(after, quote.suffix)


def _shared_head(one: str, other: str) -> int:
    shared = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        shared += 1
    return shared
