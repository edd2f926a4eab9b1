"""T12: one document with its 60 annotations, from us and from those who show such documents too.

Each peer has an environment of its own, made by `bench/setup`, and gets the words and the claims of
our page. What surprises: datasette answers with rows of JSON and doccano with the annotations
alone, neither with a page, so that both do less than we send.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from bench.figures import Figure, no_data
from bench.loopback import (
    GZIP,
    NotHere,
    Server,
    WrongAnswers,
    free_port,
    get,
    load,
    running,
    service,
    tool,
)
from bench.sample import CLAIMS, ENVIRONMENT, page_of_the_bench, places, text
from bench.serving import PATH, Beside, Line, beside, taken
from bench.shared_data import ROOT

DATASETTE = Line("T12", "page from the service / datasette's JSON, 8 clients", 40)
DOCCANO = Line("T12", "page from the service / doccano's annotations, 8 clients", 120)
ROWS = "/peer/annotations.json?_shape=array&_size=100"
Peer = Callable[[Path, Server], Beside]


def figures() -> Iterable[Figure]:
    """Yield how many times as many requests a second our page answers."""
    lines: list[tuple[Line, Peer]] = [(DATASETTE, of_datasette), (DOCCANO, of_doccano)]
    with tempfile.TemporaryDirectory(prefix="factcheck-peers-") as name, ExitStack() as stack:
        folder = Path(name)
        try:
            tool("wrk")
            page_of_the_bench(folder / "data")
            ours = stack.enter_context(service(folder / "data", free_port(), ENVIRONMENT))
        except NotHere as why:
            yield from (no_data(one.target, one.name, one.goal, str(why)) for one, _ in lines)
            return
        yield from (taken(line, partial(peer, folder, ours)) for line, peer in lines)


def of_datasette(folder: Path, ours: Server) -> Beside:
    """Compare our page with the annotations as rows of a SQLite file, in JSON."""
    program = _program("datasette", "datasette")
    file = folder / "peer.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE annotations (id INTEGER PRIMARY KEY, start, end, words)")
        rows = [(start, end, text()[start:end]) for start, end in places()]
        connection.executemany("INSERT INTO annotations (start, end, words) VALUES (?, ?, ?)", rows)
        connection.commit()
    port = free_port()
    command = [program, "serve", "-i", str(file), "-h", "127.0.0.1", "-p", str(port)]
    with running("datasette", command, ready=[f"http://127.0.0.1:{port}/"]) as server:
        return _against(server, ROWS, GZIP, ours)


def of_doccano(folder: Path, ours: Server) -> Beside:
    """Compare our page with the call by which doccano's page asks for a document's annotations."""
    python, gunicorn = _program("doccano", "python"), _program("doccano", "gunicorn")
    environ = {"DOCCANO_HOME": str(folder), "DATABASE_URL": f"sqlite:///{folder}/doccano.sqlite3"}
    script = [python, str(ROOT / "bench" / "doccano_sample.py")]
    given = json.dumps({"text": text(), "places": list(places())})
    made = subprocess.run(
        script, input=given, capture_output=True, text=True, check=False,
        env={**os.environ, **environ},
    )  # fmt: skip
    if made.returncode:
        raise NotHere(f"doccano takes no document: {made.stderr.strip().splitlines()[-1:]}")
    seed = json.loads(made.stdout.splitlines()[-1])
    port = free_port()
    command = [gunicorn, "--chdir", seed["folder"], "-b", f"127.0.0.1:{port}", "-w", "2",
               "config.wsgi"]  # fmt: skip
    address = f"http://127.0.0.1:{port}{seed['path']}"
    with running("doccano", command, ready=[address], environment=environ) as server:
        return _against(server, seed["path"], {**GZIP, "Cookie": seed["cookie"]}, ours)


def _program(peer: str, name: str) -> str:
    found = ROOT / f".bench-{peer}" / "bin" / name
    if not found.exists():
        raise NotHere(f"{peer} is not installed")
    return str(found)


def _against(peer: Server, path: str, headers: Mapping[str, str], ours: Server) -> Beside:
    base = peer.base.split("/v1")[0]
    answer = get(base + path, headers={**headers, "Accept-Encoding": "identity"})
    if answer.status != 200 or len(json.loads(answer.body)) != CLAIMS:
        raise WrongAnswers(f"not the annotations: {answer.status}")
    return beside(
        partial(load, peer, base + path, clients=8, headers=headers),
        partial(load, ours, ours.base + PATH, clients=8, headers=GZIP),
    )
