"""The pictures renew themselves in a real browser, without a reload and without a word."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect, sync_playwright

from factcheck.articles.models import Article
from factcheck.db import writing
from tests import browser
from tests.accounts.factories import PASSWORD, make_person
from tests.claims.factories import make_article, make_claim
from tests.desk.test_triage_script import serving

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
A_MINUTE = 61_000  # ms


def test_figures_are_renewed_each_minute_and_what_is_open_stays_open(app):
    with app.app_context(), writing() as session:
        make_person(session, "editor", email="ed@factcheck.example", password=PASSWORD)
        article = make_article(session)
        make_claim(session, article, "nine to four", "accepted")
        key = article.id
    with serving(app) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser.found(), args=["--no-sandbox"]
        )
        page = chromium.new_page(base_url=address)
        broken = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        fetched = []
        page.on("request", lambda one: one.resource_type == "fetch" and fetched.append(one.url))
        page.goto("/sign-in")
        page.fill("[name=email]", "ed@factcheck.example")
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url(lambda address: "sign-in" not in address)
        page.clock.install()
        page.goto("/desk/pictures")
        told = page.locator("#pictures > p").first
        expect(told).to_contain_text("1 claim waits for reviews.")
        page.evaluate("window.same = true")
        page.locator("#d-funnel summary").click()
        _accept_another(app, key)
        page.clock.run_for(A_MINUTE)
        assert fetched == []  # the keyboard is in it
        page.locator("#d-funnel summary").blur()
        page.clock.run_for(A_MINUTE)
        expect(told).to_contain_text("2 claims wait for reviews.")
        expect(page.locator("#d-funnel")).to_have_attribute("open", "")
        assert page.evaluate("window.same")
        assert (
            page.locator("#pictures [aria-live]:not([aria-live=off]), [role=status]").count() == 0
        )
        assert broken == []
        chromium.close()


def _accept_another(app, article_id):
    with app.app_context(), writing() as session:
        make_claim(session, session.get_one(Article, article_id), "in 2024", "accepted")
