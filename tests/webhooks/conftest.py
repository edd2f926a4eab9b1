"""A service that may reach a receiver on loopback, and a clock that is moved by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factcheck import clock
from tests.conftest import NOW
from tests.webhooks.receiver import Receiver


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def settings(settings, receiver):
    return replace(settings, fetch_allow=frozenset({receiver.host}))


@pytest.fixture
def time_passes(monkeypatch):
    """Set the clock to NOW, and return how to move it on."""
    at = [NOW]
    monkeypatch.setattr(clock, "now", lambda: at[0])

    def pass_(span):
        at[0] += span
        return at[0]

    return pass_


@pytest.fixture
def service(app, time_passes):
    """An app context at NOW."""
    with app.app_context():
        yield app
