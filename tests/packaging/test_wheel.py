"""The wheel carries all that it needs: installed by itself, it serves from an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from tests.waiting import START_S, wait_for

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.packaging


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout without an isolated (downloading) build environment."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    return next(out.glob("factcheck-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment that holds the wheel and sees the dependencies of this one.

    The checkout itself is not on its path: what the wheel lacks is missed.
    """
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    packages = next(folder.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    dependencies = next(path for path in sys.path if path.endswith("site-packages"))
    (packages / "dependencies.pth").write_text(dependencies_without_us(dependencies))
    return folder / "bin" / "python"


def dependencies_without_us(site_packages: str) -> str:
    """A .pth line that appends the folder without running the .pth files in it (ours is one)."""
    return f"import sys; sys.path.append({site_packages!r})\n"


def test_the_wheel_carries_templates_migrations_and_static_files(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    assert any(name.startswith("factcheck/_data/templates/") for name in names)
    assert "factcheck/_data/migrations/versions/0001_accounts.py" in names
    assert {"reviewing.md", "editing.md"} == {
        name.rpartition("/")[2] for name in names if name.endswith(".md") and "_data/docs" in name
    }
    assert any(name.startswith("factcheck/_data/docs/pictures/guides/") for name in names)
    assert any(name.startswith("factcheck/static/") for name in names)
    assert "factcheck/methods/scales/default.json" in names
    assert "factcheck/methods/practice/dry-wells.json" in names
    assert not any(name.startswith(("tests/", "wsgi")) for name in names)


def test_the_installed_service_starts_in_an_empty_folder_and_answers(installed, tmp_path):
    environment = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    process = subprocess.Popen(
        [installed, "-m", "factcheck.cli", "serve", "--port", free_port()],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        address = printed_address(process)
        with urllib.request.urlopen(f"{address}/sign-in", timeout=START_S) as answer:
            page = answer.read().decode()
        with urllib.request.urlopen(f"{address}/readyz", timeout=START_S) as answer:
            assert answer.status == 200
    finally:
        process.terminate()
        process.communicate(timeout=30)  # which closes its output too

    assert 'name="password"' in page
    assert (tmp_path / "data" / "factcheck.sqlite3").exists()


def free_port() -> str:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def printed_address(process: subprocess.Popen[str]) -> str:
    """Read the service's output until it names its address, and wait until it answers there."""
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            wait_for(found[0] + "/healthz")
            return found[0]
    raise AssertionError("it ended without an address: " + "".join(said))
