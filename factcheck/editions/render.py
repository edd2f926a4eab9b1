"""Readers' pages from what editions say: a template environment that knows no request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote as escaped
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from factcheck import languages, site_days
from factcheck.editions.json_ld import in_a_page
from factcheck.editions.language import gettext as _
from factcheck.editions.language import in_figures, ngettext, speaking, spoken
from factcheck.editions.policy import CONTENT_POLICY
from factcheck.folders import data_folder
from factcheck.languages import Language
from factcheck.methods.rules import Rating

_SMALL = _("no one two three four five six seven eight nine ten eleven twelve")


@cache
def environment() -> Environment:
    """Return the environment that public templates are rendered in."""
    found = Environment(
        loader=FileSystemLoader(data_folder("templates")), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    found.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    found.filters |= {
        "day": day, "at": at, "in_words": in_words, "grouped": grouped, "json_in_page": _json,
        "paragraphs": paragraphs, "quoted_in": quoted_in,
    }  # fmt: skip
    found.globals["content_policy"] = CONTENT_POLICY
    return found


def page(template: str, **values: Any) -> bytes:
    """Return a page of the public site as UTF-8, ending in a line feed."""
    text = environment().get_template(f"public/{template}").render(spoken=spoken(), **values)
    return text.rstrip("\n").encode() + b"\n"


def overlay_words(count: int) -> dict[str, str]:
    """Return what the overlay on a publisher's page calls things, in the site's language.

    `count` is that of the claims.
    """
    head = ngettext(
        "Fact-checked: %(count)s statement · list",
        "Fact-checked: %(count)s statements · list",
        count,
    )
    return {
        "head": head % {"count": count},
        "name": _("Fact check"),
        "by": _("Who checked this, and how"),
        "gone": _("Not found on this page"),
        "show": _("Show in the text"),
        "more": _("Reasons and sources"),
        "mark": _("Statement %(number)s: %(rating)s")
        % {"number": "{number}", "rating": "{rating}"},
        "close": _("Close"),
        "note": _("What the check found"),
        "language": spoken().tag,
        "direction": spoken().direction,
    }


def overlay_words_elsewhere(count: int, ratings: Iterable[Rating]) -> dict[str, dict[str, Any]]:
    """Return the same in each further language, by its tag, with what it calls the `ratings`.

    A publisher's page gets the words of its own language where they are among them.
    """
    found = {}
    for language in map(Language, languages.known()):
        if language != spoken():
            with speaking(language):
                labels = {rating.key: _(rating.label) for rating in ratings}
                found[language.tag] = overlay_words(count) | {"ratings": labels}
    return found


def sides_in_words(sides: Sequence[tuple[Rating, int]]) -> str:
    """Return what reviewers who disagree found: "One reviewer found: True. Two found: False."."""
    said = [
        ngettext(
            "%(count)s reviewer found: %(rating)s.", "%(count)s reviewers found: %(rating)s.", n
        )
        % {"count": in_words(n).capitalize(), "rating": _(rating.label)}
        for rating, n in sides
    ]
    return " ".join(said)


@pass_context
def day(context: Context, value: str | None) -> str:
    """Return "2007-05-03", "2007-05", "2007" or a moment in words: "3 May 2007".

    A moment's day is that of the site's time zone.
    """
    return day_in(value, context["zone"])


def day_in(value: str | None, zone: ZoneInfo) -> str:
    """Return a day, month, year or moment in words, a moment's day in that time zone."""
    if not value:
        return ""
    if "T" in value:
        value = site_days.day_in(zone, datetime.fromisoformat(value)).isoformat()
    parts = value.split("-")
    form = {1: "y", 2: "MMMM y", 3: "d MMMM y"}[len(parts)]
    filled = "-".join(parts + ["01"] * (3 - len(parts)))
    return str(format_date(datetime.fromisoformat(filled), form, locale=spoken().key))


@pass_context
def at(context: Context, value: str) -> str:
    """Return a moment in words, in the site's time zone."""
    moment = datetime.fromisoformat(value).astimezone(context["zone"])
    said = format_datetime(moment, "d MMMM y, HH:mm", locale=spoken().key)
    return f"{said} {moment.tzname()}"


def in_words(number: int) -> str:
    """Return a number up to twelve in words, others in figures."""
    small = _(_SMALL).split()  # a language in which they are not thirteen words has figures
    is_small = 0 <= number < len(small) == len(_SMALL.split())
    return small[number] if is_small else in_figures(number)


def grouped(digest: str) -> str:
    """Return the first 24 digits of a digest in groups of four, to be compared by eye."""
    return " ".join(digest[i : i + 4] for i in range(0, 24, 4))


def paragraphs(text: str) -> list[str]:
    """Return a text's paragraphs."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def quoted_in(url: str, quote: str | None) -> str:
    """Return an address that opens at the quoted words where the browser knows how."""
    if not quote or "#" in url or len(quote) > 300:
        return url
    return f"{url}#:~:text={escaped(' '.join(quote.split()), safe='').replace('-', '%2D')}"


def _json(value: Any) -> Markup:
    return Markup(in_a_page(value))  # noqa: S704 - `in_a_page` leaves nothing that ends the element
