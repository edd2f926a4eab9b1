"""Nothing that a person writes comes out as anything but plain, safe markup."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from factcheck.markup import clean_html, page_html, plain_text, rationale_html

HOSTILE = Path(__file__).resolve().parents[2] / "shared/data/hostile"
ALLOWED = {
    *("p", "br", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h2", "h3", "h4", "hr", "table", "thead", "tbody", "tr", "th", "td", "figure"),
    *("figcaption", "sub", "sup"),
}
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object><embed src=x>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href=data:text/html,<script>alert(1)</script>>x</a>",
    "<a href=vbscript:x>x</a>",
    "<a href='http://a:b@evil.example/'>x</a>",
    "<a href=//evil.example>x</a>",
    "<a href='https:\\\\evil.example'>x</a>",
    "<a href='https://[::1'>x</a>",
    "<a href='https://e.org:99999999/'>x</a>",
    "<a href=https://e.org onclick=alert(1) style=x id=y name=z target=_blank>x</a>",
    "<p style='background:url(javascript:alert(1))' class=x id=location>y</p>",
    "<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example'</style>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><script>alert(1)</script>",
    "<title></title><xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<plaintext><b>x",
    "<select><option><script>alert(1)</script></select>",
    "<marquee onstart=alert(1)>x</marquee><dialog open>x</dialog>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<table><td><a href=https://e.org><table><a href=https://f.org>x",
    "<a href=https://e.org>x<a href=https://f.org>y<p>z</a>",
    "<ul><li><table><li>x</table></ul><p><h2><p>",
    "</div></article></body></html><script>alert(1)</script>",
    "<ol start='1 onload=x'><li>y</ol>",
    "[x](javascript:alert(1)) ![x](data:text/html,y) [y](<java\nscript:x>)",
    "[x](https://e.org 'onmouseover=\"alert(1)')",
    '<https://e.org/"onmouseover=alert(1)> <javascript:alert(1)>',
    "[a]: javascript:alert(1)\n\n[a]",
    "```html\n<script>alert(1)</script>\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x onerror=alert(1)&#62;",
    "\ud800 half a pair <b>x</b>",
]

PATHS: list[Callable[[str], str]] = [
    clean_html,
    lambda text: str(rationale_html(text, sources=3)),
    lambda text: str(page_html(text)),
]


def elements(markup: str) -> Iterator[etree._Element]:
    markup = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", markup)  # no XML, but harmless
    container = html.fragment_fromstring(markup, create_parent="article") if markup else None
    yield from container.iterdescendants() if container is not None else ()


def assert_inert(markup: str) -> None:
    for element in elements(markup):
        assert element.tag in ALLOWED, markup
        assert set(element.attrib) <= ATTRIBUTES.get(element.tag, set()), markup
        href = element.get("href", "https://")
        assert href.lower().startswith(("https://", "http://", "mailto:", "#source-")), markup
        assert not any(character <= " " for character in href), markup
    everything = nh3.clean(markup, tags=ALLOWED, attributes=ATTRIBUTES, link_rel=None)
    assert everything == markup  # a second parser reads the same tree


@pytest.mark.parametrize("render", PATHS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_comes_out_inert(payload: str, render: Callable[[str], str]):
    assert_inert(render(payload))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_cleaning_twice_is_cleaning_once(payload: str):
    once = clean_html(payload)

    assert clean_html(once) == once


@given(st.text(alphabet="<>/=\"'& \nabpsvgtdi[](){}#`*!:.-", max_size=80))
def test_any_text_comes_out_inert_and_cleaning_is_a_fixed_point(text: str):
    for render in PATHS:
        assert_inert(render(text))
    assert clean_html(clean_html(text)) == clean_html(text)


@pytest.mark.parametrize(
    "name",
    [
        *("xss_h5sc", "xss_dompurify", "xss_owasp_filter_evasion", "xss_bleach", "html5_tree"),
        *("html5_tokenizer", "naughty_strings"),
    ],
)
def test_the_shared_payloads_come_out_inert(name: str):
    path = HOSTILE / f"{name}.json"
    if not path.exists():
        pytest.skip("shared data is not beside this checkout")
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    assert cases
    for case in cases:
        fields = (case.get(field) for field in ("payload", "html", "input", "value"))
        payload = next(filter(None, fields), "")
        for render in PATHS:
            assert_inert(render(payload))
        assert clean_html(clean_html(payload)) == clean_html(payload)


def test_a_number_in_brackets_links_to_its_source():
    assert str(rationale_html("See [1] and [2].", sources=1)) == (
        '<p>See <a href="#source-1" rel="nofollow noopener ugc">[1]</a> and [2].</p>\n'
    )


@pytest.mark.parametrize("text", ["`[1]`", "[0]", "[01]", "[[1]](https://e.org/)", "[1x]"])
def test_other_brackets_are_left_alone(text: str):
    assert "#source" not in rationale_html(text, sources=9)


def test_links_say_that_they_are_not_ours():
    assert str(rationale_html("[x](https://e.org/?a=1&b=2)")) == (
        '<p><a href="https://e.org/?a=1&amp;b=2" rel="nofollow noopener ugc">x</a></p>\n'
    )


def test_a_heading_in_a_rationale_is_a_bold_paragraph_and_on_a_page_a_heading():
    assert str(rationale_html("# Why *so*")) == "<p><strong>Why <em>so</em></strong></p>\n"
    assert str(page_html("# One\n## Two\n### Three\n#### Four")) == (
        "<h2>One</h2>\n<h2>Two</h2>\n<h3>Three</h3>\n<h3>Four</h3>\n"
    )


def test_html_in_markdown_is_shown_as_words():
    assert str(rationale_html("<b>x</b>")) == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"


def test_a_page_has_tables_and_a_rationale_has_none():
    table = "|a|b|\n|-|-|\n|1|2|"

    assert "<td>1</td>" in page_html(table)
    assert "<td>" not in rationale_html(table)


def test_a_picture_becomes_a_link():
    assert "<img" not in rationale_html("![x](https://e.org/x.png)")


def test_plain_text_is_the_words_on_one_line():
    text = "# Hi *you*\n\na `b`\nc [d](https://e.org) <i>e</i>\n\n- f\n\n```\ng\n```"

    assert plain_text(text) == "Hi you a b c d <i>e</i> f g"


def test_very_many_tags_are_taken_out_without_parsing():
    assert clean_html("<div>" * 50_000 + "x").strip() == "x"
    assert_inert(clean_html("<" * 50_000 + "img src=x onerror=alert(1)>"))
