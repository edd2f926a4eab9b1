"""What an article may be: its text, title, address, date and words about it. Pure.

Every check returns the value in the form in which it is kept, or raises Invalid for the field that
it was called for, with a sentence for the person who typed it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from factcheck.failures import Invalid
from factcheck.text.checkworthiness import Score
from factcheck.text.extracted import Link
from factcheck.text.propose import Proposal
from factcheck.text.units import Block, Unit

DISPLAYS = ("full", "excerpts", "claims")
GROUNDS = ("own", "licence", "permission", "unstated")
STATES = ("triage", "review", "published", "withdrawn")
LARGEST_TEXT_BYTES = 1024 * 1024  # of the text in UTF-8
LONGEST_TITLE = 500  # code points
LONGEST_NAME = 200  # code points of an author, a place, a site
LONGEST_SLUG = 80  # before the number that tells two apart
MOST_AUTHORS = 50
_TITLE_WORDS = 12  # of the text, where nothing else names it

_PUBLISHED = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", re.ASCII)
# What XML 1.0, and so a feed, cannot hold (its section 2.2), and DEL.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SLUG_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Intake:
    """What an import is given: the text as cut and read, and what is known about it.

    `raw` are the bytes as they came. `scores` stand beside `units`, None where a unit cannot hold
    a claim. `url` is one more address that the text was found under, beside `source_url`.
    """

    text: str
    raw: bytes
    content_type: str
    title: str
    language: str
    units: tuple[Unit, ...]
    scores: tuple[Score | None, ...]
    proposals: tuple[Proposal, ...]
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    source_url: str | None = None
    url: str | None = None
    site: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    published_about: bool = False
    place: str | None = None
    display: str = "full"
    ground: str = "unstated"
    scale_key: str = "default"
    policy_key: str = "team"
    deadline: date | None = None


def check_text(text: str, field: str = "text") -> str:
    """Return a text that can be kept; raise Invalid for `field` otherwise."""
    if not text.strip():
        raise Invalid(field, "There are no words in it. Give the post that is to be checked.")
    if "\x00" in text:
        raise Invalid(field, "This text has a NUL character in it, so it is no plain text.")
    try:
        size_bytes = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        raise Invalid(field, "This text has half a character in it. Copy it again.") from None
    if size_bytes > LARGEST_TEXT_BYTES:
        raise Invalid(
            field, "This text is larger than 1 MiB. Give one article at a time, or a part of it."
        )
    return text


def without_unfit(value: str) -> str:
    """Return the text without the characters that a feed or database cannot keep."""
    return _UNFIT.sub("", value)


def check_characters(value: str, field: str) -> None:
    """Raise Invalid for `field` where there is a character that a feed or database cannot keep."""
    if _UNFIT.search(value):
        raise Invalid(field, "There is a character in it that cannot be kept. Type it again.")


def check_line(value: str, field: str, *, longest: int) -> str:
    """Return one line of words, blanks made single; "" where there is nothing.

    Raises Invalid for `field` when it is longer than `longest` code points or cannot be kept.
    """
    line = " ".join(value.split())
    check_characters(line, field)
    if len(line) > longest:
        raise Invalid(
            field,
            "This is %(length)s characters long; %(longest)s is the most.",
            length=len(line),
            longest=longest,
        )
    return line


def check_day(value: date | str | None, field: str) -> date | None:
    """Return a day that was given as one or as "2026-11-29"; raise Invalid for what is none."""
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if value.strip() else None
    except ValueError as error:
        raise Invalid(field, "Give a day such as 2026-11-29.") from error


def plain_day(value: Any) -> Any:
    """Return a day as "2026-11-29", as JSON has it, and anything else as it is."""
    return value.isoformat() if isinstance(value, date) else value


def check_published(value: str, field: str = "published") -> str | None:
    """Return when something was said, as "2007", "2007-05" or "2007-05-03"; None for nothing.

    Raises Invalid for a day that does not exist and for any other way of writing it.
    """
    value = value.strip()
    if not value:
        return None
    parts = _PUBLISHED.fullmatch(value)
    if parts is None:
        raise Invalid(field, "Write the date as 2007-05-03, 2007-05 or 2007.")
    try:
        date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError:
        raise Invalid(field, "There is no such day as %(value)s.", value=value) from None
    return value


def check_language(value: str, field: str = "language") -> str:
    """Return a language tag (BCP 47) such as "en" or "pt-BR"; "" where there is nothing."""
    value = value.strip()
    if value and (len(value) > 35 or not _LANGUAGE.fullmatch(value)):
        raise Invalid(field, "Write the language as a tag such as en, kk or pt-BR.")
    return value


def check_choice(value: str, field: str, choices: Collection[str]) -> str:
    """Return `value` if it is among `choices`; raise Invalid naming them."""
    if value not in choices:
        raise Invalid(field, "It must be one of %(choices)s.", choices=", ".join(choices))
    return value


def check_authors(names: Collection[str], field: str = "authors") -> tuple[str, ...]:
    """Return the names, each once, in the order given; raise Invalid for too many or too long."""
    found = dict.fromkeys(check_line(name, field, longest=LONGEST_NAME) for name in names)
    found.pop("", None)
    if len(found) > MOST_AUTHORS:
        raise Invalid(field, "Give at most %(most)s names.", most=MOST_AUTHORS)
    return tuple(found)


def title_of(text: str, units: Collection[Unit], *candidates: str) -> str:
    """Return the first of `candidates` with words in it, else the title unit, else the first words.

    The line is cut at 500 code points; a text has words, so that it is never empty.
    """
    told = [text[unit.start : unit.end] for unit in units if unit.kind == "title"]
    first = " ".join(text[: LONGEST_TITLE * 4].split()[:_TITLE_WORDS])
    for candidate in (*candidates, *told[:1], first, text):
        if line := without_unfit(" ".join(candidate.split())):
            return line[:LONGEST_TITLE].rstrip()
    raise ValueError("a text without words has no title")


def slug_for(title: str, taken: Collection[str] = ()) -> str:
    """Return the address part for a title: ASCII words, at most 80 characters, none of `taken`.

    A title without ASCII letters or digits gives "article"; a number tells equal ones apart.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = ""
    for word in _SLUG_WORD.findall(plain.replace("'", "")):
        longer = f"{slug}-{word}" if slug else word[:LONGEST_SLUG]
        if len(longer) > LONGEST_SLUG:
            break
        slug = longer
    slug = slug or "article"
    if slug not in taken:
        return slug
    number = 2
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"
