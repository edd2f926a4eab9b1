"""Putting a text together from paragraphs, with what each was and where its links came to lie.

White space of the source's own layout is folded to one blank as a browser does; no-break and
other special blanks stay as they are. Paragraphs are parted by a blank line, items of a list and
rows of a table by a line end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from factcheck.text.extracted import Link
from factcheck.text.units import Block

LINE_BREAK = "\n"
CELL_BREAK = "\t"

_LAYOUT = re.compile(r"[ \t\n\r\f]+")
_WEB = ("http://", "https://")
_MAX_HREF = 4000

# Tags of HTML, and of trafilatura's own tree (head, item, quote, row, cell, lb, ref).
_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "head"), "heading"),
    **dict.fromkeys(("li", "item", "dd"), "list_item"),
    **dict.fromkeys(("blockquote", "quote"), "quotation"),
    **dict.fromkeys(("figcaption", "caption"), "caption"),
}
_ROWS = {"tr", "row"}
_CELLS = {"td", "th", "cell"}
_BREAKS = {"br", "lb"}
_BOUNDARIES = (
    {"p", "div", "section", "article", "main", "header", "ul", "ol", "list", "dl", "dt", "table"}
    | {"tbody", "thead", "tfoot", "figure", "pre", "hr", "address", "body", "details", "summary"}
    | _ROWS
    | set(_KINDS)
)
_SKIPPED = {
    *("script", "style", "noscript", "template", "iframe", "object", "svg", "math", "form", "nav"),
    *("footer", "aside", "button", "select", "textarea", "graphic", "title"),
}


@dataclass(slots=True)
class Paragraph:
    """One paragraph under construction: pieces of words, each with what it links to or ""."""

    kind: str
    pieces: list[tuple[str, str]] = field(default_factory=list)
    close: bool = False  # stands one line end, no blank line, from a like one of its kind

    def words(self) -> str:
        """Return the paragraph's text alone."""
        return _lay_out(self.pieces, 0)[0]


@dataclass(frozen=True, slots=True)
class Laid:
    """A text with its blocks and links."""

    text: str
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]


def lay(paragraphs: Sequence[Paragraph], base_url: str = "") -> Laid:
    """Return paragraphs as one text; those without words are left out.

    Links are resolved against `base_url`; those that do not lead to a web address are dropped.
    """
    text: list[str] = []
    length = 0
    blocks: list[Block] = []
    links: list[Link] = []
    before: Paragraph | None = None
    for paragraph in paragraphs:
        words, _ = _lay_out(paragraph.pieces, 0)
        if not words:
            continue
        if before is not None:
            close = before.close and paragraph.close and before.kind == paragraph.kind
            text.append("\n" if close else "\n\n")
            length += len(text[-1])
        words, spans = _lay_out(paragraph.pieces, length)
        links.extend(_resolved(spans, base_url))
        blocks.append(Block(length, length + len(words), paragraph.kind))
        text.append(words)
        length += len(words)
        before = paragraph
    return Laid("".join(text), tuple(blocks), tuple(links))


def read_tree(root: Any) -> list[Paragraph]:
    """Return the paragraphs of an element tree, of HTML or of the extractor, in order.

    Scripts, forms and a page's navigation are left out. Elements may stand in one another to any
    depth.
    """
    paragraphs = [Paragraph("sentence")]
    stack: list[_Open] = []
    for event, element in _walk(root):
        if event == "start":
            stack.append(_opened(element, stack[-1] if stack else None))
            _begin(stack[-1], element, paragraphs)
        else:
            _finish(stack.pop(), element, paragraphs, stack[-1] if stack else None)
    return [paragraph for paragraph in paragraphs if paragraph.pieces]


@dataclass(frozen=True, slots=True)
class _Open:
    """What holds inside an element: the kind of its paragraphs and where its words link to."""

    kind: str
    href: str
    boundary: bool


def _walk(root: Any) -> Iterator[tuple[str, Any]]:
    """Yield ("start", element) and ("end", element) in document order, without recursion."""
    pending: list[tuple[str, Any]] = [("start", root)]
    while pending:
        event, element = pending.pop()
        yield event, element
        if event == "start":
            pending.append(("end", element))
            if element.tag not in _SKIPPED:
                pending.extend(("start", child) for child in reversed(element))


def _opened(element: Any, outer: _Open | None) -> _Open:
    tag = element.tag if isinstance(element.tag, str) else ""
    outer = outer or _Open("sentence", "", boundary=True)
    href = element.get("href") or element.get("target") or "" if tag in ("a", "ref") else ""
    kind = _KINDS.get(tag, "sentence" if tag in ("table", "dt") else outer.kind)
    return _Open(kind, href[:_MAX_HREF] or outer.href, tag in _BOUNDARIES)


def _begin(opened: _Open, element: Any, paragraphs: list[Paragraph]) -> None:
    """Enter an element: a new paragraph where it is a boundary, then its first words."""
    if opened.boundary:
        close = element.tag in _ROWS or element.tag in ("li", "item")
        paragraphs.append(Paragraph(opened.kind, close=close))
    if element.tag in _BREAKS:
        paragraphs[-1].pieces.append((LINE_BREAK, ""))
    if element.tag in _CELLS and paragraphs[-1].pieces:
        paragraphs[-1].pieces.append((CELL_BREAK, ""))
    if isinstance(element.tag, str) and element.tag not in _SKIPPED and element.text:
        paragraphs[-1].pieces.append((_LAYOUT.sub(" ", element.text), opened.href))


def _finish(opened: _Open, element: Any, paragraphs: list[Paragraph], outer: _Open | None) -> None:
    """Leave an element: back to the paragraph kind around it, then the words that follow it."""
    if opened.boundary:
        paragraphs.append(Paragraph(outer.kind if outer else "sentence"))
    if outer is not None and element.tail:
        paragraphs[-1].pieces.append((_LAYOUT.sub(" ", element.tail), outer.href))


def _lay_out(pieces: Sequence[tuple[str, str]], offset: int) -> tuple[str, list[Link]]:
    """Return the words of a paragraph that starts at `offset`, and its links as written."""
    out: list[str] = []
    spans: list[Link] = []
    length = 0
    gap = ""  # white space seen, written only once words follow it
    for words, href in pieces:
        kept = words.strip(" \t\n")
        lead = words[: len(words) - len(words.lstrip(" \t\n"))]
        gap = _wider(gap, lead)
        if not kept:
            continue
        gap = gap if out else ""
        start = offset + length + len(gap)
        out.extend((gap, kept))
        length += len(gap) + len(kept)
        _add_span(spans, Link(start, start + len(kept), href), gap)
        gap = words[len(words.rstrip(" \t\n")) :]
    return _trimmed("".join(out)), spans


def _wider(gap: str, lead: str) -> str:
    """Return the white space where two runs of it meet: breaks count for more than blanks."""
    both = gap + lead
    if "\n" in both:
        return "\n" * min(both.count("\n"), 2)
    return CELL_BREAK if CELL_BREAK in both else both[:1]


def _add_span(spans: list[Link], span: Link, gap: str) -> None:
    """Add a link, or lengthen the last one when it goes on to the same address."""
    if not span.href:
        return
    if spans and spans[-1].href == span.href and spans[-1].end + len(gap) == span.start:
        spans[-1] = Link(spans[-1].start, span.end, span.href)
    else:
        spans.append(span)


def _trimmed(words: str) -> str:
    """Return a paragraph, or "" when it holds nothing but blanks of whatever kind."""
    return words if words.strip() else ""


def _resolved(spans: Sequence[Link], base_url: str) -> Iterator[Link]:
    for span in spans:
        try:
            href = urljoin(base_url, span.href.strip())
        except ValueError:
            continue
        if href.lower().startswith(_WEB):
            yield Link(span.start, span.end, href)
