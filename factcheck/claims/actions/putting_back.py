"""How claims stand, as plain values, and putting one back as it stood: what undoing is made of.

A claim's words are one value: edges, restated form and score belong together, and whoever changed
one of them since meant it with the others before their eyes. State, why it is dismissed and where
its address leads are one as well, since the lifecycle moves them together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.claims.actions.edits import WORDING, check_free, edit_claim
from factcheck.claims.actions.filing import tag_claim
from factcheck.claims.actions.states import change_state
from factcheck.claims.facets import Facet, values_by_claim
from factcheck.claims.models import Claim
from factcheck.claims.rules import State, Verb, verbs_between

Stand = dict[str, Any]
"""How a claim stands, as JSON keeps it; see `stand_of`."""

WORDS, STATE, TAGS = "words", "state", "tags"
_HANDLING = {"claimant": "claimant", "priority": "priority", "policy": "policy_key",
             "sensitive": "sensitive"}  # fmt: skip


def stands_of(session: Session, claims: Collection[Claim]) -> dict[str, Stand]:
    """Return how claims stand, by public id, in one query."""
    session.flush()
    tags = values_by_claim(session, [claim.id for claim in claims], Facet.TAG)
    return {claim.public_id: stand_of(claim) | {TAGS: tags[claim.id]} for claim in claims}


def stand_of(claim: Claim) -> Stand:
    """Return how a claim stands, its tags aside."""
    words = [claim.revision_id, claim.start, claim.end, claim.restated, claim.score,
             list(claim.reasons), claim.anchor]  # fmt: skip
    if claim.start is None:  # gone from the text, which does not give them any more
        words += [claim.quote, claim.prefix, claim.suffix]
    handling = {key: getattr(claim, column) for key, column in _HANDLING.items()}
    state = [claim.state, claim.dismissal, claim.same_as_id, claim.merged_into_id]
    return {WORDS: words, **handling, STATE: state}


def put_back(
    session: Session, claim: Claim, stand: Mapping[str, Any], *, actor: Person | None,
    now: datetime,
) -> frozenset[str]:  # fmt: skip
    """Give a claim that is held these words, handling and tags; return what is different now.

    The words are of the revision that it is on. What `stand` leaves out, and the state, stays.
    Raises AlreadyClaimed where the words became another claim meanwhile.
    """
    changes = {key: stand[key] for key in _HANDLING if key in stand}
    if WORDS not in stand:
        different = edit_claim(session, claim, changes, version=None, actor=actor, now=now)
    else:
        different = _put_back_words(session, claim, stand[WORDS], changes, actor=actor, now=now)
    if TAGS in stand:
        tag_claim(session, claim, stand[TAGS], actor=actor, now=now)
    return different


def _put_back_words(
    session: Session, claim: Claim, words: list[Any], changes: dict[str, Any], *,
    actor: Person | None, now: datetime,
) -> frozenset[str]:  # fmt: skip
    """Make the changes, and give the claim its words to the letter: an edit scores them anew."""
    _, start, end, restated, score, reasons, anchor, *gone = words
    if not gone:
        changes |= {"start": start, "end": end, "restated": restated}
    different = edit_claim(session, claim, changes, version=None, actor=actor, now=now)
    if gone:
        claim.start = claim.end = None
        claim.quote, claim.prefix, claim.suffix = gone
    if claim.anchor != anchor and not different:
        claim.version += 1
        record(session, "claim.edited", claim.public_id, actor=actor, now=now,
               before={"anchor": claim.anchor}, after={"anchor": anchor})  # fmt: skip
    claim.restated, claim.score, claim.reasons, claim.anchor = restated, score, reasons, anchor
    return different | WORDING if gone else different


def bring_back(
    session: Session, claim: Claim, state: list[Any], *, actor: Person | None, now: datetime
) -> None:
    """Take a claim that is held to a state as `stand_of` gives it, by the verbs of the lifecycle.

    Raises WrongState where no verb of triage leads there, AlreadyClaimed where a claim that comes
    to life again has the very words of another.
    """
    wanted, dismissal, same_as_id, merged_into_id = state
    if claim.state == State.DISMISSED and wanted != State.DISMISSED and claim.start is not None:
        check_free(session, claim.article_id, claim.start, claim.end or 0, but=claim)
    for verb in verbs_between(State(claim.state), State(wanted)):
        ends = verb is Verb.DISMISS
        same_as = session.get_one(Claim, same_as_id) if ends and same_as_id else None
        change_state(
            session, claim, verb, actor=actor, now=now,
            dismissal=dismissal if ends else None, same_as=same_as,
        )  # fmt: skip
    claim.merged_into = session.get_one(Claim, merged_into_id) if merged_into_id else None
