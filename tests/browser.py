"""The browser that tests drive: one on the PATH, else Playwright's own, else Debian's.

`python -m tests.browser` makes sure of one before the tests run, and says in a sentence what is
missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def found() -> str | None:
    """Return the path of a browser that can be started, or None."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def make_sure() -> str | None:
    """Return the path of a browser, installing one if there is none; None when nothing works."""
    return found() or _installed_by_playwright() or _installed_by_apt()


def _installed_by_playwright() -> str | None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, check=False, capture_output=True, timeout=300)
    return found()


def _installed_by_apt() -> str | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        subprocess.run(command, check=False, capture_output=True, env=environment, timeout=900)
    return found()


def main() -> int:
    """Make sure of a browser; 0 when there is one."""
    if make_sure():
        return 0
    print(
        "The tests need a browser: put chromium or google-chrome on the PATH "
        "(Debian: apt-get install chromium), then run `make test` again.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
