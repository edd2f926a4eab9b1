"""An article in triage, and who works on it."""

from __future__ import annotations

import pytest

from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.desk.triage_page import stored
from tests.web.client import signed_in


@pytest.fixture
def article_with(app):
    """Make the article with claims of some words, each in a state; return their ids."""

    def make(*claims, **details):
        with stored(app) as session:
            article = make_article(session, **details)
            return [
                make_claim(session, article, words, state, score=score).public_id
                for words, state, score in claims
            ]

    return make


@pytest.fixture
def editor(app):
    with stored(app) as session:
        make_person(session, "editor", email="ed@factcheck.example")
    return signed_in(app, "ed@factcheck.example")


@pytest.fixture
def reviewer(app):
    with stored(app) as session:
        make_person(session, "reviewer", email="rev@factcheck.example", name="Rev")
    return signed_in(app, "rev@factcheck.example")
