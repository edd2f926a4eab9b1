"""The verbs of triage: taking an article in, accepting, dismissing, editing, cutting, merging.

Everything that changes a claim's state goes through `change_state`, in `states.py`.
"""

from __future__ import annotations

from factcheck.claims.actions.articles import import_article, revise_article
from factcheck.claims.actions.edits import (
    REPLY,
    AlreadyClaimed,
    confirm_words,
    edit_claim,
    propose_claim,
)
from factcheck.claims.actions.filing import assign_claim, tag_claim
from factcheck.claims.actions.splitting import merge_claims, split_claim
from factcheck.claims.actions.states import (
    StaleVersion,
    accept_claim,
    accept_claims,
    change_state,
    dismiss_claim,
    take_back,
)

__all__ = [
    "REPLY",
    "AlreadyClaimed",
    "StaleVersion",
    "accept_claim",
    "accept_claims",
    "assign_claim",
    "change_state",
    "confirm_words",
    "dismiss_claim",
    "edit_claim",
    "import_article",
    "merge_claims",
    "propose_claim",
    "revise_article",
    "split_claim",
    "tag_claim",
    "take_back",
]
