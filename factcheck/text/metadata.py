"""What a web page says about itself, and where it says so.

Each fact is looked for in a fixed order of places, the surest first; the first that holds
something wins and its place is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from factcheck.text.extracted import Facts

_MAX_WORDS = 500  # code points of a title or a name
_MAX_AUTHORS = 20
_MAX_JSON = 200_000  # code points of one JSON-LD script
_DAY = re.compile(r"(?P<day>[12][0-9]{3}(?:-[01][0-9](?:-[0-3][0-9])?)?)(?![0-9])", re.ASCII)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*", re.IGNORECASE | re.ASCII)
_TITLE_PARTS = re.compile(r"\s+[|–—·»-]\s+")
_ARTICLES = re.compile(r"(?:Article|BlogPosting|Posting|Report|WebPage|ClaimReview)$")


def page_facts(root: Any, url: str) -> tuple[Facts, str]:
    """Return a page's facts and the address that its relative links start from."""
    places = _Places(root)
    base = next((element.get("href") or "" for element in root.iter("base")), "")
    base_url = _joined(url, base) or url
    site = places.first(_sites(places))
    title = places.first(_titles(places, site[0]))
    published = places.first(_days(places))
    language = places.first(_languages(places))
    canonical_url = places.first(_canonical_urls(places, base_url))
    authors, authors_in = _authors(places)
    found_in = {
        "title": title[1],
        "authors": authors_in,
        "published": published[1],
        "language": language[1],
        "canonical_url": canonical_url[1],
        "site": site[1],
    }
    return Facts(
        title=title[0],
        authors=authors,
        published=published[0] or None,
        language=language[0] or "und",
        canonical_url=canonical_url[0],
        site=site[0],
        found_in={fact: place for fact, place in found_in.items() if place},
    ), base_url


class _Places:
    """Where facts may stand in one page: its meta elements and its JSON-LD, read once."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self._meta: dict[str, str] = {}
        self.author_metas: list[str] = []
        for element in root.iter("meta"):
            name = element.get("property") or element.get("name") or element.get("itemprop") or ""
            name = (name or element.get("http-equiv") or "").strip().lower()
            content = _words(element.get("content"))
            self._meta.setdefault(name, content)
            if name in ("author", "article:author", "dc.creator") and content:
                self.author_metas.append(content)
        self.articles = list(_articles(root))

    def meta(self, *names: str) -> Iterator[tuple[str, str]]:
        """Yield the content of the named meta elements, each with its place."""
        for name in names:
            yield self._meta.get(name, ""), f"meta {name}"

    def linked_data(self, key: str) -> Iterator[tuple[str, str]]:
        """Yield a property of the page's articles in JSON-LD, with its place."""
        for article in self.articles:
            yield _words(article.get(key)), f"json-ld {key}"

    def elements(self, path: str, place: str) -> Iterator[tuple[str, str]]:
        """Yield the words of the elements at a path, with a name for their place."""
        for element in self.root.iterfind(path):
            yield _words("".join(element.itertext())), place

    @staticmethod
    def first(candidates: Iterator[tuple[str, str]]) -> tuple[str, str]:
        """Return the first candidate that holds something, with its place, else ("", "")."""
        return next(((value, place) for value, place in candidates if value), ("", ""))


def _sites(places: _Places) -> Iterator[tuple[str, str]]:
    yield from places.meta("og:site_name", "application-name")
    for article in places.articles:
        publisher = article.get("publisher")
        if isinstance(publisher, Mapping):
            yield _words(publisher.get("name")), "json-ld publisher"


def _titles(places: _Places, site: str) -> Iterator[tuple[str, str]]:
    yield from places.linked_data("headline")
    yield from places.meta("og:title", "twitter:title", "dc.title")
    headings = list(places.elements(".//h1", "h1"))
    if len(headings) == 1:
        yield from headings
    for title, place in places.elements(".//title", "title"):
        yield _without_site(title, site), place


def _days(places: _Places) -> Iterator[tuple[str, str]]:
    candidates = [
        *places.linked_data("datePublished"),
        *places.meta(
            *("article:published_time", "og:published_time", "datepublished", "date", "dc.date"),
            *("dc.date.issued", "dcterms.created", "pubdate", "publish-date", "parsely-pub-date"),
        ),
        *((_words(element.get("datetime")), "time") for element in places.root.iter("time")),
    ]
    for value, place in candidates:
        day = _DAY.match(value)
        yield (day["day"] if day else ""), place


def _languages(places: _Places) -> Iterator[tuple[str, str]]:
    html = next(places.root.iter("html"), places.root)
    named = [(_words(html.get("lang")), "html lang")]
    for value, place in [*named, *places.meta("content-language", "og:locale")]:
        language = _LANGUAGE.fullmatch(value)
        yield (language[1].lower() if language else ""), place


def _canonical_urls(places: _Places, base_url: str) -> Iterator[tuple[str, str]]:
    for element in places.root.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split():
            yield _joined(base_url, element.get("href") or ""), "link rel=canonical"
    for value, place in places.meta("og:url"):
        yield _joined(base_url, value), place


def _authors(places: _Places) -> tuple[tuple[str, ...], str]:
    """Return the authors' names, each once, and where they stood."""
    linked = [name for article in places.articles for name in _names(article.get("author"))]
    byline = [words for words, _ in places.elements(".//a[@rel='author']", "")]
    for names, place in (
        (linked, "json-ld author"),
        (places.author_metas, "meta author"),
        (byline, "a rel=author"),
    ):
        kept = [name for name in names if name and not name.startswith(("http:", "https:"))]
        if kept:
            return tuple(dict.fromkeys(kept))[:_MAX_AUTHORS], place
    return (), ""


def _names(author: object) -> Iterator[str]:
    """Yield the names in an author property: a name, a person, or a list of either."""
    if isinstance(author, Mapping):
        yield from _names(author.get("name"))
    elif isinstance(author, str):
        yield _words(author)
    elif isinstance(author, list):
        for one in author[:_MAX_AUTHORS]:
            if not isinstance(one, list):
                yield from _names(one)


def _articles(root: Any) -> Iterator[Mapping[str, Any]]:
    """Yield what the page's JSON-LD says about articles; one that does not parse says nothing."""
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            data = json.loads((script.text or "")[:_MAX_JSON])
        except (ValueError, RecursionError):
            continue
        for thing in _things(data):
            kind = thing.get("@type")
            kinds = kind if isinstance(kind, list) else [kind]
            if any(isinstance(one, str) and _ARTICLES.search(one) for one in kinds):
                yield thing


def _things(data: object) -> Iterator[Mapping[str, Any]]:
    """Yield the things on the top level of a JSON-LD document, a graph's members included."""
    things = data if isinstance(data, list) else [data]
    for thing in things[:50]:
        if isinstance(thing, Mapping):
            yield thing
            graph = thing.get("@graph")
            yield from (
                (one for one in graph if isinstance(one, Mapping))
                if isinstance(graph, list)
                else ()
            )


def _without_site(title: str, site: str) -> str:
    """Return a window's title without the site's name at its end or start."""
    parts = _TITLE_PARTS.split(title)
    if len(parts) < 2:
        return title
    if site and parts[-1].casefold() == site.casefold():
        return title[: title.rindex(parts[-1])].rstrip(" |–—·»-")
    if site and parts[0].casefold() == site.casefold():
        return title[len(parts[0]) :].lstrip(" |–—·»-")
    return title


def _words(value: object) -> str:
    """Return a value's words with white space folded; "" for what is no string."""
    return " ".join(value.split())[:_MAX_WORDS] if isinstance(value, str) else ""


def _joined(base_url: str, href: str) -> str:
    """Return a web address resolved against its base; "" when it is none."""
    try:
        joined = urljoin(base_url, href.strip()) if href.strip() else ""
    except ValueError:
        return ""
    return joined if joined.lower().startswith(("http://", "https://")) else ""
