"""What is read from a document is its own text, with offsets that hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.extract import EmptyText, Extracted, NotText, Undecodable, extract

BOMBS = Path(__file__).resolve().parents[3] / "shared/data/hostile/bombs.json"

ARTICLE = """<!doctype html><html lang="en-GB"><head><title>Bees are back - The Daily</title>
<meta property="og:title" content="Bees are back"><meta property="og:site_name" content="The Daily">
<link rel="canonical" href="/bees">
<meta property="article:published_time" content="2020-03-04T10:00Z">
<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle",
"author":[{"name":"Ann Lee"},{"name":"Bo Ek"}]}]}</script></head>
<body><nav><a href="/">Home</a><a href="/news">News</a></nav><article><h1>Bees are back</h1>
<p>Bees returned to 4&nbsp;% of&#8239;the
  valley this year, <a href="/count">the <b>yearly</b> count</a> shows, after a long absence that
worried farmers \U0001f469\u200d\U0001f33e in the region.</p>
<h2>What was found</h2><ul><li>one hive near the old mill</li>
<li>two more hives <a href="https://other.example/h">by the river</a></li></ul>
<blockquote><p>We had not expected to see them again in our lifetime.</p></blockquote>
<figure><img src="a.png"><figcaption>A bee on a thistle</figcaption></figure>
<table><tr><td>2019</td><td>0 hives</td></tr><tr><td>2020</td><td>3 hives</td></tr></table>
<p>Nobody knows<br>whether they will stay through the winter that is now ahead of them.</p>
</article><footer>Imprint</footer></body></html>"""


def parts(document: Extracted, kind: str) -> list[str]:
    return [
        document.text[block.start : block.end] for block in document.blocks if block.kind == kind
    ]


def links(document: Extracted) -> list[tuple[str, str]]:
    return [(document.text[link.start : link.end], link.href) for link in document.links]


def assert_offsets_hold(document: Extracted) -> None:
    done = 0
    for block in document.blocks:
        assert document.text[done : block.start].strip() == ""
        assert done <= block.start < block.end
        done = block.end
    if document.blocks:
        assert document.text[done:].strip() == ""
    for link in document.links:
        assert 0 <= link.start < link.end <= len(document.text)


@pytest.fixture(scope="module")
def article() -> Extracted:
    return extract(ARTICLE.encode(), "text/html; charset=utf-8", url="https://d.example/x/y")


def test_a_page_keeps_the_kinds_of_its_parts(article: Extracted):
    assert parts(article, "title") == ["Bees are back"]
    assert parts(article, "heading") == ["What was found"]
    assert parts(article, "list_item") == [
        "one hive near the old mill",
        "two more hives by the river",
    ]
    assert parts(article, "quotation") == ["We had not expected to see them again in our lifetime."]
    assert parts(article, "caption") == ["A bee on a thistle"]
    assert "2019\t0 hives\n2020\t3 hives" in article.text
    assert_offsets_hold(article)


def test_the_pages_own_furniture_is_left_out(article: Extracted):
    assert "Home" not in article.text
    assert "Imprint" not in article.text
    assert article.text.count("Bees are back") == 1


def test_no_break_spaces_and_joiners_stay(article: Extracted):
    assert "4\u00a0% of\u202fthe valley" in article.text
    assert "\U0001f469\u200d\U0001f33e" in article.text


def test_a_line_break_in_a_paragraph_stays(article: Extracted):
    assert "Nobody knows\nwhether they will stay" in article.text


def test_links_keep_their_words_and_full_addresses(article: Extracted):
    assert links(article) == [
        ("the yearly count", "https://d.example/count"),
        ("by the river", "https://other.example/h"),
    ]


def test_facts_say_where_they_were_found(article: Extracted):
    assert article.title == "Bees are back"
    assert article.authors == ("Ann Lee", "Bo Ek")
    assert article.published == "2020-03-04"
    assert article.language == "en"
    assert article.canonical_url == "https://d.example/bees"
    assert article.site == "The Daily"
    assert article.found_in == {
        "title": "meta og:title",
        "authors": "json-ld author",
        "published": "meta article:published_time",
        "language": "html lang",
        "canonical_url": "link rel=canonical",
        "site": "meta og:site_name",
    }


def test_a_page_with_few_words_loses_none():
    assert extract(b"<p>One <i>short</i> line", "text/html").text == "One short line"


def test_a_page_that_names_itself_only_in_its_window_title_loses_the_site():
    page = b"<title>Rain | The Daily</title><meta property=og:site_name content='The Daily'><p>Wet."

    assert extract(page, "text/html").text == "Rain\n\nWet."


def test_links_that_lead_nowhere_are_dropped():
    page = b"<p><a href='javascript:x'>a</a> <a href='mailto:a@b.c'>b</a> <a href='/c'>c</a>"

    assert links(extract(page, "text/html", url="https://e.org/")) == [("c", "https://e.org/c")]
    assert links(extract(page, "text/html")) == []


def test_a_base_address_of_the_page_is_heeded():
    page = b"<base href='https://f.org/d/'><p><a href='x'>a</a>"

    assert links(extract(page, "text/html", url="https://e.org/")) == [("a", "https://f.org/d/x")]


MARKDOWN = """---
title: "Bees are back"
date: 2020-03-04
author: Ann Lee, Bo Ek
lang: en
---
They *came* to [the **old** valley](/v "t")
and <b>stayed</b>.

## Found

- one
- two

> Not expected.

| a | b |
|---|---|
| 1 | 2 |

<div>A <a href="https://f.org/">block</a></div>
"""


def test_a_markdown_file_gives_the_text_its_reader_sees():
    document = extract(MARKDOWN.encode(), "text/markdown", url="https://e.org/")

    assert document.text == (
        "Bees are back\n\nThey came to the old valley and stayed.\n\nFound\n\none\ntwo\n\n"
        "Not expected.\n\na\tb\n1\t2\n\nA block"
    )
    assert links(document) == [
        ("the old valley", "https://e.org/v"),
        ("block", "https://f.org/"),
    ]
    assert parts(document, "quotation") == ["Not expected."]
    assert parts(document, "list_item") == ["one", "two"]
    assert (document.title, document.authors) == ("Bees are back", ("Ann Lee", "Bo Ek"))
    assert (document.published, document.language) == ("2020-03-04", "en")
    assert set(document.found_in.values()) == {"front matter"}
    assert_offsets_hold(document)


def test_the_first_heading_of_a_markdown_file_is_its_title():
    document = extract(b"# One\n\nText.\n\n# Two", "text/markdown")

    assert document.title == "One"
    assert parts(document, "title") == ["One"]
    assert parts(document, "heading") == ["Two"]


def test_a_rule_at_the_start_of_a_markdown_file_is_no_head():
    assert extract(b"---\n\nSome words.\n\n---\n", "text/markdown").text == "Some words."


def test_plain_text_is_unchanged_but_for_line_ends():
    data = "\ufeff  a\u00a0b\r\nc\rd\n\n \u201ce\u201d ".encode()

    assert extract(data, "text/plain").text == "  a\u00a0b\nc\nd\n\n \u201ce\u201d "


def test_bare_addresses_in_plain_text_are_links():
    text = b"See https://e.org/a_(b), (http://f.org/x?y=1)! and ftp://g.org."

    assert links(extract(text, "text/plain")) == [
        ("https://e.org/a_(b)", "https://e.org/a_(b)"),
        ("http://f.org/x?y=1", "http://f.org/x?y=1"),
    ]


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        ("Z\u00fcrich ist sch\u00f6n".encode(), "text/plain"),
        ("Z\u00fcrich ist sch\u00f6n".encode("latin-1"), "text/plain; charset=ISO-8859-1"),
        ("Z\u00fcrich ist sch\u00f6n".encode("utf-16"), "text/plain"),
        ("Z\u00fcrich ist sch\u00f6n".encode(), "text/plain; charset=utf-16"),
        ("<meta charset=latin1><p>Z\u00fcrich ist sch\u00f6n".encode("latin-1"), "text/html"),
        ("<p>Z\u00fcrich ist sch\u00f6n".encode(), "text/html; charset=" + "x" * 10_000),
    ],
)
def test_the_encoding_is_found(data: bytes, content_type: str):
    assert extract(data, content_type).text == "Z\u00fcrich ist sch\u00f6n"


def test_bytes_in_no_known_encoding_are_refused():
    with pytest.raises(Undecodable):
        extract("Z\u00fcrich".encode("latin-1"), "text/plain")
    with pytest.raises(Undecodable):
        extract(b"<p>\xfc\xe4\xf6\xfc\xe4", "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("data", "content_type"),
    [(b"a\x00b", "text/plain"), (b"%PDF-1.7", "text/html"), (b"words", "application/pdf")],
)
def test_what_is_no_text_is_refused(data: bytes, content_type: str):
    with pytest.raises(NotText):
        extract(data, content_type)


@pytest.mark.parametrize("content_type", ["text/plain", "text/html", "text/markdown"])
@pytest.mark.parametrize("data", [b"", b" \n\t", b"\xef\xbb\xbf"])
def test_a_document_without_words_is_refused(data: bytes, content_type: str):
    with pytest.raises(EmptyText):
        extract(data, content_type)


@given(st.text(max_size=120), st.sampled_from(["text/plain", "text/markdown", "text/html"]))
def test_offsets_hold_for_any_text(text: str, content_type: str):
    try:
        document = extract(text.encode(), content_type, url="https://e.org/")
    except (EmptyText, NotText, Undecodable):
        return
    assert_offsets_hold(document)


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "words",
        "<a><b>" * 50_000 + "words",
        "<table><tr><td>" * 20_000 + "words",
        "<p>word <a href=/x>link</a>" * 60_000,
        "<p " + "a=b " * 200_000 + ">words",
    ],
    ids=["deep", "deep links", "deep tables", "many links", "many attributes"],
)
@pytest.mark.timeout(20)
def test_a_hostile_page_is_read_in_decent_time(page: str):
    assert "word" in extract(page.encode(), "text/html").text


def test_the_shared_bombs_are_read_or_refused():
    if not BOMBS.exists():
        pytest.skip("shared data is not beside this checkout")
    for case in json.loads(BOMBS.read_text(encoding="utf-8"))["cases"]:
        if case["kind"] != "repeat":
            continue
        data = "".join(text * count for text, count in case["concat"]).encode("utf-8", "replace")
        for content_type in ("text/html", "text/plain"):
            try:
                assert extract(data, content_type).text.strip()
            except (EmptyText, NotText, Undecodable):
                continue
