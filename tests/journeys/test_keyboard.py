"""A reviewer's evening with the keyboard alone, and drafts that outlive a closed tab."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.post import POST
from tests.journeys.test_whole_path import accept_the_first, import_post

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def accepted(sign_in):
    editor = sign_in("ada")
    import_post(editor, POST, "By keyboard")
    return accept_the_first(editor, 2)


def test_a_review_from_the_queue_to_submitted_by_keyboard_alone(sign_in, accepted):
    page = sign_in("bram")
    page.goto("/queue")
    page.get_by_role("button", name="Next claim").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/work/claims/*")
    first = page.url

    page.keyboard.press("2")
    expect(page.locator("input[value=mostly-true]")).to_be_checked()
    page.keyboard.press("s")
    page.keyboard.type("https://archive.example/kept")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("#rationale").focus()
    page.keyboard.type("Five is typed here: 5. The archive has it [1].")
    expect(page.locator("input[value=mostly-true]")).to_be_checked()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != first)

    assert "/work/claims/" in page.url or "/queue" in page.url
    page.goto(first)
    expect(page.locator("main")).to_contain_text("Mostly true")


def test_what_was_typed_is_there_again_after_the_tab_was_closed(sign_in, accepted):
    page = sign_in("mina")
    page.goto(f"/work/claims/{accepted[0]}")
    page.get_by_role("button", name="Ask for a seat").click()
    page.locator("#rationale").fill("Half a thought")
    expect(page.locator("#saved")).to_contain_text("Saved", timeout=15_000)
    page.goto("about:blank")
    page.goto(f"/work/claims/{accepted[0]}")

    expect(page.locator("#rationale")).to_have_value("Half a thought")
