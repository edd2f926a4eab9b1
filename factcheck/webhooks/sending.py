"""The job that sends a delivery: taken in one transaction, sent outside any, noted in another.

A worker that is killed after sending leaves the job to be run again, so an attempt may arrive
twice; it has the same id. A job that is not its delivery's newest does nothing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts.events import Event
from factcheck.accounts.secrets import BrokenSeal, unsealed
from factcheck.config import Settings
from factcheck.db import writing
from factcheck.editions.queries import edition_by_sha256
from factcheck.failures import Invalid
from factcheck.fetch import FetchRefused, FetchTimedOut, post
from factcheck.webhooks import actions, queries
from factcheck.webhooks.models import Webhook, WebhookDelivery
from factcheck.webhooks.rules import (
    TRIED_FOR,
    Told,
    Trouble,
    is_past_hope,
    next_try,
    rest,
    signature,
)

WAIT_FOR_PAGES = timedelta(minutes=1)
SECONDS = 10.0  # for one attempt, all together
ANSWER_BYTES = 500  # kept of an answer


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent where; a secret that cannot be unsealed is None."""

    delivery: str
    turn: int
    told: str
    url: str
    body: bytes
    secret: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt."""

    took_ms: int
    trouble: Trouble | None
    status: int | None = None
    answer: str | None = None


def send(payload: Mapping[str, Any], settings: Settings) -> None:
    """Make an attempt at the delivery that a job is for, unless it is settled or must wait."""
    with suppress(queries.DeliveryMissing):  # its endpoint was deleted
        letter = _taken(payload, settings)
        if letter is not None:
            outcome = _attempt(letter, settings)
            _note(letter, outcome)


def _taken(payload: Mapping[str, Any], settings: Settings) -> Letter | None:
    """Count the attempt and return what to send; None where there is nothing to send now."""
    now = clock.now()
    with writing() as session:
        one = queries.held_delivery(session, payload["delivery"])
        if one.state != "waiting" or one.turn != payload["turn"]:
            return None
        if _is_put_off(session, one, now):
            return None
        one.attempts += 1
        one.tried_at = now
        return Letter(
            one.public_id, one.turn, one.told, one.webhook.url, one.body.encode("ascii"),
            _secret(one.webhook, settings),
        )  # fmt: skip


def _is_put_off(session: Session, one: WebhookDelivery, now: datetime) -> bool:
    """Put a delivery off, or give it up, while its endpoint rests or its pages are not there."""
    rests_until = one.webhook.rests_until
    if rests_until is not None and rests_until > now:
        if rests_until - one.since > TRIED_FOR:
            _give_up(one, Trouble.RESTING)
        else:
            actions.send_at(session, one, rests_until, now=now)
        return True
    if one.told not in {Told.PUBLISHED, Told.CHANGED}:
        return False
    edition = edition_by_sha256(session, session.get_one(Event, one.event_id).subject_id)
    if edition.withdrawn_at is not None:
        _give_up(one, Trouble.WITHDRAWN)
    elif edition.written_at is None:
        actions.send_at(session, one, now + WAIT_FOR_PAGES, now=now)
    else:
        return False
    return True


def _give_up(one: WebhookDelivery, trouble: Trouble) -> None:
    one.state, one.next_at, one.trouble = "given-up", None, trouble.value


def _secret(found: Webhook, settings: Settings) -> str | None:
    try:
        return unsealed(settings.secret_key, actions.PURPOSE, found.sealed_secret)
    except BrokenSeal:
        return None


def _attempt(letter: Letter, settings: Settings) -> Outcome:
    """Send a letter and return what came of it, whatever the other side does."""
    if letter.secret is None:
        return Outcome(0, Trouble.SECRET)
    timestamp = int(clock.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "factcheck-webhook",
        "X-Factcheck-Event": letter.told,
        "X-Factcheck-Delivery": letter.delivery,
        "X-Factcheck-Timestamp": str(timestamp),
        "X-Factcheck-Signature": signature(letter.secret, timestamp, letter.body),
    }
    begun = time.monotonic()
    try:
        answer = post(
            letter.url, letter.body, headers, allow=settings.fetch_allow, total_s=SECONDS,
            kept_bytes=ANSWER_BYTES,
        )  # fmt: skip
    except Invalid as failure:
        return Outcome(_ms_since(begun), _trouble(failure))
    trouble = None if 200 <= answer.status < 300 else Trouble.STATUS
    start = answer.start.decode("utf-8", "replace").replace("\0", "\ufffd")
    return Outcome(_ms_since(begun), trouble, answer.status, start)


def _ms_since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)


def _trouble(failure: Invalid) -> Trouble:
    if isinstance(failure, FetchRefused):
        return Trouble.REFUSED
    return Trouble.TIMED_OUT if isinstance(failure, FetchTimedOut) else Trouble.UNREACHABLE


def _note(letter: Letter, outcome: Outcome) -> None:
    """Note what came of an attempt, and ask for the next one if there is to be any."""
    now = clock.now()
    with writing() as session:
        one = queries.held_delivery(session, letter.delivery)
        if one.turn != letter.turn:
            return  # replayed or disabled while it was sent
        one.took_ms, one.status, one.answer = outcome.took_ms, outcome.status, outcome.answer
        one.trouble = outcome.trouble.value if outcome.trouble else None
        if outcome.trouble is None:
            one.state, one.next_at = "delivered", None
            one.webhook.failures, one.webhook.failing_since = 0, None
            one.webhook.rests_until = None
        else:
            _failed(session, one, outcome.trouble, now)


def _failed(session: Session, one: WebhookDelivery, trouble: Trouble, now: datetime) -> None:
    found = one.webhook
    found.failures += 1
    found.failing_since = found.failing_since or now
    found.rests_until = now + rest(found.failures)
    at = next_try(Told(one.told), one.attempts, one.since, now)
    if at is None:
        _give_up(one, trouble)
    else:
        actions.send_at(session, one, at, now=now)
    if is_past_hope(found.failing_since, now):
        session.flush()
        actions.disable(session, found, actor=None, now=now, because="failing")
