"""Gold claims: which there are, adding one, retiring one. For editors, who are never dealt them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from factcheck.api.calls import ADMINISTERS, EDITS, OVERSEES, Asked, call
from factcheck.api.cursors import PageQuery, key_of, page
from factcheck.api.shapes.gold import (
    GoldClaim,
    GoldPage,
    GoldRateShown,
    NewGold,
    Retiring,
    gold_shown,
)
from factcheck.claims.queries import claim as claim_of
from factcheck.reviews import gold


@call("GET", "/gold", OVERSEES, query=PageQuery, answer=GoldPage)
def list_gold(session: Session, asked: Asked[PageQuery]) -> GoldPage:
    """List the gold claims, and how they were answered all together.

    Who gave which answer is told nobody; how often somebody is right stands in `GET /desk`.
    """
    key = key_of(asked.given.cursor, int)
    limit = asked.given.limit
    found = gold.gold_claims(session, before=key[0] if key else None, limit=limit + 1)
    items, following = page(found, limit, lambda one: [one.answer.id])
    return GoldPage([gold_shown(one) for one in items], following, gold.one_in(session))


@call("POST", "/gold/rate", ADMINISTERS, body=GoldRateShown, answer=GoldRateShown)
def set_gold_rate(session: Session, asked: Asked[GoldRateShown]) -> GoldRateShown:
    """Set of how many claims dealt one is a gold claim; 0: none is dealt."""
    gold.set_rate(session, asked.given.one_in, actor=asked.person, now=asked.now)
    return asked.given


@call("POST", "/claims/{id}/gold", EDITS, body=NewGold, answer=GoldClaim, status=201)
def make_gold(session: Session, asked: Asked[NewGold]) -> GoldClaim:
    """Make an accepted claim that nobody reviewed a gold claim.

    It is dealt unseen among the others; what is answered decides nothing.
    """
    given, claim = asked.given, claim_of(session, asked.id)
    answer = gold.make_gold(
        session, claim, given.rating, given.reasons, actor=asked.person, now=asked.now
    )
    return gold_shown(gold.gold_claim(session, answer))


@call("POST", "/claims/{id}/gold/retire", EDITS, body=Retiring, answer=GoldClaim)
def retire_gold(session: Session, asked: Asked[Retiring]) -> GoldClaim:
    """End a gold claim, which is then reviewed as any other; or say that its answer was wrong.

    The latter can be said of one that was retired before, too.
    """
    claim, counts = claim_of(session, asked.id), asked.given.counts
    answer = gold.retire(session, claim, counts=counts, actor=asked.person, now=asked.now)
    session.flush()
    return gold_shown(gold.gold_claim(session, answer))
