"""The review page in a real browser: what its script adds, and what axe says of it."""

from __future__ import annotations

import threading
from pathlib import Path

import axe_playwright_python
import pytest
import sqlalchemy as sa
from werkzeug.serving import make_server

from factcheck import clock
from factcheck.db import writing
from factcheck.reviews.models import Review
from tests.accounts.factories import PASSWORD, make_person
from tests.browser import found
from tests.claims.factories import make_article, make_claim
from tests.reviews.factories import review_as

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
EMAIL = "ada@factcheck.example"


@pytest.fixture
def address(app):
    """The address at which the service answers, with three claims and somebody to review them."""
    now = clock.now()
    with app.app_context(), writing() as session:
        article = make_article(session, now=now)
        for words in ("The ferry carried 412,000 passengers in 2024", "nine to four"):
            make_claim(session, article, words, state="accepted", now=now)
        closed = make_claim(session, article, "Nobody in the town", state="accepted", now=now)
        review_as(session, closed, ["true", "false", "unproven"], now=now)
        make_person(session, email=EMAIL, password=PASSWORD)
        make_person(session, "editor", email="edda@factcheck.example", password=PASSWORD)
        app.config["DISPUTED"] = closed.public_id
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def context():
    from playwright.sync_api import sync_playwright

    path = found()
    if path is None:
        pytest.skip("no browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser.new_context()
        browser.close()


def sign_in(context, address, email=EMAIL):
    page = context.new_page()
    page.goto(address + "/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def violations(page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8") + "; window.axe = axe; 1")
    return page.evaluate("axe.run(document).then(r => r.violations.map(v => v.id))")


def saved(page):
    told(page, "Saved at")


def told(page, words):
    from playwright.sync_api import expect

    expect(page.locator("#saved")).to_contain_text(words, timeout=15_000)


def test_a_review_is_written_by_keyboard_alone_and_saved_as_it_is_typed(app, address, context):
    page = sign_in(context, address)
    page.goto(address + "/queue")
    page.click("text=Next claim")
    page.wait_for_url("**/work/claims/*")
    first = page.url

    page.keyboard.press("2")
    page.keyboard.press("s")
    page.keyboard.type("https://port.example/report")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.focus("[name=rating]:checked")
    page.keyboard.press("e")
    page.keyboard.type("Because of 5 things, *see* [1].")
    saved(page)
    page.wait_for_selector("#preview a")
    assert page.input_value("[name=rationale]") == "Because of 5 things, *see* [1]."
    assert page.locator("[name=rating]:checked").get_attribute("value") == "mostly-true"
    assert page.inner_html("#preview em") == "see"
    assert violations(page) == []
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != first)

    assert "Your review is in" in page.content()
    assert page.evaluate("localStorage.length") == 0
    with app.app_context(), writing() as session:
        review = session.scalars(
            sa.select(Review).where(Review.rating == "mostly-true", Review.state == "submitted")
        ).one()
        assert review.rationale == "Because of 5 things, *see* [1]."


def test_a_lost_connection_and_a_closed_tab_lose_nothing(address, context):
    page = sign_in(context, address)
    page.goto(address + "/queue")
    page.click("text=Next claim")
    page.wait_for_url("**/work/claims/*")
    place = page.url
    context.set_offline(True)
    page.fill("[name=rationale]", "typed without a connection")
    page.fill("[name='source-1-quote']", "a quote without an address")
    told(page, "Not saved")
    page.close()
    context.set_offline(False)

    page = context.new_page()
    page.goto(place)
    saved(page)

    assert page.input_value("[name=rationale]") == "typed without a connection"
    page.reload()
    assert page.input_value("[name=rationale]") == "typed without a connection"
    assert page.input_value("[name='source-1-quote']") == "a quote without an address"


def test_two_windows_are_told_of_each_other_and_neither_is_lost(address, context):
    page = sign_in(context, address)
    page.goto(address + "/queue")
    page.click("text=Next claim")
    page.wait_for_url("**/work/claims/*")
    other = context.new_page()
    other.goto(page.url)
    other.evaluate("localStorage.clear()")
    page.fill("[name=rationale]", "in the first")
    saved(page)

    other.fill("[name=rationale]", "in the second")
    told(other, "another window")
    other.click("button[form=review][value=save]")

    assert "in the first" in other.inner_text("[aria-labelledby=other-h]")
    assert other.input_value("[name=rationale]") == "in the second"
    assert violations(other) == []


@pytest.mark.parametrize("width", [1280, 320])
def test_no_page_scrolls_sideways_and_axe_finds_nothing(app, address, context, width):
    page = sign_in(context, address, "edda@factcheck.example")
    page.set_viewport_size({"width": width, "height": 800})
    claim = f"/work/claims/{app.config['DISPUTED']}"
    for path in ("/queue", claim, claim + "/decide"):
        page.goto(address + path)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
