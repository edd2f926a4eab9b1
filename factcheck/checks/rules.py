"""What an earlier check must have, from whatever shape it came in. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from factcheck.failures import Invalid

COLUMNS = ("text", "url", "title", "publisher", "rating", "date", "language")
LONGEST = {"text": 5_000, "url": 2_000, "title": 500, "publisher": 200, "rating": 200}
FIVE = {1: "False", 2: "Mostly false", 3: "Mixed", 4: "Mostly true", 5: "True"}
"""What the five numbers mean that schema.org's ClaimReview has where nothing else is said."""
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:[T ].*)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_NAMES = ("name", "alternateName")  # of a language the other one is its code
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class NewCheck:
    """An earlier check that can be taken in."""

    text: str
    url: str
    title: str
    publisher: str
    rating: str
    published: str | None
    language: str | None

    @property
    def key(self) -> str:
        """The digest by which the same check is known: its address and its words."""
        words = " ".join(self.text.casefold().split())
        return hashlib.sha256(f"{self.url}\0{words}".encode()).hexdigest()


def check_of(given: Mapping[str, str]) -> NewCheck:
    """Return the check that a row gives under COLUMNS; raise Invalid with the field."""
    row = {name: given.get(name, "").strip() for name in COLUMNS}
    for name, value in row.items():
        if _UNREADABLE.search(value):
            raise Invalid(
                name, "This has characters that cannot be read. Say which encoding it is in."
            )
        if len(value) > LONGEST.get(name, 100):
            raise Invalid(
                name, "Use at most %(longest)s characters.", longest=LONGEST.get(name, 100)
            )
    if not row["text"]:
        raise Invalid("text", "Say what was checked.")
    if not row["rating"]:
        raise Invalid("rating", "Say what the check came to, in words.")
    host = _host(row["url"])
    return NewCheck(
        text=row["text"], url=row["url"], title=row["title"], rating=row["rating"],
        publisher=row["publisher"] or host, published=_day(row["date"]),
        language=_language(row["language"]),
    )  # fmt: skip


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        parts, host = None, ""
    is_web = parts is not None and parts.scheme in {"http", "https"}
    if not is_web or not host or any(sign.isspace() for sign in url):
        raise Invalid("url", "Give an address that begins with https:// or http://.")
    return host.removeprefix("www.")[:200]


def _day(value: str) -> str | None:
    if not value:
        return None
    found = _DAY.fullmatch(value)
    year, month, day = found.groups() if found else ("0", None, None)
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise Invalid("date", 'Write a date as "2007-05-03", "2007-05" or "2007".') from None
    return "-".join(part for part in (year, month, day) if part)


def _language(value: str) -> str | None:
    if value and (len(value) > 35 or not _LANGUAGE.fullmatch(value)):
        raise Invalid("language", 'Write a language as a code, such as "en".')
    return value or None


def from_claim_review(value: Any) -> NewCheck:
    """Return the check that a ClaimReview tells of; raise Invalid with the property."""
    if not isinstance(value, dict) or "ClaimReview" not in types_of(value):
        raise Invalid("@type", "This is no ClaimReview.")
    row = {
        "text": _words(value, "claimReviewed"), "url": _words(value, "url"),
        "title": _words(value, "name") or _words(value, "headline"),
        "publisher": _name(value.get("author"), *_NAMES) or _name(value.get("publisher"), *_NAMES),
        "rating": rating_of(value.get("reviewRating")), "date": _words(value, "datePublished"),
        "language": _name(value.get("inLanguage"), *reversed(_NAMES)),
    }  # fmt: skip
    try:
        return check_of(row)
    except Invalid as invalid:
        raise Invalid.of(_PROPERTIES.get(invalid.field, invalid.field), invalid) from None


def claim_review_of(row: Mapping[str, str | None]) -> dict[str, Any]:
    """Return a row under COLUMNS as the ClaimReview that it is read from again."""
    said = {
        "@context": "https://schema.org", "@type": "ClaimReview", "claimReviewed": row["text"],
        "url": row["url"], "name": row["title"], "datePublished": row["date"],
        "author": {"@type": "Organization", "name": row["publisher"]},
        "reviewRating": {"@type": "Rating", "alternateName": row["rating"]},
        "inLanguage": row["language"],
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


_PROPERTIES = {
    "text": "claimReviewed", "title": "name", "publisher": "author", "rating": "reviewRating",
    "date": "datePublished", "language": "inLanguage",
}  # fmt: skip


def types_of(value: Mapping[str, Any]) -> set[str]:
    """Return the names of an object's types, without the vocabulary's address."""
    types = value.get("@type")
    named = [one for one in (types if isinstance(types, list) else [types]) if isinstance(one, str)]
    return {one.rpartition("/")[2].rpartition(":")[2] for one in named}


def rating_of(value: Any) -> str:
    """Return a Rating in words: its own, else what its number means on its scale; else ""."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict):
        return value if isinstance(value, str) else ""
    if words := _words(value, "alternateName") or _words(value, "name"):
        return words
    number, best, worst = (
        _number(value.get(key)) for key in ("ratingValue", "bestRating", "worstRating")
    )
    if number is None:
        return ""
    best, worst = 5.0 if best is None else best, 1.0 if worst is None else worst
    if not worst <= number <= best:
        raise Invalid("reviewRating", "The number lies outside its scale.")
    if (worst, best) == (1, 5) and number in FIVE:
        return FIVE[int(number)]
    return f"{number:g} / {best:g}"


def _number(value: Any) -> float | None:
    try:
        number = float(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None
    return number if number is not None and abs(number) < 1e9 else None


def _words(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    if isinstance(found, list) and found:
        found = found[0]
    if isinstance(found, dict):
        found = found.get("@value") or found.get("@id")
    return found if isinstance(found, str) else ""


def _name(value: Any, *under: str) -> str:
    """Return a text, or what an object has under the first of some names that it has."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        return next((words for name in under if (words := _words(value, name))), "")
    return value if isinstance(value, str) else ""
