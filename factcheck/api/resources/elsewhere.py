"""Verdicts that changed and that claims of other articles rest on."""

from __future__ import annotations

import msgspec
from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, OVERSEES, Asked, call
from factcheck.api.cursors import PageQuery, page_of_all
from factcheck.api.queries import shown
from factcheck.api.shapes.claims import ClaimShown
from factcheck.api.shapes.fields import Id
from factcheck.articles.queries import article as article_of
from factcheck.claims.queries import claim as claim_of
from factcheck.editions import elsewhere
from factcheck.editions.elsewhere import Changed


class RestingClaim(msgspec.Struct, forbid_unknown_fields=True):
    """A claim elsewhere that was put aside as the same; `is_left`: an editor left it so since."""

    claim: str
    restated: str
    article: str
    is_left: bool


class VerdictChanged(msgspec.Struct, forbid_unknown_fields=True):
    """A claim whose verdict changed with an edition, from which to which, and who rests on it."""

    claim: str
    restated: str
    edition: int
    was: str
    now: str
    resting: list[RestingClaim]


class ChangedPage(msgspec.Struct, forbid_unknown_fields=True):
    """The claims of an article whose verdict changed and stands for others elsewhere."""

    items: list[VerdictChanged]
    next: str | None


class RestingDecided(msgspec.Struct, forbid_unknown_fields=True):
    """A claim elsewhere: is it taken up, to be checked by itself, or left as it is."""

    claim: Id
    takes_up: bool


@call("GET", "/articles/{id}/elsewhere", OVERSEES, query=PageQuery, answer=ChangedPage)
def list_elsewhere(session: Session, asked: Asked[PageQuery]) -> ChangedPage:
    """List an article's claims whose verdict changed, with the claims elsewhere that rest on it."""
    found = elsewhere.changed_verdicts(session, article_of(session, asked.id))
    items, following = page_of_all(enumerate(found), asked.given, lambda one: (one[0],))
    return ChangedPage([_shown(one) for _number, one in items], following)


@call("POST", "/articles/{id}/elsewhere", EDITS, body=RestingDecided, answer=ClaimShown)
def decide_elsewhere(session: Session, asked: Asked[RestingDecided]) -> ClaimShown:
    """Have a claim elsewhere checked by itself, or leave it resting on the verdict that changed.

    Refused (409) where it does not rest on one of this article, or was decided on.
    """
    claim = claim_of(session, asked.given.claim)
    elsewhere.decide(
        session, article_of(session, asked.id), claim, takes_up=asked.given.takes_up,
        actor=asked.person, now=asked.now,
    )  # fmt: skip
    return shown(session, claim)


def _shown(one: Changed) -> VerdictChanged:
    resting = [
        RestingClaim(
            claim.public_id, claim.restated, claim.article.public_id, claim.public_id in one.left
        )
        for claim in one.same
    ]
    return VerdictChanged(
        one.claim.public_id, one.claim.restated, one.edition.number,
        one.change["from"], one.change["to"], resting,
    )  # fmt: skip
