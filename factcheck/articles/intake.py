"""What somebody pastes, uploads or points at, turned into an `Intake` before anything is stored.

All that takes time happens here, before the database is touched: fetching, extracting, cutting
into units, scoring, proposing. Every refusal is an Invalid for the field that it stands beside.
"""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from factcheck.articles.rules import (
    DISPLAYS,
    GROUNDS,
    LONGEST_NAME,
    LONGEST_TITLE,
    Intake,
    check_authors,
    check_choice,
    check_day,
    check_language,
    check_line,
    check_published,
    check_text,
    title_of,
)
from factcheck.failures import Invalid
from factcheck.fetch import FetchRefused, fetch, parse_url
from factcheck.methods.queries import DEFAULT_POLICY, DEFAULT_SCALE, policy, scale
from factcheck.text.extract import EmptyText, Extracted, NotText, Undecodable, extract
from factcheck.text.propose import propose, unit_scores
from factcheck.text.segment import segment

_EXACT_DAY = 10  # characters of "2007-05-03"
_LONGEST_URL = 2000


class Details(TypedDict, total=False):
    """What an importer says about an article; what is left out is read from it where it tells."""

    title: str
    source_url: str
    authors: list[str]
    published: str
    published_about: bool
    place: str
    language: str
    display: str
    ground: str
    scale: str
    policy: str
    deadline: str


def from_text(text: str, **details: Unpack[Details]) -> Intake:
    """Return the intake of a pasted text: CRLF and CR become LF, nothing else is changed."""
    check_text(text)
    return from_document(text.encode("utf-8"), "text/plain; charset=utf-8", **details)


def from_document(
    data: bytes,
    content_type: str,
    *,
    url: str | None = None,
    field: str = "text",
    **details: Unpack[Details],
) -> Intake:
    """Return the intake of a document's bytes: plain text, Markdown or HTML.

    `url` is where it lies; `field` is the name of the form's field that it came in by.
    """
    known = _checked(details)
    try:
        extracted = extract(data, content_type, url=url)
    except (EmptyText, NotText, Undecodable) as refused:
        raise Invalid(field, str(refused)) from refused
    return _intake(extracted, data, content_type or "text/plain", known, field=field, url=url)


def from_url(url: str, *, allow: frozenset[str], **details: Unpack[Details]) -> Intake:
    """Return the intake of the page at an address, read through the safe fetcher.

    `allow` are the "host:port" pairs that may be private (settings). Takes up to ten seconds: call
    it outside of any transaction.
    """
    _checked(details)
    fetched = fetch(url, allow=allow)
    if not details.get("source_url"):
        details["source_url"] = str(parse_url(url))
    return from_document(
        fetched.body, fetched.content_type, url=fetched.final_url, field="url", **details
    )


def _checked(details: Details) -> dict[str, Any]:
    """Return the details as they are kept; raise Invalid for the first that cannot be."""
    return {
        "title": check_line(details.get("title") or "", "title", longest=LONGEST_TITLE),
        "source_url": _address(details.get("source_url") or "", "source_url"),
        "authors": check_authors(details.get("authors") or []),
        "published": check_published(details.get("published") or ""),
        "published_about": bool(details.get("published_about")),
        "place": check_line(details.get("place") or "", "place", longest=LONGEST_NAME) or None,
        "language": check_language(details.get("language") or ""),
        "display": check_choice(details.get("display") or "full", "display", DISPLAYS),
        "ground": check_choice(details.get("ground") or "unstated", "ground", GROUNDS),
        "scale_key": scale(details.get("scale") or DEFAULT_SCALE).key,
        "policy_key": policy(details.get("policy") or DEFAULT_POLICY).key,
        "deadline": check_day(details.get("deadline") or None, "deadline"),
    }


def _address(value: str, field: str) -> str | None:
    """Return an address in its usual form, None for nothing; raise Invalid for `field`."""
    if not value.strip():
        return None
    try:
        url = str(parse_url(value))
    except FetchRefused as refused:
        raise Invalid.of(field, refused) from refused
    if len(url) > _LONGEST_URL:
        raise Invalid(field, "This address is too long. Give the address of the page alone.")
    return url


def _intake(
    extracted: Extracted,
    raw: bytes,
    content_type: str,
    known: dict[str, Any],
    *,
    field: str,
    url: str | None,
) -> Intake:
    """Return everything together: what was said goes before what the document tells."""
    text = check_text(extracted.text, field)
    units = tuple(
        segment(text, blocks=extracted.blocks, title=known["title"] or extracted.title or None)
    )
    published = known["published"] or _told_date(extracted)
    exact = published if published and len(published) == _EXACT_DAY else None
    if known["published_about"]:
        exact = None
    return Intake(
        **known
        | {
            "title": title_of(text, units, known["title"], extracted.title),
            "authors": known["authors"] or _told_names(extracted),
            "published": published,
            "language": known["language"] or extracted.language,
        },
        text=text,
        raw=raw,
        content_type=content_type[:200],
        units=units,
        scores=tuple(unit_scores(text, units)),
        proposals=tuple(propose(text, units, published=exact)),
        blocks=tuple(extracted.blocks),
        links=tuple(extracted.links),
        url=_told_address(extracted.canonical_url or url or ""),
        site=" ".join(extracted.site.split())[:LONGEST_NAME] or None,
    )


def _told_date(extracted: Extracted) -> str | None:
    """Return the date that the document tells, None when it is no date."""
    try:
        return check_published(extracted.published or "")
    except Invalid:
        return None


def _told_names(extracted: Extracted) -> tuple[str, ...]:
    try:
        return check_authors(extracted.authors)
    except Invalid:
        return ()


def _told_address(url: str) -> str | None:
    try:
        return _address(url, "url")
    except Invalid:
        return None
