"""T16: reviews submitted through the service, beside plain inserts in a database of the same kind.

Both with each sync to the disk 5 ms slower, by a small library that is compiled and preloaded. A
submission is what a browser sends: session, CSRF token, a rating, a rationale and two sources; the
answer deals the next claim, in the same transaction. Every second submission to a claim closes its
round. Base and target take turns; the claims are those of `bench.scale`, on PostgreSQL copied.
"""

from __future__ import annotations

import http.client
import itertools
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from flask import Flask

from bench import postgres
from bench.figures import Figure, no_data, spread
from bench.loopback import NotHere, free_port, service
from bench.sample import ENVIRONMENT
from bench.scale import filled, signed_in
from bench.shared_data import ROOT
from factcheck.db import db

GOALS = {  # clients: least share of the plain inserts
    "SQLite": {1: 0.70, 8: 0.85, 64: 0.80},
    "PostgreSQL": {1: 0.60, 8: 0.55, 64: 0.15},
}
MOST_CLIENTS = 64
MOST_SPREAD = 4.0  # p99 / p50 at 8 clients
CLAIMS = 24_000  # of which two in five are accepted
WINDOW_S = 3.0
ROUNDS = 5
_WITHIN_S = 60.0
_TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
_COOKIE = "factcheck"


@dataclass(slots=True)
class Client:
    """A reviewer in a browser: a cookie, a token, and the page of the claim in hand."""

    address: str
    cookie: str
    token: str = ""
    page: str = ""
    took_s: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Read the queue, for the token that goes with the session, and be dealt a first claim."""
        connection = self._connection()
        connection.request("GET", "/queue", headers=self._headers())
        answer = connection.getresponse()
        if answer.status != 200 or not (token := _TOKEN.search(answer.read())):
            raise NotHere(f"the queue answered {answer.status}")
        self.token = token[1].decode()
        kept = SimpleCookie(answer.headers.get("Set-Cookie", "")).get(_COOKIE)
        self.cookie = kept.value if kept else self.cookie
        self._send(connection, "/queue/next", {"csrf_token": self.token})
        connection.close()

    def submit_until(self, end: float) -> None:
        """Submit a review of one claim after the other, each as the answer before it says."""
        connection = self._connection()
        while time.monotonic() < end and not self.refused:
            start = time.monotonic()
            self._send(connection, self.page, _review(self.token))
            self.took_s.append(time.monotonic() - start)
        connection.close()

    def _send(
        self, connection: http.client.HTTPConnection, path: str, fields: dict[str, str]
    ) -> None:
        connection.request("POST", path, urlencode(fields), self._headers())
        answer = connection.getresponse()
        answer.read()
        self.page = urlsplit(answer.headers.get("Location", "")).path
        if not self.page.startswith("/work/claims/"):
            self.refused.append(f"{answer.status} at {path}")

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=_WITHIN_S)

    def _headers(self) -> dict[str, str]:
        return {
            "Cookie": f"{_COOKIE}={self.cookie}",
            "Content-Type": "application/x-www-form-urlencoded",
        }


@dataclass(frozen=True, slots=True)
class Setting:
    """A database to measure on: its name, where plain rows go, how processes are started."""

    database: str
    rows: str
    environment: dict[str, str]

    def name(self, clients: int) -> str:
        """Return what a figure is called."""
        return f"review submitted / plain insert, {self.database}, {clients} clients"


def figures() -> Iterable[Figure]:
    """Yield what share of plain inserts submissions come to, and how even their times are."""
    for database, goals in GOALS.items():
        folder = Path(tempfile.mkdtemp(prefix="factcheck-submitting-"))
        try:
            with ExitStack() as stack:
                yield from _on(database, folder, stack)
        except NotHere as why:
            for count, least in goals.items():
                name = Setting(database, "", {}).name(count)
                yield no_data("T16", name, f">= {least:g}", str(why))
        finally:
            shutil.rmtree(folder)


def _on(database: str, folder: Path, stack: ExitStack) -> Iterator[Figure]:
    folder.chmod(0o755)  # PostgreSQL, which preloads the library too, runs as somebody else
    slowed = {"LD_PRELOAD": str(_slow_sync(folder)), **ENVIRONMENT}
    data = folder / "data"
    app, cookies = _signed_in(data)
    setting = Setting(database, str(folder / "rows.sqlite3"), slowed)
    if database == "PostgreSQL":
        url = stack.enter_context(postgres.server(slowed))
        with app.app_context():
            postgres.copied(db.engine, url)
        setting = Setting(database, url, slowed | _keys(data) | {"FACTCHECK_DATABASE_URL": url})
    ours = stack.enter_context(service(data, free_port(), setting.environment))
    clients = [Client(ours.base, cookie) for cookie in cookies]
    for one in clients:
        one.begin()
    for count in GOALS[database]:
        yield from _beside(clients[:count], setting)


def _keys(data: Path) -> dict[str, str]:
    """Return the keys of an installation, which PostgreSQL wants to be given."""
    return {
        "FACTCHECK_SECRET_KEY": (data / "secret-key").read_text().strip(),
        "FACTCHECK_LOG_KEY": (data / "log-key").read_text().strip(),
    }


def _slow_sync(folder: Path) -> Path:
    compiler = shutil.which("cc")
    if compiler is None:
        raise NotHere("no C compiler")
    library = folder / "slow_sync.so"
    source = Path(__file__).with_name("slow_sync.c")
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        raise NotHere("slow_sync.c does not compile")
    return library


def _signed_in(data: Path) -> tuple[Flask, list[str]]:
    """Fill a data folder with claims, and return the cookies of reviewers who are signed in."""
    app = filled(data, CLAIMS)
    cookies = [signed_in(app, "reviewer").get_cookie(_COOKIE) for _ in range(MOST_CLIENTS)]
    return app, [cookie.value for cookie in cookies if cookie]


def _review(token: str) -> dict[str, str]:
    number = next(_numbers)
    fields = {
        "csrf_token": token, "do": "submit", "version": "0", "rating": "mostly-true",
        "rationale": "The yearbook has the same figure for that year; the minutes have it too.",
    }  # fmt: skip
    for place in (1, 2):
        fields |= {
            f"source-{place}-url": f"https://registers.example/{number}/{place}",
            f"source-{place}-title": f"Register {number}, part {place}",
            f"source-{place}-stance": "supports",
            f"source-{place}-quote": "It is entered with the same figure.",
        }
    return fields


_numbers = itertools.count(1)


def _beside(clients: Sequence[Client], setting: Setting) -> Iterator[Figure]:
    _submissions(clients, 1.0)  # warm
    bases, rates = [_inserts(setting, len(clients))], []
    for one in clients:
        one.took_s.clear()
    for _ in range(ROUNDS):
        rates.append(_submissions(clients, WINDOW_S))
        bases.append(_inserts(setting, len(clients)))
    shares = sorted(
        rate / statistics.mean((before, after))
        for before, rate, after in zip(bases, rates, bases[1:], strict=False)
    )
    refused = [words for one in clients for words in one.refused]
    measured = f"{spread(shares)}; {len(refused)} refused" + (f" ({refused[0]})" if refused else "")
    least = GOALS[setting.database][len(clients)]
    is_good = statistics.median(shares) >= least and not refused
    rival = f"{statistics.median(bases):,.0f}/s here"
    yield Figure("T16", setting.name(len(clients)), measured, f">= {least:g}", is_good, rival)
    if len(clients) == 8:
        took = statistics.quantiles([s for one in clients for s in one.took_s], n=100)
        uneven = took[98] / took[49]
        name = f"slowest hundredth / median of submissions, {setting.database}, 8 clients"
        yield Figure("T16", name, f"{uneven:.1f}", f"<= {MOST_SPREAD:g}", uneven <= MOST_SPREAD)


def _submissions(clients: Sequence[Client], seconds: float) -> float:
    """Return how many reviews a second the clients submit, each in a thread of its own."""
    before, start = sum(len(one.took_s) for one in clients), time.monotonic()
    threads = [
        threading.Thread(target=one.submit_until, args=(start + seconds,)) for one in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (sum(len(one.took_s) for one in clients) - before) / (time.monotonic() - start)


def _inserts(setting: Setting, clients: int) -> float:
    command = [sys.executable, "-m", "bench.rows", setting.rows, str(clients), "2"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **setting.environment}, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    return float(done.stdout)
