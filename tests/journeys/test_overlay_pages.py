"""The overlay on pages as publishers make them, each in a frame of one page, all in one run.

Also the cases that the engine passes too (tests/text/placement_cases.json).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pytest

from factcheck.editions.overlay import newest_script
from factcheck.editions.render import overlay_words
from factcheck.readers.headers import content_policy
from tests.text.placement import Case, cases

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

SITE = "https://checks.example"
PAGE = "https://news.example"
FERRY = "The ferry carried 412,000 passengers in 2024"
VOTE = "the council voted nine to four to end the service"
TEXT = (
    f"{FERRY}, said the port’s own yearbook. Nobody in town was surprised. On 3 March {VOTE}, "
    "after a long night."
)
ARABIC = "نقلت العبارة 412 ألف راكب في عام 2024، كما قال الميناء. لم يتفاجأ أحد."
BOTH = (FERRY, VOTE)
_WORDS = "[...CSS.highlights.values()].flatMap((all) => [...all].map(String))"


@dataclass(frozen=True)
class Shown:
    """One page of a publisher: its body, the claims that are looked for, what must be marked."""

    body: str
    marked: tuple[str, ...] = BOTH
    quotes: tuple[str, ...] = BOTH
    text: str = TEXT
    language: str = "en"
    policy: str = ""
    sandbox: str | None = None
    script: str = field(default='data-claims="CLAIMS"')

    def told(self) -> dict[str, Any]:
        """Return what the site tells of the claims in `text`."""
        return {
            "claims": [_claim(self.text, quote) for quote in self.quotes],
            "language": self.language,
            "method": "/articles/ferry/#method",
            "ratings": {"true": {"label": "True", "line": "solid", "colour": ["#151", "#9d9"]}},
            "site": f"{SITE}/",
            "words": overlay_words(len(self.quotes)),
        }


def _claim(text: str, quote: str) -> dict[str, Any]:
    start = text.rindex(quote)
    end = start + len(quote)
    return {
        "path": "/articles/ferry/claims/a/", "quote": quote, "start": start, "rating": "true",
        "prefix": text[max(0, start - 32) : start], "suffix": text[end : end + 32],
        "summary": "The minutes say so.",
    }  # fmt: skip


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))


SPLIT = """for (const p of document.querySelectorAll("p"))
  for (let node = p.firstChild; node; node = node.nextSibling)
    if (node.length > 7) { node.splitText(7); node.after(new Comment("x")); }"""
LATE = f"""setTimeout(() => {{
  document.querySelector("main").innerHTML = {json.dumps(_paragraphs(TEXT))}; }}, 900)"""
AGAIN = """setTimeout(() => {
  const p = document.querySelector("p"); p.replaceWith(p.cloneNode(true)); }, 900)"""
SHADOW = f"""const tree = document.querySelector("news-text").attachShadow({{ mode: "open" }});
  tree.innerHTML = "<p>" + {json.dumps(TEXT)} + "</p>";"""

SHAPES = {
    "plain": Shown(f"<p>{TEXT}</p>"),
    "mark-up of a content system": Shown(
        "<nav><ul><li><a href='#'>The ferry carried</a></ul></nav><article><div class='row'><div>"
        f"<p class='wp-block'>The <a href='#'>ferry</a> carried <strong>412,000</strong> "
        f"<em>passengers</em>{TEXT.split('passengers')[1].split('On 3', maxsplit=1)[0]}</p>"
        "<aside><h2>Read more</h2><ul><li>Other news</ul></aside><figure><svg><text>x</text></svg>"
        f"<figcaption>A ferry</figcaption></figure><p>On 3{TEXT.split('On 3')[1]}</p>"
        "</div></div></article>"
    ),
    "split text nodes": Shown(f"<p>{TEXT}</p><script nonce=x>{SPLIT}</script>"),
    "late text": Shown(f"<main></main><script nonce=x>{LATE}</script>"),
    "elements replaced": Shown(f"<p>{TEXT}</p><script nonce=x>{AGAIN}</script>"),
    "paragraph edited": Shown(
        f"<p>{TEXT.replace('said the port’s own', 'wrote the').replace(' end the', ' end')}</p>",
        marked=(FERRY, VOTE.replace("end the", "end")),
    ),
    "paragraph moved": Shown(
        f"<p>On 3{TEXT.split('On 3')[1]}</p><p>News.</p><p>{TEXT.split('On 3', maxsplit=1)[0]}</p>"
    ),
    "text twice, only one is seen": Shown(f"<div hidden><p>{TEXT}</p></div><p>{TEXT}</p>"),
    "text twice, neither is surer": Shown(f"<p>{TEXT}</p><p>{TEXT}</p>", marked=()),
    "shadow root": Shown(f"<news-text></news-text><script nonce=x>{SHADOW}</script>"),
    "slotted": Shown(
        f"<news-page><p>{TEXT}</p></news-page><script nonce=x>document.querySelector('news-page')"
        ".attachShadow({mode: 'open'}).innerHTML = '<h1>News</h1><slot></slot>'</script>"
    ),
    "right to left": Shown(
        f"<main lang=ar dir=rtl><p>{ARABIC}</p></main>", marked=(ARABIC.split("،", maxsplit=1)[0],),
        quotes=(ARABIC.split("،", maxsplit=1)[0],), text=ARABIC, language="ar",
    ),
    "line breaks and a large first letter": Shown(
        f"<div><span>T</span>{TEXT[1:].replace('. ', '.<br><br>')}</div>"
    ),
    "soft hyphens": Shown(f"<p>{TEXT.replace('passengers', 'passen&shy;gers')}</p>",
                          marked=(FERRY.replace("passengers", "passen\u00adgers"), VOTE)),
    "table": Shown(f"<table><tr><td>{TEXT.replace(' On 3', '</td><td>On 3')}</td></tr></table>"),
    "policy with a nonce alone": Shown(
        f"<p>{TEXT}</p>", script="nonce=x data-claims=CLAIMS",
        policy=f"default-src 'none'; script-src 'nonce-x'; connect-src {PAGE}",
    ),
    "trusted types": Shown(
        f"<p>{TEXT}</p>",
        policy=f"default-src 'none'; script-src {SITE}; connect-src {PAGE}; "
        "require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    "sandboxed frame, asks the site": Shown(
        f"<p>{TEXT}</p>", sandbox="allow-scripts", script="",
        policy=f"default-src 'none'; script-src {SITE}; connect-src {SITE}",
    ),
}  # fmt: skip


def _shown(case: Case) -> Shown:
    quote = case.was[slice(*case.passage)]
    marked = (case.now[slice(*case.place)],) if case.place and case.says_the_same else ()
    return Shown(_paragraphs(case.now), marked, (quote,), case.was, case.language)


PAGES = SHAPES | {f"case: {case.name}": _shown(case) for case in cases()}


@pytest.fixture(scope="module")
def frames(browser):
    """Every page by its name, in a frame of its own, once the overlay is on it."""
    names = list(PAGES)
    page = browser.new_context().new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.route("**/*", lambda route: _answer(route, names))
    page.goto(f"{PAGE}/")
    found = {}
    for frame in page.frames[1:]:
        if frame.url.startswith(PAGE):
            frame.wait_for_selector("factcheck-overlay", state="attached")
            found[names[int(frame.url.rpartition("/")[2])]] = frame
    found["ours"] = next(frame for frame in page.frames if frame.url.startswith(SITE))
    yield found, problems
    page.context.close()


def _answer(route, names: list[str]) -> None:
    url = route.request.url
    anybody = {"Access-Control-Allow-Origin": "*"}
    if url == f"{SITE}/embed.js":
        route.fulfill(body=newest_script().data.decode(), content_type="text/javascript")
    elif "/by-url/" in url:
        known = {"articles": [{"overlay": "/claims/0"}]}
        route.fulfill(body=json.dumps(known), content_type="application/json", headers=anybody)
    elif "/claims/" in url:
        told = PAGES[names[int(url.rpartition("/")[2])]].told()
        route.fulfill(body=json.dumps(told), content_type="application/json", headers=anybody)
    elif url == f"{SITE}/articles/ferry/embed/":
        policy = content_policy("/articles/ferry/embed/", ".html")
        body = "<!doctype html><link rel=stylesheet href=/a.css><p>Verdicts</p>"
        route.fulfill(body=body, content_type="text/html",
                      headers={"Content-Security-Policy": policy})  # fmt: skip
    elif url == f"{SITE}/a.css":
        route.fulfill(body="p { color: rgb(1, 2, 3) }", content_type="text/css")
    elif url == f"{PAGE}/":
        boxes = [
            f"<iframe src='/{number}'{_sandbox(PAGES[name])}></iframe>"
            for number, name in enumerate(names)
        ]
        ours = f"<iframe src='{SITE}/articles/ferry/embed/' sandbox='allow-scripts'></iframe>"
        route.fulfill(body=f"<!doctype html>{''.join(boxes)}{ours}", content_type="text/html")
    else:
        number = url.rpartition("/")[2]
        shown = PAGES[names[int(number)]]
        script = shown.script.replace("CLAIMS", f"/claims/{number}")
        body = (
            f"<!doctype html><html lang=en><title>News</title><body>{shown.body}"
            f'<script src="{SITE}/embed.js" {script} async></script>'
        )
        headers = {"Content-Security-Policy": shown.policy} if shown.policy else {}
        route.fulfill(body=body, content_type="text/html; charset=utf-8", headers=headers)


def _sandbox(shown: Shown) -> str:
    return "" if shown.sandbox is None else f" sandbox='{shown.sandbox}'"


@pytest.mark.parametrize("name", PAGES)
def test_what_is_there_is_marked_and_nothing_else(frames, name):
    found, _ = frames
    shown = PAGES[name]
    frame = found[name]
    expected = sorted(shown.marked)
    frame.wait_for_function(f"(count) => {_WORDS}.length === count", arg=len(expected))
    if name in {"late text", "elements replaced"}:
        frame.wait_for_function(f"{_WORDS}.every(Boolean)")
    assert sorted(frame.evaluate(_WORDS)) == expected
    frame.evaluate("dispatchEvent(new Event('focusin'));"
                   "document.querySelector('factcheck-overlay').shadowRoot"
                   ".querySelector('details').open = true")  # fmt: skip
    frame.wait_for_function(
        "(count) => document.querySelector('factcheck-overlay').shadowRoot"
        ".querySelectorAll('.gone').length === count",
        arg=len(shown.quotes) - len(expected),
    )


def test_no_page_has_a_problem_and_our_own_frame_survives_its_sandbox(frames):
    found, problems = frames
    assert problems == []
    colour = "getComputedStyle(document.querySelector('p')).color"
    assert found["ours"].evaluate(colour) == "rgb(1, 2, 3)"
