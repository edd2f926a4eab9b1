"""Making commits durable together: one sync to the disk for all who committed before it began.

On SQLite a commit puts its pages into the write-ahead log and hands the turn on at once; whoever
committed then waits here until the log is on the disk. One of those who wait does it for all, so
that the next ones write meanwhile. It is what other databases call group commit.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import OperationalError

_sync = getattr(os, "fdatasync", os.fsync)  # macOS has no fdatasync


class NotDurable(OperationalError):
    """The disk failed to keep what was written: nothing more is taken until a new start."""

    def __init__(self, failure: OSError) -> None:
        super().__init__("sync of the write-ahead log", {}, failure)


class Log:
    """The write-ahead log of one SQLite file, whoever wrote it."""

    def __init__(self, database: str) -> None:
        self._file = Path(f"{database}-wal")
        self._changed = threading.Condition()
        self._begun = self._done = 0  # syncs so far
        self._failure: OSError | None = None

    def check(self) -> None:
        """Raise NotDurable where a sync has failed: what a later one reports means nothing."""
        if self._failure is not None:
            raise NotDurable(self._failure) from self._failure

    def sync(self) -> None:
        """Return once all that this thread has committed is on the disk; raise NotDurable."""
        with self._changed:
            enough = self._begun + 1  # one that runs already may have begun too early
            while self._done < enough:
                if self._done == self._begun:
                    self._run()
                else:
                    self._changed.wait()
        self.check()

    def _run(self) -> None:
        """Sync once, with the lock of those who wait let go meanwhile."""
        self._begun += 1
        self._changed.release()
        failure, is_over = None, False
        try:
            self._sync()
            is_over = True
        except OSError as error:
            failure, is_over = error, True
        finally:
            self._changed.acquire()
            self._failure = self._failure or failure
            if is_over:
                self._done = self._begun
            else:  # broken off: whoever waits does it
                self._begun -= 1
            self._changed.notify_all()

    def _sync(self) -> None:
        # Opened each time, since the last to close the database takes its log away: then all of it
        # was synced into the database itself.
        with suppress(FileNotFoundError):
            log = os.open(self._file, os.O_RDWR)
            try:
                _sync(log)
            finally:
                os.close(log)
