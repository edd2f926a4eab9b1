"""Writers take turns, in order, and nobody waits for themselves; for the disk all wait together."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from factcheck import durable
from factcheck.db import Turns, _turns, db, writing
from factcheck.durable import Log, NotDurable


def test_the_turn_goes_to_who_waits_longest():
    turns, order = Turns(), []
    waiting = []

    def take(number: int) -> None:
        with turns.taken():
            order.append(number)

    with turns.taken():
        for number in range(5):
            thread = threading.Thread(target=take, args=(number,))
            thread.start()
            while len(turns._waiting) <= number:
                pass
            waiting.append(thread)
    for thread in waiting:
        thread.join()

    assert order == [0, 1, 2, 3, 4]


def test_a_thread_that_writes_already_is_told_so_instead_of_waiting_for_ever():
    turns = Turns()
    with turns.taken(), pytest.raises(RuntimeError, match="already"), turns.taken():
        pass

    with turns.taken():
        pass


class _Disk:
    """Stands in for the sync of a log: it says when one begins, and waits to be let go."""

    def __init__(self, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go, self.syncs = threading.Semaphore(0), threading.Semaphore(0), 0
        self.failure: OSError | None = None
        monkeypatch.setattr(log, "_sync", self.sync)

    def sync(self) -> None:
        self.syncs += 1
        self.begun.release()
        assert self.go.acquire(timeout=10)
        if self.failure:
            raise self.failure


def test_those_who_commit_while_the_disk_is_busy_share_the_next_sync(monkeypatch):
    log = Log("nowhere")
    disk = _Disk(log, monkeypatch)
    threads = [threading.Thread(target=log.sync) for _ in range(6)]

    threads[0].start()
    disk.begun.acquire(timeout=10)
    for thread in threads[1:]:
        thread.start()
    while len(log._changed._waiters) < 5:
        pass
    disk.go.release()
    threads[0].join()
    assert disk.begun.acquire(timeout=10), "who came during a sync may have missed it"
    assert all(thread.is_alive() for thread in threads[1:])
    disk.go.release()
    for thread in threads[1:]:
        thread.join()

    assert disk.syncs == 2


def test_a_sync_that_was_broken_off_is_done_by_the_next(monkeypatch):
    log, ends = Log("no file"), [KeyboardInterrupt(), None]

    def sync() -> None:
        if (end := ends.pop(0)) is not None:
            raise end

    monkeypatch.setattr(log, "_sync", sync)
    with pytest.raises(KeyboardInterrupt):
        log.sync()
    log.sync()
    assert ends == []


def test_after_a_sync_has_failed_no_later_one_is_believed(monkeypatch):
    log = Log("nowhere")
    disk = _Disk(log, monkeypatch)
    disk.go.release(2)
    disk.failure = OSError(5, "Input/output error")
    with pytest.raises(NotDurable, match="Input/output"):
        log.sync()
    disk.failure = None

    with pytest.raises(NotDurable):
        log.sync()
    with pytest.raises(NotDurable):
        log.check()


def test_a_write_is_synced_before_its_block_ends_and_after_its_turn(app, monkeypatch):
    synced = []

    def sync(file: int) -> None:
        assert os.path.samestat(os.fstat(file), Path(f"{db.engine.url.database}-wal").stat())
        assert _turns._holder is None, "others write meanwhile"
        synced.append(file)

    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL syncs by itself")
        monkeypatch.setattr(durable, "_sync", sync)
        with writing() as session:
            session.execute(sa.text("UPDATE people SET version = version"))
            assert not synced

    assert len(synced) == 1


def test_a_connection_whose_server_went_away_while_it_rested_is_replaced(app, monkeypatch):
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("SQLite has no server")
        monkeypatch.setattr("factcheck.db.RESTED_S", 0.0)
        with db.engine.connect() as dead:
            driver = dead.connection.driver_connection
        driver.close()  # it lies in the pool

        with db.engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT 1")) == 1
