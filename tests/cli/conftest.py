import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import urllib3
from click.testing import CliRunner

from factcheck.cli import main
from tests.editions.factories import TEXT

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data(tmp_path, monkeypatch, sqlite_template):
    """The data folder of an installation on SQLite, migrated, with nobody in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "factcheck.sqlite3")
    for name in list(os.environ):
        if name.startswith("FACTCHECK_") and not name.startswith("FACTCHECK_TEST"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("FACTCHECK_DATA", str(folder))
    monkeypatch.setenv("FACTCHECK_PUBLIC_URL", "http://checks.example")
    return folder


@pytest.fixture
def run(data):
    """Run a command in this process, and return what it printed and its exit code."""

    def run(*words, given=None):
        result = CliRunner().invoke(main, [str(word) for word in words], input=given)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def post(tmp_path):
    file = tmp_path / "post.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(*words, env=None, **popen):
    return subprocess.Popen(
        [sys.executable, "-m", "factcheck.cli", *map(str, words)], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **(env or {})},
        **popen,
    )  # fmt: skip


@contextmanager
def serving(*words, env=None):
    """Run the service in a process of its own; give its address and process."""
    port = free_port()
    env = {"FACTCHECK_PUBLIC_URL": f"http://127.0.0.1:{port}", **(env or {})}
    process = start("serve", "--port", port, *words, env=env)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def wait_for(url, process, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail("it ended: " + process.communicate()[0])
        try:
            if get(url).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.1)
    pytest.fail("it does not answer")


def get(url, **headers):
    return urllib3.request("GET", url, headers=headers, retries=False, timeout=20.0, redirect=False,
                           decode_content=False)  # fmt: skip
