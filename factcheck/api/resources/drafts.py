"""One's own draft of a review, which may lack anything, and a look at its words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.api.calls import READS, REVIEWS, Asked, Work, call
from factcheck.api.cursors import PageQuery, page_of_all
from factcheck.api.resources.articles import given_changes
from factcheck.api.shapes.drafts import (
    DraftEdit,
    DraftPage,
    DraftShown,
    PreviewAsked,
    PreviewShown,
    draft_shown,
)
from factcheck.api.shapes.reviews import cited
from factcheck.api.versions import require_current
from factcheck.claims.models import Claim
from factcheck.claims.queries import claim as claim_of
from factcheck.claims.queries import lock_claims
from factcheck.claims.rules import State
from factcheck.decisions.written import drafts
from factcheck.markup import rationale_html
from factcheck.reviews import queries
from factcheck.reviews.actions import save_draft
from factcheck.reviews.forms import typed_from
from factcheck.reviews.models import Review
from factcheck.reviews.rules import Answer

MOST_LISTED = 200  # drafts of one person


@call("GET", "/claims/{id}/draft", READS, answer=DraftShown)
def read_draft(session: Session, asked: Asked[Any]) -> DraftShown:
    """Read one's own draft of a review; an empty one, at version 0, where there is none."""
    return _shown(session, claim_of(session, asked.id), asked.person)


@call("GET", "/me/drafts", READS, query=PageQuery, answer=DraftPage)
def list_drafts(session: Session, asked: Asked[PageQuery]) -> DraftPage:
    """List one's own drafts that can still be sent, the newest first, the newest 200 of them."""
    found = drafts(session, asked.person, limit=MOST_LISTED)
    items, following = page_of_all(enumerate(found), asked.given, lambda one: (one[0],))
    cited_in = queries.citations_by_review(session, [one.id for _number, one in items])
    return DraftPage(
        [draft_shown(one.round.claim, one, cited_in[one.id]) for _number, one in items], following
    )


@call("PATCH", "/claims/{id}/draft", REVIEWS, body=DraftEdit, answer=DraftShown, versioned=True)
def edit_draft(session: Session, asked: Asked[DraftEdit]) -> DraftShown:
    """Change one's own draft, or begin one: `version` 0 says that there is none yet.

    This takes a free seat where one is needed. A draft is kept even when its seat has gone to
    somebody else. `POST /claims/{id}/reviews` with `submit` gives the answer for good.
    """
    claim = claim_of(session, asked.id)
    lock_claims(session, [claim])
    require_current(asked, _shown(session, claim, asked.person))
    before = _answer(session, _draft(session, claim, asked.person))
    wanted = _changed(before, asked.given)
    if wanted != before:
        save_draft(session, claim, asked.person, wanted, now=asked.now)
    return _shown(session, claim, asked.person)


@call("POST", "/preview", READS, body=PreviewAsked, answer=PreviewShown, work=Work.READ)
def preview(_session: Session, asked: Asked[PreviewAsked]) -> PreviewShown:
    """Show a rationale as readers will see it; nothing is kept."""
    return PreviewShown(str(rationale_html(asked.given.rationale, sources=asked.given.sources)))


def _draft(session: Session, claim: Claim, person: Person) -> Review | None:
    """Return the draft that goes on: in the newest round, unless that is over and the claim open.

    Then the next draft belongs to a round that has not begun.
    """
    newest = queries.newest_round(session, claim)
    if newest is None or (newest.closed_at is not None and claim.state == State.ACCEPTED):
        return None
    found = queries.answer_in(session, newest, person)
    return found if found is not None and found.state == "draft" else None


def _answer(session: Session, draft: Review | None) -> Answer:
    found = queries.citations_by_review(session, [draft.id])[draft.id] if draft else []
    return typed_from(draft, found).answer()


def _changed(before: Answer, edit: DraftEdit) -> Answer:
    changes = given_changes(edit)
    if edit.sources is not UNSET:
        changes["sources"] = cited(edit.sources)
    return replace(before, **changes)


def _shown(session: Session, claim: Claim, person: Person) -> DraftShown:
    session.flush()
    draft = _draft(session, claim, person)
    found = queries.citations_by_review(session, [draft.id])[draft.id] if draft else []
    return draft_shown(claim, draft, found)
