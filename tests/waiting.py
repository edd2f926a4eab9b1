"""Waiting for a service that was just started."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable

START_S = 60  # how long a first start may take on a busy machine


def wait_for(url: str) -> None:
    """Return once `url` answers; raise its OSError when it does not within START_S."""
    deadline = time.monotonic() + START_S
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return once `is_so` says yes; raise TimeoutError when it does not within START_S."""
    deadline = time.monotonic() + START_S
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)
