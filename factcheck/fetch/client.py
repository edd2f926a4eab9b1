"""Reading one web page safely: resolve, check, connect to what was checked, read with limits.

Cookies, credentials, proxies and .netrc do not exist here. One deadline covers everything
together: a site that sends a byte now and then is cut off by a timer that shuts its connection.
"""

from __future__ import annotations

import functools
import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from factcheck.failures import Invalid
from factcheck.fetch.addresses import AddressRefused, check_address
from factcheck.fetch.body import check_type, read_body
from factcheck.fetch.refusals import FetchFailed, FetchRefused, FetchTimedOut, NoSuchSite
from factcheck.fetch.urls import Address, check_public_name, join_url, parse_url

Resolver = Callable[[str, int], Sequence[str]]
"""Host name and port to numeric addresses; raises OSError when there are none."""

Connector = Callable[[str, int, float], socket.socket]
"""Numeric address, port and seconds to a connected socket; raises OSError."""


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


def resolve_host(host: str, port: int) -> list[str]:
    """Return the numeric addresses of a host as the system knows them, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in found))


def connect_to(address: str, port: int, timeout_s: float) -> socket.socket:
    """Return a socket connected to a numeric address."""
    return socket.create_connection((address, port), timeout_s)


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
    deadline = _Deadline(limits)
    hops: list[str] = []
    while len(hops) <= limits.redirects:
        if address.url in hops:
            raise FetchRefused("This page leads back to itself. Give the address of the article.")
        hops.append(address.url)
        numbers = _checked_addresses(address, allow, deadline, resolve)
        answer = _request(address, numbers, deadline, connect)
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


class _Deadline:
    """The end of the time that one fetch may take."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._ends_at = time.monotonic() + limits.total_s

    @property
    def passed(self) -> bool:
        """Tell whether the time is over."""
        return time.monotonic() >= self._ends_at

    def left_s(self) -> float:
        """Return the seconds left; raises FetchTimedOut when there are none."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise FetchTimedOut(
                "The page did not arrive within %(seconds)s seconds. Try again, or paste the text.",
                seconds=f"{self.limits.total_s:g}",
            )
        return left

    @contextmanager
    def cutting(self, connection: socket.socket) -> Iterator[None]:
        """Shut the connection when the time is over, whatever it is then waiting for."""
        twin = connection.dup()  # outlives the wrapping in TLS, and cannot be another's by then
        timer = threading.Timer(self.left_s(), _shut, [twin])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            twin.close()


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # already closed by the other side
        return


def _checked_addresses(
    address: Address, allow: frozenset[str], deadline: _Deadline, resolve: Resolver
) -> Sequence[str]:
    """Return the numeric addresses of a host; raises FetchRefused unless all are allowed."""
    allowed = address.host_and_port in allow
    if not allowed:
        check_public_name(address)
        if address.port not in (80, 443):
            raise FetchRefused(
                "Only the usual ports of the web are opened, not %(port)s. Give the address that "
                "readers use.",
                port=str(address.port),
            )
    numbers = [address.host] if address.numeric else _resolved(address, deadline, resolve)
    if not allowed:
        try:
            for number in numbers:
                check_address(number)
        except AddressRefused as refused:
            raise FetchRefused(
                "“%(host)s” leads to a network that is not public. Give the address of a public "
                "page, or paste the text.",
                host=address.host,
            ) from refused
    return numbers


def _resolved(address: Address, deadline: _Deadline, resolve: Resolver) -> Sequence[str]:
    """Return what the resolver answers in time; it runs aside because it cannot be interrupted."""
    answers: list[Sequence[str]] = []

    def ask() -> None:
        try:
            answers.append(resolve(address.host, address.port))
        except (OSError, UnicodeError):
            answers.append(())

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(deadline.left_s())
    if not answers:
        deadline.left_s()
    if not answers or not answers[0]:
        raise NoSuchSite("There is no site “%(host)s”. Check the address.", host=address.host)
    return answers[0]


def _request(
    address: Address, numbers: Sequence[str], deadline: _Deadline, connect: Connector
) -> Address | tuple[int, dict[str, str], bytes]:
    """Return where the page leads on to, or its status, headers and body."""
    raw = _open(address, numbers, deadline, connect)
    connection = _connection(address, raw, deadline)
    try:
        with deadline.cutting(raw):
            connection.request(
                "GET", address.target, headers=_headers(address), preload_content=False
            )
            with closing(connection.getresponse()) as response:  # it holds the socket by itself
                answer = _read(address, response, deadline)
        deadline.left_s()
    except Invalid:
        deadline.left_s()  # what was cut off in the middle may look like anything
        raise
    except ssl.SSLError as error:
        deadline.left_s()
        raise FetchFailed(
            "“%(host)s” does not prove that it is that site. Check the address.", host=address.host
        ) from error
    except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, zlib.error) as error:
        deadline.left_s()
        raise FetchFailed(
            "“%(host)s” broke off or sent something unreadable. Try again, or paste the text.",
            host=address.host,
        ) from error
    else:
        return answer
    finally:
        connection.close()
        raw.close()


def _open(
    address: Address, numbers: Sequence[str], deadline: _Deadline, connect: Connector
) -> socket.socket:
    """Return a socket connected to the first of the checked addresses that takes it."""
    for number in numbers[:3]:
        try:
            return connect(number, address.port, min(deadline.limits.connect_s, deadline.left_s()))
        except OSError:
            continue
    deadline.left_s()
    raise FetchFailed(
        "“%(host)s” cannot be reached. Try again, or paste the text.", host=address.host
    )


class _SkipsEarlyHints(http.client.HTTPResponse):
    """Reads past "103 Early Hints", which the standard library takes for the answer itself."""

    def _read_status(self) -> tuple[str, int, str]:
        read_status: Callable[[], tuple[str, int, str]] = super()._read_status  # type: ignore[misc]
        for _ in range(10):
            version, status, reason = read_status()
            if status != 103:
                return version, status, reason
            http.client.parse_headers(self.fp)
        raise http.client.HTTPException("hints without end")


def _connection(address: Address, raw: socket.socket, deadline: _Deadline) -> HTTPConnection:
    """Return an HTTP(S) connection over a socket that is already connected.

    The certificate is checked against the host's name, not the number connected to.
    """
    raw.settimeout(deadline.left_s())
    connection: HTTPConnection
    if address.scheme == "https":
        connection = HTTPSConnection(
            address.host,
            address.port,
            timeout=deadline.left_s(),
            ssl_context=ssl.create_default_context(),
        )
    else:
        connection = HTTPConnection(address.host, address.port, timeout=deadline.left_s())
    connection._new_conn = functools.partial(_given, raw)  # type: ignore[method-assign]  # noqa: SLF001
    connection.response_class = _SkipsEarlyHints
    return connection


def _given(raw: socket.socket) -> socket.socket:
    return raw


def _headers(address: Address) -> dict[str, str]:
    return {
        "Host": address.authority,
        "User-Agent": "factcheck (reads pages that people ask it to check)",
        "Accept": "text/html, application/xhtml+xml, text/plain, text/markdown",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


def _read(
    address: Address, response: urllib3.HTTPResponse, deadline: _Deadline
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
    limits = deadline.limits
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
