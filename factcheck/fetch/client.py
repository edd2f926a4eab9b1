"""Reading one web page safely, redirects followed, each checked like the first address."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import urllib3

from factcheck.fetch.body import check_type, read_body
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
from factcheck.fetch.refusals import FetchFailed, FetchRefused
from factcheck.fetch.urls import Address, join_url, parse_url

ASKING = Message(
    "GET",
    {
        "User-Agent": "factcheck (reads pages that people ask it to check)",
        "Accept": "text/html, application/xhtml+xml, text/plain, text/markdown",
        "Accept-Encoding": "gzip",
    },
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one fetch may take, all redirects together; and whether a PDF is taken."""

    total_s: float = 10.0
    connect_s: float = 5.0  # for one address of a host
    size_bytes: int = 5 * 1024 * 1024  # as sent, and again once unpacked
    redirects: int = 5
    take_pdf: bool = False


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Fetched:
    """One page as it came; `hops` are the addresses requested, in order, the last one answered."""

    url: str
    final_url: str
    status: int
    content_type: str
    headers: dict[str, str]
    body: bytes
    hops: tuple[str, ...]


def fetch(
    url: str,
    *,
    allow: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT,
    resolve: Resolver = resolve_host,
    connect: Connector = connect_to,
) -> Fetched:
    """Return the page at an http(s) address, unpacked, redirects followed.

    `allow` holds "host:port" pairs that may be private and on any port. Raises FetchRefused when
    the address or one it leads to must not be opened, FetchTimedOut, FetchTooLarge, NotTextual,
    and FetchFailed for all else, an answer other than 2xx included.
    """
    asked = address = parse_url(url)
    deadline = Deadline(limits.total_s, limits.connect_s)
    network = Network(allow, resolve, connect)
    hops: list[str] = []
    while len(hops) <= limits.redirects:
        if address.url in hops:
            raise FetchRefused("This page leads back to itself. Give the address of the article.")
        hops.append(address.url)
        read = functools.partial(_read, address, limits)
        answer = exchange(address, ASKING, deadline, network, read)
        if isinstance(answer, Address):
            address = answer
            continue
        status, headers, body = answer
        return Fetched(
            url=str(asked),
            final_url=address.url,
            status=status,
            content_type=headers["content-type"],
            headers=headers,
            body=body,
            hops=tuple(hops),
        )
    raise FetchRefused("This page leads on too many times. Give the address of the article.")


def _read(
    address: Address, limits: Limits, response: urllib3.HTTPResponse
) -> Address | tuple[int, dict[str, str], bytes]:
    """Return where the answer leads on to, or its status, headers and body."""
    if response.status in (301, 302, 303, 307, 308):
        return _next_address(address, response)
    if not 200 <= response.status < 300:
        raise FetchFailed(
            "“%(host)s” answers %(answer)s instead of the page. Check the address, or paste the "
            "text.",
            host=address.host,
            answer=str(response.status),
            status=response.status,
        )
    check_type(response.headers.get("content-type", ""), take_pdf=limits.take_pdf)
    body = read_body(response, limits.size_bytes, take_pdf=limits.take_pdf)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return response.status, headers, body


def _next_address(address: Address, response: urllib3.HTTPResponse) -> Address:
    """Return the address that a redirect names; it has been parsed but not checked yet."""
    locations = set(response.headers.getlist("location"))
    if len(locations) != 1:
        raise FetchRefused("This page leads on without saying where. Give the article's address.")
    onward = join_url(address, _as_utf8(locations.pop()))
    if address.scheme == "https" and onward.scheme == "http":
        raise FetchRefused(
            "This page leads from a protected address to an unprotected one. "
            "If that is the one you mean, give it itself."
        )
    return onward


def _as_utf8(header: str) -> str:
    """Return a header, which the library reads as Latin-1, as the UTF-8 that sites send."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return header
