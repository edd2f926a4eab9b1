"""Webhooks: which endpoints are told of what, and each delivery."""

from __future__ import annotations

from typing import Any

from flask import current_app
from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.api.calls import ADMINISTERS, Answer, Asked, call
from factcheck.api.cursors import PageQuery, key_of, page, page_of_all
from factcheck.api.shapes.webhooks import (
    DeliveryPage,
    DeliveryShown,
    NewWebhook,
    WebhookAdded,
    WebhookDeleted,
    WebhookEdit,
    WebhookPage,
    WebhookShown,
    delivery_shown,
    webhook_added,
    webhook_shown,
)
from factcheck.api.versions import require_current
from factcheck.webhooks import actions, queries


@call("GET", "/webhooks", ADMINISTERS, query=PageQuery, answer=WebhookPage)
def list_webhooks(session: Session, asked: Asked[PageQuery]) -> WebhookPage:
    """List the webhooks, in the order in which they were added."""
    items, following = page_of_all(queries.webhooks(session), asked.given, lambda one: (one.id,))
    return WebhookPage([webhook_shown(one) for one in items], following)


@call("POST", "/webhooks", ADMINISTERS, body=NewWebhook, answer=WebhookAdded, status=201)
def add_webhook(session: Session, asked: Asked[NewWebhook]) -> WebhookAdded:
    """Add an endpoint that is told by signed POSTs; the answer holds its secret, once.

    `docs/webhooks.md` says what is sent and how a signature is checked.
    """
    settings = current_app.extensions["factcheck"]
    found, secret = actions.add(
        session, asked.given.url, asked.given.events, allow=settings.fetch_allow,
        key=settings.secret_key, actor=asked.person, now=asked.now,
    )  # fmt: skip
    return webhook_added(found, secret)


@call("GET", "/webhooks/{id}", ADMINISTERS, answer=WebhookShown)
def read_webhook(session: Session, asked: Asked[Any]) -> WebhookShown:
    """Read a webhook, and whether it is failing."""
    return webhook_shown(queries.webhook(session, asked.id))


@call("PATCH", "/webhooks/{id}", ADMINISTERS, body=WebhookEdit, answer=WebhookShown,
      versioned=True)  # fmt: skip
def edit_webhook(session: Session, asked: Asked[WebhookEdit]) -> WebhookShown:
    """Change where a webhook is and what it is told of; disable it, or enable it again.

    What happens while it is disabled is not told, also not later.
    """
    given = asked.given
    found = queries.held_webhook(session, asked.id)
    require_current(asked, webhook_shown(found))
    url = found.url if given.url is UNSET else given.url
    events = found.told if given.events is UNSET else given.events
    if url != found.url or events is not found.told:
        actions.edit(
            session, found, url, events, allow=current_app.extensions["factcheck"].fetch_allow,
            actor=asked.person, now=asked.now,
        )  # fmt: skip
    if given.state is not UNSET:
        change = actions.enable if given.state == "active" else actions.disable
        change(session, found, actor=asked.person, now=asked.now)
    return webhook_shown(found)


@call("DELETE", "/webhooks/{id}", ADMINISTERS, body=WebhookDeleted, status=204, versioned=True)
def delete_webhook(session: Session, asked: Asked[WebhookDeleted]) -> Answer:
    """Delete a webhook, its secret and the list of its deliveries."""
    found = queries.held_webhook(session, asked.id)
    require_current(asked, webhook_shown(found))
    actions.delete(session, found, actor=asked.person, now=asked.now)
    return Answer()


@call("POST", "/webhooks/{id}/ping", ADMINISTERS, answer=DeliveryShown, status=201)
def ping_webhook(session: Session, asked: Asked[Any]) -> DeliveryShown:
    """Send a test delivery, tried once; refused (409) while the webhook is disabled."""
    found = queries.held_webhook(session, asked.id)
    one = actions.ping(session, found, actor=asked.person, now=asked.now)
    session.flush()
    return delivery_shown(one)


@call("GET", "/webhooks/{id}/deliveries", ADMINISTERS, query=PageQuery, answer=DeliveryPage)
def list_deliveries(session: Session, asked: Asked[PageQuery]) -> DeliveryPage:
    """List the deliveries of a webhook, the newest first; they are kept for 30 days."""
    found = queries.webhook(session, asked.id)
    before = key_of(asked.given.cursor, int)
    some = queries.deliveries_of(
        session, found, before=before[0] if before else None, limit=asked.given.limit + 1
    )
    items, following = page(some, asked.given.limit, lambda one: [one.id])
    return DeliveryPage([delivery_shown(one) for one in items], following)


@call("POST", "/webhooks/deliveries/{id}/replay", ADMINISTERS, answer=DeliveryShown)
def replay_delivery(session: Session, asked: Asked[Any]) -> DeliveryShown:
    """Send a delivery again under its id, whether it arrived or not, as if it were new.

    Refused (409) while the webhook is disabled.
    """
    one = queries.held_delivery(session, asked.id)
    actions.replay(session, one, actor=asked.person, now=asked.now)
    return delivery_shown(one)
