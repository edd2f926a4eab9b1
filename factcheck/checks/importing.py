"""An import of earlier checks from a file, as a run: in steps, each a transaction of its own.

What it brings is staged, so that a run that is stopped, fails or is killed leaves nothing half
done: good rows are kept, or nothing is, as the person chose. Once that is decided the rows are let
in by turns; whoever comes next goes on with them, were it killed between two.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any, BinaryIO

from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts.models import Person
from factcheck.checks import actions
from factcheck.checks.reading import Entry, entries
from factcheck.checks.rules import NewCheck
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.failures import Failure, Invalid
from factcheck.outbox import enqueue
from factcheck.runs import actions as runs
from factcheck.runs.actions import SILENT, Stopped, Trouble
from factcheck.runs.models import Run
from factcheck.runs.queries import held_run, under_way
from factcheck.runs.queries import run as run_at

JOB = KIND = "import-checks"
A_STEP = 500  # entries
A_TURN = 2_000  # staged rows that are let in, or let go, in a transaction
FORGOTTEN_S = 3_600  # after which a file that no run is to read is deleted
_LOOK_AGAIN = timedelta(minutes=5)  # whether who reads a file is alive
Told = Callable[[int, list[Trouble]], None]


class NothingKept(Invalid):
    """Rows were bad, and nothing was to be kept then."""


def folder_of(settings: Settings) -> Path:
    """Return where files lie until they are read."""
    return settings.data / "imports"


def aside(settings: Settings, stream: IO[bytes]) -> Path:
    """Write a stream into a file of its own, and return where; for `ask`."""
    folder_of(settings).mkdir(mode=0o700, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder_of(settings), delete=False) as file:
        try:
            shutil.copyfileobj(stream, file)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            Path(file.name).unlink()
            raise
    return Path(file.name)


def ask(
    session: Session, title: str, path: Path, asked: Mapping[str, Any], *, actor: Person,
    now: datetime,
) -> Run:  # fmt: skip
    """Have a job read the file that `aside` wrote, and delete it then; return its run."""
    run = runs.begin(session, KIND, title, asked={**asked, "file": path.name},
                     total=path.stat().st_size, actor=actor, now=now)  # fmt: skip
    enqueue(session, JOB, {"run": run.public_id}, now=now)
    return run


def go_on(payload: Mapping[str, Any], settings: Settings) -> None:
    """Go on with a run: read the file that somebody sent, or let in what was read of it. A job."""
    _drop_forgotten(settings)
    public_id = str(payload["run"])
    run = run_at(current_session(), public_id)
    if run.outcome is not None and run.ended_at is None:
        let_in(public_id)
    if not run.asked.get("file"):
        return
    path = folder_of(settings) / str(run.asked["file"])
    if run.ended_at is None:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            _say_lost(public_id)
            return
        with file:
            if not _is_ours(file):
                with writing() as session:
                    now = clock.now()
                    enqueue(session, JOB, {"run": public_id}, now=now, due=now + _LOOK_AGAIN)
                return
            _read(file, public_id)
    path.unlink(missing_ok=True)


def _is_ours(file: BinaryIO) -> bool:
    """Whether no one else reads the file: an import outlasts its job's claim."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(file: BinaryIO, public_id: str) -> None:
    session = current_session()
    session.rollback()  # who had the file until now may have read it
    run = run_at(session, public_id)
    if run.outcome is not None:
        let_in(public_id)
    elif run.ended_at is None:
        with suppress(Failure):  # the run says so
            bring(file, public_id, run.asked)


def _say_lost(public_id: str) -> None:
    lost = Invalid("file", "The file is not there any more. Send it again.")
    with writing() as session:
        run = run_at(session, public_id)
        if run.ended_at is None:
            runs.end(run, "failed", counts={}, now=clock.now(), failure=lost)


def _drop_forgotten(settings: Settings) -> None:
    """Delete files that no run is to read any more."""
    needed = {run.asked.get("file") for run in under_way(current_session(), KIND)}
    folder = folder_of(settings)
    for path in folder.iterdir() if folder.is_dir() else ():
        # one that is being sent has no run yet
        with suppress(FileNotFoundError):
            if path.name not in needed and path.stat().st_mtime < time.time() - FORGOTTEN_S:
                path.unlink()


def bring(
    file: BinaryIO, public_id: str, asked: Mapping[str, Any],
    told: Told = lambda _done, _troubles: None,
) -> dict[str, int]:  # fmt: skip
    """Read a file to its end and return the counts; `told` hears how far it is, and what is bad.

    `asked` may give form, encoding, delimiter and keep_good. Raises Stopped, NothingKept, and
    Invalid for a file that cannot be read at all; the run has ended then.
    """
    keeps = bool(asked.get("keep_good"))
    counts: Counter[str] = Counter(good=0, bad=0)
    _begin(public_id)
    try:
        options = {name: str(asked.get(name) or "") for name in ("form", "encoding", "delimiter")}
        for part in _parts(entries(file, **options)):
            counts = _step(part, public_id, counts, file.tell(), keeps=keeps)
            told(file.tell(), [one for one in part if isinstance(one, Trouble)])
        if counts["bad"] and not keeps:
            raise NothingKept(
                "file", "Nothing was kept, since rows are bad: %(bad)s.", bad=counts["bad"]
            )
    except (Stopped, KeyboardInterrupt):
        _end(public_id, "stopped", counts, keeps=keeps)
        raise
    except Failure as failure:
        _end(public_id, "failed", counts, keeps=False, failure=failure)
        raise
    return _end(public_id, "done", counts, keeps=True)


def _begin(public_id: str) -> None:
    """Let go what this run had staged before it was killed, and what others left behind."""
    session = current_session()
    for left in [one.public_id for one in actions.left_behind(session)]:
        _let_go(left)
    _let_go(public_id)
    with writing() as session:
        runs.start_over(session, run_at(session, public_id))


def _parts(stream: Iterator[Entry]) -> Iterator[list[Entry]]:
    while part := list(islice(stream, A_STEP)):
        yield part


def _step(
    part: list[Entry], public_id: str, counts: Counter[str], done: int, *, keeps: bool
) -> Counter[str]:
    """Stage a part, and return the counts with it; raise Stopped before anything is done."""
    good = [one for one in part if isinstance(one, NewCheck)]
    bad = [one for one in part if isinstance(one, Trouble)]
    now_counted = counts + Counter(good=len(good), bad=len(bad))
    with writing() as session:
        run, now = run_at(session, public_id), clock.now()
        runs.check_goes_on(run)
        runs.note_troubles(session, run, bad, counts["bad"])
        if keeps or not now_counted["bad"]:
            actions.stage(session, run, good, now=now)
        runs.report(run, done=done, counts=now_counted, now=now)
    return now_counted


def _end(
    public_id: str, state: str, counts: Mapping[str, int], *, keeps: bool,
    failure: Failure | None = None,
) -> dict[str, int]:  # fmt: skip
    found = {"good": counts["good"], "bad": counts["bad"], "added": 0, "renewed": 0}
    with writing() as session:
        run, now = run_at(session, public_id), clock.now()
        keeps = keeps and run.ended_at is None  # else somebody gave it up, since it was silent
        if keeps:
            runs.report(run, done=run.done, counts=found, now=now)
            runs.decide(run, state, now=now)
            # for a server to go on with, where this is a command that is killed
            enqueue(session, JOB, {"run": public_id}, now=now, due=now + SILENT)
        elif run.ended_at is None:
            runs.end(run, state, counts=found, now=now, failure=failure)
    if keeps:
        return let_in(public_id)
    _let_go(public_id)
    return found


def let_in(public_id: str) -> dict[str, int]:
    """Let what a run staged count, turn by turn, and end the run as it was decided; return counts.

    Whoever does it at the same time does some of the turns.
    """
    after = _first_turn(public_id)
    while True:
        with writing() as session:
            run, now = held_run(session, public_id), clock.now()
            counts = dict(run.counts)
            if run.ended_at is not None:
                return counts
            turn = actions.settle_some(session, run, after=after, most=A_TURN)
            if turn is None:
                runs.end(run, run.outcome or "done", counts=counts, now=now)
                return counts
            after = turn.upto
            counts["added"] += turn.added
            counts["renewed"] += turn.renewed
            runs.report(run, done=run.done, counts=counts, now=now)


def _first_turn(public_id: str) -> int:
    session = current_session()
    session.rollback()
    return actions.before_staged(session, run_at(session, public_id))


def _let_go(public_id: str) -> None:
    after: int | None = _first_turn(public_id)
    while after is not None:
        with writing() as session:
            run = run_at(session, public_id)
            after = actions.discard_some(session, run, after=after, most=A_TURN)
