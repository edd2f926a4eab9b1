"""Takes the pictures of the guides anew, from the journeys: `make pictures`.

It is no test by its name, so that the suite leaves it out: it writes into `docs/pictures/guides`.
Each picture is what a page shows after what the journey did, without loss, and small.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pysqlite3 import dbapi2 as sqlite

from tests.journeys.post import POST
from tests.journeys.test_whole_path import accept_the_first, decide, import_post, publish, review

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "guides"
LOOK = {"viewport": {"width": 960, "height": 720}, "color_scheme": "light"}
LARGEST_BYTES = 60_000
MORE = re.compile("41,000|1911|met mayor")  # claims that nobody has reviewed yet
SHIFT_S = 40 * 24 * 3600  # by which claims are made older, to be stuck

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def take(page: Page, name: str, height: int = 720) -> None:
    """Keep what the page shows, from its top or from where it was scrolled to."""
    page.set_viewport_size({"width": 960, "height": height})
    page.mouse.move(0, 0)
    shown = page.screenshot(animations="disabled", caret="hide")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(shown)) as picture:
        picture.convert("RGB").save(FOLDER / f"{name}.webp", lossless=True, quality=100, method=6)
    assert (FOLDER / f"{name}.webp").stat().st_size < LARGEST_BYTES, name


def answer(page: Page, claim_id: str, name: str) -> None:
    """Fill in a review, and take a picture before it is sent."""
    page.goto(f"/work/claims/{claim_id}")
    page.get_by_role("button", name="Ask for a seat").click()
    page.locator("[name=source-1-url]").fill("https://oss-archive.example/mill/accounts-2024")
    page.locator("input[name=source-1-stance][value=refutes]").check()
    page.locator("[name=source-1-quote]").fill("2.1 million crowns, 2019 to 2024")
    page.locator("input[name=rating][value='mostly-false']").check()
    page.get_by_label("Why", exact=True).fill(
        "The town’s accounts have 2.1 million crowns for the six years together [1]."
    )
    expect(page.locator("#saved")).to_contain_text("Saved", timeout=15_000)
    page.evaluate("scrollTo(0, 0)")
    take(page, name, 900)


def make_stuck(service, slug: str) -> None:
    """Make the claims of an article wait for long, as no journey has the time to."""
    with sqlite.connect(service.data / "factcheck.sqlite3") as database:
        for table in ("claims", "claim_facets"):
            database.execute(
                f"UPDATE {table} SET state_since_at = strftime('%Y-%m-%d %H:%M:%f000',"
                f" state_since_at, '-{SHIFT_S} seconds') WHERE state = 'accepted'"
                " AND " + ("id" if table == "claims" else "claim_id") + " IN (SELECT claims.id"
                " FROM claims JOIN articles ON articles.id = article_id WHERE slug = ?)", [slug],
            )  # fmt: skip


def profile(page: Page, languages: str, fields: str) -> None:
    page.goto("/account")
    page.locator("[name=languages]").fill(languages)
    page.locator("[name=fields]").fill(fields)
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_load_state()


def test_the_pictures_are_taken(service, sign_in):
    editor, bram, mina, teo = (sign_in(one, **LOOK) for one in ("ada", "bram", "mina", "teo"))
    teo.goto("/practice/fire-station")
    teo.locator("input[name=rating]").nth(0).check()
    teo.get_by_role("button", name="What do the authors say?").click()
    teo.evaluate("scrollTo(0, 0)")
    take(teo, "reviewing-practice")

    import_post(editor, POST.replace("\U0001f375 ", ""), "The mill: praising it, asking more")
    slug = editor.url.split("/work/articles/")[1].split("?")[0].split("#")[0]
    take(editor, "editing-triage", 800)
    ids = accept_the_first(editor, 3)
    answer(bram, ids[0], "reviewing-claim")
    bram.goto("/queue")
    take(bram, "reviewing-queue", 560)
    bram.goto(f"/work/claims/{ids[0]}")
    bram.locator("#submit").click()
    bram.wait_for_url(lambda url: ids[0] not in url)

    mina.goto(f"/work/claims/{ids[0]}")
    mina.get_by_role("button", name="Ask for a seat").click()
    mina.locator("#comments textarea").first.fill("Does “since 2019” count 2019 itself?")
    mina.get_by_role("button", name="Send it").click()
    mina.locator("#comments .said").scroll_into_view_if_needed()
    mina.evaluate("scrollBy(0, 200)")
    take(mina, "reviewing-question")

    review(mina, ids[0], "true")
    for page, rating in ((bram, "true"), (mina, "false")):
        review(page, ids[1], "true")
        review(page, ids[2], rating)
    for claim_id, rating in ((ids[0], "mostly-false"), (ids[2], "mixed")):
        review(teo, claim_id, rating)
    bram.goto("/account/work")
    take(bram, "reviewing-work", 640)

    editor.goto(f"/work/claims/{ids[2]}/decide")
    take(editor, "editing-decide", 900)
    decide(editor, ids[0], "mostly-false")
    decide(editor, ids[1], "true")
    editor.goto("/desk/claims?state=proposed")
    for box in editor.get_by_label(MORE).all():
        box.check()
    editor.get_by_role("button", name="Accept", exact=True).click()
    editor.get_by_role("button", name="Do it").click()
    editor.goto("/desk")
    take(editor, "editing-desk")
    editor.goto("/desk/claims?state=accepted")
    for box in editor.locator("input[name=claim]").all():
        box.check()
    editor.locator("[name=to_tag]").fill("local-government")
    take(editor, "editing-list", 800)
    editor.get_by_role("button", name="Add the tag").click()
    editor.get_by_role("button", name="Do it").click()
    profile(mina, "en de", "")
    profile(teo, "en", "local government, rail transport")
    make_stuck(service, slug)
    editor.goto("/desk/stuck")
    take(editor, "editing-stuck", 640)
    editor.goto(f"/work/articles/{slug}/publish")
    take(editor, "editing-publish", 640)
    publish(editor, slug)
