"""The language of the public site: one for every reader, since its files are the same for all.

An admin chooses it (`/admin/look`). What makes files or pages of the site does so inside
`speaking`; outside, and while modules are loaded, these functions return English, which is what a
message is looked up by. So a table of words that is made at loading is looked up again where it is
shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from babel.numbers import format_decimal

from factcheck.languages import ENGLISH, Language

_SPOKEN: ContextVar[Language | None] = ContextVar("the site's language", default=None)


def spoken() -> Language:
    """Return the language in which the site is being made."""
    return _SPOKEN.get() or Language(ENGLISH)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Make what is made inside in that language."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def gettext(message: str) -> str:
    """Return a message in the language in which the site is being made."""
    return spoken().catalogue.gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a message that fits a count."""
    return spoken().catalogue.ngettext(one, many, count)


def in_figures(number: int) -> str:
    """Return a number with its digits grouped as the language does."""
    return str(format_decimal(number, locale=spoken().key))
