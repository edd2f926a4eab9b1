"""Reading what readers sent."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts.secrets import digest
from factcheck.failures import Missing
from factcheck.inbox.models import Letter


class LetterMissing(Missing):
    """No letter has that id or secret."""


def letter(session: Session, public_id: str) -> Letter:
    """Return the letter with that id, held until the transaction ends; raise LetterMissing."""
    found = session.scalar(
        sa.select(Letter)
        .where(Letter.public_id == public_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise LetterMissing("There is no such letter.")
    return found


def letter_by_secret(session: Session, secret: str) -> Letter:
    """Return the letter whose sender was given that secret; raise LetterMissing."""
    found = session.scalar(sa.select(Letter).where(Letter.digest == digest(secret)))
    if found is None:
        raise LetterMissing("There is nothing at this address.")
    return found


def letters(
    session: Session, *, is_open: bool, kind: str | None = None, before: int | None = None,
    limit: int,
) -> list[Letter]:  # fmt: skip
    """Return letters from a place on: open ones the oldest first, answered the newest first."""
    chosen = sa.select(Letter).options(joinedload(Letter.answered_by)).limit(limit)
    if kind is not None:
        chosen = chosen.where(Letter.kind == kind)
    if is_open:
        chosen = chosen.where(Letter.state == "open").order_by(Letter.id)
        return list(session.scalars(chosen if before is None else chosen.where(Letter.id > before)))
    chosen = chosen.where(Letter.state != "open").order_by(Letter.id.desc())
    return list(session.scalars(chosen if before is None else chosen.where(Letter.id < before)))


def open_letters() -> sa.ScalarSelect[int]:
    """Return the part of a query that counts the letters without an answer."""
    counted = sa.select(sa.func.count(Letter.id)).where(Letter.state == "open")
    return counted.scalar_subquery()


def open_letters_of(kind: str) -> sa.Select[int]:
    """Return the query of the letters of a kind that have no answer, by their keys."""
    return sa.select(Letter.id).where(Letter.state == "open", Letter.kind == kind)
