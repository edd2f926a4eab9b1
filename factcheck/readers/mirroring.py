"""Copying the public site to an object store, so that readers never meet a name that leads nowhere.

A job does it after each publishing: batch by batch (see `editions/unsent.py`), each in the order of
`rank`. It stops after a while and asks to be gone on with, since other jobs wait behind it.
"""

from __future__ import annotations

import fcntl
import math
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.editions import unsent
from factcheck.editions.files import only_publisher, paths_in
from factcheck.editions.publishing import COPY_JOB, ask_for_copy
from factcheck.readers.headers import is_immutable
from factcheck.readers.object_store import ObjectStore, etag_of
from factcheck.runs import actions as runs
from factcheck.runs import turns
from factcheck.runs.queries import under_way

A_TURN_S = 20.0
AT_ONCE = 64  # files read into memory together
CHECKPOINT = "log/checkpoint"
Told = Callable[[int], None]
_ARTICLE = re.compile(r"articles/[^/]+/(?:index\.html(?:\.gz|\.br)?|manifest\.json)")


def rank(path: str) -> int:
    """Return when a file is sent: 0 first. What it names has a lower rank than the file itself.

    Files that never change, an article's inner pages, its own page, what lists articles and the
    log's tiles, the root manifest, the checkpoint.
    """
    if path == CHECKPOINT:
        return 5
    if path == "manifest.json":
        return 4
    if is_immutable(f"/{path}"):
        return 0
    if path.startswith("articles/"):
        return 2 if _ARTICLE.fullmatch(path) else 1
    return 3


def mirror(_payload: Mapping[str, Any], settings: Settings) -> None:
    """Send for a turn, and ask for another one where something is left; raise StoreFailed.

    What takes more than a turn is a long run. Where somebody stops it, the rest is sent after the
    next publishing, or by `factcheck site push`.
    """
    if not settings.store:
        return
    is_paused = any(one.stop_asked_at for one in under_way(current_session(), COPY_JOB))
    until = time.monotonic() + A_TURN_S
    is_over = not is_paused and catch_up(settings, until=until)
    with writing() as session:
        if _is_to_go_on(session, settings, is_over=is_over, now=clock.now()):
            ask_for_copy(session, settings, now=clock.now())


def _is_to_go_on(session: Session, settings: Settings, *, is_over: bool, now: datetime) -> bool:
    owed, begun = unsent.owed(settings.site), under_way(session, COPY_JOB)
    if not begun:
        if not is_over:
            runs.begin(session, COPY_JOB, settings.store, total=owed, actor=None, now=now)
        return not is_over
    run = begun[-1]
    run.total = max(run.total, run.done + owed)
    return turns.goes_on(session, run.public_id, done=run.total - owed, is_over=is_over, now=now)


def catch_up(
    settings: Settings, *, until: float = math.inf, told: Told = lambda _sent: None
) -> bool:  # fmt: skip
    """Bring the store up to what is on disk; return whether that was done before `until`.

    `told` hears how many files more were sent. Raises StoreFailed: what was not sent is sent the
    next time.
    """
    with _only_sender(settings.site):
        store = ObjectStore(settings.store)
        if unsent.is_to_compare(settings.site):
            unsent.compared(settings.site, _differing(store, settings.site))
        while batch := _taken(settings.site):
            if not _send(store, batch, until, told):
                return False
    return True


def _send(store: ObjectStore, batch: unsent.Batch, until: float, told: Told) -> bool:
    paths = sorted(batch.paths(), key=rank)
    for _, some in groupby((path for path in paths if path != CHECKPOINT), key=rank):
        for part in _in_parts(some):
            _put(store, batch, part)
            told(len(part))
            if time.monotonic() > until:
                return False
    if batch.gone:
        store.delete(batch.gone)
    if CHECKPOINT in paths:
        _put(store, batch, [CHECKPOINT])
    batch.done()
    return True


def _put(store: ObjectStore, batch: unsent.Batch, paths: list[str]) -> None:
    store.put({path: batch.read(path) for path in paths})
    for path in paths:
        batch.sent(path)


def _in_parts(paths: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(paths)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _taken(folder: Path) -> unsent.Batch | None:
    with only_publisher(folder):
        return unsent.take(folder)


def _differing(store: ObjectStore, folder: Path) -> list[str]:
    """Return the paths that the store lists otherwise; what changes meanwhile is noted anyway.

    What is only in the store goes if it lies in a folder that the site has as well; anything else
    beside the site is somebody else's.
    """
    listed, here = dict(store.listed()), paths_in(folder)
    ours = {path.split("/")[0] for path in here if "/" in path}
    extra = (path for path in listed if path not in here and path.split("/")[0] in ours)
    return sorted([
        *(path for path in here if listed.get(path) != etag_of((folder / path).read_bytes())),
        *extra,
    ])  # fmt: skip


@contextmanager
def _only_sender(folder: Path) -> Iterator[None]:
    """Wait until nobody else sends, here or in another process."""
    with (folder.parent / f".{folder.name}.sending").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
