"""The life of a long run: it is asked for, says how far it is, may be stopped, and ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.failures import Conflict, Failure
from factcheck.runs.models import Run, RunTrouble

MOST_TROUBLES = 10_000  # kept of one run; all of them are counted
SILENT = timedelta(minutes=15)  # after which a run has been killed, or waits still


class Stopped(Conflict):
    """Somebody asked the run to stop."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a row: its line from 1, the field, a sentence and the values in it."""

    line: int
    field: str
    sentence: str
    values: Mapping[str, str | int]


def begin(
    session: Session, kind: str, title: str, *, asked: dict[str, Any] | None = None,
    total: int = 0, actor: Person | None, now: datetime,
) -> Run:  # fmt: skip
    """Add a run and return it. `asked` is what it was asked with, for whoever goes on with it."""
    plain = "".join(sign for sign in title[:300] if sign.isprintable())
    run = Run(
        kind=kind, title=plain, asked=asked or {}, total=total, created_at=now, seen_at=now,
        person_id=actor.id if actor else None, state="waiting",
    )  # fmt: skip
    session.add(run)
    session.flush()
    record(session, "run.begun", run.public_id, actor=actor, now=now, run=kind, title=run.title)
    return run


def check_goes_on(run: Run) -> None:
    """Raise Stopped where a run is to stop."""
    if run.stop_asked_at is not None:
        raise Stopped("It was stopped.")


def report(run: Run, *, done: int, counts: Mapping[str, int], now: datetime) -> None:
    """Note how far a run is, and what came of it so far."""
    run.state, run.done, run.counts, run.seen_at = "running", done, dict(counts), now


def decide(run: Run, outcome: str, *, now: datetime) -> None:
    """Note that a run is to end as "done" or "stopped": only its last part is left to do."""
    run.outcome, run.seen_at = outcome, now


def note_troubles(session: Session, run: Run, troubles: Iterable[Trouble], known: int) -> None:
    """Keep what is wrong with rows, as far as there is room beside the `known` ones."""
    rows = [
        {"run_id": run.id, "line": one.line, "field": one.field[:100], "sentence": one.sentence,
         "values": dict(one.values)}
        for one in list(troubles)[: max(0, MOST_TROUBLES - known)]
    ]  # fmt: skip
    if rows:
        session.execute(sa.insert(RunTrouble), rows)


def start_over(session: Session, run: Run) -> None:
    """Forget how far a run was that was broken off: it begins anew."""
    session.execute(sa.delete(RunTrouble).where(RunTrouble.run_id == run.id))
    run.done, run.counts = 0, {}


def ask_to_stop(session: Session, run: Run, *, actor: Person, now: datetime) -> None:
    """Have a run stop at the next place where it can; raise Conflict where that is too late.

    One that has said nothing for long was killed, or has not begun: it ends here.
    """
    if run.ended_at is not None or run.outcome is not None:
        raise Conflict("There is nothing to stop here any more.")
    run.stop_asked_at = now
    if run.seen_at < now - SILENT:
        run.state, run.ended_at = "stopped", now
    record(session, "run.stopped", run.public_id, actor=actor, now=now)


def give_up(session: Session, public_id: str, *, now: datetime) -> None:
    """Let a run fail whose job failed so often that it is not tried again; one that ended stays."""
    run = session.scalar(sa.select(Run).where(Run.public_id == public_id, Run.ended_at.is_(None)))
    if run is not None:
        why = Failure("It failed again and again, and is not tried any more. The log says why.")
        end(run, "failed", counts=run.counts, now=now, failure=why)


def end(
    run: Run, state: str, *, counts: Mapping[str, int], now: datetime,
    failure: Failure | None = None,
) -> None:  # fmt: skip
    """Let a run end as "done", "stopped" or, with what was wrong, "failed"."""
    run.state, run.counts, run.ended_at, run.seen_at = state, dict(counts), now, now
    if state == "done":
        run.done = run.total
    if failure is not None:
        run.failure = [failure.sentence, dict(failure.values)]
