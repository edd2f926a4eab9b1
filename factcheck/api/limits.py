"""How many calls one person may make: counted in this process, over the last minute.

Generous, since it protects the service from a runaway script and not from people: each process
counts for itself, so with several workers the real limit is higher, never lower.
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from flask_babel import gettext as _

from factcheck.api.problems import Refusal

A_MINUTE = 3000  # calls of one person that begin within a minute
AT_ONCE = 200  # calls of one person that run at the same time
_WINDOW = timedelta(minutes=1)


class Limiter:
    """Counts calls by person, and refuses those beyond the limits."""

    def __init__(self, a_minute: int = A_MINUTE, at_once: int = AT_ONCE) -> None:
        self._a_minute = a_minute
        self._at_once = at_once
        self._begun: defaultdict[int, deque[datetime]] = defaultdict(deque)
        self._running: defaultdict[int, int] = defaultdict(int)
        self._guard = threading.Lock()

    @contextmanager
    def counted(self, person_id: int, *, now: datetime) -> Iterator[None]:
        """Count one call for the block; raise a 429 Refusal if it is one too many."""
        self._begin(person_id, now)
        try:
            yield
        finally:
            with self._guard:
                self._running[person_id] -= 1

    def _begin(self, person_id: int, now: datetime) -> None:
        with self._guard:
            begun = self._begun[person_id]
            if begun and begun[-1] > now + _WINDOW:  # the clock went back
                begun.clear()
            while begun and begun[0] <= now - _WINDOW:
                begun.popleft()
            if self._running[person_id] >= self._at_once:
                raise _too_many(
                    _("More than %(most)s calls at once.", most=self._at_once), wait_s=1
                )
            if len(begun) >= self._a_minute:
                wait = begun[0] + _WINDOW - now
                raise _too_many(
                    _("More than %(most)s calls within a minute.", most=self._a_minute),
                    wait_s=int(wait.total_seconds()) + 1,
                )
            begun.append(now)
            self._running[person_id] += 1


def _too_many(detail: str, *, wait_s: int) -> Refusal:
    return Refusal(429, "too_many_calls", detail, headers={"Retry-After": str(wait_s)})
