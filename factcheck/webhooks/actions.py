"""The verbs of webhooks: adding and changing endpoints, making deliveries, replaying them.

A delivery is made by who reads the audit log, in the transaction that moves the cursor behind its
event, together with the job that sends it: so it is made once, whatever is killed when. Addresses
often hold a secret of the receiver, so the audit log is told the host alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from factcheck.accounts.events import Event, record
from factcheck.accounts.models import Person
from factcheck.accounts.secrets import new_secret, sealed
from factcheck.db import new_public_id
from factcheck.failures import Conflict, Invalid
from factcheck.outbox import enqueue, enqueue_all
from factcheck.webhooks import queries
from factcheck.webhooks.models import Webhook, WebhookDelivery
from factcheck.webhooks.payloads import Telling, iso, tellings
from factcheck.webhooks.rules import (
    CHOICES,
    DELIVERIES_KEPT,
    MOST_ENDPOINTS,
    SECRET_PREFIX,
    SOURCES,
    Told,
    Trouble,
    body_of,
    checked_url,
)

JOB = "webhook-delivery"
PURPOSE = "webhook"  # of the seal
FORGOTTEN_AT_ONCE = 1000


class TooManyWebhooks(Conflict):
    """There are as many endpoints as one installation tells."""


class WebhookDisabled(Conflict):
    """Nothing is sent to an endpoint that is disabled."""


class StaleWebhook(Conflict):
    """The endpoint was changed since it was read."""


def add(
    session: Session, url: str, told: Collection[str], *, allow: frozenset[str], key: str,
    actor: Person | None, now: datetime,
) -> tuple[Webhook, str]:  # fmt: skip
    """Add an endpoint, and return it with its secret, which cannot be read again.

    Raises Invalid for the address and for what it is told of, TooManyWebhooks.
    """
    url, chosen = checked_url(url, allow), _checked(told)
    if len(queries.webhooks(session)) >= MOST_ENDPOINTS:
        raise TooManyWebhooks(
            "There are %(most)s webhooks, and no more are told. Delete one first.",
            most=MOST_ENDPOINTS,
        )
    secret = SECRET_PREFIX + new_secret()
    found = Webhook(
        url=url, told=chosen, sealed_secret=sealed(key, PURPOSE, secret), created_at=now
    )
    session.add(found)
    session.flush()
    _record(session, "webhook.added", found, actor=actor, now=now, told=chosen)
    return found, secret


def edit(
    session: Session, found: Webhook, url: str, told: Collection[str], *, allow: frozenset[str],
    actor: Person | None, now: datetime, version: int | None = None,
) -> None:  # fmt: skip
    """Change where an endpoint is and what it is told of; what waits goes to the new address.

    Raises Invalid, and StaleWebhook when `version` is given and is not the endpoint's.
    """
    if version is not None and version != found.version:
        raise StaleWebhook("It was changed since you read it. It is now %(url)s.", url=found.url)
    url, chosen = checked_url(url, allow), _checked(told)
    if (url, chosen) == (found.url, found.told):
        return
    if url != found.url:
        _start_anew(found)
    found.url, found.told = url, chosen
    found.version += 1
    _record(session, "webhook.edited", found, actor=actor, now=now, told=chosen)


def _checked(told: Collection[str]) -> list[str]:
    chosen = [one.value for one in CHOICES if one in told]
    if not chosen or len(chosen) < len(set(told)):
        raise Invalid("events", "Choose at least one of the events that can be told.")
    return chosen


def enable(session: Session, found: Webhook, *, actor: Person | None, now: datetime) -> None:
    """Tell an endpoint again from now on; what it missed meanwhile is not told."""
    if found.disabled_at is None:
        return
    found.disabled_at = found.disabled_because = None
    found.version += 1
    _start_anew(found)
    _record(session, "webhook.enabled", found, actor=actor, now=now)


def _start_anew(found: Webhook) -> None:
    found.failures, found.failing_since, found.rests_until = 0, None, None


def disable(
    session: Session, found: Webhook, *, actor: Person | None, now: datetime,
    because: str = "by-hand",
) -> None:  # fmt: skip
    """Tell an endpoint no more; what waits for it is given up. `because`: "by-hand", "failing"."""
    if found.disabled_at is not None:
        return
    found.disabled_at, found.disabled_because = now, because
    found.version += 1
    session.execute(
        sa.update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == found.id, WebhookDelivery.state == "waiting")
        .values(
            state="given-up", next_at=None, turn=WebhookDelivery.turn + 1,
            trouble=sa.func.coalesce(WebhookDelivery.trouble, Trouble.DISABLED.value),
        )
    )  # fmt: skip
    _record(session, "webhook.disabled", found, actor=actor, now=now, because=because)


def delete(session: Session, found: Webhook, *, actor: Person | None, now: datetime) -> None:
    """Delete an endpoint, its secret and all that it was told."""
    session.execute(sa.delete(WebhookDelivery).where(WebhookDelivery.webhook_id == found.id))
    _record(session, "webhook.deleted", found, actor=actor, now=now)
    session.delete(found)


def ping(session: Session, found: Webhook, *, actor: Person, now: datetime) -> WebhookDelivery:
    """Ask for a delivery that tells nothing, tried once, and return it; raise WebhookDisabled."""
    _require_enabled(found)
    session.flush()
    event = session.get_one(Event, _record(session, "webhook.pinged", found, actor=actor, now=now))
    found.rests_until = None
    row = _row(found, event, Telling(Told.PING, found.public_id, {}), now=now)
    _make(session, [row], now=now)
    return queries.delivery(session, row["public_id"])


def replay(session: Session, one: WebhookDelivery, *, actor: Person, now: datetime) -> None:
    """Send a delivery again, under the id that it has, as if it were new; raise WebhookDisabled."""
    _require_enabled(one.webhook)
    one.webhook.rests_until = None
    one.since, one.attempts, one.state = now, 0, "waiting"
    send_at(session, one, now, now=now)
    _record(session, "webhook.replayed", one.webhook, actor=actor, now=now, delivery=one.public_id)


def _require_enabled(found: Webhook) -> None:
    if found.disabled_at is not None:
        raise WebhookDisabled("Nothing is sent to a disabled webhook. Enable it first.")


def send_at(session: Session, one: WebhookDelivery, at: datetime, *, now: datetime) -> None:
    """Have a waiting delivery sent from then on, by a new job in place of the one before."""
    one.turn += 1
    one.next_at = at
    enqueue(session, JOB, {"delivery": one.public_id, "turn": one.turn}, now=now, due=at)


def make_deliveries(session: Session, events: Iterable[Event], *, base: str, now: datetime) -> int:
    """Make what events are told as, to each endpoint that wants it; return how many deliveries.

    `base` is what the public site's addresses begin with.
    """
    events = [event for event in events if event.kind in SOURCES]
    if not events:
        return 0
    active = session.scalars(
        sa.select(Webhook)
        .where(Webhook.disabled_at.is_(None))
        .order_by(Webhook.id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).all()
    wanted = {one for found in active for one in found.told}
    rows = [
        _row(found, event, telling, now=now)
        for event in events
        if SOURCES[event.kind] & wanted
        for telling in tellings(session, event, base)
        for found in active
        if telling.told in found.told
    ]
    return _make(session, rows, now=now)


def _row(found: Webhook, event: Event, telling: Telling, *, now: datetime) -> dict[str, Any]:
    public_id = new_public_id()
    return {
        "public_id": public_id, "webhook_id": found.id, "event_id": event.id,
        "told": telling.told.value, "subject": telling.subject, "made_at": now, "since": now,
        "next_at": now, "body": body_of(public_id, telling.told, iso(event.at), telling.data),
    }  # fmt: skip


def _make(session: Session, rows: list[dict[str, Any]], *, now: datetime) -> int:
    """Make those deliveries that are not there yet, each with its first job; return how many."""
    if not rows:
        return 0
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(WebhookDelivery).on_conflict_do_nothing()
    made = session.scalars(insert.returning(WebhookDelivery.public_id), rows).all()
    enqueue_all(session, JOB, [{"delivery": one, "turn": 1} for one in made], now=now)
    return len(made)


def forget_old(session: Session, *, now: datetime) -> int:
    """Forget deliveries that were made long ago, some at a time; return how many were."""
    old = (
        sa.select(WebhookDelivery.id)
        .where(WebhookDelivery.made_at < now - DELIVERIES_KEPT, WebhookDelivery.state != "waiting")
        .limit(FORGOTTEN_AT_ONCE)
    )
    gone = session.scalars(
        sa.delete(WebhookDelivery)
        .where(WebhookDelivery.id.in_(old))
        .returning(WebhookDelivery.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _record(
    session: Session, kind: str, found: Webhook, *, actor: Person | None, now: datetime,
    **details: Any,
) -> int:  # fmt: skip
    host = urlsplit(found.url).hostname
    return record(session, kind, found.public_id, actor=actor, now=now, host=host, **details)
