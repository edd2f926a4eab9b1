"""What the buttons of a claim in triage do: first what was typed is kept, then the verb.

Whichever button is pressed, the fields of the form come with it, so that nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from factcheck.accounts.models import Person
from factcheck.articles.queries import lock_article, revision
from factcheck.claims import actions
from factcheck.claims.actions.edits import WORDING
from factcheck.claims.models import Claim
from factcheck.claims.passages import moved_edge, snapped_edge
from factcheck.claims.queries import claim as claim_by_id
from factcheck.claims.queries import claims_of
from factcheck.decisions import cutting
from factcheck.desk.triage.page import claims_in, following
from factcheck.desk.triage.parts import part_at, parts_of
from factcheck.desk.triage.steps import Did, Made, keeping
from factcheck.failures import Invalid
from factcheck.reviews.actions import mark_wording_changed
from factcheck.reviews.rounds import check_policy_is_free
from factcheck.text.units import Unit
from factcheck.web.forms import parted

_EDGES = {
    "start-back": ("start", -1),
    "start-on": ("start", 1),
    "end-back": ("end", -1),
    "end-on": ("end", 1),
}
_DRAGGED = {"start-at": "start", "end-at": "end"}  # let go of at the code point `edge_at`


@dataclass(frozen=True, slots=True)
class Doing:
    """One press of a button: on which claim, with which form, by whom, when."""

    session: Session
    claim: Claim
    form: MultiDict[str, str]
    actor: Person
    now: datetime

    def number(self, field: str) -> int:
        """Return a whole number of the form; raise Invalid where there is none."""
        value = self.form.get(field, type=int)
        if value is None:
            raise _incomplete(field)
        return value


def _incomplete(field: str) -> Invalid:
    return Invalid(field, "This form was incomplete. Load the page again.")


def perform(doing: Doing) -> Claim:
    """Do what the form asks for, and return the claim to show next."""
    verb = doing.form.get("do", "save")
    if verb not in _VERBS:
        raise _incomplete("do")
    did, act = _VERBS[verb]
    lock_article(doing.session, doing.claim.article_id)
    claims = [doing.claim, _other(doing)] if did is Did.MERGED else [doing.claim]
    with keeping(
        doing.session, doing.claim.article, claims, did, actor=doing.actor, now=doing.now
    ) as made:
        keep_typed(doing, _moved(doing, verb) if did is Did.MOVED else {})
        return act(doing, made)


def keep_typed(doing: Doing, edges: dict[str, Any]) -> None:
    """Keep what the form's fields say, and moved edges; tell reviews of other words.

    Raises StaleVersion when the form was made from an older version of the claim.
    """
    form = doing.form
    changes: dict[str, Any] = dict(edges)
    for field in ("restated", "claimant"):
        if field in form:
            changes[field] = form[field]
    if form.get("policy", doing.claim.policy_key or "") != (doing.claim.policy_key or ""):
        check_policy_is_free(doing.session, doing.claim)
        changes["policy"] = form["policy"] or None
    if "priority" in form:
        changes["priority"] = doing.number("priority")
    if "has-sensitive" in form:
        changes["sensitive"] = "sensitive" in form
    different = actions.edit_claim(
        doing.session, doing.claim, changes,
        version=doing.number("version"), actor=doing.actor, now=doing.now,
    )  # fmt: skip
    if different & WORDING:
        mark_wording_changed(doing.session, doing.claim, now=doing.now)
    if "tags" in form:
        actions.tag_claim(
            doing.session, doing.claim, parted(form["tags"]), actor=doing.actor, now=doing.now
        )


def _moved(doing: Doing, verb: str) -> dict[str, int]:
    claim = doing.claim
    if claim.start is None or claim.end is None:
        return {}
    text, span = revision(doing.session, claim.article).text, (claim.start, claim.end)
    if verb in _DRAGGED:
        start, end = snapped_edge(text, span, _DRAGGED[verb], doing.number("edge_at"))
    else:
        start, end = moved_edge(text, span, *_EDGES[verb])
    return {"start": start, "end": end}


def _other(doing: Doing) -> Claim:
    return claim_by_id(doing.session, doing.form.get("other", ""))


def _stay(doing: Doing, _made: Made) -> Claim:
    return doing.claim


def _accept(doing: Doing, _made: Made) -> Claim:
    actions.accept_claim(doing.session, doing.claim, actor=doing.actor, now=doing.now)
    return _following(doing)


def _dismiss(doing: Doing, _made: Made) -> Claim:
    reason = doing.form.get("dismissal", "")
    if not reason:
        raise Invalid("dismissal", "Choose one of the reasons.")
    same_as = doing.form.get("same_as", "") if reason == "same-as" else ""
    actions.dismiss_claim(
        doing.session, doing.claim, reason, actor=doing.actor, now=doing.now,
        same_as=claim_by_id(doing.session, same_as) if same_as else None,
    )  # fmt: skip
    return _following(doing)


def _take_back(doing: Doing, _made: Made) -> Claim:
    actions.take_back(doing.session, doing.claim, actor=doing.actor, now=doing.now)
    return doing.claim


def _split(doing: Doing, made: Made) -> Claim:
    at, claim = doing.number("at"), doing.claim
    spans = [(claim.start or 0, at), (at, claim.end or 0)]
    _, *parts = cutting.split_claim(doing.session, claim, spans, actor=doing.actor, now=doing.now)
    made.by_split(claim, parts)
    return claim


def _merge(doing: Doing, _made: Made) -> Claim:
    return cutting.merge_claims(
        doing.session, [doing.claim, _other(doing)], actor=doing.actor, now=doing.now
    )


def _following(doing: Doing) -> Claim:
    """Return the next proposed claim of the same part of the text, else of any other."""
    article = doing.claim.article
    claims = claims_of(doing.session, article)
    shown = revision(doing.session, article)
    parts = parts_of(shown.text, [Unit(*unit[:3]) for unit in shown.units])
    part = parts[part_at(parts, doing.claim.start or 0)]
    found = following(claims_in(claims, part), doing.claim)
    return following(claims, doing.claim) if found is doing.claim else found


_VERBS: dict[str, tuple[Did, Callable[[Doing, Made], Claim]]] = {
    "save": (Did.EDITED, _stay),
    "accept": (Did.ACCEPTED, _accept),
    "dismiss": (Did.DISMISSED, _dismiss),
    "take-back": (Did.TAKEN_BACK, _take_back),
    "split": (Did.SPLIT, _split),
    "merge": (Did.MERGED, _merge),
    **dict.fromkeys((*_EDGES, *_DRAGGED), (Did.MOVED, _stay)),
}
