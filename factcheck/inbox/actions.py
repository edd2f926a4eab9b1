"""Sending a letter to the editors, and answering it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.accounts.secrets import digest, keyed_digest, new_secret
from factcheck.accounts.signing_in import network_of
from factcheck.failures import Conflict, Invalid
from factcheck.fetch import FetchRefused, parse_url
from factcheck.inbox.models import Letter

SHORTEST, LONGEST = 20, 4_000  # code points of what a reader writes
LONGEST_ANSWER = 2_000  # code points
WINDOW = timedelta(hours=1)
MOST_PER_NETWORK = 5  # letters in the window
MOST_OPEN = 5_000  # in all: a flood ends here, and the desk says so


class TooManyLetters(Invalid):
    """The network, or all together, sent more than editors can read."""


class AlreadyAnswered(Conflict):
    """Somebody else answered it meanwhile."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a reader wrote, of which claim, if of one, and an address if there is one.

    `is_mend`: an author says that the claim's words were mended; else it is an appeal.
    """

    text: str
    url: str = ""
    claim: str | None = None
    is_mend: bool = False

    @property
    def kind(self) -> str:
        """What kind of letter it is."""
        if self.claim is None:
            return "request"
        return "mend" if self.is_mend else "appeal"


def send(
    session: Session, words: Words, *, address: str, key: str, now: datetime
) -> tuple[Letter, str]:
    """Keep a letter and return it with the secret for its sender.

    Raises Invalid for a field, TooManyLetters. `address` is the caller's, `key` names it.
    """
    text, url = words.text.strip(), words.url.strip()
    if not SHORTEST <= len(text) <= LONGEST or "\0" in text:
        raise Invalid(
            "text",
            "Write %(shortest)s to %(longest)s characters.",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    sent_from = keyed_digest(key, f"letter:{network_of(address)}")
    _check_counts(session, sent_from, now)
    secret = new_secret()
    letter = Letter(
        digest=digest(secret), kind=words.kind, claim=words.claim,
        text=text, url=_address(url) if url else None, at=now, sent_from=sent_from, state="open",
    )  # fmt: skip
    session.add(letter)
    session.flush()
    record(session, "letter.sent", letter.public_id, actor=None, now=now, letter=letter.kind)
    return letter, secret


def _address(url: str) -> str:
    try:
        return str(parse_url(url))
    except FetchRefused as error:
        raise Invalid("url", "Give an address that begins with https:// or http://.") from error


def _check_counts(session: Session, sent_from: str, now: datetime) -> None:
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(int(sent_from[:15], 16))))
    count = sa.select(sa.func.count()).select_from(Letter)
    lately = count.where(Letter.sent_from == sent_from, Letter.at >= now - WINDOW)
    if (session.scalar(lately) or 0) >= MOST_PER_NETWORK:
        raise TooManyLetters("text", "You sent several letters within an hour. Try again later.")
    if (session.scalar(count.where(Letter.state == "open")) or 0) >= MOST_OPEN:
        raise TooManyLetters("text", "The editors have more letters than they can read now.")


def answer(
    session: Session, letter: Letter, state: str, text: str, *, actor: Person, now: datetime
) -> None:
    """Tell the sender what becomes of a letter: "taken-up" or "declined", and why.

    Raises Invalid for a field, AlreadyAnswered.
    """
    if state not in {"taken-up", "declined"}:
        raise Invalid("state", "Choose whether it is taken up or declined.")
    if not text.strip() or len(text) > LONGEST_ANSWER or "\0" in text:
        raise Invalid("answer", "Say why, in 1 to %(longest)s characters.", longest=LONGEST_ANSWER)
    if letter.state != "open":
        raise AlreadyAnswered("Somebody else answered this letter meanwhile.")
    letter.state, letter.answer, letter.answered_at = state, text.strip(), now
    letter.answered_by_id, letter.sent_from = actor.id, None
    session.flush()
    record(session, "letter.answered", letter.public_id, actor=actor, now=now, state=state)
