"""From an event of the audit log to what is told of it: ids, addresses, digests and ratings.

No words of anybody are in a delivery, so that what is withdrawn later need not be called back. Of a
dispute no more is told than that there is one: what reviewers gave stays here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts.events import Event
from factcheck.claims.models import Claim
from factcheck.editions.models import Edition
from factcheck.reviews.models import Round
from factcheck.webhooks.rules import Told


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing that an event is told as; `subject` is what it is of."""

    told: Told
    subject: str
    data: dict[str, Any]


def tellings(session: Session, event: Event, base: str) -> list[Telling]:
    """Return all that an event is told as, to who wants it; addresses begin with `base`."""
    if event.kind == "edition.published":
        return _published(session, event, base)
    return _disputed(session, event, base)


def _published(session: Session, event: Event, base: str) -> list[Telling]:
    edition = session.scalars(
        sa.select(Edition)
        .where(Edition.sha256 == event.subject_id)
        .options(joinedload(Edition.article, innerjoin=True))
    ).one()
    url = f"{base}/articles/{edition.article.slug}/"
    article = {"id": edition.article.public_id, "url": url}
    of_edition = {
        "number": edition.number, "sha256": edition.sha256,
        "url": f"{url}editions/{edition.number}/",
    }  # fmt: skip
    published = Telling(
        Told.PUBLISHED, edition.sha256,
        {"article": article, "edition": of_edition, "changes": edition.changes},
    )  # fmt: skip
    return [published] + [
        Telling(
            Told.CHANGED, change["claim"],
            {
                "claim": {"id": change["claim"], "url": f"{url}claims/{change['claim']}/"},
                "from": change["from"], "to": change["to"],
                "article": article, "edition": of_edition,
            },
        )
        for change in edition.changes
        if change["kind"] == "verdict"
    ]  # fmt: skip


def _disputed(session: Session, event: Event, base: str) -> list[Telling]:
    claim = session.scalars(
        sa.select(Claim)
        .join(Round, Round.claim_id == Claim.id)
        .where(Round.public_id == event.subject_id)
        .options(joinedload(Claim.article, innerjoin=True))
    ).one()
    data = {
        "claim": {"id": claim.public_id, "url": f"{base}/work/claims/{claim.public_id}"},
        "article": {"id": claim.article.public_id},
    }
    return [Telling(Told.DISPUTED, claim.public_id, data)]


def iso(at: datetime) -> str:
    """Return a moment in UTC to the second, such as "2026-11-20T12:00:00Z"."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
