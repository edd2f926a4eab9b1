"""Decisions: what readers are told of a claim, and opening it again."""

from __future__ import annotations

from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, OVERSEES, Asked, call
from factcheck.api.cursors import PageQuery, page_of_all
from factcheck.api.queries import shown
from factcheck.api.shapes.claims import ClaimShown
from factcheck.api.shapes.decisions import (
    DecisionPage,
    DecisionShown,
    NewDecision,
    decision_shown,
)
from factcheck.api.shapes.reviews import Withdrawn, cited
from factcheck.claims.queries import claim as claim_of
from factcheck.decisions.actions import decide_claim, reopen_claim
from factcheck.decisions.queries import chain_of, sources_of
from factcheck.decisions.rules import VerdictWords


@call("POST", "/claims/{id}/decision", EDITS, body=NewDecision, answer=DecisionShown, status=201)
def decide(session: Session, asked: Asked[NewDecision]) -> DecisionShown:
    """Make a claim ready: approve what its reviews agree on, settle a dispute, or supersede.

    The rating is one that the agreement allows; a dispute needs `reasons`, and may be left open by
    `disagree`: readers are told that reviewers disagree, with all sides. Refused (403) for who
    reviewed the claim in that round. On a claim already ready the new decision supersedes the old.
    Of a sensitive claim the first editor's words are not `in_force` until another gives the same.
    """
    given = asked.given
    words = VerdictWords(
        rating=given.rating,
        summary=given.summary,
        sources=None if given.sources is UNSET else cited(given.sources),
        as_of=given.as_of or None,
        since_then=given.since_then,
        reasons=given.reasons,
    )
    claim = claim_of(session, asked.id)
    decision = decide_claim(session, claim, words, actor=asked.person, now=asked.now)
    return decision_shown(decision, shown(session, claim), sources_of(session, decision))


@call("GET", "/claims/{id}/decisions", OVERSEES, query=PageQuery, answer=DecisionPage)
def list_decisions(session: Session, asked: Asked[PageQuery]) -> DecisionPage:
    """List all that was decided of a claim, the oldest first; the last in force stands.

    With words that one editor signed and a second has not.
    """
    claim = claim_of(session, asked.id)
    numbered = enumerate(chain_of(session, claim))
    items, following = page_of_all(numbered, asked.given, lambda one: (one[0],))
    now = shown(session, claim)
    return DecisionPage(
        [decision_shown(one.decision, now, list(one.sources)) for _number, one in items], following
    )


@call("POST", "/claims/{id}/reopen", EDITS, body=Withdrawn, answer=ClaimShown)
def reopen(session: Session, asked: Asked[Withdrawn]) -> ClaimShown:
    """Open a decided, disputed or ready claim for a new round; what was decided stays on record."""
    claim = claim_of(session, asked.id)
    reopen_claim(session, claim, asked.given.reason, actor=asked.person, now=asked.now)
    return shown(session, claim)
