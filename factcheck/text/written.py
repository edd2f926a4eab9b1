"""Sentences given as rows of words, put together as they are written."""

from collections.abc import Sequence
from typing import Final

from factcheck.text.wordlists import words

_NO_SPACE_BEFORE: Final = words(", . ; : ! ? ) ] % 's n't 're 'll 've 'd 'm '")
_QUOTE: Final = words("'' `` \"")


def plain(tokens: Sequence[str]) -> tuple[str, list[int]]:
    """Return a row of words and marks as it is written, and where each word starts in it."""
    text = ""
    starts = []
    within = False  # quotation marks
    spaced = False
    for token in tokens:
        mark = '"' if token in _QUOTE else token
        within = within is not (mark == '"')
        closes = token in _NO_SPACE_BEFORE or (mark == '"' and not within)
        if spaced and not closes:
            text += " "
        starts.append(len(text))
        text += mark
        spaced = not (mark in ("(", "[") or (mark == '"' and within))
    return text, starts
