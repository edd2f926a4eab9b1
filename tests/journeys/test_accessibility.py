"""axe finds nothing on any page, light and dark, wide and narrow; nothing scrolls sideways."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import PASSWORD
from tests.journeys.post import POST
from tests.journeys.test_whole_path import accept_the_first, decide, import_post, publish, review
from tests.text.pdfs import pdf_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
LOOKS = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]


@pytest.fixture(scope="module")
def path(service, browser):
    """An article with an edition: a claim with a verdict, a decided one, an open one and one on
    which reviewers disagree: (slug, ids); the last id is of a webhook."""

    def page_of(name):
        page = browser.new_context(base_url=service.url).new_page()
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill(f"{name}@factcheck.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    editor = page_of("ada")
    import_post(editor, POST, "To be looked at")
    slug = editor.url.split("/work/articles/")[1].split("?")[0].split("#")[0]
    ids = accept_the_first(editor, 4)
    for name, side in (("bram", "true"), ("mina", "false"), ("teo", "unproven")):
        page = page_of(name)
        if name != "teo":
            review(page, ids[0], "misleading")
            review(page, ids[1], "true")
        review(page, ids[3], side)
    decide(editor, ids[0], "misleading")
    decide(editor, ids[3], "disagree", reasons="Two books, kept with the same care.")
    publish(editor, slug)
    return slug, [*ids, webhook(page_of("noor"), f"{service.url}/none/")]


def webhook(page, url):
    """Have an address of the service itself told of what it does, and return the endpoint's id."""
    page.goto("/admin/webhooks")
    page.get_by_label("Address").fill(url)
    page.get_by_label("A published verdict changes").check()
    page.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Send a test").click()
    page.wait_for_url("**/admin/webhooks/*")
    return page.url.rpartition("/")[2]


PUBLIC = ("/", "/articles/{slug}/", "/articles/{slug}/editions/1/", "/articles/{slug}/claims/{0}/",
          "/articles/{slug}/claims/{0}/card/", "/articles/{slug}/claims/{3}/",
          "/articles/{slug}/claims/{3}/card/", "/corrections/", "/articles/{slug}/embed/",
          "/search?q=ferry", "/none/",
          "/request", "/appeal?claim={0}",
          "/follow", "/follow?article={slug}", "/follow/asked", "/follow/stop/nonsense",
          "/method/", "/about/", "/contact/", "/complaints/", "/look-up/",
          "/page/1/", "/sign-in", "/nothing-here", "/api/v1/docs")  # fmt: skip
WORK = {
    "teo": ("/queue", "/practice", "/practice/fire-station", "/work/claims/{2}", "/work/claims/{1}",
            "/work/claims/{2}/copies", "/account", "/account/work",
            "/work/articles", "/notices", "/account/notices", "/help/reviewing"),
    "ada": ("/desk", "/desk/pictures", "/desk/deadlines", "/desk/claims?state=accepted",
            "/desk/inbox", "/desk/people", "/desk/stuck", "/desk/stuck/{1}", "/work/import",
            "/desk/exports", "/desk/pictures?article={slug}", "/desk/search?q=harbour",
            "/desk/questions", "/desk/gold", "/desk/policies", "/desk/corrections", "/desk/leases",
            "/work/articles/{slug}",
            "/work/articles/{slug}/publish", "/work/claims/{1}/decide",
            "/work/claims/{3}/decide", "/work/claims/{3}/copies/deciding",
            "/work/claims/{0}/reply", "/work/claims/{0}", "/work/claims/{2}", "/desk/sources",
            "/desk/sources?url=https://archive.example/a"),
    "noor": ("/admin", "/admin/events", "/admin/pages", "/admin/pages/about", "/admin/look",
             "/admin/look/preview", "/admin/webhooks", "/admin/webhooks/{4}"),
}  # fmt: skip


def problems(page, address: str) -> list[str]:
    page.goto(address)
    found = [
        f"{address}: {one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in Axe().run(page).response["violations"]
    ]
    width = page.viewport_size["width"]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append(f"{address}: it scrolls sideways at {width} px")
    return found


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_readers_pages(service, browser, path, width, scheme):
    slug, ids = path
    context = browser.new_context(
        base_url=service.url, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page = context.new_page()
    found = [one for address in PUBLIC for one in problems(page, address.format(*ids, slug=slug))]
    context.close()

    assert found == []


def test_on_paper_notes_follow_the_text_and_addresses_are_written_out(service, browser, path):
    slug, ids = path
    page = browser.new_context(
        base_url=service.url, viewport={"width": 700, "height": 900}
    ).new_page()
    page.emulate_media(media="print")
    page.goto(f"/articles/{slug}/")
    tops = "(all) => all.map((one) => one.getBoundingClientRect().top)"
    text = page.locator(".passage > p").evaluate_all(tops)
    notes = page.locator(".note").evaluate_all(tops)
    assert notes == sorted(notes)
    assert max(text) < notes[0]
    assert page.locator(".note").first.is_visible()
    page.goto(f"/articles/{slug}/claims/{ids[0]}/")
    link = page.locator(".sources a[data-originalurl]").first
    said = link.evaluate("(one) => getComputedStyle(one, '::after').content")
    assert link.get_attribute("data-originalurl") in said
    assert ":~:" not in said
    page.context.close()


@pytest.mark.parametrize("name", WORK)
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_of_people_who_work_here(sign_in, path, name, width, scheme):
    slug, ids = path
    page = sign_in(name, viewport={"width": width, "height": 900}, color_scheme=scheme)
    found = [
        one for address in WORK[name] for one in problems(page, address.format(*ids, slug=slug))
    ]

    assert found == []


def test_what_an_editor_does_where_they_decide_can_be_done_on_a_phone(sign_in, path):
    _slug, ids = path
    page = sign_in("ada", viewport={"width": 360, "height": 900})
    decide = f"/work/claims/{ids[3]}/decide"
    page.goto(decide)
    page.get_by_label("A remark").fill("It names somebody.")
    page.get_by_role("button", name="Send it").click()
    for summary, label, button in (
        ("Hide", "Why, shown in its place", "Hide the remark"),
        ("Show it again", "Why, shown with it", "Show the remark again"),
    ):
        page.locator("summary", has_text=summary).first.click()
        page.get_by_label(label).fill(f"{summary}: so.")
        page.get_by_role("button", name=button).click()
        page.wait_for_url(f"**{decide}#comment-*")
    assert page.get_by_text("Shown again: Show it again: so.").is_visible()
    assert page.get_by_role("paragraph").filter(has_text="It names somebody.").is_visible()

    page.get_by_role("link", name="Give a copy by hand").click()
    page.locator("input[name=source]").first.check()
    file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": pdf_of("A", "Built 1923.")}
    page.get_by_label("Or a file").set_input_files(file)
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url(f"**{decide}#sources")
    assert page.get_by_text("A file that an editor uploaded").first.is_visible()
    assert problems(page, decide) == []
