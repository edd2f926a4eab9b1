"""One's own draft of a review, and what readers would see of its words, as sent and answered."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.api.shapes.fields import DraftVersion, Note
from factcheck.api.shapes.moments import moment
from factcheck.api.shapes.reviews import Citations, CitationShown, citation_shown
from factcheck.claims.models import Claim
from factcheck.reviews.models import Citation, Review
from factcheck.reviews.rules import LONGEST_RATIONALE, MOST_SOURCES

Rationale = Annotated[str, msgspec.Meta(max_length=LONGEST_RATIONALE)]


class DraftEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to be different about one's draft; what is left out stays. It may lack anything."""

    version: DraftVersion | UnsetType = UNSET
    rating: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | UnsetType | None = UNSET
    rationale: Rationale | UnsetType = UNSET
    private_note: Note | UnsetType = UNSET
    sources: Citations | UnsetType = UNSET


class DraftShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One's draft of a review; where there is none yet, an empty one with `id` "" and version 0.

    `wording_changed`: the claim has had other words since.
    """

    id: str
    claim: str
    round: int | None
    rating: str | None
    rationale: str
    private_note: str
    sources: list[CitationShown]
    wording_changed: bool
    edited: str | None
    version: int


class DraftPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of one's own drafts."""

    items: list[DraftShown]
    next: str | None


class PreviewAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A rationale, and how many sources stand below it: [1] leads to the first."""

    rationale: Rationale
    sources: Annotated[int, msgspec.Meta(ge=0, le=MOST_SOURCES)] = 0


class PreviewShown(msgspec.Struct, forbid_unknown_fields=True):
    """A rationale as HTML that is safe to show."""

    html: str


def draft_shown(claim: Claim, draft: Review | None, citations: list[Citation]) -> DraftShown:
    """Return a draft as it is answered to its author; None is the one that is not there yet."""
    if draft is None:
        return DraftShown(
            id="", claim=claim.public_id, round=None, rating=None, rationale="", private_note="",
            sources=[], wording_changed=False, edited=None, version=0,
        )  # fmt: skip
    return DraftShown(
        id=draft.public_id,
        claim=claim.public_id,
        round=draft.round.shown_number,
        rating=draft.rating,
        rationale=draft.rationale,
        private_note=draft.private_note,
        sources=[citation_shown(one) for one in citations],
        wording_changed=draft.wording_changed,
        edited=moment(draft.edited_at) if draft.edited_at else None,
        version=draft.version,
    )
