"""Gold claims as editors' programs are answered, and send them."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from factcheck.api.shapes.moments import moment
from factcheck.reviews.gold import GoldShown
from factcheck.reviews.rules import LONGEST_REASON

Known = Annotated[str, msgspec.Meta(max_length=LONGEST_REASON, description="how that is known")]
Rating = Annotated[str, msgspec.Meta(max_length=40, description="a rating of the claim's scale")]


class NewGold(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The known answer of a claim, and how it is known."""

    rating: Rating
    reasons: Known


class Retiring(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How a gold claim ends; `counts` false: its answer was wrong, so no figure rests on it."""

    counts: bool = True


class GoldClaim(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A claim whose answer is known: how many answered it, how many rightly, and with what.

    `right`: in the same group of the scale; `given`: how often each rating was given; `doubtful`:
    most of five or more say otherwise; `is_dealt`: neither retired nor put aside; `counts`: its
    answers are in people's figures.
    """

    claim: str
    restated: str
    article: str
    rating: str
    reasons: str
    given_by: str
    given_at: str
    answers: int
    right: int
    given: dict[str, int]
    doubtful: bool
    is_dealt: bool
    retired_at: str | None
    counts: bool


class GoldRateShown(msgspec.Struct, forbid_unknown_fields=True):
    """Of how many claims dealt one is a gold claim; 0: none."""

    one_in: Literal[0, 5, 10, 20, 50]


class GoldPage(msgspec.Struct, forbid_unknown_fields=True):
    """The gold claims, newest first; of `one_in` claims dealt one is one of them, 0 for none."""

    items: list[GoldClaim]
    next: str | None
    one_in: int


def gold_shown(found: GoldShown) -> GoldClaim:
    """Return a gold claim as it is answered."""
    answer, claim, closed = found.answer, found.answer.round.claim, found.answer.round.closed_at
    return GoldClaim(
        claim=claim.public_id, restated=claim.restated, article=claim.article.public_id,
        rating=answer.rating, reasons=answer.reasons, given_by=answer.given_by.public_id,
        given_at=moment(answer.given_at), answers=found.answers, right=found.right,
        given=found.given, doubtful=found.is_doubtful, is_dealt=found.is_dealt,
        retired_at=moment(closed) if closed else None, counts=answer.counts,
    )  # fmt: skip
