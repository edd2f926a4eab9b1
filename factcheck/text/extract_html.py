"""A web page to the article in it.

Trafilatura finds the article; around it stand two repairs. It folds no-break spaces and drops
joiners, so these travel as letters of a script that nobody writes any more and are put back
afterwards. And it drops captions, so these travel as paragraphs and are known again by their words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lxml import etree

from factcheck.text.extracted import EmptyText, Facts
from factcheck.text.metadata import page_facts
from factcheck.text.paragraphs import Laid, Paragraph, lay, read_tree

_MAX_ELEMENTS = 25_000  # above, a page is no article; its words are read without looking for one
_MAX_DEPTH = 150
_LEAST_FOUND = 200  # code points; a shorter find is held against the page's whole text
_STAND_INS = range(0x10600, 0x10737)  # Linear A
_LAYOUT = " \t\n\r\f"
_PROGRAM = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[!/a-z][^<>]*>", re.IGNORECASE)
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CAPTION_CLASSES = {"caption", "wp-caption-text", "figcaption", "image-caption", "photo-caption"}


def read_html(page: str, url: str) -> tuple[Laid, Facts]:
    """Return an HTML page's article and what the page says about it.

    The title stands first in the text, as a block of kind "title", when the page has one. Raises
    EmptyText for a page without words.
    """
    root = _parsed(page)
    facts, base_url = page_facts(root, url)
    paragraphs = _article(root)
    paragraphs = _with_title(paragraphs, facts.title)
    return lay(paragraphs, base_url), facts


def _parsed(page: str) -> Any:
    """Return the page's element tree; nothing is loaded for it.

    The parser stops at elements some hundreds deep. No page that people read is like that; of one
    that is, the words alone are kept.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    encoded = page.encode("utf-8", "replace")
    root = etree.fromstring(encoded, parser) if encoded.strip() else None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        root = etree.Element("body")
        root.text = _UNWANTED.sub("", _TAG.sub("\n", _PROGRAM.sub(" ", page)))
    if root is None:
        raise EmptyText("There are no words on this page.")
    return root


def _article(root: Any) -> list[Paragraph]:
    """Return the paragraphs of the article, or of the whole page where none is found."""
    captions = _keep_captions(root)
    everything = read_tree(_main_part(root))
    if not _is_hostile(root):
        found = _found_by_trafilatura(root)
        length = _length(found)
        if length >= _LEAST_FOUND or length * 2 >= _length(everything) > 0:
            return [_known_again(paragraph, captions) for paragraph in found]
    return [_known_again(paragraph, captions) for paragraph in everything]


def _is_hostile(root: Any) -> bool:
    """Tell whether a tree is too large or too deep to be searched in decent time."""
    count = 0
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            count += 1
            depth += 1
            if count > _MAX_ELEMENTS or depth > _MAX_DEPTH:
                return True
        else:
            depth -= 1
    return False


def _main_part(root: Any) -> Any:
    """Return the element that the page itself calls its article, else its body."""
    for path in (".//article", ".//main", ".//body"):
        found = root.findall(path)
        if len(found) == 1:
            return found[0]
    return root


def _found_by_trafilatura(root: Any) -> list[Paragraph]:
    """Return what the extractor takes for the article."""
    import trafilatura  # noqa: PLC0415 - costs more than half a second, and most commands need none

    back = _hide_special_blanks(root)
    found = trafilatura.bare_extraction(
        root,
        favor_precision=True,
        include_comments=False,
        include_formatting=False,
        include_links=True,
        with_metadata=False,
    )
    body = getattr(found, "body", None)
    if body is None:
        return []
    paragraphs = read_tree(body)
    for paragraph in paragraphs:
        paragraph.pieces = [(words.translate(back), href) for words, href in paragraph.pieces]
    return paragraphs


def _hide_special_blanks(root: Any) -> dict[int, str]:
    """Put a rare letter for each special blank or joiner in the tree; return the way back.

    Letters that the page itself uses are left alone.
    """
    used = set("".join(root.itertext()))
    letters = iter([chr(code) for code in _STAND_INS if chr(code) not in used])
    special = sorted(c for c in used if c not in _LAYOUT and _is_special(c))
    hidden = {ord(blank): next(letters, "") for blank in special}
    changed = {**hidden, ord("\f"): " "}
    for element in root.iter() if hidden else ():
        element.text = element.text and element.text.translate(changed)
        element.tail = element.tail and element.tail.translate(changed)
    return {ord(letter): chr(blank) for blank, letter in hidden.items() if letter}


def _is_special(character: str) -> bool:
    """Tell whether the extractor would fold or drop a character that is part of the text."""
    return character.isspace() or not character.isprintable()


def _keep_captions(root: Any) -> set[str]:
    """Make captions into plain paragraphs of the tree; return their words."""
    captions = set()
    for element in list(root.iter()):
        classes = set((element.get("class") or "").lower().split())
        if element.tag == "figcaption" or classes & _CAPTION_CLASSES:
            element.tag = "p"
            element.attrib.pop("class", None)
            element.attrib.pop("id", None)
            captions.add(_folded("".join(element.itertext())))
        elif element.tag == "figure":
            element.tag = "div"
            element.attrib.pop("class", None)
    return captions - {""}


def _known_again(paragraph: Paragraph, captions: set[str]) -> Paragraph:
    """Return a paragraph with kind "caption" if its words are those of one."""
    if captions and _folded(paragraph.words()) in captions:
        return replace(paragraph, kind="caption")
    return paragraph


def _with_title(paragraphs: Sequence[Paragraph], title: str) -> list[Paragraph]:
    """Return the paragraphs with the title first; one that stands there already is not repeated.

    A second heading of the same words is dropped as well: it is the page's header, not the text's.
    """
    wanted = _folded(title)
    rest = list(paragraphs)
    for place, paragraph in enumerate(rest[:4]):
        words = _folded(paragraph.words())
        if paragraph.kind == "heading" and words and (words == wanted or place == 0):
            return [replace(paragraph, kind="title"), *rest[:place], *rest[place + 1 :]]
        if words == wanted and words:
            return [replace(paragraph, kind="title"), *rest[:place], *rest[place + 1 :]]
    return [Paragraph("title", [(title, "")]), *rest] if wanted else rest


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()


def _length(paragraphs: Sequence[Paragraph]) -> int:
    return sum(len(paragraph.words()) for paragraph in paragraphs)
