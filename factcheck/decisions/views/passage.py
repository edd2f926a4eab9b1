"""A claim where it stands: in its paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.articles.models import Revision
from factcheck.claims.models import Claim
from factcheck.claims.queries import ClaimMissing
from factcheck.text.units import PROSE_KINDS

_MOST_UNITS = 12  # sentences of a paragraph on each side of the claim


@dataclass(frozen=True, slots=True)
class Passage:
    """The paragraph of a claim: what stands before its words, the words, what stands after.

    `span` is the paragraph's place in the revision; None where the words are gone from it.
    """

    before: str
    words: str
    after: str
    span: tuple[int, int] | None


def claim_with_passage(session: Session, public_id: str) -> tuple[Claim, Passage]:
    """Return a claim, its article loaded, and its paragraph; raise ClaimMissing. One query."""
    row = session.execute(
        sa.select(Claim, Revision)
        .join(Revision, Revision.id == Claim.revision_id)
        .where(Claim.public_id == public_id)
        .options(joinedload(Claim.article))
    ).one_or_none()
    if row is None:
        raise ClaimMissing("There is no claim “%(id)s”.", id=public_id[:40])
    claim, revision = row
    return claim, passage_of(claim, revision)


def passage_of(claim: Claim, revision: Revision) -> Passage:
    """Return the claim's paragraph, as far as twelve sentences before and after it."""
    if claim.start is None or claim.end is None:
        return Passage(claim.prefix, claim.quote, claim.suffix, None)
    text, units = revision.text, revision.units
    first, last = _inside(units, claim.start, claim.end)
    lowest, highest = max(0, first - _MOST_UNITS), min(len(units) - 1, last + _MOST_UNITS)
    while first > lowest and _run_on(text, units[first - 1], units[first]):
        first -= 1
    while last < highest and _run_on(text, units[last], units[last + 1]):
        last += 1
    start, end = min(units[first][0], claim.start), max(units[last][1], claim.end)
    return Passage(
        text[start : claim.start], text[claim.start : claim.end], text[claim.end : end],
        (start, end),
    )  # fmt: skip


def _inside(units: list[Any], start: int, end: int) -> tuple[int, int]:
    """Return the places of the first and the last unit that a span touches."""
    touched = [
        place for place, unit in enumerate(units) if unit[0] < end and unit[1] > start
    ]  # every character that is not white space lies in a unit, and a claim has some
    return touched[0], touched[-1]


def _run_on(text: str, unit: Any, following: Any) -> bool:
    """Whether two units stand in one paragraph."""
    both_prose = unit[2] == following[2] and unit[2] in PROSE_KINDS
    return both_prose and "\n\n" not in text[unit[1] : following[0]]
