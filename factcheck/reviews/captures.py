"""The addresses of web archives that say which page they keep, and from when. Pure.

Archives whose addresses hold no original (perma.cc, the short form of archive.today) are taken as
any other page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from factcheck.failures import Invalid
from factcheck.fetch.urls import Address, parse_url

EARLIEST = 1990  # there was no web to archive before
_TODAY = ("today", "ph", "is", "li", "vn", "fo", "md")
_WAYBACK = re.compile(r"/web/(?P<at>\d{4,14})(?:[a-z]{2}_)?/(?P<url>.+)", re.DOTALL)
_ON_DEMAND = re.compile(r"/(?P<at>\d{8,14}|\d{4}\.\d\d\.\d\d(?:-\d{6})?)/(?P<url>.+)", re.DOTALL)
_NATIONAL = re.compile(r"/wayback/(?P<at>\d{4,14})(?:[a-z]{2}_)?/(?P<url>.+)", re.DOTALL)
_SHAPES = {
    "web.archive.org": _WAYBACK,
    "arquivo.pt": _NATIONAL,
    **{f"archive.{end}": _ON_DEMAND for end in _TODAY},
}
_UNTOUCHED = {"web.archive.org", "arquivo.pt"}  # take "id_" behind the moment for the page's bytes
_MOMENT = re.compile(r"(?<=/)(\d{4,14})(?:[a-z]{2}_)?(?=/)")
_SCHEME = re.compile(r"(?P<scheme>https?)(?::|%3a)(?:%2f|/)*", re.IGNORECASE)
_FORMS = {4: "%Y", 6: "%Y%m", 8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


@dataclass(frozen=True, slots=True)
class Capture:
    """The page that an archive keeps, and as of which day: 2007-05-03, or no more than 2007-05."""

    original: Address
    on: str


def capture_at(url: str) -> Capture | None:
    """Return what an archive keeps at an address; None where that does not say so.

    Of an archive's copy of an archive's copy, the page behind both and when that was taken.
    """
    try:
        address = parse_url(url)
    except Invalid:
        return None
    shape = _SHAPES.get(address.host.removeprefix("www."))
    found = shape.fullmatch(address.target) if shape else None
    if found is None:
        return None
    on = _day(re.sub(r"\D", "", found["at"]))
    original = _original(found["url"])
    if on is None or original is None:
        return None
    return capture_at(original.url) or Capture(original, on)


def _original(words: str) -> Address | None:
    """Return the address behind an archive's own; archives drop its scheme or one of its slashes.

    None where that leaves no name of a site: an archive's own pages also have such addresses.
    """
    scheme = _SCHEME.match(words)
    rest = words[scheme.end() :] if scheme else words
    try:
        address = parse_url(f"{scheme['scheme'] if scheme else 'http'}://{rest}")
    except Invalid:
        return None
    return address if "." in address.host or ":" in address.host else None


def _day(digits: str) -> str | None:
    form = _FORMS.get(len(digits))
    if form is None:
        return None
    try:
        at = datetime.strptime(digits, form)  # noqa: DTZ007 - only its day is kept
    except ValueError:
        return None
    if at.year < EARLIEST:
        return None
    return at.strftime({4: "%Y", 6: "%Y-%m"}.get(len(digits), "%Y-%m-%d"))


def captured_on(url: str | None) -> str | None:
    """Return the day, month or year of the copy at an archive's address, where that says so."""
    capture = capture_at(url) if url else None
    return capture.on if capture else None


def untouched(url: str) -> str:
    """Return the address at which an archive gives a page as it came, without a frame of its own.

    The address itself where the archive has no such one.
    """
    address = parse_url(url)
    if address.host.removeprefix("www.") not in _UNTOUCHED:
        return address.url
    return _MOMENT.sub(r"\1id_", address.url, count=1)
