"""The languages that pages, mails and commands can be in: English, and each that has a catalogue.

A catalogue is `translations/LANGUAGE/LC_MESSAGES/messages.po`, and is read as it is: nothing is
compiled, so a checkout and a wheel hold the same file and neither can be stale. One is read when
its language is first asked for (a tenth of a second), once in a process.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "translations"
ENGLISH = "en"  # what messages are written in; it needs no catalogue
RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}
_ENVIRONMENT = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set holds


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its key: how its folder is named, such as "ar" or "pt_BR"."""

    key: str

    @property
    def tag(self) -> str:
        """What a page's `lang` says (BCP 47)."""
        return self.key.replace("_", "-")

    @property
    def direction(self) -> str:
        """Where its lines run: "rtl" or "ltr"."""
        return direction_of(self.tag)

    @property
    def own_name(self) -> str:
        """What those who speak it call it."""
        from babel import Locale  # noqa: PLC0415 - commands that need no catalogue start faster

        return str(Locale.parse(self.key).get_display_name() or self.key).capitalize()

    @property
    def catalogue(self) -> NullTranslations:
        """What its messages are looked up in."""
        return NullTranslations() if self.key == ENGLISH else _read(_file(self.key))


def direction_of(tag: str) -> str:
    """Return where the lines of a language run, from its tag (BCP 47): "rtl" or "ltr"."""
    return "rtl" if tag.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def known() -> tuple[str, ...]:
    """Return the keys of the languages that pages can be in, English first."""
    return _known(FOLDER)


def language(key: str | None) -> Language:
    """Return the language of that key; English for none, and for one that has no catalogue."""
    return Language(key if key in known() else ENGLISH)


def of_environment(environment: Mapping[str, str]) -> Language:
    """Return the language that the environment of a command asks for, as POSIX says it."""
    asked = next(filter(None, (environment.get(name) for name in _ENVIRONMENT)), "")
    for locale in asked.split(":"):
        key = locale.partition(".")[0].partition("@")[0]
        for candidate in (key, key.partition("_")[0]):
            if candidate in known():
                return Language(candidate)
    return Language(ENGLISH)


@cache
def _known(folder: Path) -> tuple[str, ...]:
    files = folder.glob("*/LC_MESSAGES/messages.po")
    return (ENGLISH, *sorted(file.parts[-3] for file in files))


def _file(key: str) -> Path:
    return FOLDER / key / "LC_MESSAGES" / "messages.po"


class _Catalogue(GNUTranslations):
    """A catalogue in which no words stay no words: gettext keeps a catalogue's head under ""."""

    def gettext(self, message: str) -> str:
        return super().gettext(message) if message else ""


@cache
def _read(file: Path) -> NullTranslations:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - as above
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with file.open("rb") as source:
        catalogue = read_po(source, locale=file.parts[-3])
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return _Catalogue(compiled)
