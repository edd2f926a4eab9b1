"""What a submitted review is held against: one-row inserts, each with its commit.

`python -m bench.rows FILE CLIENTS SECONDS` prints how many it came to in a second.
"""

from __future__ import annotations

import sys
import threading
import time
from contextlib import closing

from pysqlite3 import dbapi2 as sqlite

TABLE = "CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, words TEXT NOT NULL)"
INSERT = "INSERT INTO rows (words) VALUES ('one row')"


def rate(file: str, clients: int, seconds: float) -> float:
    """Return the inserts a second of that many threads, which take turns for the write lock."""
    with closing(_opened(file)) as connection:
        connection.execute(TABLE)
    turn, counts = threading.Lock(), [0] * clients
    end = time.monotonic() + seconds

    def insert(number: int) -> None:
        with closing(_opened(file)) as connection:
            while time.monotonic() < end:
                with turn:
                    connection.execute("BEGIN IMMEDIATE")
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


if __name__ == "__main__":
    print(rate(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
