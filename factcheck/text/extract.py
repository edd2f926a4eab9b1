"""A document's bytes to its text, with the kinds of its parts, its links and its facts.

Plain text is taken as it is, so that offsets into it are offsets into what was sent; a page or a
Markdown file gives the text that a reader of it would see.
"""

from __future__ import annotations

import re

from factcheck.text.decoding import decode_page, decode_plain
from factcheck.text.extract_html import read_html
from factcheck.text.extract_markdown import read_markdown
from factcheck.text.extracted import EmptyText, Extracted, Facts, Link, NotText, Undecodable
from factcheck.text.language import UNKNOWN, language_of
from factcheck.text.paragraphs import Laid

__all__ = ["EmptyText", "Extracted", "Link", "NotText", "Undecodable", "extract"]

_HTML_TYPES = {"text/html", "application/xhtml+xml"}
_MARKDOWN_TYPES = {"text/markdown", "text/x-markdown"}
_PLAIN_TYPES = {"text/plain", ""}
_BARE_URL = re.compile(r"\bhttps?://[^\s<>\"“”«»|\\^`{}]+", re.IGNORECASE)
_PAIRS = {")": "(", "]": "["}


def extract(data: bytes, content_type: str, *, url: str | None = None) -> Extracted:
    """Return the text of a document, its blocks, links and facts.

    `content_type` is that of HTTP, charset included; "" means plain text. `url` is where the
    document lies, for its relative links. Raises NotText, Undecodable and EmptyText.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _HTML_TYPES:
        laid, facts = read_html(decode_page(data, content_type), url or "")
    elif kind in _MARKDOWN_TYPES:
        laid, facts = read_markdown(decode_plain(data, content_type), url or "")
    elif kind in _PLAIN_TYPES:
        laid, facts = _read_plain(decode_plain(data, content_type)), Facts()
    else:
        raise NotText("Give a text, a Markdown file or a web page.")
    if not laid.text.strip():
        raise EmptyText("There are no words in this document.")
    return _extracted(laid, facts)


def _read_plain(text: str) -> Laid:
    """Return a plain text unchanged, with the web addresses that stand in it as links."""
    links = []
    for found in _BARE_URL.finditer(text):
        href = _without_closing(found[0])
        links.append(Link(found.start(), found.start() + len(href), href))
    return Laid(text, (), tuple(links))


def _without_closing(href: str) -> str:
    """Return an address without the punctuation of the sentence that it ends."""
    while href:
        last = href[-1]
        unpaired = last in _PAIRS and href.count(last) > href.count(_PAIRS[last])
        if last not in ".,;:!?'’*_…" and not unpaired:
            break
        href = href[:-1]
    return href


def _extracted(laid: Laid, facts: Facts) -> Extracted:
    """Return text and facts together; a language that nobody named is told from the text."""
    language, found_in = facts.language, dict(facts.found_in)
    if language == UNKNOWN:
        language = language_of(laid.text)
        if language != UNKNOWN:
            found_in["language"] = "text"
    return Extracted(
        text=laid.text,
        blocks=laid.blocks,
        links=laid.links,
        title=facts.title,
        authors=facts.authors,
        published=facts.published,
        language=language,
        canonical_url=facts.canonical_url,
        site=facts.site,
        found_in=found_in,
    )
