"""A post from paste to published page, in a browser, by four people; and what readers then get."""

from __future__ import annotations

import json
import re
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.post import POST

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def import_post(page: Page, text: str, title: str) -> None:
    page.goto("/work/import")
    page.get_by_label("Title").fill(title)
    page.locator("textarea[name=text]").fill(text)
    page.locator("select[name=ground]").select_option("own")
    page.get_by_role("button", name="Import it").click()
    page.wait_for_url(re.compile(r"/work/articles/"))
    expect(page.get_by_role("heading", name="Claims, by score")).to_be_visible()


def accept_the_first(page: Page, claims: int) -> list[str]:
    """Untick all but the first claims that are preselected, and accept those."""
    boxes = page.locator("input[type=checkbox][name=claim]:checked")
    ids = [boxes.nth(n).get_attribute("value") for n in range(boxes.count())]
    for claim_id in ids[claims:]:
        page.locator(f"input[name=claim][value='{claim_id}']").uncheck()
    page.get_by_role("button", name=re.compile("Accept all")).click()
    expect(page.locator(".page-head")).to_contain_text(f"{min(claims, len(ids))} accepted")
    return [str(claim_id) for claim_id in ids[:claims]]


def review(page: Page, claim_id: str, rating: str) -> None:
    page.goto(f"/work/claims/{claim_id}")
    ask = page.get_by_role("button", name="Ask for a seat")
    if ask.is_visible():  # "Submit and next" may have dealt it already
        ask.click()
    page.locator("[name=source-1-url]").fill("https://archive.example/a")
    page.locator("input[name=source-1-stance][value=supports]").check()
    page.locator(f"input[name=rating][value='{rating}']").check()
    page.get_by_label("Why", exact=True).fill("The archive has it [1].")
    page.locator("#submit").click()
    page.wait_for_url(lambda url: claim_id not in url)


def decide(page: Page, claim_id: str, rating: str, *, reasons: str = "") -> None:
    page.goto(f"/work/claims/{claim_id}/decide")
    page.locator(f"input[name=rating][value='{rating}']").check()
    page.locator("#summary").fill(f"The archive bears it out ({rating}).")
    if reasons:
        page.locator("#reasons").fill(reasons)
    page.locator("button.main[value=approve]").click()
    page.wait_for_load_state()


def publish(page: Page, slug: str) -> None:
    page.goto(f"/work/articles/{slug}/publish")
    page.get_by_role("button", name=re.compile("Publish edition")).click()
    expect(page.get_by_role("link", name="Edition 1")).to_be_visible()


def take_down_the_path(sign_in, text: str, title: str) -> tuple[str, list[str]]:
    """Take a post from paste to edition 1; return its slug and the ids of its claims."""
    editor = sign_in("ada")
    import_post(editor, text, title)
    slug = editor.url.rstrip("/").split("/")[-1].split("?")[0].split("#")[0]
    ids = accept_the_first(editor, 3)
    people = {name: sign_in(name) for name in ("bram", "mina", "teo")}
    for name in ("bram", "mina"):
        for claim_id in ids[:2]:
            review(people[name], claim_id, "true")
    for name, rating in (("bram", "true"), ("mina", "false"), ("teo", "mostly-false")):
        review(people[name], ids[2], rating)
    for claim_id in ids[:2]:
        decide(editor, claim_id, "true")
    decide(editor, ids[2], "false")
    publish(editor, slug)
    return slug, ids


def check_what_readers_get(reader: Page, service, slug: str, ids: list[str]) -> None:
    reader.goto(f"/articles/{slug}/")
    expect(reader.locator(".prose .claim").first).to_be_visible()
    expect(reader.get_by_role("heading", name="Claims in this article")).to_be_visible()
    assert reader.locator(".prose .ref").count() == 3
    reader.locator(".note-more a").first.click()
    expect(reader.get_by_role("heading", name="Sources")).to_be_visible()
    assert reader.context.cookies() == []
    with urllib.request.urlopen(f"{service.url}/articles/{slug}/annotations.jsonld") as answer:
        assert json.load(answer)["total"] == len(ids)
    assert service.command("verify", service.url).strip().endswith("signed.")


def test_a_post_goes_from_paste_to_published_by_four_people(service, sign_in, reader):
    slug, ids = take_down_the_path(sign_in, POST, "The mill")

    check_what_readers_get(reader, service, slug, ids)


def test_the_seed_post_goes_the_whole_way(service, sign_in, reader, shared):
    text = (shared / "seed_post.txt").read_text(encoding="utf-8")
    slug, ids = take_down_the_path(sign_in, text, "Kazakhstan: asking more")

    check_what_readers_get(reader, service, slug, ids)


def test_readers_need_no_script_and_no_sideways_scrolling_at_320_px(service, browser, sign_in):
    editor = sign_in("ada")
    import_post(editor, POST, "Narrow")
    slug = editor.url.split("/work/articles/")[1].split("?")[0].split("#")[0]
    ids = accept_the_first(editor, 1)
    for name in ("bram", "mina"):
        review(sign_in(name), ids[0], "mixed")
    decide(editor, ids[0], "mixed")
    publish(editor, slug)
    context = browser.new_context(
        base_url=service.url, viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"/articles/{slug}/")
    page.locator(".notes summary").first.click()

    expect(page.locator(".note").first).to_be_visible()
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["width"] <= 320
    context.close()
