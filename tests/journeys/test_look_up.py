"""Looking up a page by its addresses: from a strict page by the bookmark, and by hand."""

from __future__ import annotations

import hashlib
import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from factcheck.editions.overlay import bookmarklet, script_bytes
from factcheck.editions.render import page as public_page
from factcheck.readers.headers import content_policy

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

SITE = "https://checks.example"
HERE = "https://m.news.example/2024/ferry?session=secret"
KNOWN = {
    "https://news.example/ferry": [
        {"slug": "ferry", "path": "/articles/ferry/", "title": "The <b>ferry</b>", "language": "en"}
    ]
}
STRICT = "default-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
STYLES = ("tokens.css", "public.css", "theme.css", "icon.svg", "look-up.js")
ASSETS = {name: f"/{name}" for name in STYLES}


@pytest.fixture
def reader(browser):
    """A page where `HERE` is read; `asked` notes the paths that the site is asked for."""
    context = browser.new_context(viewport={"width": 320, "height": 700})
    asked: list[str] = []
    by_path = {
        f"/by-url/{hashlib.sha256(url.encode()).hexdigest()}.json": json.dumps({"articles": found})
        for url, found in KNOWN.items()
    }
    html = public_page(
        "look_up.html", assets=ASSETS, base=SITE, zone=None, here="/look-up/",
        site_name="factcheck", bookmarklet=bookmarklet(SITE),
    )  # fmt: skip

    def answer(route):
        url = route.request.url
        path = url.removeprefix(SITE)
        if url == HERE:
            body = "<link rel=canonical href=https://www.news.example/ferry/?utm_source=a><p>News."
            route.fulfill(body=body, content_type="text/html",
                          headers={"Content-Security-Policy": STRICT})  # fmt: skip
            return
        asked.append(path)
        if path == "/look-up/":
            policy = {"Content-Security-Policy": content_policy(path, ".html")}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=policy)
        elif path == "/look-up.js":
            route.fulfill(body=script_bytes("look-up.js"), content_type="text/javascript")
        elif path in by_path:
            route.fulfill(body=by_path[path], content_type="application/json")
        else:
            route.fulfill(status=404)

    context.route("**/*", answer)
    page = context.new_page()
    page.goto(HERE)
    page.asked = asked
    yield page
    context.close()


def test_the_bookmark_finds_a_strict_page_under_the_address_it_gives_itself(reader):
    code = bookmarklet(SITE).removeprefix("javascript:")
    assert "%" not in code  # a browser would decode it
    with reader.expect_popup() as opened:
        reader.evaluate(code)
    found = opened.value

    link = found.get_by_role("link", name="The <b>ferry</b>")
    link.wait_for()
    assert link.get_attribute("href") == "/articles/ferry/"
    assert not any("secret" in path for path in reader.asked)
    assert found.evaluate("document.documentElement.scrollWidth") <= 320
    assert Axe().run(found).response["violations"] == []


def test_an_address_is_looked_up_by_hand(reader):
    reader.goto(f"{SITE}/look-up/")
    reader.get_by_label("Address of the page").fill("http://news.example/other")
    reader.keyboard.press("Enter")
    reader.get_by_text("Nothing that we published is about this page.").wait_for()
    reader.get_by_label("Address of the page").fill("http://amp.news.example/ferry/amp")
    reader.keyboard.press("Enter")
    reader.get_by_role("link", name="The <b>ferry</b>").wait_for()
    reader.get_by_label("Address of the page").fill("ftp://news.example/ferry")
    reader.keyboard.press("Enter")
    reader.get_by_text("This is no address of a web page.").wait_for()
    bookmark = reader.get_by_role("link", name="Checked?")
    assert bookmark.get_attribute("href") == bookmarklet(SITE)
