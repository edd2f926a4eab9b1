"""Pages in other languages: no string was forgotten, and all of it can run from the right."""

from __future__ import annotations

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from factcheck import languages
from tests import pseudo
from tests.waiting import wait_for, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PUBLIC = ("/", "/none/", "{article}", "{claim}", "{claim}card/", "{article}embed/", "/corrections/",
          "/method/", "/about/", "/contact/", "/look-up/", "/search?q=water", "/request", "/follow",
          "/follow/asked")  # fmt: skip
WORK = {
    "reviewer": ("/queue", "/practice", "/practice/fire-station", "/account", "/account/work",
                 "/work/articles", "/notices", "/account/notices"),
    "editor": ("/desk", "/desk/claims?state=accepted", "/desk/inbox", "/desk/people",
               "/work/import", "/desk/questions", "{work}", "{work}/publish", "/desk/sources"),
    "admin": ("/admin", "/admin/events", "/admin/pages", "/admin/pages/about", "/admin/look"),
}  # fmt: skip
# Of a page's own text and of what is read out, all that stands outside of the brackets.
OUTSIDE = """([open, close]) => {
  const found = [];
  const outside = (text, depth) => {
    let rest = "";
    for (const sign of text) {
      if (sign === close) depth--;
      if (depth === 0 && sign !== close && sign !== open) rest += sign;
      if (sign === open) depth++;
    }
    if (rest.trim()) found.push(rest.trim().replace(/\\s+/g, " "));
    return depth;
  };
  const own = document.documentElement.lang;
  const isData = (one) =>
    one.closest("script, style, noscript, code, kbd, textarea, bdi") ||
    one.closest("[lang]").lang !== own || one.closest("[dir]").dir === "auto";
  let depth = 0;
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); )
    if (!isData(node.parentElement)) depth = outside(node.data, depth);
  for (const name of ["aria-label", "alt", "title", "placeholder"])
    for (const one of document.querySelectorAll(`[${name}]`))
      if (!isData(one)) outside(one.getAttribute(name), 0);
  return found;
}"""
NO_WORDS = re.compile(r"\S+@\S+|\w[\w-]*(?:\.\w[\w-]*)+|https?://\S+|/[\w/-]+|[\w-]*\d[\w-]*")
WORDS = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]+)*")
MONTHS = {"januaro", "februaro", "marto", "aprilo", "majo", "junio", "julio", "aŭgusto",
          "septembro", "oktobro", "novembro", "decembro", "utc",
          "sekundoj", "minutoj", "horoj", "tagoj"}  # fmt: skip
NAMES = {"factcheck", "English", "Esperanto", "PNG", "WebP", "JSON", "PDF", "CSV", "API",
         "ClaimReview", "Web Annotations", "Atom", "JSON Feed"}  # fmt: skip


@dataclass(frozen=True)
class Demo:
    """The service with its demo, who can sign in, and where what is looked at stands."""

    url: str
    data: Path
    people: dict[str, tuple[str, str]]  # address and password by role
    places: dict[str, str]

    def known_words(self) -> str:
        """Return all that people wrote, as the database has it."""
        found = []
        with sqlite3.connect(self.data / "factcheck.sqlite3") as database:
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
                if not table.startswith(("search_words", "sqlite", "alembic")):
                    for row in database.execute(f'SELECT * FROM "{table}"'):
                        found += [_plain(value) for value in row if isinstance(value, str)]
        return " ".join(" ".join(found).split())


def _plain(value: str) -> str:
    """Return the words in a value, also where it is JSON."""
    try:
        return json.dumps(json.loads(value), ensure_ascii=False).replace("\\n", " ")
    except ValueError:
        return value


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The service with its demo, in the languages that ship and the one for tests."""
    folder, data = tmp_path_factory.mktemp("translations"), tmp_path_factory.mktemp("data")
    pseudo.write_translations(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"FACTCHECK_DATA": str(data), "PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.pseudo", str(folder), "serve", "--demo"], env=environment,
        stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        yield _looked_at(f"http://127.0.0.1:{port}", data)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _looked_at(url: str, data: Path) -> Demo:
    people = {}
    for line in (data / "first-sign-in.txt").read_text().splitlines():
        role, address, password = line.split()
        people.setdefault(role, (address, password))
    claim = next((data / "site" / "articles").glob("*/claims/*/card/index.html")).parents[1]
    slug = claim.parents[1].name
    places = {"article": f"/articles/{slug}/", "claim": f"/articles/{slug}/claims/{claim.name}/",
              "work": f"/work/articles/{slug}"}  # fmt: skip
    return Demo(url, data, people, places)


Enter = Callable[..., Page]


@pytest.fixture
def enter(demo: Demo, browser: Browser) -> Iterator[Enter]:
    """How to get a page of a browser that asks for a language, signed in by a role or not."""
    contexts = []

    def entered(locale: str, role: str = "", **options: object) -> Page:
        context = browser.new_context(base_url=demo.url, locale=locale, **options)
        contexts.append(context)
        page = context.new_page()
        if role:
            email, password = demo.people[role]
            page.goto("/sign-in")
            page.locator("input[name=email]").fill(email)
            page.locator("input[name=password]").fill(password)
            page.locator("main button[type=submit], main button").first.click()
            page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield entered
    for context in contexts:
        context.close()


def publish_in(page: Page, demo: Demo, language: str) -> None:
    """Have the site made in a language, by the page of an admin, and wait until it is."""
    page.goto("/admin/look")
    form = page.locator("form[action$='/look/language']")
    form.locator("select").select_option(language)
    form.locator("button").click()
    page.wait_for_url("**/admin/look?done=language")
    tag = f'<html lang="{language}"'
    wait_until(lambda: tag in page.request.get(demo.places["claim"]).text())


def _is_month(word: str) -> bool:
    return any(month.startswith(word.lower()) for month in MONTHS)


def forgotten(page: Page, addresses: list[str], known: str) -> list[str]:
    """Return what these pages say in English that is no data."""
    found = []
    for address in addresses:
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == pseudo.LANGUAGE, address
        for text in page.evaluate(OUTSIDE, [pseudo.OPEN, pseudo.CLOSE]):
            if text in known and " " in text:
                continue
            words = WORDS.findall(NO_WORDS.sub(" ", text))
            odd = [
                one for one in words if one not in known and one not in NAMES and not _is_month(one)
            ]
            found += [f"{address}: {text[:80]}"] if odd else []
    return found


def test_no_string_was_forgotten(demo, enter):
    publish_in(enter("en", "admin"), demo, pseudo.LANGUAGE)
    known = demo.known_words()
    found = forgotten(enter("en"), [one.format(**demo.places) for one in PUBLIC], known)
    found += forgotten(enter(pseudo.LANGUAGE), ["/sign-in", "/nothing/here"], known)
    for role, addresses in WORK.items():
        page = enter(pseudo.LANGUAGE, role)
        found += forgotten(page, [one.format(**demo.places) for one in addresses], known)

    assert not found, "\n".join(found)


@pytest.mark.skipif("ar" not in languages.known(), reason="there is no Arabic catalogue here")
def test_pages_in_arabic_run_from_the_right_and_fit(demo, enter):
    options = {"viewport": {"width": 320, "height": 800}}
    publish_in(enter("en", "admin"), demo, "ar")
    reader, editor = enter("en", **options), enter("ar", "editor", **options)
    found = [
        problem
        for page, addresses in (
            (reader, ("/", "{article}", "{claim}", "/method/", "/search?q=water")),
            (editor, ("/desk", "{work}", "/account")),
        )
        for address in addresses
        for problem in problems(page, address.format(**demo.places))
    ]

    assert not found, "\n".join(found)
    reader.goto(demo.places["article"])
    assert reader.locator("article.prose").get_attribute("dir") == "ltr"
    assert reader.locator("article.prose").get_attribute("lang") == "en"


def problems(page: Page, address: str) -> list[str]:
    page.goto(address)
    found = [
        f"{address}: {one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in Axe().run(page).response["violations"]
    ]
    if page.locator("html").get_attribute("dir") != "rtl":
        found.append(f"{address}: it does not run from the right")
    if page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]:
        found.append(f"{address}: it scrolls sideways")
    return found
