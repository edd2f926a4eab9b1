"""The overlay on a publisher's page of another origin, under a strict policy, in a real browser."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from factcheck.editions.overlay import newest_script, script_bytes
from factcheck.editions.render import overlay_words
from factcheck.fetch import FetchRefused, canonical_address, parse_url

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

SITE = "https://checks.example"
PAGE = "https://news.example/a"
CASES = json.loads((Path(__file__).parents[1] / "editions" / "address_cases.json").read_text())
POLICY = f"default-src 'none'; script-src {SITE}; connect-src {SITE}"
TEXT = (
    "The ferry carried 412,000 passengers in 2024, said the port’s own yearbook. Nobody in "
    "town was surprised. On 3 March the council voted nine to four to end the service, after "
    "a long night."
)
QUOTES = {
    "ferry": "The ferry carried 412,000 passengers in 2024",
    "vote": "the council voted nine to four to end the service",
}


def claim(key: str, rating: str) -> dict[str, Any]:
    start = TEXT.index(QUOTES[key])
    end = start + len(QUOTES[key])
    return {
        "path": f"/articles/ferry/claims/{key}/",
        "quote": QUOTES[key],
        "prefix": TEXT[max(0, start - 32) : start],
        "suffix": TEXT[end : end + 32],
        "start": start,
        "rating": rating,
        "summary": f"The minutes say so of the {key}.",
    }


TOLD = {
    "claims": [claim("ferry", "true"), claim("vote", "false")],
    "language": "en",
    "method": "/articles/ferry/#method",
    "ratings": {
        "true": {"label": "صحيح", "line": "solid", "colour": ["#115511", "#99dd99"]},
        "false": {"label": "False", "line": "wavy", "colour": ["#881111", "#ee9999"]},
    },
    # The site speaks another language; publishers' pages here say that they are in English.
    "words": dict.fromkeys(overlay_words(2), "عربي") | {"language": "ar", "direction": "rtl"},
    "elsewhere": {"en": overlay_words(2) | {"ratings": {"true": "True", "false": "False"}}},
}


@pytest.fixture
def publisher(browser):
    """Show a body on the publisher's page with the overlay; `asked` notes what is asked for."""
    context = browser.new_context(viewport={"width": 360, "height": 700})
    asked: list[str] = []

    def show(body: str, *, site: str = "answers", attributes: str = ""):
        page = context.new_page()
        if site == "is slow":
            page.clock.install()
        html = (
            '<!doctype html><html lang="en"><head><title>News</title></head><body><main>'
            f"<h1>News</h1>{body}</main>"
            f'<script src="{SITE}/embed.js" {attributes} async></script></body></html>'
        )

        def answer(route):
            url = route.request.url
            if url.startswith(PAGE):
                route.fulfill(
                    body=html, content_type="text/html; charset=utf-8",
                    headers={"Content-Security-Policy": POLICY},
                )  # fmt: skip
            elif url == f"{SITE}/embed.js":
                route.fulfill(body=newest_script().data.decode(), content_type="text/javascript")
            elif url.startswith(SITE) and site == "answers":
                asked.append(url)
                found = {"articles": [{"overlay": "/articles/ferry/embed/claims.json"}]}
                route.fulfill(
                    body=json.dumps(found if "/by-url/" in url else TOLD),
                    content_type="application/json", headers={"Access-Control-Allow-Origin": "*"},
                )  # fmt: skip
            elif site == "is slow":
                page.evaluate("window.asked = true")
            else:
                asked.append(url)
                route.abort()

        page.route("**/*", answer)
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(PAGE)
        page.problems = problems
        return page

    show.asked = asked
    yield show
    context.close()


def marked(page) -> dict[str, str]:
    """Return the words that are painted, by rating, once the list is there."""
    page.wait_for_selector("factcheck-overlay", state="attached")
    return page.evaluate(
        "Object.fromEntries([...CSS.highlights].map(([name, ranges]) =>"
        " [name, [...ranges].map(String).join('|')]))"
    )


def test_statements_are_found_across_elements_and_the_page_is_not_changed(publisher):
    body = f"<p id='p'>{TEXT.replace('412,000', '<em>412,000</em>')}</p>"
    page = publisher(body)

    assert marked(page) == {"factcheck-true": QUOTES["ferry"], "factcheck-false": QUOTES["vote"]}
    assert page.inner_html("#p") == TEXT.replace("412,000", "<em>412,000</em>")
    assert page.problems == []
    assert all(url.startswith(SITE) for url in publisher.asked)
    assert page.context.cookies() == []


def test_other_quotation_marks_and_blanks_are_the_same_words(publisher):
    page = publisher(f"<p>{TEXT.replace('’', chr(39)).replace(' in 2024', '&nbsp;in 2024')}</p>")

    assert set(marked(page)) == {"factcheck-true", "factcheck-false"}


@pytest.mark.parametrize(
    ("old", "new"),
    [("412,000", "421,000"), ("412,000", "4,412,000"), ("carried", "never carried"),
     ("in 2024", "in 2023")],
)  # fmt: skip
def test_a_statement_that_says_something_else_now_is_not_marked(publisher, old, new):
    page = publisher(f"<p>{TEXT.replace(old, new)}</p>")

    assert set(marked(page)) == {"factcheck-false"}
    page.get_by_text("Fact-checked: 2 statements").click()
    page.get_by_text("Not found on this page").wait_for()


def test_of_two_places_with_the_same_words_the_right_one_is_marked(publisher):
    page = publisher(f"<p>Old news: {QUOTES['ferry']}?</p><p id='here'>{TEXT}</p>")

    marked(page)
    inside = page.evaluate(
        "[...CSS.highlights.get('factcheck-true')].every((range) =>"
        " document.querySelector('#here').contains(range.startContainer))"
    )
    assert inside


def test_a_tap_opens_the_note_and_the_panel_has_no_violation(publisher):
    page = publisher(f"<p id='p'>{TEXT}</p>")
    marked(page)
    page.click("#p", position={"x": 20, "y": 8})
    note = page.get_by_role("dialog", name="What the check found")
    assert note.get_by_text("The minutes say so of the ferry.").is_visible()
    page.keyboard.press("Escape")
    assert not note.is_visible()
    page.get_by_text("Fact-checked: 2 statements").click()
    link = page.get_by_role("link", name="Reasons and sources: True")
    assert link.get_attribute("href") == f"{SITE}/articles/ferry/claims/ferry/"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert ours_of_axe(page) == []


MARKERS = """() => { const p = document.querySelector("#p").shadowRoot;
  return [...p.querySelectorAll("button")].map((one) => {
    const { left, top, right, width, height } = one.getBoundingClientRect();
    return { left, top, right, width, height }; }); }"""
ENDS = """() => [...CSS.highlights.values()].flatMap((all) => [...all]).map((range) => {
  const boxes = range.getClientRects(); const { right, top } = boxes[boxes.length - 1];
  return { right, top }; })"""
PAINTED = "[...CSS.highlights.values()].flatMap((all) => [...all].map(String))"
AT_THEIR_WORDS = f"""() => {{ if (!p.shadowRoot) return false;
  const [markers, ends] = [({MARKERS})(), ({ENDS})()];
  return markers.length === 2 && markers.every((one, at) => Math.abs(one.right - ends[at].right) < 1
    && Math.abs(one.top + one.height / 2 - ends[at].top) < 1); }}"""


def test_a_marker_stands_at_the_words_and_the_page_stays_as_it_was(publisher):
    body = f"<p id='p'>{TEXT} <a id='a' href='#x'>More</a></p><p><a id='b' href='#y'>Next</a></p>"
    bare = publisher(body, site="is dead")
    layout = """() => [...document.querySelectorAll("p, a")].map((one) => {
      const box = one.getBoundingClientRect();
      return [box.left, box.top, box.width, box.height, one.innerText, one.outerHTML]; })"""
    copied = "() => { getSelection().selectAllChildren(p); return String(getSelection()); }"
    before, words = bare.evaluate(layout), bare.evaluate(copied)
    page = publisher(body)
    marked(page)

    assert page.evaluate("p.shadowRoot") is None  # nobody came near it
    page.mouse.move(20, 20)
    page.wait_for_function(AT_THEIR_WORDS)
    assert page.evaluate(layout) == before
    assert page.evaluate(copied) == words
    assert all(one["width"] >= 24 and one["height"] >= 24 for one in page.evaluate(MARKERS))
    page.set_viewport_size({"width": 320, "height": 700})
    page.wait_for_function(AT_THEIR_WORDS)
    page.evaluate("p.firstChild.data = 'Late words come first. ' + p.firstChild.data")
    page.wait_for_function(AT_THEIR_WORDS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.problems == []


def test_the_tab_key_comes_to_the_markers_behind_their_words_and_back_from_the_note(publisher):
    page = publisher(
        f"<p id='p'>{TEXT} <a id='a' href='#x'>More</a></p><a id='b' href='#y'>Next</a>"
    )
    marked(page)
    focused = """() => { let at = document.activeElement;
      while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
      return at.id || at.getAttribute("aria-label"); }"""
    order = []
    for _ in range(4):
        page.keyboard.press("Tab")
        order.append(page.evaluate(focused))
    assert order == ["a", "Statement 1: True", "Statement 2: False", "b"]

    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "What the check found"
    note = page.get_by_role("dialog", name="What the check found")
    assert note.get_by_text("The minutes say so of the vote.").is_visible()
    page.keyboard.press("Escape")
    assert page.evaluate(focused) == "Statement 2: False"
    page.emulate_media(forced_colors="active")
    assert ours_of_axe(page) == []


@pytest.mark.parametrize("where", ["the article", "all"])
def test_the_list_outlives_a_framework_that_draws_the_article_or_all_of_the_page_anew(
    publisher, where
):
    page = publisher(f"<div id='root'><article><p>{TEXT}</p></article></div>")
    marked(page)
    assert page.evaluate("document.querySelector('#root factcheck-overlay')") is None
    page.get_by_text("Fact-checked: 2 statements").wait_for()

    changed = {"the article": "document.querySelector('#root')", "all": "document.body"}[where]
    page.evaluate(
        f"(html) => {{ {changed}.innerHTML = html; }}", f"<article><p>{TEXT}</p></article>"
    )
    page.wait_for_function(
        f"(words) => {PAINTED}.filter((one) => words.includes(one)).length === 2",
        arg=list(QUOTES.values()),
    )
    assert page.get_by_text("Fact-checked: 2 statements").is_visible()
    assert page.problems == []


def test_a_page_that_becomes_another_without_being_loaded_is_looked_up_as_that_one(publisher):
    page = publisher(f"<article><p id='p'>{TEXT}</p></article>")
    marked(page)
    other = hashlib.sha256(b"https://news.example/a/other").hexdigest()
    page.route(f"**/by-url/{other}.json", lambda route: route.fulfill(status=404))
    become = """([path, words]) => { history.pushState(null, '', path);
      document.querySelector('article').innerHTML = `<p>${words}</p>`; }"""

    with page.expect_request(f"**/by-url/{other}.json"):
        page.evaluate(become, ["/a/other", "Weather."])
    page.wait_for_function(f"() => {PAINTED}.length === 0")
    assert page.query_selector("factcheck-overlay") is None
    page.evaluate(become, ["/a?utm_source=back", TEXT])
    page.wait_for_function(f"() => {PAINTED}.length === 2")
    assert page.locator("factcheck-overlay").count() == 1


@pytest.mark.parametrize("ground", ["#000", "#fff"])
def test_the_lines_and_the_list_follow_the_ground_of_the_page(publisher, ground):
    """Whatever the system prefers: the page alone knows if it is dark."""
    page = publisher(f"<p id='p'>{TEXT}</p>")
    marked(page)
    page.emulate_media(color_scheme="light" if ground == "#000" else "dark")
    page.evaluate(f"document.body.style.background = '{ground}'")
    scheme = "dark" if ground == "#000" else "light"
    host = "document.querySelector('factcheck-overlay')"
    page.wait_for_function(f"getComputedStyle({host}).colorScheme === '{scheme}'")
    line = page.evaluate("getComputedStyle(p, '::highlight(factcheck-true)').textDecorationColor")
    assert line == ("rgb(153, 221, 153)" if ground == "#000" else "rgb(17, 85, 17)")


def ours_of_axe(page) -> list[str]:
    """Return what axe finds in the overlay; the page around it is the publisher's."""
    return [
        one["id"]
        for one in Axe().run(page).response["violations"]
        if any(
            "factcheck-overlay" in str(node["target"]) or isinstance(node["target"][0], list)
            for node in one["nodes"]
        )
    ]


def test_nothing_is_drawn_where_the_site_does_not_answer(publisher):
    page = publisher(f"<p>{TEXT}</p>", site="is dead")
    page.wait_for_timeout(300)

    assert page.query_selector("factcheck-overlay") is None
    assert page.evaluate("CSS.highlights.size") == 0


def test_an_address_is_canonical_in_the_same_way_in_both_languages(browser):
    """The one table of cases; what is no address in one language is none in the other."""
    known = dict(CASES["canonical"])
    written = [*known, *(written for written, _ in CASES["one form"]), *CASES["none"]]
    page = browser.new_page()
    script = script_bytes("canonical.js").decode()
    in_browser = page.evaluate(
        f"(urls) => {{ {script} return urls.map(canonicalAddress); }}", written
    )
    page.close()

    assert [canonical_or_none(url) for url in written] == in_browser
    assert [canonical_address(url) for url in known] == list(known.values())
    assert [parse_url(url).url for url, _ in CASES["one form"]] == [
        one for _, one in CASES["one form"]
    ]
    assert [canonical_or_none(url) for url in CASES["none"]] == [None] * len(CASES["none"])


def canonical_or_none(url: str) -> str | None:
    try:
        return canonical_address(url)
    except FetchRefused:
        return None


def test_the_site_is_asked_for_digests_of_canonical_addresses(publisher):
    page = publisher("<p>News.</p>", attributes='data-url="http://www.Example.org/b/?utm_source=x"')
    page.wait_for_selector("factcheck-overlay", state="attached")
    digest = hashlib.sha256(b"https://example.org/b").hexdigest()
    assert publisher.asked[0] == f"{SITE}/by-url/{digest}.json"


def test_where_the_site_answers_too_late_nothing_is_drawn_and_nothing_moves(publisher):
    page = publisher(f"<p>{TEXT}</p>", site="is slow")
    page.wait_for_function("window.asked")
    before = page.content()
    with page.expect_event("requestfailed"):  # given up, not only forgotten
        page.clock.fast_forward(3001)
    page.evaluate("new Promise((go) => queueMicrotask(go))")

    assert page.content() == before
    assert page.evaluate("CSS.highlights.size") == 0


def test_a_word_put_in_before_the_last_one_cuts_no_mark_short(publisher):
    page = publisher(f"<p>{TEXT.replace('the service', 'the costly service')}</p>")

    assert marked(page)["factcheck-false"].endswith("the costly service")
