"""An import of earlier checks from a file, as a run: in steps, each a transaction of its own.

What it brings is staged, so that a run that is stopped, fails or is killed leaves nothing half
done: good rows are kept, or nothing is, as the person chose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

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
from factcheck.runs.actions import Stopped, Trouble
from factcheck.runs.models import Run
from factcheck.runs.queries import run as run_at

JOB = KIND = "import-checks"
A_STEP = 500  # entries
Told = Callable[[int, list[Trouble]], None]


class NothingKept(Invalid):
    """Rows were bad, and nothing was to be kept then."""


def folder_of(settings: Settings) -> Path:
    """Return where files lie until they are read."""
    return settings.data / "imports"


def ask(
    session: Session, title: str, path: Path, asked: dict[str, Any], *, actor: Person,
    settings: Settings, now: datetime,
) -> Run:  # fmt: skip
    """Have a job read the file at `path`, which is moved away; return its run."""
    run = runs.begin(session, KIND, title, asked=asked, total=path.stat().st_size, actor=actor,
                     now=now)  # fmt: skip
    folder_of(settings).mkdir(mode=0o700, exist_ok=True)
    path.replace(folder_of(settings) / run.public_id)
    enqueue(session, JOB, {"run": run.public_id}, now=now)
    return run


def go_on(payload: Mapping[str, Any], settings: Settings) -> None:
    """Read the file that somebody sent, from its beginning: the job."""
    public_id = str(payload["run"])
    path = folder_of(settings) / public_id
    run = run_at(current_session(), public_id)
    if run.ended_at is not None:
        return
    try:
        with path.open("rb") as file:
            bring(file, public_id, run.asked)
    except FileNotFoundError:
        lost = Invalid("file", "The file is not there any more. Send it again.")
        with writing() as session:
            runs.end(session, public_id, "failed", counts={}, now=clock.now(), failure=lost)
    except Failure:
        pass  # the run says so
    path.unlink(missing_ok=True)


def bring(
    file: BinaryIO, public_id: str, asked: Mapping[str, Any],
    told: Told = lambda _done, _troubles: None,
) -> dict[str, int]:  # fmt: skip
    """Read a file to its end and return the counts; `told` hears how far it is, and what is bad.

    `asked` may give form, encoding, delimiter and keep_good. Raises Stopped, NothingKept, and
    Invalid for a file that cannot be read at all; the run has ended then.
    """
    counts: Counter[str] = Counter(good=0, bad=0)
    keeps = bool(asked.get("keep_good"))
    with writing() as session:
        actions.discard_left_behind(session)
        run = run_at(session, public_id)
        actions.discard(session, run.id)
        runs.start_over(session, run)
    try:
        options = {name: str(asked.get(name) or "") for name in ("form", "encoding", "delimiter")}
        for part in _parts(entries(file, **options)):
            _step(part, public_id, counts, file.tell(), stages=keeps or not counts["bad"])
            told(file.tell(), [one for one in part if isinstance(one, Trouble)])
    except (Stopped, KeyboardInterrupt):
        _end(public_id, "stopped", counts, keeps=keeps)
        raise
    except Failure as failure:
        _end(public_id, "failed", counts, keeps=False, failure=failure)
        raise
    if counts["bad"] and not keeps:
        refused = NothingKept(
            "file", "Nothing was kept, since rows are bad: %(bad)s.", bad=counts["bad"]
        )
        _end(public_id, "failed", counts, keeps=False, failure=refused)
        raise refused
    return _end(public_id, "done", counts, keeps=True)


def _parts(stream: Iterator[Entry]) -> Iterator[list[Entry]]:
    while part := list(islice(stream, A_STEP)):
        yield part


def _step(
    part: list[Entry], public_id: str, counts: Counter[str], done: int, *, stages: bool
) -> None:
    good = [one for one in part if isinstance(one, NewCheck)]
    bad = [one for one in part if isinstance(one, Trouble)]
    with writing() as session:
        run, now = run_at(session, public_id), clock.now()
        runs.note_troubles(session, run, bad, counts["bad"])
        if stages:
            actions.stage(session, run, good, now=now)
        counts["good"] += len(good)
        counts["bad"] += len(bad)
        runs.report(session, public_id, done=done, counts=counts, now=now)


def _end(
    public_id: str, state: str, counts: Counter[str], *, keeps: bool, failure: Failure | None = None
) -> dict[str, int]:
    with writing() as session:
        run = run_at(session, public_id)
        came = actions.settle(session, run) if keeps else {"added": 0, "renewed": 0}
        if not keeps:
            actions.discard(session, run.id)
        found = {**counts, **came}
        runs.end(session, public_id, state, counts=found, now=clock.now(), failure=failure)
    return found
