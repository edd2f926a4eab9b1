"""Steps of triage, as they are answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from factcheck.api.shapes.claims import ClaimShown
from factcheck.api.shapes.moments import moment
from factcheck.desk.triage.steps import TriageStep

Did = Literal[
    "edited", "moved", "accepted", "accepted-all", "dismissed", "taken-back", "split", "merged",
    "proposed",
]  # fmt: skip


class TriageStepShown(msgspec.Struct, forbid_unknown_fields=True):
    """Something that you did in triage, to which claims; `undone` says when, where it is."""

    id: str
    did: Did
    claims: list[str]
    at: str
    undone: str | None


class StepPage(msgspec.Struct, forbid_unknown_fields=True):
    """Your newest steps in an article: all that are kept."""

    items: list[TriageStepShown]
    next: str | None


class StepTurned(msgspec.Struct, forbid_unknown_fields=True):
    """A step that was undone or done again, and its claims as they stand now.

    `left` names those of many accepted together that stay: changed since, or given to a reviewer.
    """

    step: TriageStepShown
    claims: list[ClaimShown]
    left: list[str]


def step_shown(step: TriageStep) -> TriageStepShown:
    """Return a step as it is answered."""
    return TriageStepShown(
        step.public_id,
        step.did,  # type: ignore[arg-type]  # one of them
        [item["claim"] for item in step.claims],
        moment(step.at),
        moment(step.undone_at) if step.undone_at else None,
    )


def steps_shown(steps: Sequence[TriageStep]) -> StepPage:
    """Return steps as a list that has no more."""
    return StepPage([step_shown(one) for one in steps], None)
