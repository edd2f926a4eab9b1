"""Webhooks and their deliveries as they are sent and answered."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.api.shapes.fields import Url, Version
from factcheck.api.shapes.moments import moment
from factcheck.webhooks import labels
from factcheck.webhooks.models import Webhook, WebhookDelivery
from factcheck.webhooks.rules import Trouble

EventName = Literal["edition.published", "verdict.changed", "claim.disputed"]
Events = Annotated[list[EventName], msgspec.Meta(min_length=1, max_length=3)]
WebhookState = Literal["active", "disabled"]


class NewWebhook(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An endpoint to be told, and of what."""

    url: Url
    events: Events


class WebhookEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to be different about a webhook; what is left out stays."""

    version: Version | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    events: Events | UnsetType = UNSET
    state: WebhookState | UnsetType = UNSET


class WebhookDeleted(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which version of a webhook is deleted."""

    version: Version | UnsetType = UNSET


class WebhookShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An endpoint; `failing_since` is since when nothing but failure came of it."""

    id: str
    url: str
    events: list[EventName]
    state: WebhookState
    disabled: str | None
    disabled_because: Literal["by-hand", "failing"] | None
    failing_since: str | None
    created: str
    version: int


class WebhookAdded(WebhookShown, kw_only=True):
    """An endpoint that was added; `secret` is what signatures are made with, shown here alone."""

    secret: str


class WebhookPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of webhooks, in the order in which they were added."""

    items: list[WebhookShown]
    next: str | None


class DeliveryShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What an endpoint is told: `body` as it is sent, and how the last attempt went.

    `attempts` are since it was made or replayed; `answer` is the start of what came back.
    """

    id: str
    event: Literal["edition.published", "verdict.changed", "claim.disputed", "ping"]
    state: Literal["waiting", "delivered", "given-up"]
    made: str
    attempts: int
    tried: str | None
    next_try: str | None
    took_ms: int | None
    status: int | None
    trouble: str | None
    answer: str | None
    body: str


class DeliveryPage(msgspec.Struct, forbid_unknown_fields=True):
    """A page of deliveries, the newest first."""

    items: list[DeliveryShown]
    next: str | None


def webhook_shown(found: Webhook) -> WebhookShown:
    """Return an endpoint as it is answered."""
    return WebhookShown(
        id=found.public_id,
        url=found.url,
        events=list(found.told),  # type: ignore[arg-type]  # checked when it was kept
        state="active" if found.disabled_at is None else "disabled",
        disabled=moment(found.disabled_at) if found.disabled_at else None,
        disabled_because=found.disabled_because,  # type: ignore[arg-type]  # the table's
        failing_since=moment(found.failing_since) if found.failing_since else None,
        created=moment(found.created_at),
        version=found.version,
    )


def webhook_added(found: Webhook, secret: str) -> WebhookAdded:
    """Return an endpoint that was added now, with its secret."""
    return WebhookAdded(**msgspec.structs.asdict(webhook_shown(found)), secret=secret)


def delivery_shown(one: WebhookDelivery) -> DeliveryShown:
    """Return a delivery as it is answered."""
    return DeliveryShown(
        id=one.public_id,
        event=one.told,  # type: ignore[arg-type]
        state=one.state,  # type: ignore[arg-type]  # the table allows these alone
        made=moment(one.made_at),
        attempts=one.attempts,
        tried=moment(one.tried_at) if one.tried_at else None,
        next_try=moment(one.next_at) if one.next_at else None,
        took_ms=one.took_ms,
        status=one.status,
        trouble=str(labels.TROUBLES[Trouble(one.trouble)]) if one.trouble else None,
        answer=one.answer,
        body=one.body,
    )
