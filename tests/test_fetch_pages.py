"""Pages are read whole, from the address that was checked, within limits, or not at all.

A server on loopback answers; `serving` hands it to the fetcher as if it were public.
"""

from __future__ import annotations

import gzip
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from factcheck.fetch import (
    FetchFailed,
    FetchRefused,
    FetchTimedOut,
    FetchTooLarge,
    Limits,
    NotTextual,
    fetch,
)

PUBLIC = "93.184.215.14"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


class Site:
    """A server that sends fixed bytes, by path, and keeps what it was asked."""

    def __init__(self, answers: dict[str, bytes | Callable[[socket.socket], None]]) -> None:
        self.answers = answers
        self.requests: list[bytes] = []
        self.connected: list[str] = []
        site = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                request = self.request.recv(65536)
                site.requests.append(request)
                path = request.split(b" ")[1].decode() if b" " in request else ""
                answer = site.answers.get(path, b"HTTP/1.1 404 Not Found\r\n\r\n")
                try:
                    answer(self.request) if callable(answer) else self.request.sendall(answer)
                except OSError:
                    return

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    def connect(self, address: str, port: int, timeout_s: float) -> socket.socket:
        """Connect to this server whatever public address was asked for."""
        self.connected.append(address)
        return socket.create_connection(("127.0.0.1", self.port), timeout_s)

    def fetch(self, url: str = "http://public.example/", **options):
        return fetch(url, resolve=lambda host, port: [PUBLIC], connect=self.connect, **options)


@contextmanager
def serving(answers: dict[str, bytes | Callable[[socket.socket], None]]) -> Iterator[Site]:
    site = Site(answers)
    thread = threading.Thread(target=site.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
        thread.join()


def page(body: bytes, *headers: str) -> bytes:
    lines = "".join(f"{header}\r\n" for header in headers).encode()
    return OK + lines + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


def leading_to(location: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def test_a_page_arrives_with_its_headers_and_hops():
    with serving({"/a?b": page(b"<p>h\xc3\xa9", "X-One: 1")}) as site:
        fetched = site.fetch("http://Public.example:80/x/../a?b#c")

    assert fetched.body == b"<p>h\xc3\xa9"
    assert fetched.url == "http://public.example/a?b#c"
    assert fetched.final_url == "http://public.example/a?b"
    assert fetched.status == 200
    assert fetched.content_type == "text/html; charset=utf-8"
    assert fetched.headers["x-one"] == "1"
    assert fetched.hops == ("http://public.example/a?b",)
    request = site.requests[0].decode()
    assert "Host: public.example\r\n" in request
    assert "Cookie" not in request
    assert "Authorization" not in request


def test_an_allowed_pair_of_host_and_port_is_reached_and_no_other():
    with serving({"/": page(b"hello"), "/r": leading_to("http://127.0.0.1:1/")}) as site:
        url = f"http://127.0.0.1:{site.port}/"
        allow = frozenset((f"127.0.0.1:{site.port}",))

        assert fetch(url, allow=allow).body == b"hello"
        with pytest.raises(FetchRefused):
            fetch(url)
        with pytest.raises(FetchRefused):
            fetch(url + "r", allow=allow)
        with pytest.raises(FetchRefused):
            fetch(url.replace("127.0.0.1", "127.0.0.2"), allow=allow)


def test_redirects_are_followed_to_the_limit_and_no_further():
    hops: dict[str, bytes] = {f"/{n}": leading_to(f"/{n + 1}") for n in range(9)}
    with serving({**hops, "/5": page(b"five")}) as site:
        fetched = site.fetch("http://public.example/0")
        assert fetched.body == b"five"
        assert len(fetched.hops) == 6
        assert fetched.final_url == "http://public.example/5"
    with serving(hops) as site:
        with pytest.raises(FetchRefused, match="too many times"):
            site.fetch("http://public.example/0")
        assert len(site.requests) == 6


@pytest.mark.parametrize(
    "location",
    [
        *("http://127.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/", "//10.0.0.1/"),
        *("file:///etc/passwd", "gopher://127.0.0.1:6379/", "javascript:alert(1)", "data:,x"),
        *("\\\\127.0.0.1/", "/\\127.0.0.1/", "http:127.0.0.1/", "http://2130706433/"),
        *("http://a:b@public.example/", "http://public.example:22/", "/r", "/\x0bx"),
    ],
)
def test_a_redirect_is_judged_like_the_first_address(location: str):
    with serving({"/r": leading_to(location), "/x": page(b"no")}) as site:
        with pytest.raises(FetchRefused):
            site.fetch("http://public.example/r")
        assert len(site.requests) == 1


def test_a_redirect_to_a_name_that_turned_private_is_refused():
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    with serving({"/r": leading_to("/s"), "/s": page(b"no")}) as site:
        with pytest.raises(FetchRefused):
            fetch(
                "http://public.example/r",
                resolve=lambda host, port: next(answers),
                connect=site.connect,
            )
        assert site.connected == [PUBLIC]


def test_two_different_locations_are_refused():
    two = b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: http://127.0.0.1/\r\n\r\n"
    with serving({"/r": two}) as site, pytest.raises(FetchRefused):
        site.fetch("http://public.example/r")


def test_relative_and_non_ascii_locations_are_followed():
    with serving({"/a/r": leading_to("../ü?q#f"), "/%C3%BC?q": page(b"there")}) as site:
        assert site.fetch("http://public.example/a/r").final_url == "http://public.example/%C3%BC?q"


def test_a_drop_from_https_to_http_is_refused(monkeypatch, tmp_path):
    with (
        tls_serving(monkeypatch, tmp_path, leading_to("http://public.example/")) as connect,
        pytest.raises(FetchRefused, match="unprotected"),
    ):
        fetch("https://public.example/", resolve=lambda host, port: [PUBLIC], connect=connect)


def test_https_checks_the_certificate_against_the_name(monkeypatch, tmp_path):
    with tls_serving(monkeypatch, tmp_path, page(b"secret")) as connect:
        fetched = fetch(
            "https://public.example/", resolve=lambda host, port: [PUBLIC], connect=connect
        )
        assert fetched.body == b"secret"
        with pytest.raises(FetchFailed, match="does not prove"):
            fetch("https://other.example/", resolve=lambda host, port: [PUBLIC], connect=connect)


def test_proxy_variables_and_netrc_are_not_read(monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine public.example login a password b\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving({"/": page(b"direct")}) as site:
        assert site.fetch().body == b"direct"
        assert b"uthorization" not in site.requests[0]


SHORT = Limits(total_s=0.4, size_bytes=200_000)


def dripping(start: bytes) -> Callable[[socket.socket], None]:
    def send(connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(200):
            time.sleep(0.02)
            connection.sendall(b"a")

    return send


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\nX-", OK + b"Content-Length: 9999\r\n\r\n", OK + b"\r\n"],
    ids=["nothing", "headers", "body", "body without length"],
)
def test_a_site_that_sends_a_byte_now_and_then_is_cut_off(start: bytes):
    with (
        serving({"/": dripping(start)}) as site,
        pytest.raises(FetchTimedOut, match=r"0\.4 seconds"),
    ):
        site.fetch(limits=SHORT)


def test_a_handshake_without_end_is_cut_off():
    ours, theirs = socket.socketpair()  # takes what is sent and never answers
    with theirs, pytest.raises(FetchTimedOut):
        fetch(
            "https://public.example/",
            resolve=lambda host, port: [PUBLIC],
            connect=lambda address, port, timeout_s: ours,
            limits=SHORT,
        )


def test_a_resolver_without_end_is_given_up():
    with pytest.raises(FetchTimedOut):
        fetch("http://a.example/", resolve=lambda host, port: time.sleep(1) or [], limits=SHORT)


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: 200001\r\n\r\n" + b"a" * 200_001,
        OK + b"\r\n" + b"a" * 200_001,
        OK + b"Content-Length: 999999999999\r\n\r\n",
        page(gzip.compress(b"a" * 5_000_000, mtime=0), "Content-Encoding: gzip"),
        OK
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + b"ffff\r\n"
        + b"a" * 0xFFFF
        + b"\r\n"
        + b"ffffff\r\n"
        + b"a" * 200_000,
    ],
    ids=["declared", "undeclared", "declared alone", "gzip bomb", "chunked"],
)
def test_a_page_above_the_limit_is_stopped(answer: bytes):
    with serving({"/": answer}) as site, pytest.raises(FetchTooLarge, match="larger than"):
        site.fetch(limits=Limits(size_bytes=200_000))


def test_a_page_of_exactly_the_limit_is_read():
    with serving({"/": page(b"a" * 200_000)}) as site:
        assert len(site.fetch(limits=Limits(size_bytes=200_000)).body) == 200_000


def test_a_packed_page_is_unpacked():
    with serving(
        {"/": page(gzip.compress(b"words" * 99, mtime=0), "Content-Encoding: gzip")}
    ) as site:
        assert site.fetch().body == b"words" * 99


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"words" * 99, mtime=0)[:-12]),
        ("gzip", gzip.compress(b"words" * 99, mtime=0) + b"more"),
        ("gzip", b"plain words"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"x", mtime=0), mtime=0)),
        ("br", b"\x0b\x02\x80hello\x03"),
    ],
)
def test_a_broken_or_unasked_packing_fails(encoding: str, body: bytes):
    answer = page(body, f"Content-Encoding: {encoding}")
    with serving({"/": answer}) as site, pytest.raises(FetchFailed):
        site.fetch()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/pdf", b"%PDF-1.7"),
        ("image/png", b"<p>words"),
        ("application/octet-stream", b"words"),
        ("", b"words"),
        ("text/html", b"%PDF-1.7 words"),
        ("text/html", b"MZ\x90\x00\x03"),
    ],
)
def test_what_is_no_text_is_refused(content_type: str, body: bytes):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n".encode()
    answer = head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    with serving({"/": answer}) as site, pytest.raises(NotTextual):
        site.fetch()


@pytest.mark.parametrize("status", [204 + 200, 401, 407, 500, 304])
def test_another_answer_than_a_page_fails_with_its_status(status: int):
    answer = f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode()
    with serving({"/": answer}) as site, pytest.raises(FetchFailed) as caught:
        site.fetch()
    assert caught.value.status == status
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [b"", b"nonsense\r\n\r\n", OK + b"Content-Length: 10\r\n\r\nabc", OK + b"X: 1\r\n" * 200],
)
def test_an_answer_that_breaks_off_or_makes_no_sense_fails(answer: bytes):
    with serving({"/": answer}) as site, pytest.raises(FetchFailed):
        site.fetch()


def test_early_hints_are_passed_over():
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: <http://127.0.0.1/>; rel=preload\r\n\r\n"
    with serving({"/": hints + page(b"the page")}) as site:
        assert site.fetch().body == b"the page"
        assert len(site.requests) == 1


def test_a_site_that_takes_no_connection_fails():
    def connect(address: str, port: int, timeout_s: float) -> socket.socket:
        raise ConnectionRefusedError

    with pytest.raises(FetchFailed, match="cannot be reached"):
        fetch("http://a.example/", resolve=lambda host, port: [PUBLIC], connect=connect)


@contextmanager
def tls_serving(monkeypatch, tmp_path, answer: bytes):
    """Serve one answer over TLS as public.example, with a certificate that is trusted here."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "public.example")])
    now = datetime.now(UTC)  # noqa: TID251 - certificates are judged by the real clock
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("public.example")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = tmp_path / "key.pem"
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, secret)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                with context.wrap_socket(self.request, server_side=True) as wrapped:
                    wrapped.recv(65536)
                    wrapped.sendall(answer)
            except OSError:
                return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        port = server.server_address[1]
        yield lambda address, wanted, timeout_s: socket.create_connection(
            ("127.0.0.1", port), timeout_s
        )
        server.shutdown()
