"""An endpoint on loopback that keeps what it is sent and answers as it is told to."""

from __future__ import annotations

import hashlib
import hmac
import json
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass

OK = b"HTTP/1.1 204 No Content\r\n\r\n"
FAILED = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy"


@dataclass(frozen=True)
class Received:
    """One request: its path, headers by lower-case name, and its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        signed = self.headers["x-factcheck-timestamp"].encode() + b"." + self.body
        wanted = "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        return self.headers["x-factcheck-signature"] == wanted


class Receiver:
    """Answers with `answer`: bytes, or what is to be done with the socket."""

    def __init__(self) -> None:
        self.answer: bytes | Callable = OK
        self.received: list[Received] = []
        receiver = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                path = self.rfile.readline().split(b" ")[1].decode()
                headers = {}
                while (line := self.rfile.readline().strip()) != b"":
                    name, _, value = line.decode().partition(": ")
                    headers[name.lower()] = value
                body = self.rfile.read(int(headers["content-length"]))
                receiver.received.append(Received(path, headers, body))
                answer = receiver.answer
                try:
                    answer(self.request) if callable(answer) else self.request.sendall(answer)
                except OSError:
                    return

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"http://{self.host}/hook?of=factcheck"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
