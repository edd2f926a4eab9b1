"""The triage page of one article as a browser without scripts sees it: its forms, what they do."""

from __future__ import annotations

import re
from contextlib import contextmanager

from factcheck.claims.queries import claim as claim_by_id
from factcheck.claims.queries import wrong_counters
from factcheck.db import writing
from tests.web.client import form_token

SLUG = "the-harbour-of-ostrava"
PLACE = f"/work/articles/{SLUG}"
WORDS = "The ferry carried 412,000 passengers in 2024"


@contextmanager
def stored(app):
    """Give a session to look at what is stored."""
    with app.app_context(), writing() as session:
        yield session


def in_hand(client, claim):
    """Return the fields of the claim's form as the page gives them."""
    page = client.get(f"{PLACE}?claim={claim}").text
    form = page.partition('<form id="hand"')[2].partition("</form>")[0]
    version = re.search(r'name="version" value="(\d+)"', form)[1]
    restated = re.search(r"<textarea[^>]*>(.*?)</textarea>", form, re.DOTALL)[1]
    return {
        "csrf_token": form_token(page), "version": version, "restated": restated, "priority": "1",
        "policy": "", "claimant": "", "has-sensitive": "1", "least": "0.5",
    }  # fmt: skip


def press(client, claim, do, **fields):
    return client.post(f"{PLACE}/claims/{claim}", data=in_hand(client, claim) | fields | {"do": do})


def of(app, claim, *names):
    with stored(app) as session:
        found = claim_by_id(session, claim)
        assert not wrong_counters(session)
        return tuple(getattr(found, name) for name in names)
