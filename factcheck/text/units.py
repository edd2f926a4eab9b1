"""A unit is a stretch of the text that is one thing: a sentence, a heading, a credit.

Every character of a text that is not white space lies in exactly one unit. Units stand
in text order and never overlap; what lies between two of them is white space or nothing.
"""

from dataclasses import dataclass
from typing import Final

KINDS: Final = (
    "title",
    "heading",
    "sentence",
    "list_item",
    "quotation",
    "caption",
    "credit",
    "byline",
    "dateline",
    "boilerplate",
)
PROSE_KINDS: Final = frozenset({"sentence", "list_item", "quotation"})
"""The kinds in which somebody states something; a claim starts and ends inside one."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One stretch of the text, `start` to `end` in code points, and what it is."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch whose kind the document's own markup told: a heading, an item, a paragraph.

    A paragraph is a block of kind "sentence", whatever number of sentences it holds.
    """

    start: int
    end: int
    kind: str
