"""Claims as they are sent and answered.

What a claim's answer says depends on nothing that others do in an open round: no lease, no draft,
no review of theirs moves a field, the version or the ETag.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.api.cursors import PageQuery
from factcheck.api.shapes.fields import (
    Anchor,
    Day,
    DismissalReason,
    Id,
    Line,
    Listed,
    Offset,
    Priority,
    Span,
    State,
    Version,
)
from factcheck.articles.rules import plain_day
from factcheck.claims.models import Claim
from factcheck.claims.queries import policy_of
from factcheck.decisions.models import Decision
from factcheck.text.restate import changes, left_open

MOST_ACCEPTED = 10_000
Reply = Annotated[str, msgspec.Meta(max_length=5_000)]
Tags = Annotated[list[Line], msgspec.Meta(max_length=50, description="topics, all there are")]
Statement = Annotated[str, msgspec.Meta(min_length=1, max_length=5_000)]


class NewClaim(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A claim made by hand from words of the text."""

    start: Offset
    end: Offset
    restated: Statement | UnsetType = UNSET
    claimant: Line | UnsetType = UNSET


class ClaimEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to be different about a claim; what is left out stays.

    `state` accepts, dismisses (with `dismissal`) or takes a dismissal back; `same_as` is the other
    claim where that is the reason. The four from `reply_asked_on` on are the right of reply of who
    made the claim; readers are told with the next edition.
    """

    version: Version | UnsetType = UNSET
    start: Offset | UnsetType = UNSET
    end: Offset | UnsetType = UNSET
    restated: Statement | UnsetType = UNSET
    claimant: Line | UnsetType | None = UNSET
    priority: Priority | UnsetType = UNSET
    policy: Line | UnsetType | None = UNSET
    sensitive: bool | UnsetType = UNSET
    reply_asked_on: Day | UnsetType | None = UNSET
    reply: Reply | UnsetType | None = UNSET
    reply_by: Line | UnsetType | None = UNSET
    replied_on: Day | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET
    state: State | UnsetType = UNSET
    dismissal: DismissalReason | UnsetType = UNSET
    same_as: Id | UnsetType = UNSET


class Confirmation(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """That a claim's new words were read, at the version that they were read at."""

    version: Version | UnsetType = UNSET


class ClaimsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Which claims, and in what order; what is left out does not matter."""

    state: Annotated[
        Listed, msgspec.Meta(description="published: readers are told of it, whatever its state")
    ] = "accepted"
    age: Annotated[Line, msgspec.Meta(description="today, days, week or older")] = ""
    priority: Annotated[Line, msgspec.Meta(description="0 to 3")] = ""
    article: Annotated[Line, msgspec.Meta(description="id or slug")] = ""
    language: Annotated[Line, msgspec.Meta(description="as the article has it")] = ""
    tag: Line = ""
    person: Annotated[Line, msgspec.Meta(description="the id of whom it was asked of")] = ""
    words: Annotated[Line, msgspec.Meta(description="all of them stand in the claim")] = ""
    sort: Annotated[Line, msgspec.Meta(description="priority, age or score")] = ""


class Accepting(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which proposed claims to accept, in exactly one of three ways.

    `claims` by their ids, the `best` so many by their score, or all whose score is at `least` that.
    """

    claims: (
        Annotated[list[Id], msgspec.Meta(min_length=1, max_length=MOST_ACCEPTED)] | UnsetType
    ) = UNSET
    best: Annotated[int, msgspec.Meta(ge=1, le=MOST_ACCEPTED)] | UnsetType = UNSET
    least: Annotated[float, msgspec.Meta(ge=0, le=1)] | UnsetType = UNSET


class Accepted(msgspec.Struct, forbid_unknown_fields=True):
    """The claims that were accepted, by their ids, in text order."""

    accepted: list[str]


class Split(msgspec.Struct, forbid_unknown_fields=True):
    """The spans that a claim falls into; the first keeps its id."""

    spans: Annotated[list[Span], msgspec.Meta(min_length=2, max_length=50)]


class Merge(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The claims that become one; the first stays."""

    claims: Annotated[list[Id], msgspec.Meta(min_length=2, max_length=50)]
    span: Span | UnsetType = UNSET


class Verdict(msgspec.Struct, forbid_unknown_fields=True):
    """What was decided; `rating` is null while an editor must pick one of `options`.

    `rating` and `group` are `disagree` where a dispute was left open.
    """

    rating: str | None
    group: str
    options: list[str]
    summary: str | None
    as_of: str | None
    since_then: str | None


class ChangeShown(msgspec.Struct, forbid_unknown_fields=True):
    """Words of the text and what stands for them in the restated form; one may be empty."""

    was: str
    now: str


class ClaimShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A claim: its words, how it reads by itself, where it stands."""

    id: str
    article: str
    start: Offset | None
    end: Offset | None
    text: str
    anchor: Anchor
    restated: str
    restated_changes: list[ChangeShown]
    restated_open: list[str]
    claimant: str | None
    score: float
    reasons: list[str]
    priority: int
    sensitive: bool
    corrected_at_source_on: str | None
    reply_asked_on: str | None
    reply: str | None
    reply_by: str | None
    replied_on: str | None
    tags: list[str]
    state: State
    dismissal: DismissalReason | None
    same_as: str | None
    merged_into: str | None
    verdict: Verdict | None
    policy: str
    reviews_needed: int
    selectors: list[dict[str, Any]]
    version: int


class ClaimPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of claims."""

    items: list[ClaimShown]
    next: str | None


class ClaimsShown(msgspec.Struct, forbid_unknown_fields=True):
    """Several claims in text order."""

    claims: list[ClaimShown]


class Elsewhere(msgspec.Struct, forbid_unknown_fields=True):
    """A check that somebody else published; `rating` is in their words."""

    url: str
    title: str
    publisher: str
    rating: str
    date: str | None
    language: str | None


class MatchShown(msgspec.Struct, forbid_unknown_fields=True):
    """An earlier check like this claim; `differences` say in words where it differs.

    One of this site has `article` and `verdict`, one of others `elsewhere`.
    """

    id: str
    article: str | None
    restated: str
    verdict: Verdict | None
    similarity: float
    differences: list[str]
    elsewhere: Elsewhere | None = None


class MatchPage(msgspec.Struct, forbid_unknown_fields=True):
    """Earlier claims, the most alike first."""

    items: list[MatchShown]
    next: str | None


def claim_shown(claim: Claim, decision: Decision | None, tags: list[str]) -> ClaimShown:
    """Return a claim as it is answered; `decision` is its current one."""
    policy = policy_of(claim)
    return ClaimShown(
        id=claim.public_id,
        article=claim.article.public_id,
        start=claim.start,
        end=claim.end,
        text=claim.quote,
        anchor=claim.anchor,  # type: ignore[arg-type]  # the table allows these alone
        restated=claim.restated,
        restated_changes=[ChangeShown(*one) for one in changes(claim.quote, claim.restated)],
        restated_open=list(left_open(claim.restated)),
        claimant=claim.claimant,
        score=claim.score,
        reasons=list(claim.reasons),
        priority=claim.priority,
        sensitive=claim.sensitive,
        corrected_at_source_on=plain_day(claim.corrected_at_source_on),
        reply_asked_on=plain_day(claim.reply_asked_on),
        reply=claim.reply,
        reply_by=claim.reply_by,
        replied_on=plain_day(claim.replied_on),
        tags=tags,
        state=claim.state,  # type: ignore[arg-type]
        dismissal=claim.dismissal,  # type: ignore[arg-type]
        same_as=claim.same_as.public_id if claim.same_as else None,
        merged_into=claim.merged_into.public_id if claim.merged_into else None,
        verdict=verdict_shown(claim, decision),
        policy=policy.key,
        reviews_needed=policy.seats,
        selectors=_selectors(claim),
        version=claim.version,
    )


def verdict_shown(claim: Claim, decision: Decision | None) -> Verdict | None:
    """Return the verdict of a claim that is decided or ready; None in every other state."""
    if decision is None or claim.state not in {"decided", "ready"}:
        return None
    return Verdict(
        rating=decision.rating,
        group=decision.group,
        options=list(decision.options),
        summary=decision.summary,
        as_of=decision.as_of,
        since_then=decision.since_then,
    )


def _selectors(claim: Claim) -> list[dict[str, Any]]:
    """Return the claim's W3C selectors, as they were kept when it was last found."""
    quote = {
        "type": "TextQuoteSelector", "exact": claim.quote,
        "prefix": claim.prefix, "suffix": claim.suffix,
    }  # fmt: skip
    if claim.start is None:
        return [quote]
    position = {"type": "TextPositionSelector", "start": claim.start, "end": claim.end}
    return [position, quote]
