"""Letters of readers as they are sent and answered."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from factcheck.api.cursors import PageQuery
from factcheck.api.shapes.moments import moment
from factcheck.inbox.actions import LONGEST_ANSWER
from factcheck.inbox.models import Letter

Kind = Literal["request", "appeal", "mend"]


class LettersQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Which letters: those that wait, the oldest first, or those answered, the newest first."""

    answered: bool = False
    kind: Kind | Literal[""] = ""


class LetterAnswer(msgspec.Struct, forbid_unknown_fields=True):
    """What becomes of a letter, and why; its sender sees both."""

    state: Literal["taken-up", "declined"]
    answer: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_ANSWER)]


class MendedOn(msgspec.Struct, forbid_unknown_fields=True):
    """The day on which the author mended their words."""

    on: Annotated[str, msgspec.Meta(min_length=1, max_length=10, description="2025-03-31")]


class LetterShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A request for a check, an appeal against a verdict, or word that an author mended a text."""

    id: str
    kind: Kind
    claim: str | None
    text: str
    url: str | None
    sent: str
    state: Literal["open", "taken-up", "declined"]
    answer: str | None
    answered: str | None
    answered_by: str | None
    answered_by_name: str | None


class LetterPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of letters."""

    items: list[LetterShown]
    next: str | None


def letter_shown(letter: Letter) -> LetterShown:
    """Return a letter as it is answered."""
    editor = letter.answered_by
    return LetterShown(
        id=letter.public_id,
        kind=letter.kind,  # type: ignore[arg-type]  # the table allows these alone
        claim=letter.claim,
        text=letter.text,
        url=letter.url,
        sent=moment(letter.at),
        state=letter.state,  # type: ignore[arg-type]
        answer=letter.answer,
        answered=moment(letter.answered_at) if letter.answered_at else None,
        answered_by=editor.public_id if editor else None,
        answered_by_name=editor.name if editor else None,
    )
