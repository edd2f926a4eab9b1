"""Which happenings are told, how a delivery is signed, and when it is tried again. Pure.

Two spans rule a failure. A delivery is tried again for a day. An endpoint rests after each failure,
so that one which is down costs one attempt a rest and not one for each delivery that waits for it;
and it is disabled once nothing but failure came of it for a week.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from factcheck.failures import Invalid
from factcheck.fetch.addresses import AddressRefused, check_address
from factcheck.fetch.refusals import FetchRefused
from factcheck.fetch.urls import check_public_name, parse_url

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WAITS = (MINUTE, 5 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR)
TRIED_FOR = timedelta(days=1)
LONGEST_REST = timedelta(minutes=30)
DISABLED_AFTER = timedelta(days=7)
# A month is long enough to look into what a receiver missed; what happened is in the audit log.
DELIVERIES_KEPT = timedelta(days=30)
MOST_ENDPOINTS = 20
LONGEST_URL = 2_000  # characters
SECRET_PREFIX = "fcwh_"  # noqa: S105 - what a secret begins with, so that leaks can be searched for


class Told(StrEnum):
    """What a delivery tells of."""

    PUBLISHED = "edition.published"
    CHANGED = "verdict.changed"
    DISPUTED = "claim.disputed"
    PING = "ping"


CHOICES = (Told.PUBLISHED, Told.CHANGED, Told.DISPUTED)  # a ping is sent by hand alone
SOURCES: Mapping[str, frozenset[Told]] = MappingProxyType(
    {
        "edition.published": frozenset({Told.PUBLISHED, Told.CHANGED}),
        "round.disputed": frozenset({Told.DISPUTED}),
    }
)
"""Event of the audit log → what it may be told as."""


class Trouble(StrEnum):
    """Why an attempt was no success, or why a delivery is tried no more without one."""

    STATUS = "status"  # an answer other than 2xx
    REFUSED = "refused"  # the address leads to a network that is not public
    TIMED_OUT = "timed-out"
    UNREACHABLE = "unreachable"
    SECRET = "secret"  # noqa: S105 - it was sealed with another key of the service
    RESTING = "resting"  # the endpoint failed for others all the while
    WITHDRAWN = "withdrawn"  # the edition, before it was told
    DISABLED = "disabled"  # the endpoint, meanwhile


def checked_url(url: str, allow: frozenset[str]) -> str:
    """Return an endpoint's address in normal form; raise Invalid("url", …).

    Those whose "host:port" is in `allow` may be private, on any port and without TLS. Where a name
    leads is not looked up here but before each attempt.
    """
    if len(url) > LONGEST_URL:
        raise Invalid("url", "Use at most %(longest)s characters.", longest=LONGEST_URL)
    address = parse_url(url)
    if address.host_and_port in allow:
        return address.url
    if address.scheme != "https":
        raise Invalid("url", "Give an address that begins with https://.")
    if address.port != 443:
        raise Invalid("url", "Only the usual port is reached. Leave the port out of the address.")
    try:
        check_public_name(address)
        if address.numeric:
            check_address(address.host)
    except (AddressRefused, FetchRefused) as refused:
        raise Invalid(
            "url", "“%(host)s” is not a public site, so nothing is sent there.", host=address.host
        ) from refused
    return address.url


def body_of(delivery: str, told: Told, at: str, data: Mapping[str, Any]) -> str:
    """Return what is sent: JSON in ASCII. `delivery` is its id, `at` when it happened."""
    return json.dumps({"id": delivery, "event": told.value, "at": at, "data": data})


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a body sent at `timestamp` (seconds since 1970), as its header."""
    signed = str(timestamp).encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def next_try(told: Told, attempts: int, since: datetime, now: datetime) -> datetime | None:
    """Return when to try again after that many failed attempts since `since`; None: no more."""
    if told is Told.PING or attempts > len(WAITS):
        return None
    at = now + WAITS[attempts - 1]
    return at if at - since <= TRIED_FOR else None


def rest(failures: int) -> timedelta:
    """Return how long an endpoint rests after that many failures in a row (1 or more)."""
    return min(MINUTE * (1 << min(failures - 1, 10)), LONGEST_REST)


def is_past_hope(failing_since: datetime, now: datetime) -> bool:
    """Whether an endpoint that has failed since then is disabled at the failure of `now`."""
    return now - failing_since >= DISABLED_AFTER
