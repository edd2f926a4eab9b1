"""Sending given bytes to an address: once, to nowhere else, and reading little of the answer."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import urllib3

from factcheck.fetch.connecting import (
    Connector,
    Deadline,
    Message,
    Network,
    Resolver,
    connect_to,
    exchange,
    resolve_host,
)
from factcheck.fetch.urls import parse_url


@dataclass(frozen=True, slots=True)
class Posted:
    """What a server answered: any status, redirects included, and the start of the body as sent."""

    status: int
    start: bytes


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allow: frozenset[str] = frozenset(),
    total_s: float = 10.0,
    kept_bytes: int = 500,
    resolve: Resolver = resolve_host,
    connect: Connector = connect_to,
) -> Posted:
    """Send `body` to an http(s) address as one POST, and return what came back.

    A redirect is an answer like others and leads nowhere. No more than `kept_bytes` of the answer
    are read, so a large one costs nothing. `allow` as for `fetch`. Raises FetchRefused when the
    address must not be opened, FetchTimedOut, and FetchFailed when no answer came.
    """
    message = Message("POST", {**headers, "Accept-Encoding": "identity"}, body)
    read = functools.partial(_read, kept_bytes)
    deadline = Deadline(total_s, connect_s=total_s / 2)
    return exchange(parse_url(url), message, deadline, Network(allow, resolve, connect), read)


def _read(kept_bytes: int, response: urllib3.HTTPResponse) -> Posted:
    return Posted(response.status, response.read(kept_bytes, decode_content=False))
