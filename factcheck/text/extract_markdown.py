"""A Markdown file to the text that a reader of it would see, with headings, lists and links kept.

HTML in it is read for its words; tags alone disappear. A block of "key: value" lines at the very
start, between lines of three hyphens, is taken for facts about the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token

from factcheck.text.extracted import Facts
from factcheck.text.paragraphs import CELL_BREAK, LINE_BREAK, Laid, Paragraph, lay, read_tree

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<lines>(?:[^\n]*\n){1,60}?)---[ \t]*(?:\n|\Z)")
_FACT = re.compile(r"(?P<key>[A-Za-z_-]{1,40})[ \t]*:[ \t]*(?P<value>[^\n]*)")
_DAY = re.compile(r"[12][0-9]{3}(?:-[01][0-9](?:-[0-3][0-9])?)?", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])", re.ASCII)
_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

_CONTAINERS = {"list_item_open": "list_item", "blockquote_open": "quotation"}
_ENDS = {"list_item_close", "blockquote_close"}


def read_markdown(source: str, url: str) -> tuple[Laid, Facts]:
    """Return a Markdown file's text and the facts at its head.

    A first heading of the first level becomes the title, unless the facts name one.
    """
    front = _FRONT_MATTER.match(source)
    facts = _facts(front["lines"]) if front else None
    body = source[front.end() :] if front and facts else source
    facts = facts or Facts()
    paragraphs = _paragraphs(_MARKDOWN.parse(body))
    first = next((place for place, one in enumerate(paragraphs) if one.words()), None)
    opening = paragraphs[first] if first is not None else Paragraph("sentence")
    if opening.kind == "title":
        if not facts.title:
            found_in = {**facts.found_in, "title": "first heading"}
            facts = replace(facts, title=opening.words(), found_in=found_in)
    elif facts.title:
        paragraphs.insert(0, Paragraph("title", [(facts.title, "")]))
    return lay(paragraphs, url), facts


def _paragraphs(tokens: Sequence[Token]) -> list[Paragraph]:
    """Return the paragraphs of a parsed file in order."""
    paragraphs: list[Paragraph] = []
    around = ["sentence"]
    heading = False
    for token in tokens:
        if token.type in _CONTAINERS:
            around.append(_CONTAINERS[token.type])
        elif token.type in _ENDS:
            around.pop()
        elif token.type == "heading_open":
            heading = True
            title = token.tag == "h1" and not any(one.words() for one in paragraphs)
            paragraphs.append(Paragraph("title" if title else "heading"))
        elif token.type in ("paragraph_open", "tr_open"):
            close = token.hidden or token.type == "tr_open"  # a tight list hides its paragraphs
            paragraphs.append(Paragraph(around[-1], close=close))
        else:
            _add(paragraphs, token, around[-1], cell=not heading)
        heading = heading and token.type != "heading_close"
    return paragraphs


def _add(paragraphs: list[Paragraph], token: Token, kind: str, *, cell: bool) -> None:
    """Add what a token of words holds to the paragraphs."""
    if token.type == "inline" and paragraphs:
        pieces = paragraphs[-1].pieces
        if cell and pieces:
            pieces.append((CELL_BREAK, ""))
        pieces.extend(_pieces(token.children or ()))
    elif token.type in ("fence", "code_block"):
        paragraphs.append(Paragraph(kind, [(token.content, "")]))
    elif token.type == "html_block":
        parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, no_network=True)
        root = etree.fromstring(f"<body>{token.content}".encode("utf-8", "replace"), parser)
        paragraphs.extend(read_tree(root) if root is not None else ())


def _pieces(tokens: Sequence[Token]) -> list[tuple[str, str]]:
    """Return the words of a paragraph's inline tokens with the addresses they link to."""
    pieces: list[tuple[str, str]] = []
    href = ""
    for token in tokens:
        if token.type == "link_open":
            href = str(token.attrs.get("href", ""))
        elif token.type == "link_close":
            href = ""
        elif token.type == "hardbreak":
            pieces.append((LINE_BREAK, ""))
        elif token.type == "softbreak":
            pieces.append((" ", ""))
        elif token.type in ("text", "code_inline"):
            pieces.append((token.content, href))
    return pieces


def _facts(lines: str) -> Facts | None:
    """Return the facts in a file's head, None when its lines are no facts."""
    found: dict[str, str] = {}
    for line in lines.splitlines():
        fact = _FACT.match(line)
        if fact:
            found[fact["key"].lower()] = fact["value"].strip().strip("\"'").strip()
        elif line.strip() and not line.startswith((" ", "\t", "-", "#")):
            return None
    if not found:
        return None
    day = _DAY.match(found.get("date", ""))
    language = _LANGUAGE.match(found.get("lang", found.get("language", "")).lower())
    authors = found.get("author", found.get("authors", "")).strip("[]")
    named = tuple(name.strip(" \"'") for name in authors.split(",") if name.strip(" \"'"))
    places = {
        "title": bool(found.get("title")),
        "authors": bool(named),
        "published": bool(day),
        "language": bool(language),
    }
    return Facts(
        title=found.get("title", ""),
        authors=named,
        published=day[0] if day else None,
        language=language[0] if language else "und",
        found_in={fact: "front matter" for fact, there in places.items() if there},
    )
