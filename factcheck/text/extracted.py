"""What a document holds once its bytes were read: text, kinds of its parts, links, facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from factcheck.text.units import Block


class Undecodable(ValueError):
    """The bytes are in no encoding that they or their sender name."""


class NotText(ValueError):
    """The bytes are a picture, a PDF, a program: nothing to read."""


class EmptyText(ValueError):
    """The document has no words."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the document: the words from `start` to `end` (code points) lead to `href`."""

    start: int
    end: int
    href: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document says about itself; empty where it does not say.

    `published` is "2007", "2007-05" or "2007-05-31", or None. `found_in` tells for each fact where
    it stood ("meta og:title", "json-ld headline").
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    published: str | None = None
    language: str = "und"
    canonical_url: str = ""
    site: str = ""
    found_in: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document's text with its blocks and links, in text order, and its facts (see `Facts`)."""

    text: str
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    title: str
    authors: tuple[str, ...]
    published: str | None
    language: str
    canonical_url: str
    site: str
    found_in: dict[str, str]
