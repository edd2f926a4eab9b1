"""What readers sent to the editors: requests, appeals, and word that a text was mended."""

from __future__ import annotations

from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, OVERSEES, Asked, call
from factcheck.api.cursors import key_of, page
from factcheck.api.shapes.letters import (
    LetterAnswer,
    LetterPage,
    LetterShown,
    LettersQuery,
    MendedOn,
    letter_shown,
)
from factcheck.desk.inbox import note_and_thank
from factcheck.inbox import actions, queries


@call("GET", "/letters", OVERSEES, query=LettersQuery, answer=LetterPage)
def list_letters(session: Session, asked: Asked[LettersQuery]) -> LetterPage:
    """List the letters of readers that wait for an answer, or those that have one."""
    given = asked.given
    after = key_of(given.cursor, int)
    found = queries.letters(
        session, is_open=not given.answered, kind=given.kind or None,
        before=after[0] if after else None, limit=given.limit + 1,
    )  # fmt: skip
    items, following = page(found, given.limit, lambda letter: [letter.id])
    return LetterPage([letter_shown(letter) for letter in items], following)


@call("POST", "/letters/{id}/answer", EDITS, body=LetterAnswer, answer=LetterShown)
def answer_letter(session: Session, asked: Asked[LetterAnswer]) -> LetterShown:
    """Take a letter up or decline it, and say why; it is answered once."""
    letter, given = queries.letter(session, asked.id), asked.given
    actions.answer(session, letter, given.state, given.answer, actor=asked.person, now=asked.now)
    return letter_shown(letter)


@call("POST", "/letters/{id}/mend", EDITS, body=MendedOn, answer=LetterShown)
def note_mend_of_letter(session: Session, asked: Asked[MendedOn]) -> LetterShown:
    """Note the mend that a letter tells of, and thank its sender; the next edition tells readers.

    Refused (409) where the letter tells of none.
    """
    letter = queries.letter(session, asked.id)
    note_and_thank(session, letter, asked.given.on, actor=asked.person, now=asked.now)
    return letter_shown(letter)
