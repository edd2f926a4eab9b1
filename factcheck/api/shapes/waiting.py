"""What waits for an editor, a list a kind, as it is answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from factcheck.api.shapes.moments import moment
from factcheck.api.shapes.overview import ForecastShown, forecast_shown
from factcheck.claims.models import Claim
from factcheck.decisions.models import Decision
from factcheck.desk.trends import Deadline
from factcheck.reviews.lapsed import Lapsed
from factcheck.reviews.models import Snapshot

MOST_NAMED = 20  # claims that a source bears


class ClaimNamed(msgspec.Struct, forbid_unknown_fields=True):
    """A claim by its id, how it reads, and its article."""

    claim: str
    restated: str
    article: str


class ToCorrect(ClaimNamed, forbid_unknown_fields=True):
    """A claim of which readers are told what no longer stands: what they are told, what does.

    The two are the same where the words alone are others; `stands` is null while nothing does.
    """

    told: str
    stands: str | None


class ToCorrectPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of claims to publish a correction of."""

    items: list[ToCorrect]
    next: str | None


class LapsedShown(ClaimNamed, forbid_unknown_fields=True):
    """A claim with a lease that ran out, and when; who held it is not told."""

    ran_out: str


class LapsedPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of leases that ran out, the newest first."""

    items: list[LapsedShown]
    next: str | None


class DeadlineShown(msgspec.Struct, forbid_unknown_fields=True):
    """An article with a deadline, and when its claims would be reviewed."""

    article: str
    slug: str
    title: str
    forecast: ForecastShown


class DeadlinePage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of articles with a deadline and claims to review, the nearest first."""

    items: list[DeadlineShown]
    next: str | None


class DriftedShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A page that is not what it was when it was copied, and the claims that rest on it.

    `moved_to`: where it is now; `copy_sha256`: the copy as it is now, or what a web archive kept.
    The first 20 claims are named, of `claims_in_all`.
    """

    source: str
    url: str
    title: str | None
    drift: Literal["gone", "moved", "changed"]
    found: str | None
    moved_to: str | None
    copy_sha256: str | None
    claims: list[ClaimNamed]
    claims_in_all: int


class DriftedPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of sources that changed, what was found last first."""

    items: list[DriftedShown]
    next: str | None


def to_correct_shown(claim: Claim, decision: Decision | None) -> ToCorrect:
    """Return a claim to publish a correction of, with its decision in force, as it is answered."""
    return ToCorrect(
        *_named(claim), told=claim.told or "", stands=decision.rating if decision else None
    )


def lapsed_shown(one: Lapsed) -> LapsedShown:
    """Return a lease that ran out as it is answered."""
    return LapsedShown(*_named(one.claim), ran_out=moment(one.at))


def deadline_shown(one: Deadline) -> DeadlineShown:
    """Return an article with a deadline as it is answered."""
    article = one.article
    return DeadlineShown(
        article.public_id, article.slug, article.title, forecast_shown(one.forecast)
    )


def _named(claim: Claim) -> tuple[str, str, str]:
    return claim.public_id, claim.restated, claim.article.public_id


def drifted_shown(snapshot: Snapshot, claims: Sequence[Claim]) -> DriftedShown:
    """Return a page that changed as it is answered."""
    source = snapshot.source
    return DriftedShown(
        source=source.public_id,
        url=source.url,
        title=source.title,
        drift=snapshot.drift,  # type: ignore[arg-type]  # the table allows these alone
        found=moment(snapshot.tried_at) if snapshot.tried_at else None,
        moved_to=snapshot.final_url if snapshot.drift == "moved" else None,
        copy_sha256=snapshot.sha256,
        claims=[ClaimNamed(*_named(one)) for one in claims[:MOST_NAMED]],
        claims_in_all=len(claims),
    )
