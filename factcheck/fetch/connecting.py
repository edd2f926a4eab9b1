"""One exchange with a server that somebody named: resolve, check, connect to what was checked.

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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from factcheck.failures import Invalid
from factcheck.fetch.addresses import AddressRefused, check_address
from factcheck.fetch.refusals import FetchFailed, FetchRefused, FetchTimedOut, NoSuchSite
from factcheck.fetch.urls import Address, check_public_name

Read = TypeVar("Read")

Resolver = Callable[[str, int], Sequence[str]]
"""Host name and port to numeric addresses; raises OSError when there are none."""

Connector = Callable[[str, int, float], socket.socket]
"""Numeric address, port and seconds to a connected socket; raises OSError."""


def resolve_host(host: str, port: int) -> list[str]:
    """Return the numeric addresses of a host as the system knows them, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in found))


def connect_to(address: str, port: int, timeout_s: float) -> socket.socket:
    """Return a socket connected to a numeric address."""
    return socket.create_connection((address, port), timeout_s)


@dataclass(frozen=True, slots=True)
class Network:
    """How hosts are found and reached; `allow` holds "host:port" pairs that may be private."""

    allow: frozenset[str] = frozenset()
    resolve: Resolver = resolve_host
    connect: Connector = connect_to


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent; a body goes with its length."""

    method: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


class Deadline:
    """The end of the time that one exchange may take, and the most of it for connecting."""

    def __init__(self, total_s: float, connect_s: float) -> None:
        self.connect_s = connect_s  # for one address of a host
        self._total_s = total_s
        self._ends_at = time.monotonic() + total_s

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
                seconds=f"{self._total_s:g}",
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


def exchange(
    address: Address,
    message: Message,
    deadline: Deadline,
    network: Network,
    read: Callable[[urllib3.HTTPResponse], Read],
) -> Read:
    """Send a message to an address and return what `read` makes of the answer.

    Nothing is followed. Raises FetchRefused when the address must not be opened, FetchTimedOut,
    FetchFailed when nothing that is an answer came, and what `read` raises.
    """
    numbers = _checked_addresses(address, network.allow, deadline, network.resolve)
    raw = _open(address, numbers, deadline, network.connect)
    connection = _connection(address, raw, deadline)
    try:
        with deadline.cutting(raw):
            connection.request(
                message.method,
                address.target,
                body=message.body,
                headers={"Host": address.authority, **message.headers, "Connection": "close"},
                preload_content=False,
            )
            with closing(connection.getresponse()) as response:  # it holds the socket by itself
                answer = read(response)
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


def _checked_addresses(
    address: Address, allow: frozenset[str], deadline: Deadline, resolve: Resolver
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


def _resolved(address: Address, deadline: Deadline, resolve: Resolver) -> Sequence[str]:
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


def _open(
    address: Address, numbers: Sequence[str], deadline: Deadline, connect: Connector
) -> socket.socket:
    """Return a socket connected to the first of the checked addresses that takes it."""
    for number in numbers[:3]:
        try:
            return connect(number, address.port, min(deadline.connect_s, deadline.left_s()))
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


def _connection(address: Address, raw: socket.socket, deadline: Deadline) -> HTTPConnection:
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
