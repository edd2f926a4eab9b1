"""Decisions as they are sent and answered."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.api.shapes.claims import ClaimShown
from factcheck.api.shapes.fields import Published, Stance
from factcheck.api.shapes.moments import moment
from factcheck.api.shapes.reviews import Citations, CitationShown
from factcheck.decisions.models import Decision, DecisionSource


class NewDecision(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What readers will be told; `reasons` are needed to settle a dispute or to leave it open.

    `rating` is one of the scale, or after a dispute `disagree`: reviewers disagree. Without
    `sources`, those of the reviews are shown.
    """

    rating: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    summary: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
    sources: Citations | UnsetType = UNSET
    as_of: Published | None = None
    since_then: Annotated[str, msgspec.Meta(max_length=2_000)] | None = None
    reasons: Annotated[str, msgspec.Meta(max_length=5_000)] | None = None


class DecisionShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A decision; a later one supersedes it, and both stay."""

    id: str
    claim: ClaimShown
    kind: Literal["agreement", "approval", "adjudication"]
    rating: str | None
    group: str
    summary: str | None
    reasons: str | None
    as_of: str | None
    since_then: str | None
    sources: list[CitationShown]
    in_force: bool
    decided: str


class DecisionPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of what was decided of a claim, the oldest first."""

    items: list[DecisionShown]
    next: str | None


def decision_shown(
    decision: Decision, claim: ClaimShown, sources: list[DecisionSource]
) -> DecisionShown:
    """Return a decision as it is answered."""
    return DecisionShown(
        id=decision.public_id,
        claim=claim,
        kind=decision.kind,  # type: ignore[arg-type]  # the table allows these alone
        rating=decision.rating,
        group=decision.group,
        summary=decision.summary,
        reasons=decision.reasons,
        as_of=decision.as_of,
        since_then=decision.since_then,
        sources=[_source_shown(source) for source in sources],
        in_force=decision.in_force,
        decided=moment(decision.decided_at),
    )


def _source_shown(shown: DecisionSource) -> CitationShown:
    stance: Stance = shown.stance  # type: ignore[assignment]  # the table allows these alone
    return CitationShown(
        source=shown.source.public_id,
        url=shown.source.url,
        stance=stance,
        title=shown.title,
        quote=shown.quote,
        archive_url=shown.archive_url,
    )
