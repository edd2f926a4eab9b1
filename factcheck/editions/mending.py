"""Noting that a verdict made the author mend the words."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from factcheck.accounts.events import record as write_event
from factcheck.accounts.models import Person
from factcheck.articles.rules import plain_day
from factcheck.claims.models import Claim
from factcheck.editions import queries
from factcheck.failures import Conflict, Invalid
from factcheck.site_days import day_of


class NotPublished(Conflict):
    """Readers were told nothing of the claim, so nobody mended it because of that."""


def note_mend(
    session: Session, claim: Claim, on: date | None, *, actor: Person | None, now: datetime
) -> None:
    """Note that the author mended a claim's words on a day; None takes that back.

    Readers are told by the next edition. Raises NotPublished, Invalid for a day to come.
    """
    if not queries.editions_with(session, claim):
        raise NotPublished("Nothing was published of this claim.")
    if on is not None and on > day_of(session, now):
        raise Invalid("on", "Give a day that is not to come, such as 2025-03-31.")
    if on == claim.corrected_at_source_on:
        return
    claim.corrected_at_source_on = on
    claim.version += 1
    session.flush()
    write_event(
        session, "claim.mended", claim.public_id, actor=actor, now=now,
        on=plain_day(on),
    )  # fmt: skip


def typed_day(typed: str) -> date:
    """Return the day that somebody typed; raise Invalid("on", …)."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Invalid("on", "Give a day that is not to come, such as 2025-03-31.") from None
