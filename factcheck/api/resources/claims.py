"""Claims: listing, proposing, editing, cutting, merging, and earlier checks like one."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, READS, REVIEWS, Answer, Asked, call
from factcheck.api.listing import claims_after, verdicts_of
from factcheck.api.pages import PageQuery, key_of, page
from factcheck.api.problems import unprocessable
from factcheck.api.resources.articles import given_changes
from factcheck.api.shapes.claims import (
    ClaimEdit,
    ClaimPage,
    ClaimShown,
    ClaimsShown,
    Merge,
    NewClaim,
    Split,
    claim_shown,
)
from factcheck.api.versions import require_current
from factcheck.articles.queries import article as article_of
from factcheck.claims import actions, queries
from factcheck.claims.models import Claim
from factcheck.claims.rules import State, Verb, WrongState
from factcheck.failures import Conflict
from factcheck.reviews.actions import mark_wording_changed
from factcheck.reviews.queries import rounds_of


@call("GET", "/articles/{id}/claims", READS, query=PageQuery, answer=ClaimPage)
def list_claims(session: Session, asked: Asked[PageQuery]) -> ClaimPage:
    """List an article's claims in text order; those whose words are gone come last."""
    article = article_of(session, asked.id)
    after = key_of(asked.given.cursor, int, int, str)
    found = claims_after(session, article, after, limit=asked.given.limit + 1)
    items, following = page(found, asked.given.limit, claims_after_key)
    verdicts = verdicts_of(session, items)
    return ClaimPage([claim_shown(one, verdicts.get(one.id)) for one in items], following)
