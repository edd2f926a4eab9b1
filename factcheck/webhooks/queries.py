"""Reading endpoints and what they were told."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.failures import Missing
from factcheck.webhooks.models import Webhook, WebhookDelivery


class WebhookMissing(Missing):
    """There is no such endpoint, or it was deleted."""


class DeliveryMissing(Missing):
    """There is no such delivery, or it was forgotten."""


def webhooks(session: Session) -> Sequence[Webhook]:
    """Return every endpoint, in the order in which they were added; there are few."""
    return session.scalars(sa.select(Webhook).order_by(Webhook.id)).all()


def webhook(session: Session, public_id: str) -> Webhook:
    """Return an endpoint; raise WebhookMissing."""
    return _one(session, sa.select(Webhook).where(Webhook.public_id == public_id))


def held_webhook(session: Session, public_id: str) -> Webhook:
    """Return an endpoint, kept from others until the transaction ends; raise WebhookMissing."""
    which = sa.select(Webhook).where(Webhook.public_id == public_id)
    return _one(session, _held(which))


def held_delivery(session: Session, public_id: str) -> WebhookDelivery:
    """Return a delivery, it and its endpoint kept from others; raise DeliveryMissing.

    The endpoint's row is the lock of both, since whoever disables it changes all its deliveries.
    """
    endpoint = sa.select(Webhook).join(WebhookDelivery, WebhookDelivery.webhook_id == Webhook.id)
    session.scalar(_held(endpoint.where(WebhookDelivery.public_id == public_id)))
    return delivery(session, public_id)


def delivery(session: Session, public_id: str) -> WebhookDelivery:
    """Return a delivery with its endpoint; raise DeliveryMissing."""
    found = session.scalar(
        sa.select(WebhookDelivery)
        .where(WebhookDelivery.public_id == public_id)
        .options(joinedload(WebhookDelivery.webhook, innerjoin=True))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise DeliveryMissing("There is no such delivery.")
    return found


def _held(which: sa.Select[Webhook]) -> sa.Select[Webhook]:
    return which.with_for_update(of=Webhook).execution_options(populate_existing=True)


def _one(session: Session, which: sa.Select[Webhook]) -> Webhook:
    found = session.scalar(which)
    if found is None:
        raise WebhookMissing("There is no such webhook.")
    return found


def deliveries_of(
    session: Session, endpoint: Webhook, *, before: int | None = None, limit: int
) -> Sequence[WebhookDelivery]:
    """Return what an endpoint was or is to be told, newest first, from a place on."""
    chosen = sa.select(WebhookDelivery).where(WebhookDelivery.webhook_id == endpoint.id)
    if before is not None:
        chosen = chosen.where(WebhookDelivery.id < before)
    return session.scalars(chosen.order_by(WebhookDelivery.id.desc()).limit(limit)).all()
