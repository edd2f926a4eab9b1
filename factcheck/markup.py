"""The one place that makes HTML from what people write: Markdown in, cleaned HTML out.

Raw HTML in Markdown is shown as words, never obeyed; what the Markdown library makes is cleaned
again by an allow-list. Cleaning is repeated until it changes nothing, because a browser mends
some markup (a link in a link, words in a table) into something else than was cleaned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

LINK_REL = "nofollow noopener ugc"

_WORDS = {"p", "br", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
_PAGE = _WORDS | {"h2", "h3", "hr", "table", "thead", "tbody", "tr", "th", "td"}
_ARTICLE = _WORDS | {"h2", "h3", "h4", "figure", "figcaption", "hr", "sub", "sup"}
_DROPPED_WITH_CONTENT = {
    *("script", "style", "template", "noscript", "iframe", "object", "embed", "textarea", "title"),
    *("xmp", "plaintext", "noembed", "noframes", "svg", "math", "select"),
}

_SOURCE_NUMBER = re.compile(r"\[([1-9][0-9]{0,2})\]")
_SOURCE_LINK = re.compile(r"#source-[1-9][0-9]{0,2}")
_MAIL_LINK = re.compile(r"mailto:[^\s@/?#\\]+@[^\s@/?#\\]+", re.ASCII)
_HOST = re.compile(r"[^\s\x00-\x20\x7f#%/:<>?@\[\\\]^|]+")
_MAX_TAGS = 10_000  # in one piece of HTML; parsing time grows with the square of the depth
_TAG = re.compile(r"<[^<>]*>")
_ROUNDS = 6  # of cleaning, before the markup is given up and only its words are kept


def rationale_html(markdown: str, *, sources: int = 0) -> Markup:
    """Return what a reviewer wrote as safe HTML.

    [1] to [`sources`] become links to #source-1 and so on; a heading becomes a paragraph in bold, a
    picture a link to it. The page around it sets the headings.
    """
    return _words_html(markdown, lambda tokens: _with_source_links(tokens, sources))


def remark_html(markdown: str, names: Collection[str] = ()) -> Markup:
    """Return what somebody said in a talk as safe HTML, with the mentions of these names bold."""
    return _words_html(markdown, lambda tokens: _with_mentions(tokens, names))


def _words_html(markdown: str, change: Callable[[Sequence[Token]], Iterable[Token]]) -> Markup:
    """Return what somebody wrote as safe HTML, its runs of words changed on the way."""
    tokens = _MARKDOWN.parse(markdown)
    _lower_headings(tokens)
    for token in tokens:
        if token.children:
            token.children = list(change(token.children))
    rendered = str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
    return Markup(_cleaned(rendered, _WORDS))  # noqa: S704 - cleaned just here


def page_html(markdown: str) -> Markup:
    """Return one of the site's own pages as safe HTML: headings h2 and h3, lists, tables, links."""
    tokens = _PAGE_MARKDOWN.parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h2" if token.tag in ("h1", "h2") else "h3"
    rendered = str(_PAGE_MARKDOWN.renderer.render(tokens, _PAGE_MARKDOWN.options, {}))
    return Markup(_cleaned(rendered, _PAGE))  # noqa: S704 - cleaned just here


def clean_html(markup: str) -> str:
    """Return foreign HTML with only the elements and links of plain writing left.

    A fixed point: cleaning the result again changes nothing.
    """
    return _cleaned(markup, _ARTICLE)


def plain_text(markdown: str) -> str:
    """Return the words of a Markdown text on one line: for summaries, feeds and structured data."""
    words: list[str] = []
    for token in _MARKDOWN.parse(markdown):
        if token.type in ("fence", "code_block"):
            words.append(token.content)
        words.extend(
            " " if child.type in ("softbreak", "hardbreak") else child.content
            for child in token.children or ()
        )
        words.append(" ")
    return " ".join("".join(words).split())


def _parser(preset: str) -> MarkdownIt:
    """Return a Markdown reader that takes HTML for words and makes no pictures."""
    return MarkdownIt(preset, {"html": False, "linkify": False}).disable("image")


_MARKDOWN = _parser("commonmark").enable("strikethrough")
_PAGE_MARKDOWN = _parser("commonmark").enable(["strikethrough", "table"])


def _lower_headings(tokens: Sequence[Token]) -> None:
    """Turn headings into paragraphs of bold words."""
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "heading_open":
            opening.tag = closing.tag = "p"
            inline.children = [
                Token("strong_open", "strong", 1),
                *(inline.children or ()),
                Token("strong_close", "strong", -1),
            ]


def _with_source_links(tokens: Sequence[Token], sources: int) -> Iterable[Token]:
    """Yield inline tokens with "[1]" in plain words made a link to the first source."""
    inside_link = 0
    for token in tokens:
        inside_link += (token.type == "link_open") - (token.type == "link_close")
        if token.type != "text" or inside_link:
            yield token
            continue
        yield from _linked(token.content, sources)


def _linked(words: str, sources: int) -> Iterable[Token]:
    """Yield the tokens of a run of plain words."""
    done = 0
    for number in _SOURCE_NUMBER.finditer(words):
        if int(number[1]) > sources:
            continue
        yield Token("text", "", 0, content=words[done : number.start()])
        yield Token("link_open", "a", 1, attrs={"href": f"#source-{number[1]}"})
        yield Token("text", "", 0, content=number[0])
        yield Token("link_close", "a", -1)
        done = number.end()
    yield Token("text", "", 0, content=words[done:])


def _with_mentions(tokens: Sequence[Token], names: Collection[str]) -> Iterable[Token]:
    """Yield inline tokens with "@" and a name in plain words made bold."""
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(f"@{name}") for name in longest_first) or r"(?!)")
    for token in tokens:
        if token.type != "text":
            yield token
            continue
        done = 0
        for mention in pattern.finditer(token.content):
            yield Token("text", "", 0, content=token.content[done : mention.start()])
            yield Token("strong_open", "strong", 1)
            yield Token("text", "", 0, content=mention[0])
            yield Token("strong_close", "strong", -1)
            done = mention.end()
        yield Token("text", "", 0, content=token.content[done:])


def _cleaned(markup: str, tags: set[str]) -> str:
    """Return markup cleaned until that changes nothing, or only its words if that never comes."""
    markup = markup.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no text
    if markup.count("<") > _MAX_TAGS:
        markup = _TAG.sub(" ", markup)
    if markup.count("<") > _MAX_TAGS:
        return nh3.clean(markup.replace("<", " "), tags=set())
    for _ in range(_ROUNDS):
        once = _clean(markup, tags)
        if once == markup:
            return once
        markup = once
    return nh3.clean(markup, tags=set())


def _clean(markup: str, tags: set[str]) -> str:
    return nh3.clean(
        markup,
        tags=tags,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={"a": {"href"}, "ol": {"start"}},
        attribute_filter=_kept_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel=LINK_REL,
        strip_comments=True,
    )


def _kept_attribute(element: str, name: str, value: str) -> str | None:
    """Return the value of an allowed attribute that stays, None for one that goes."""
    if element == "ol":
        return value if value.isascii() and value.isdigit() and len(value) < 7 else None
    return value if name == "rel" or _safe_link(value) else None


def _safe_link(href: str) -> bool:
    """Tell whether a link leads to a web page, a mail address or a source on this page."""
    if _SOURCE_LINK.fullmatch(href) or _MAIL_LINK.fullmatch(href):
        return True
    try:
        parts = urlsplit(href)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return (
        href.lower().startswith(("http://", "https://"))
        and not re.search(r"[\x00-\x20\x7f\\]", href)
        and port_fits
        and parts.username is None
        and _HOST.fullmatch(parts.hostname or "") is not None
    )
