"""What an answer must hold, how long a seat is kept, when addresses are one source. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from factcheck.failures import Invalid
from factcheck.methods.rules import Scale

LEASE = timedelta(hours=2)  # a seat on which nothing was written yet
DRAFT_LEASE = timedelta(hours=72)  # after the last edit of a draft with words or a source
LONGEST_RATIONALE = 20_000  # code points
LONGEST_NOTE = 20_000
LONGEST_QUOTE = 5_000
LONGEST_TITLE = 500
LONGEST_URL = 2_000
MOST_SOURCES = 50
_TRACKING = ("utm_", "gclid", "fbclid", "mc_cid", "mc_eid", "igshid", "msclkid", "dclid")


class Stance(StrEnum):
    """What a source does to the claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as a reviewer cites it; empty strings for what they left out."""

    url: str
    stance: str
    quote: str = ""
    title: str = ""
    archive_url: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reviewer answers. As a draft it may lack anything."""

    rating: str | None = None
    rationale: str = ""
    private_note: str = ""
    sources: tuple[Cited, ...] = ()

    @property
    def has_work(self) -> bool:
        """Whether there is anything in it that a reviewer would mind losing."""
        return bool(self.rationale.strip() or self.private_note.strip() or self.sources)


def lease_end(answer: Answer | None, now: datetime) -> datetime:
    """Return until when a seat is kept from `now` on."""
    return now + (DRAFT_LEASE if answer and answer.has_work else LEASE)


def check_draft(answer: Answer, scale: Scale) -> None:
    """Raise Invalid for what cannot even be kept: too long, unknown, not an address."""
    if answer.rating is not None and answer.rating not in {r.key for r in scale.ratings}:
        known = ", ".join(rating.key for rating in scale.ratings)
        raise Invalid("rating", f"A rating of this scale is one of {known}.")
    _check_length(answer.rationale, "rationale", LONGEST_RATIONALE)
    _check_length(answer.private_note, "private_note", LONGEST_NOTE)
    check_sources(answer.sources)


def check_answer(answer: Answer, scale: Scale) -> None:
    """Raise Invalid for the first thing that keeps an answer from being submitted."""
    check_draft(answer, scale)
    if answer.rating is None:
        raise Invalid("rating", "Choose a rating.")
    if not answer.rationale.strip():
        raise Invalid("rationale", "Say why, in a sentence or more.")
    needed = scale.rating(answer.rating).sources_needed
    if len(answer.sources) < needed:
        raise Invalid("sources", "This rating needs a source: one that you used, or looked in.")


def check_sources(sources: Sequence[Cited], field: str = "sources") -> None:
    """Raise Invalid for sources that cannot be kept; the sentence names which."""
    if len(sources) > MOST_SOURCES:
        raise Invalid(field, f"At most {MOST_SOURCES} sources.")
    for number, source in enumerate(sources, 1):
        if source.stance not in set(Stance):
            raise Invalid(field, f"Source {number}: say if it supports, refutes, or gives context.")
        for value, what, longest in (
            (source.quote, "quotation", LONGEST_QUOTE),
            (source.title, "title", LONGEST_TITLE),
        ):
            _check_length(value, field, longest, f"Source {number}, {what}: ")
        for address in filter(None, (source.url, source.archive_url)):
            _check_address(address, field, number)
        if not source.url:
            raise Invalid(field, f"Source {number}: give its address.")


def _check_length(value: str, field: str, longest: int, where: str = "") -> None:
    if len(value) > longest:
        raise Invalid(field, f"{where}at most {longest:,} characters, not {len(value):,}.")
    if "\0" in value or not _is_text(value):
        raise Invalid(field, f"{where}it holds characters that are no text.")


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_address(address: str, field: str, number: int) -> None:
    try:
        canonical_url(address)
    except ValueError as error:
        raise Invalid(field, f"Source {number}: {error}.") from error


def canonical_url(url: str) -> str:
    """Return the one form of an address under which its source is kept.

    Scheme and host in lower case, the default port, the fragment and tracking parameters off.
    Raises ValueError, with a sentence, for what is no public web address.
    """
    url = url.strip()
    if len(url) > LONGEST_URL:
        raise ValueError(f"an address has at most {LONGEST_URL:,} characters")
    if any(c.isspace() or not c.isprintable() for c in url):
        raise ValueError("an address has no spaces or invisible characters")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        raise ValueError("this is not a web address") from None
    scheme = parts.scheme.lower()
    if scheme not in {"http", "https"} or not host:
        raise ValueError("a web address begins with http:// or https://")
    if parts.username or parts.password:
        raise ValueError("an address must not hold a name or password")
    place = host if port in {None, 80 if scheme == "http" else 443} else f"{host}:{port}"
    return urlunsplit((scheme, place, parts.path or "/", _untracked(parts.query), ""))


def _untracked(query: str) -> str:
    if not any(mark in query for mark in _TRACKING):
        return query  # as it was written: the order and the escapes may matter to the server
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(key, value) for key, value in pairs if not key.startswith(_TRACKING)])
