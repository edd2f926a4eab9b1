"""Servers that the bench starts, and wrk that asks them; loopback only, all stopped at the end.

What surprises: on a machine with other work to do no server comes to its limit, and one with more
threads gets more turns, so that its requests a second flatter it. Hence each window also tells the
CPU of a request, added up over the server's tree of processes, and how much others took meanwhile.
"""

from __future__ import annotations

import http.client
import os
import pwd
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.shared_data import ROOT

WINDOW_S = 2
START_WITHIN_S = 180.0  # doccano imports for long
STOP_WITHIN_S = 15.0
GZIP = {"Accept-Encoding": "gzip"}
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class NotHere(Exception):
    """A figure cannot be taken here: a tool is missing, or a server does not start."""


class WrongAnswers(Exception):
    """A server answers with errors or something else than it must, so its speed means nothing."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: the process at the root of its tree, and where it listens."""

    pid: int
    base: str


@dataclass(frozen=True, slots=True)
class Load:
    """What a window of requests came to; 0 for what cannot be told, where there is no /proc.

    `cpu_s` is the server's for one request; `others_cores` is how many cores were busy, on average,
    with what is neither the server nor wrk.
    """

    requests_per_s: float
    cpu_s: float
    others_cores: float


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came, not unpacked."""

    status: int
    etag: str
    encoding: str
    body: bytes


def tool(name: str) -> str:
    """Return the path of an installed program; raise NotHere."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise NotHere(f"{name} is not installed")
    return found


def free_port() -> int:
    """Return a port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(url: str, headers: Mapping[str, str] = GZIP) -> Answer:
    """Return the answer to one GET on a connection of its own; raise OSError where none comes."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        return Answer(
            answer.status, answer.headers.get("ETag", ""),
            answer.headers.get("Content-Encoding", ""), answer.read(),
        )  # fmt: skip
    finally:
        connection.close()


def shipped(site: Path, port: int, service_port: int) -> str:
    """Return the configuration that we ship, its lines set for this place."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for name, value in {
        "server": f"127.0.0.1:{service_port}", "listen": f"127.0.0.1:{port}",
        "server_name": "_", "root": str(site),
    }.items():  # fmt: skip
        text = re.sub(rf"(?m)^(\s*{name} )[^;\n]*;(\s*# set)", rf"\g<1>{value};\2", text)
    return text


@contextmanager
def nginx(folder: Path, sites: Mapping[int, str], whole: str = "") -> Iterator[Server]:
    """Run nginx with one worker and a `server` block for each port; `sites` are their insides.

    `whole` is put behind them as it is. Everything that it writes goes into `folder`. Its `base`
    has no port of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nginx.conf"
    config.write_text(_nginx_config(folder, sites, whole), encoding="utf-8")
    command = [tool("nginx"), "-p", str(folder), "-e", str(folder / "errors"), "-c", str(config)]
    addresses = [f"http://127.0.0.1:{port}/" for port in sites]
    with running("nginx", command, ready=addresses) as server:
        yield server


def _nginx_config(folder: Path, sites: Mapping[int, str], whole: str) -> str:
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    aside = "\n".join(f"{name}_temp_path {folder / name};" for name in names)
    servers = "\n".join(
        f"server {{ listen 127.0.0.1:{port}; {inside} }}" for port, inside in sites.items()
    )
    user = f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else ""
    return f"""
{user}
pcre_jit on;
daemon off;
worker_processes 1;
pid {folder / "pid"};
events {{ worker_connections 1024; }}
http {{
types {{ text/html html; application/json json jsonld; text/css css; }}
access_log off;
sendfile on;
tcp_nopush on;
keepalive_requests 100000000;
index index.html;
{aside}
{servers}
{whole}
}}
"""


@contextmanager
def service(data: Path, port: int, environment: Mapping[str, str]) -> Iterator[Server]:
    """Run `factcheck serve` alone on a data folder, with these settings."""
    command = [sys.executable, "-m", "factcheck.cli", "serve", "--port", str(port)]
    settings = {"FACTCHECK_DATA": str(data), **environment}
    address = f"http://127.0.0.1:{port}/"
    with running("factcheck serve", command, ready=[address], environment=settings) as server:
        yield server


@contextmanager
def running(
    name: str, command: Sequence[str], *, ready: Sequence[str],
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:  # fmt: skip
    """Run a command until the block ends, which begins when every address of `ready` answers.

    Raises NotHere with the last line that it said where it ends before, or is silent for long.
    """
    with tempfile.TemporaryFile() as said:  # not a pipe: nobody would read it while wrk asks
        process = subprocess.Popen(
            command, stdout=said, stderr=said, env={**os.environ, **(environment or {})}
        )
        try:
            _wait(process, ready)
            yield Server(process.pid, ready[0].rstrip("/"))
        except _NotStarted as why:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
            raise NotHere(f"{name} {why}: {lines[-1] if lines else 'it said nothing'}") from None
        finally:
            _stop(process)


class _NotStarted(Exception):
    """A server did not come to answer."""


def _wait(process: subprocess.Popen[bytes], addresses: Sequence[str]) -> None:
    end = time.monotonic() + START_WITHIN_S
    waiting = list(addresses)
    while waiting:
        if process.poll() is not None:
            raise _NotStarted("ended at once")
        try:
            get(waiting[0])
            waiting.pop(0)
        except (OSError, http.client.HTTPException):
            if time.monotonic() > end:
                raise _NotStarted(f"did not answer in {START_WITHIN_S:.0f} s") from None
            time.sleep(0.1)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def load(
    server: Server, url: str, *, clients: int, headers: Mapping[str, str], window_s: int = WINDOW_S
) -> Load:
    """Ask for `url` from that many keep-alive connections for a window, with wrk.

    Raises WrongAnswers where an answer is an error or a connection breaks; NotHere without wrk.
    """
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = [tool("wrk"), "-t1", f"-c{clients}", f"-d{window_s}s", *given, url]
    before, start = _spent(server.pid), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after, took_s = _spent(server.pid), time.monotonic() - start
    server_s, wrk_s, machine_s = (b - a for a, b in zip(before, after, strict=True))
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    count = re.search(r"(\d+) requests in", done.stdout)
    if rate is None or count is None or int(count[1]) == 0:
        raise WrongAnswers(f"wrk took no figure: {(done.stderr or done.stdout).strip()[-80:]}")
    if trouble := re.search(r"Non-2xx.*|Socket errors.*", done.stdout):
        raise WrongAnswers(f"under load: {trouble[0]}")
    others_s = max(machine_s - server_s - wrk_s, 0.0)
    return Load(float(rate[1]), server_s / int(count[1]), others_s / took_s)


def _spent(pid: int) -> tuple[float, float, float]:
    """Return the CPU seconds so far of a server's tree, of ended children, of the machine."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return _cpu_s(pid), children.ru_utime + children.ru_stime, _machine_s()


def _machine_s() -> float:
    """Return the CPU seconds of all processes since the start, and those taken by other guests."""
    try:
        user, nice, system, _, _, _, _, stolen = map(
            int, Path("/proc/stat").read_text().split(maxsplit=9)[1:9]
        )
    except (OSError, ValueError):
        return 0.0
    return (user + nice + system + stolen) / _TICKS_A_SECOND


def _cpu_s(pid: int) -> float:
    """Return the CPU seconds of a process and all below it; 0 where there is no /proc."""
    ticks: dict[int, int] = {}
    parents: dict[int, int] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        one = int(file.parent.name)
        parents[one], ticks[one] = int(fields[1]), int(fields[11]) + int(fields[12])
    tree = {pid}
    while more := {one for one, parent in parents.items() if parent in tree} - tree:
        tree |= more
    return sum(ticks.get(one, 0) for one in tree) / _TICKS_A_SECOND
