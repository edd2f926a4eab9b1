"""The guide to the API leads from nothing to a published article: its very lines are run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import service  # noqa: F401 - a fixture

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="no curl or jq"),
]


def test_the_lines_of_the_guide_publish_an_article(service, tmp_path):  # noqa: F811
    (script,) = re.findall(
        r"^```sh\n(.*?)^```$", (ROOT / "docs/api.md").read_text("utf-8"), re.M | re.S
    )
    command = tmp_path / "factcheck"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m factcheck.cli "$@"\n')
    command.chmod(0o755)
    environment = service.environment | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script.replace("http://127.0.0.1:8000", service.url)],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert [said.count(one) for one in ('"accepted"', '"submitted"', '"false"', "1")] == [
        1, 1, 1, 2,
    ]  # fmt: skip
    assert said[-1].endswith("signed.")
