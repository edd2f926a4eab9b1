"""A claim under review, and the people who act on its page."""

from __future__ import annotations

import pytest

from factcheck.db import writing
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.reviews.pages import QUOTE
from tests.web.client import signed_in


@pytest.fixture
def setting(app):
    """A claim under review, two reviewers and an editor: their addresses, and the claim's page."""
    with app.app_context(), writing() as session:
        article = make_article(session, published="2026-10-12", authors=["Ines Corrie"])
        claim = make_claim(session, article, QUOTE, state="accepted")
        people = [make_person(session) for _ in range(3)]
        editor = make_person(session, "editor", name="Edda")
        return {
            "page": f"/work/claims/{claim.public_id}",
            "claim": claim.id,
            "people": [person.email for person in people],
            "editor": editor.email,
        }


@pytest.fixture
def client(app, setting):
    return signed_in(app, setting["people"][0])
