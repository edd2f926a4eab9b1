"""Who could take what is stuck under review, and writing to them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from factcheck.accounts.queries import person_by_public_id
from factcheck.api.calls import EDITS, OVERSEES, Asked, call
from factcheck.api.cursors import cursor_of, key_of, page
from factcheck.api.problems import Refusal
from factcheck.api.shapes.stuck import (
    AblePage,
    AbleQuery,
    MessageShown,
    NewMessage,
    StuckPage,
    StuckQuery,
    message_shown,
    stuck_shown,
)
from factcheck.claims.queries import claim as claim_of
from factcheck.desk.suggesting import LOOKED_AT, able_for, stuck_claims
from factcheck.notices.messages import AN_HOUR, TooManyMessages, send
from factcheck.web.paging import moment_and_key
from factcheck.web.wording import worded


@call("GET", "/stuck", OVERSEES, query=StuckQuery, answer=StuckPage)
def list_stuck(session: Session, asked: Asked[StuckQuery]) -> StuckPage:
    """List the claims that have waited for reviews for 14 days, with who could take each.

    Those named are the five who fit best among the people who were here last. Ask one of them by a
    batch that assigns, or write to them.
    """
    limit = asked.given.limit
    after = moment_and_key(key_of(asked.given.cursor, str, int))
    found = stuck_claims(session, asked.person, now=asked.now, after=after, limit=limit + 1)
    items, following = page(found, limit, lambda one: [one.place[0].isoformat(), one.place[1]])
    return StuckPage([stuck_shown(one) for one in items], following)


@call("GET", "/claims/{id}/could-take", OVERSEES, query=AbleQuery, answer=AblePage)
def list_able(session: Session, asked: Asked[AbleQuery]) -> AblePage:
    """List everybody who could take one claim, stuck or not; 200 people are looked at a page."""
    key: tuple[Any, ...] | None = key_of(asked.given.cursor, int)
    claim = claim_of(session, asked.id)
    after = key[0] if key else 0
    found, last = able_for(session, asked.person, claim, now=asked.now, after_id=after)
    return AblePage(stuck_shown(found, most=LOOKED_AT), cursor_of([last]) if last else None)


@call("POST", "/users/{id}/messages", EDITS, body=NewMessage, answer=MessageShown, status=201)
def write_message(session: Session, asked: Asked[NewMessage]) -> MessageShown:
    """Write to somebody who works here: told among their notices, and mailed as they choose.

    At most 60 an hour, and 10 a day to the same person.
    """
    person = person_by_public_id(session, asked.id)
    claim = claim_of(session, asked.given.claim) if asked.given.claim else None
    try:
        sent = send(
            session, person, asked.given.text, claim=claim, actor=asked.person, now=asked.now
        )
    except TooManyMessages as many:
        wait = {"Retry-After": str(int(AN_HOUR.total_seconds()))}
        raise Refusal(429, "too_many_messages", worded(many), headers=wait) from many
    return message_shown(sent)
