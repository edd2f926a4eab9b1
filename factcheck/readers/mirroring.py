"""Copying the public site to an object store, so that readers never meet a name that leads nowhere.

A job does it after each publishing: batch by batch (see `editions/unsent.py`), each in the order of
`rank`. It stops after a while and asks to be gone on with, since other jobs wait behind it;
comparing all of the site with the store is done in such turns too.
"""

from __future__ import annotations

import fcntl
import heapq
import math
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.editions import unsent
from factcheck.editions.files import only_publisher, paths_after
from factcheck.editions.publishing import COPY_JOB, ask_for_copy, follow_store
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
        return _catch_up(settings, until, told)


def push(settings: Settings, *, told: Told = lambda _sent: None) -> None:
    """Compare all of the site with the store and send what differs, now; raise StoreFailed.

    `told` hears how many files more were sent.
    """
    with _only_sender(settings.site):
        with only_publisher(settings.site):
            follow_store(settings)
            unsent.ask_to_compare(settings.site)
        _catch_up(settings, math.inf, told)


def _catch_up(settings: Settings, until: float, told: Told) -> bool:
    store = ObjectStore(settings.store)
    while True:
        while batch := _taken(settings.site):
            if not _send(store, batch, until, told):
                return False
        if not unsent.is_to_compare(settings.site):
            return True
        if not _is_compared(store, settings.site, until):
            return False


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


def _is_compared(store: ObjectStore, folder: Path, until: float) -> bool:
    """Note what the store lists otherwise, from where that was left; return if that was all of it.

    It is sent once all is known, in the order of `rank`; what is published meanwhile goes before
    it. What is only in the store goes if it lies in a folder that the site has as well; anything
    else beside the site is somebody else's.
    """
    to, differing = unsent.compared_to(folder), list[str]()
    ours = {one.name for one in folder.iterdir() if one.is_dir()}
    here = ((path, None) for path in paths_after(folder, to))
    for number, (path, etags) in enumerate(_by_path(here, store.listed(after=to)), 1):
        is_ours = None in etags or path.split("/")[0] in ours
        if is_ours and etags != {None, _etag_on_disk(folder / path)}:
            differing.append(path)
        to = path
        if number % AT_ONCE == 0 and time.monotonic() > until:
            unsent.compared(folder, differing, to)
            return False
    unsent.compared(folder, differing, to)
    unsent.all_compared(folder)
    return True


def _by_path(
    here: Iterable[tuple[str, str | None]], there: Iterable[tuple[str, str | None]]
) -> Iterator[tuple[str, set[str | None]]]:
    """Yield each path of two sorted lists, with what stands beside it in either."""
    both = heapq.merge(here, there, key=itemgetter(0))
    for path, found in groupby(both, key=itemgetter(0)):
        yield path, {etag for _, etag in found}


def _etag_on_disk(file: Path) -> str:
    return etag_of(file.read_bytes()) if file.is_file() else ""


@contextmanager
def _only_sender(folder: Path) -> Iterator[None]:
    """Wait until nobody else sends, here or in another process."""
    with (folder.parent / f".{folder.name}.sending").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
