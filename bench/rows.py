"""What a submitted review is held against: one-row inserts, each with its commit.

`python -m bench.rows PLACE CLIENTS SECONDS` prints how many it came to in a second. PLACE is a
SQLite file, or the address of a PostgreSQL database.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from typing import Any

import psycopg
from pysqlite3 import dbapi2 as sqlite

TABLE = "CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, words TEXT NOT NULL)"
SERIAL = "CREATE TABLE IF NOT EXISTS rows (id BIGSERIAL PRIMARY KEY, words TEXT NOT NULL)"
INSERT = "INSERT INTO rows (words) VALUES ('one row')"


def rate(place: str, clients: int, seconds: float) -> float:
    """Return the inserts a second of that many threads; on SQLite they take turns to write."""
    on_sqlite = not place.startswith("postgresql")
    opened: Callable[[str], Any] = _opened if on_sqlite else _connected
    turn: AbstractContextManager[Any] = threading.Lock() if on_sqlite else nullcontext()
    with closing(opened(place)) as connection:
        connection.execute(TABLE if on_sqlite else SERIAL)
    counts = [0] * clients
    end = time.monotonic() + seconds

    def insert(number: int) -> None:
        with closing(opened(place)) as connection:
            while time.monotonic() < end:
                with turn:
                    connection.execute("BEGIN IMMEDIATE" if on_sqlite else "BEGIN")
                    connection.execute(INSERT)
                    connection.execute("COMMIT")
                counts[number] += 1

    threads = [threading.Thread(target=insert, args=(number,)) for number in range(clients)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - start)


def _opened(file: str) -> sqlite.Connection:
    connection = sqlite.connect(file, isolation_level=None, timeout=30)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _connected(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True)


if __name__ == "__main__":
    print(rate(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
