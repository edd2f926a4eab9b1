"""What a submission costs: its statements are counted, since a clock says little in a test."""

from __future__ import annotations

from random import Random
from urllib.parse import urlsplit

import pytest

from factcheck.db import writing
from factcheck.reviews import dealing
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.reviews.pages import WHOLE, statements
from tests.web.client import form_token, signed_in

WORDS = ["The ferry carried 412,000 people.", "The port has nine cranes.", "It opened in 1907."]
MOST = 30  # without the look-up of the session
MOST_THAT_CLOSE = 60  # the words that editors seek are put into four indexes as it closes


@pytest.fixture
def clients(app, monkeypatch):
    """Two reviewers, each with the token of their forms and the page of a claim that was dealt."""
    monkeypatch.setattr(dealing, "_draw", Random(1))
    with app.app_context(), writing() as session:
        article = make_article(session, " ".join(WORDS))
        for one in WORDS:
            make_claim(session, article, one, state="accepted")
        emails = [make_person(session).email for _ in range(2)]
    return [Browser(app, email) for email in emails]


class Browser:
    """A reviewer who goes from claim to claim as each answer leads them."""

    def __init__(self, app, email: str) -> None:
        self.client = signed_in(app, email)
        self.token = form_token(self.client.get("/queue").text)
        self.page = self.post("/queue/next", {})

    def post(self, page: str, data: dict[str, str]) -> str:
        answer = self.client.post(page, data={"csrf_token": self.token, **data})
        assert answer.status_code == 302
        return urlsplit(answer.location).path

    def submit(self) -> None:
        self.page = self.post(self.page, WHOLE | {"do": "submit", "rating": "true"})


def test_a_submission_with_the_next_deal_takes_few_statements(app, clients):
    counts = []
    for one in clients * 2:
        with statements(app) as seen:
            one.submit()
        closes = any("INTO decisions" in each for each in seen)
        counts.append((closes, sum("sign_in_sessions" not in each for each in seen)))

    assert {closes for closes, _count in counts} == {True, False}
    for closes, count in counts:
        assert count <= (MOST_THAT_CLOSE if closes else MOST), counts
