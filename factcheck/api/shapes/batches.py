"""One thing done with many claims, as it is asked for and answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.api.shapes.fields import DismissalReason, Id, Line, Listed, Priority, Version
from factcheck.api.shapes.moments import moment
from factcheck.desk.bulk.batches import MOST, BulkBatch, BulkItem

Doing = Literal["accept", "dismiss", "assign", "unassign", "priority", "policy", "tag", "untag"]
Why = Literal[
    "changed", "state", "already", "own", "round", "full", "merged", "stopped", "refused"
]  # fmt: skip


class SeenClaim(msgspec.Struct, forbid_unknown_fields=True):
    """A claim at the version at which it was seen."""

    id: Id
    version: Version


class ListAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The filters of a list, as `GET /claims` takes them."""

    state: Listed = "accepted"
    age: Line = ""
    priority: Line = ""
    article: Line = ""
    language: Line = ""
    tag: Line = ""
    person: Line = ""
    words: Line = ""


class NewBatch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to do (`do`), with what that needs, and with `claims` or all that are `matching`."""

    do: Doing
    claims: Annotated[list[SeenClaim], msgspec.Meta(max_length=MOST)] | UnsetType = UNSET
    matching: ListAsked | UnsetType = UNSET
    reason: DismissalReason | UnsetType = UNSET
    person: Annotated[Line, msgspec.Meta(description="id, email or name")] | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    policy: Line | UnsetType | None = UNSET
    tag: Line | UnsetType = UNSET


class LeftOut(msgspec.Struct, forbid_unknown_fields=True):
    """A claim that stays as it is, and why."""

    claim: str
    why: Why


class BatchShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A batch: how many claims wait, were done, left out, undone, or kept from being undone.

    `left_out` names the first hundred of those that stay as they are.
    """

    id: str
    do: Doing
    value: dict[str, Any]
    created: str
    started: str | None
    undone: str | None
    counts: dict[str, int]
    left_out: Sequence[LeftOut]


OUTCOMES = ("waiting", "done", "left-out", "undone", "kept")


def batch_shown(
    batch: BulkBatch, counts: Mapping[str, int], aside: Sequence[BulkItem]
) -> BatchShown:
    """Return a batch as it is answered."""
    return BatchShown(
        id=batch.public_id,
        do=batch.action,  # type: ignore[arg-type]  # one of them
        value=batch.value,
        created=moment(batch.created_at),
        started=moment(batch.started_at) if batch.started_at else None,
        undone=moment(batch.undone_at) if batch.undone_at else None,
        counts={outcome.replace("-", "_"): counts.get(outcome, 0) for outcome in OUTCOMES},
        left_out=[
            LeftOut(item.claim.public_id, item.why)  # type: ignore[arg-type]
            for item in aside
        ],
    )
