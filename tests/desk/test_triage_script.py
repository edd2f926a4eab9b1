"""Triage in a real browser: keys, the pointer and the slider, which only save a reload."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from factcheck.articles.intake import from_text
from factcheck.articles.queries import article_by_slug
from factcheck.claims.actions import revise_article
from factcheck.claims.queries import claims_of
from factcheck.db import writing
from tests import browser
from tests.accounts.factories import PASSWORD, make_person
from tests.articles.factories import TEXT
from tests.claims.factories import make_article
from tests.conftest import NOW

SLUG = "the-harbour-of-ostrava"
PLACE = f"/work/articles/{SLUG}"

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@contextmanager
def serving(app):
    """Serve the app on a free port, and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def page(app):
    """The triage page of an article with the engine's proposals, open before an editor."""
    with app.app_context(), writing() as session:
        make_person(session, "editor", email="ed@factcheck.example", password=PASSWORD)
        make_article(session, proposed=True)
    program = browser.found()
    with serving(app) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = chromium.new_page(base_url=address)
        page.broken = []
        page.on("pageerror", lambda error: page.broken.append(str(error)))
        page.goto("/sign-in")
        page.fill("[name=email]", "ed@factcheck.example")
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url(lambda address: "sign-in" not in address)
        page.goto(f"{PLACE}?least=0")
        yield page
        assert page.broken == []
        chromium.close()


def claim_ids(app):
    with app.app_context(), writing() as session:
        return [one.public_id for one in claims_of(session, article_by_slug(session, SLUG))]


def claims(app):
    with app.app_context(), writing() as session:
        found = claims_of(session, article_by_slug(session, SLUG))
        return [(one.quote, one.state, one.dismissal) for one in found]


def test_keys_walk_accept_and_dismiss_and_do_nothing_while_typing(app, page):
    page.keyboard.press("j")
    page.wait_for_selector("#hand")
    page.keyboard.press("r")
    page.keyboard.type("ad4")
    assert page.input_value("#restated").startswith("ad4")
    page.locator("#restated").evaluate("field => field.blur()")
    page.keyboard.press("a")
    expect(page.locator("#status")).to_contain_text("Saved at")
    assert [state for _, state, _ in claims(app)].count("accepted") == 1
    page.wait_for_selector("#hand [name=dismissal]")
    page.keyboard.press("d")
    page.keyboard.press("4")
    expect(page.locator("#head")).to_contain_text("1 dismissed")
    assert ("dismissed", "too-vague") in [claim[1:] for claim in claims(app)]


def test_words_selected_with_the_pointer_become_a_claim(app, page):
    page.evaluate(
        """() => {
          const piece = document.querySelector('#prose p [data-at]');
          const words = document.createTreeWalker(piece, NodeFilter.SHOW_TEXT).nextNode();
          document.getSelection().setBaseAndExtent(words, 4, words, 17);
        }"""
    )
    page.click("#selected button")
    page.wait_for_selector("#found [aria-current]")

    assert "ferry carried" in [quote for quote, _, _ in claims(app)]
    assert "ferry carried" in TEXT


def test_an_edge_is_moved_by_arrow_keys_and_keeps_the_focus(app, page):
    page.keyboard.press("j")
    page.wait_for_selector("#end-handle")
    before = page.inner_text("#edges .meta")
    page.keyboard.press("]")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#edges .meta")).not_to_have_text(before)

    assert page.evaluate("document.activeElement.id") == "end-handle"


def test_an_edge_is_dragged_said_aloud_and_undone_by_a_key(app, page):
    page.locator("#prose a", has_text="The ferry carried").click()
    handle = page.locator("#end-handle").bounding_box()
    assert min(handle["width"], handle["height"]) >= 24
    words = page.locator("#prose a", has_text="The ferry carried").bounding_box()
    y = words["y"] + words["height"] / 2
    page.mouse.move(handle["x"] + 9, handle["y"] + 9)
    page.mouse.down()
    page.mouse.move(words["x"] + words["width"] / 3, y, steps=4)
    page.mouse.up()
    expect(page.locator("#status")).to_contain_text("The claim runs from “The” to")
    assert "The ferry carried 412,000 passengers in 2024." not in [one[0] for one in claims(app)]

    page.keyboard.press("u")
    expect(page.locator("#status")).to_contain_text("Undone: edge moved")
    assert "The ferry carried 412,000 passengers in 2024." in [one[0] for one in claims(app)]
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("#status")).to_contain_text("Done again: edge moved")


def test_the_reason_shows_on_hover_and_on_focus_and_escape_takes_it_away(page):
    tip, link = page.locator("#tip"), page.locator("#prose a.span").first
    link.hover()
    expect(tip).to_contain_text("Proposed. A number")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.locator("h1").hover()
    page.locator("#least").focus()
    while page.evaluate("!document.activeElement.closest('#prose')"):
        page.keyboard.press("Shift+Tab")
    expect(tip).to_be_visible()


def test_a_pasted_text_is_cut_while_it_stands_there(app, page):
    page.goto("/work/import")
    page.fill(
        "#text", "By Ann Lee\n\nThe bridge at Norby opened in 1923 and cost 4 million crowns."
    )
    expect(page.locator("#preview-said")).to_contain_text("1 claim proposed. 1 of them ticked")
    expect(page.locator("main [role=status]")).to_contain_text("2 to 3 reviews")
    expect(page.locator("#preview [data-kind=byline]")).to_have_text("By Ann Lee")
    assert len(claims(app)) < 4


def test_the_slider_hides_lines_and_the_cost_follows_what_is_ticked(page):
    page.evaluate(
        """() => {
          const least = document.getElementById('least');
          least.value = 1;
          least.dispatchEvent(new Event('input', {bubbles: true}));
        }"""
    )

    assert page.inner_text("#shown-count") == "0"
    assert page.inner_text("#cost") == "0 claims = 0 to 0 reviews"
    assert page.locator("#many button").is_disabled()


def test_triage_and_a_revision_fit_a_narrow_screen_and_axe_finds_nothing(app, page):
    changed = TEXT.replace("nine to four", "ten to four").replace(
        "412,000 passengers in 2024", "us"
    )
    with app.app_context(), writing() as session:
        article = article_by_slug(session, SLUG)
        revise_article(session, article, from_text(changed), actor=None, now=NOW)
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(color_scheme="dark")
    for place in (f"{PLACE}/carried-over", f"{PLACE}?claim={claim_ids(app)[0]}"):
        page.goto(place)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        found = Axe().run(page)
        assert not found.violations_count, found.generate_report()
    page.goto(f"{PLACE}/carried-over")
    page.get_by_role("button", name="It claims the same still").first.click()
    expect(page.locator("main")).to_contain_text("An editor has looked at it.")
