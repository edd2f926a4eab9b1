"""A service as anybody would start it, and a browser in front of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import found
from tests.waiting import wait_for

PASSWORD = "correct horse battery"
PEOPLE = {"ada": "editor", "bram": "reviewer", "mina": "reviewer", "teo": "reviewer",
          "noor": "admin"}  # fmt: skip


@dataclass(frozen=True)
class Service:
    """A running service: where it is, and the environment of its commands."""

    url: str
    data: Path
    environment: dict[str, str]

    def command(self, *arguments: str, given: str = "") -> str:
        """Run `factcheck` with these arguments and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "factcheck.cli", *arguments], env=self.environment,
            input=given, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service on a free port, with an admin, an editor and three reviewers."""
    data = tmp_path_factory.mktemp("data")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "FACTCHECK_DATA": str(data), "PORT": str(port),
        "FACTCHECK_FETCH_ALLOW": f"127.0.0.1:{port}",
    }  # fmt: skip
    running = Service(f"http://127.0.0.1:{port}", data, environment)
    for name, role in PEOPLE.items():
        running.command("user", "add", f"{name}@factcheck.example", "--role", role,
                        "--name", name.title(), "--password-stdin", given=PASSWORD)  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", "factcheck.cli", "serve"], env=environment,
                               stdout=subprocess.DEVNULL)  # fmt: skip
    try:
        wait_for(running.url + "/readyz")
        yield running
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found(), args=["--no-sandbox"])
        yield running
        running.close()


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(service: Service, browser: Browser) -> Iterator[SignIn]:
    """How to get a page on which somebody has signed in; options go to the browser's context."""
    contexts = []

    def signed_in(name: str, **options: object) -> Page:
        context = browser.new_context(base_url=service.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill(f"{name}@factcheck.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield signed_in
    for context in contexts:
        context.close()


@pytest.fixture
def reader(service: Service, browser: Browser) -> Iterator[Page]:
    """A page of somebody who has not signed in."""
    context = browser.new_context(base_url=service.url)
    yield context.new_page()
    context.close()
