"""What a text would be cut into, and what it would cost, before anything of it is stored. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from factcheck.articles.rules import Intake
from factcheck.claims.passages import Paragraph, paragraphs
from factcheck.claims.rules import Cost, cost_of, preselected
from factcheck.methods.rules import Policy
from factcheck.text.propose import Proposal

LONGEST = 30_000  # code points of a text that are looked at while somebody types


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as triage would show it first; `cost` is of the claims that would be ticked.

    `placed` are its claims in text order, by which segments name them; `whole` says whether all of
    the text was looked at.
    """

    paragraphs: list[Paragraph]
    placed: Sequence[Proposal]
    units: int
    cost: Cost
    whole: bool

    @property
    def by_score(self) -> list[Proposal]:
        """The claims with the best score first."""
        return sorted(self.placed, key=lambda one: -one.score)

    is_ticked = staticmethod(preselected)


def beginning(text: str) -> str:
    """Return as much of a text as a preview looks at, where it can up to the end of a line."""
    if len(text) <= LONGEST:
        return text
    return text[: text.rfind("\n", LONGEST // 2, LONGEST) + 1 or LONGEST]


def preview_of(intake: Intake, policy: Policy, *, whole: bool) -> Preview:
    """Return the preview of a text that was read; each ticked claim costs what `policy` asks."""
    spans = [(one.start, one.end) for one in intake.proposals]
    ticked = [one for one in intake.proposals if preselected(one.score)]
    return Preview(
        paragraphs=paragraphs(intake.text, intake.units, spans),
        placed=intake.proposals,
        units=len(intake.units),
        cost=cost_of([policy] * len(ticked)),
        whole=whole,
    )
