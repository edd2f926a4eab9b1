"""What an editor writes to somebody who works here: kept as it is, and told as a notice."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.claims.models import Claim
from factcheck.failures import Invalid
from factcheck.notices.models import Message
from factcheck.reviews.dealing import hold_person
from factcheck.reviews.rules import check_text

LONGEST = 2_000  # code points
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
MOST_AN_HOUR = 60  # of one editor, to all together
MOST_A_DAY = 10  # of one editor to one person: nobody is pestered


class TooManyMessages(Invalid):
    """The editor has written as much as anybody may for now."""


def send(
    session: Session, recipient: Person, text: str, *, claim: Claim | None = None,
    actor: Person, now: datetime,
) -> Message:  # fmt: skip
    """Keep a message to `recipient`, about a claim or none, and return it; its notice follows.

    Raises Invalid for a text that is none and for somebody who cannot be told, TooManyMessages.
    """
    words = check_text("text", text, LONGEST)
    if recipient.disabled_at or not recipient.is_at_least(Role.REVIEWER):
        raise Invalid("text", "%(name)s does not work here, and is told nothing.",
                      name=recipient.name)  # fmt: skip
    if recipient.id == actor.id:
        raise Invalid("text", "This is yourself.")
    hold_person(session, actor)  # so that two at once count each other
    _check_count(session, actor, recipient, now)
    message = Message(sender_id=actor.id, recipient_id=recipient.id, text=words, at=now,
                      claim_id=claim.id if claim else None)  # fmt: skip
    session.add(message)
    session.flush()
    record(session, "message.sent", message.public_id, actor=actor, now=now,
           to=recipient.public_id, claim=claim.public_id if claim else None)  # fmt: skip
    return message


def _check_count(session: Session, sender: Person, recipient: Person, now: datetime) -> None:
    if _count(session, Message.sender_id == sender.id, Message.at > now - AN_HOUR) >= MOST_AN_HOUR:
        raise TooManyMessages("text", "You have written %(most)s messages within an hour. Wait.",
                              most=MOST_AN_HOUR)  # fmt: skip
    to_them = (Message.sender_id == sender.id, Message.recipient_id == recipient.id)
    if _count(session, *to_them, Message.at > now - A_DAY) >= MOST_A_DAY:
        raise TooManyMessages("text", "You have written to %(name)s %(most)s times within a day.",
                              name=recipient.name, most=MOST_A_DAY)  # fmt: skip


def _count(session: Session, *conditions: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count(Message.id)).where(*conditions)) or 0


def between(session: Session, sender: Person, recipient: Person, *, limit: int) -> list[Message]:
    """Return what one wrote to the other, the newest first, with the claims that it is about."""
    return list(
        session.scalars(
            sa.select(Message)
            .where(Message.sender_id == sender.id, Message.recipient_id == recipient.id)
            .options(joinedload(Message.claim))
            .order_by(Message.at.desc(), Message.id.desc())
            .limit(limit)
        )
    )
