"""The language of a page that is made when it is asked for, and of a mail.

A page of the working side is in the language that the person chose, else in the first that their
browser names and that has a catalogue. A page in the frame of the public site is in the site's.
What nobody reads as it runs, such as a job, is in English, but for the mails in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flask_babel
from flask import Flask, g, has_request_context, request

from factcheck import languages
from factcheck.languages import ENGLISH, Language

DATES = flask_babel.Babel.default_date_formats | {
    "date": "d MMMM y",
    "time": "HH:mm",
    "datetime": "d MMMM y, HH:mm",
}


class Catalogues(flask_babel.Domain):  # type: ignore[misc]
    """Where Flask-Babel looks messages up: in our catalogues instead of compiled files."""

    def get_translations(self) -> Any:
        """Return the catalogue of the language that is spoken."""
        key = spoken().key
        if key not in self.cache:
            self.cache[key] = _Lookups(languages.language(key).catalogue)
        return self.cache[key]


class _Lookups:
    """A catalogue under the names by which Flask-Babel and its templates ask it."""

    def __init__(self, catalogue: Any) -> None:
        self.ugettext = self.gettext = catalogue.gettext
        self.ungettext = self.ngettext = catalogue.ngettext
        self.upgettext, self.unpgettext = catalogue.pgettext, catalogue.npgettext


def init_app(app: Flask, *, timezone: str) -> None:
    """Let pages speak, and templates know what they speak, as `spoken`."""
    babel = flask_babel.Babel(app, DATES, locale_selector=_key, default_timezone=timezone)
    babel.domain_instance = Catalogues()
    app.context_processor(lambda: {"spoken": spoken()})


def _key() -> str:
    if not has_request_context():
        return ENGLISH
    chosen: str | None = g.get("language")
    if chosen in languages.known():
        return str(chosen)
    keys = {languages.Language(key).tag.lower(): key for key in languages.known()}
    for tag, quality in request.accept_languages:  # the dearest first; a country's form counts too
        for candidate in (tag.lower(), tag.lower().partition("-")[0]):
            if quality > 0 and candidate in keys:
                return keys[candidate]
    return ENGLISH


def spoken() -> Language:
    """Return the language of the page or mail that is being made."""
    return languages.language(str(flask_babel.get_locale() or ENGLISH))


def speak(key: str | None) -> None:
    """Have the rest of this request speak the language of that key; with None, the browser's."""
    g.language = key
    flask_babel.refresh()


@contextmanager
def speaking(key: str | None) -> Iterator[None]:
    """Speak the language of that key inside, as for a mail; with None, as it was outside."""
    if key is None:
        yield
        return
    with flask_babel.force_locale(languages.language(key).key):
        yield
