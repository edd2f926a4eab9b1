"""Whether readers are told of a claim what no longer stands: one rule, wherever either changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy.orm import Session

from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.decisions.models import Decision
from factcheck.decisions.queries import decisions_by_claim, decisions_by_id, sources_by_decision


def mark(session: Session, claims: Collection[Claim]) -> None:
    """Note which of some held claims are to be corrected.

    Those are ready, and their verdict in force says something else than the one that readers are
    told. That readers are told anything of them was noted before (`Claim.told_decision_id`).
    """
    told = {
        one.id: one.told_decision_id for one in claims
        if one.state == State.READY and one.told_decision_id is not None
    }  # fmt: skip
    newest = {
        claim_id: found[-1]
        for claim_id, found in (decisions_by_claim(session, told) if told else {}).items()
        if found and found[-1].id != told[claim_id]
    }
    older = decisions_by_id(session, {told[claim_id] for claim_id in newest})
    says = _said(session, [*older, *newest.values()])
    for claim in claims:
        now = newest.get(claim.id)
        claim.to_correct = now is not None and says.get(told[claim.id]) != says[now.id]
    session.flush()


def _said(session: Session, decisions: Sequence[Decision]) -> dict[int, list[Any]]:
    """Return what readers are told by each decision, by its key.

    Which copies are kept of the sources is left out, as it is where editions are compared.
    """
    sources = sources_by_decision(session, [one.id for one in decisions]) if decisions else {}
    return {
        one.id: [
            one.rating, one.summary, one.reasons, one.as_of, one.since_then,
            [(by.source_id, by.stance, by.title, by.quote, by.archive_url)
             for by in sources[one.id]],
        ]
        for one in decisions
    }  # fmt: skip
