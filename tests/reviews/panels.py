"""Panels for tests: drawn as the job does, and whoever sits on one."""

from __future__ import annotations

from factcheck.accounts.models import Person
from factcheck.claims.models import Claim
from factcheck.reviews.panels import keep_up
from factcheck.reviews.queries import open_round, seats_of
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW


def make_crowd_claim(session, people: int = 20, *, now=NOW, **article) -> Claim:
    """Return a claim under review whose reviewers are drawn, its panel drawn of so many people."""
    for _ in range(people):
        make_person(session)
    article = make_article(session, policy="crowd", **article)
    claim = make_claim(session, article, state="accepted")
    look_after(session, claim, now=now)
    return claim


def look_after(session, claim: Claim, *, now=NOW) -> None:
    """Do all that the claim's panel needs at this moment."""
    while keep_up(session, claim, now=now):
        pass


def seated(session, claim: Claim) -> list[Person]:
    """Return those who were drawn and have not answered yet, by the number of their seats."""
    seats = seats_of(session, open_round(session, claim))
    return [seat.person for seat in seats if seat.person and seat.expires_at is not None]
