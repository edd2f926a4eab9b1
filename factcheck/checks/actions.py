"""Bringing earlier checks in, staged until the whole import counts, and removing one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.checks.models import EarlierCheck
from factcheck.checks.rules import NewCheck
from factcheck.db import new_public_id
from factcheck.runs.models import Run

_INDEX = {
    "sqlite": "INSERT INTO check_words (rowid, text, title)",
    "postgresql": "INSERT INTO check_words (rowid, words)",
}
_STEMS = """CASE WHEN lower(split_part(coalesce(said.language, 'en'), '-', 1)) = 'en'
    THEN 'english' ELSE 'simple' END::regconfig"""
_WORDS = {  # of a row of `said`, under the id that goes before
    "sqlite": "said.text, said.title",
    "postgresql": f"setweight(to_tsvector({_STEMS}, said.text), 'A')"
    f" || setweight(to_tsvector({_STEMS}, said.title), 'B')",
}
_SAYING = ("text", "title", "publisher", "rating", "published", "language")
_INDEXED = ("text", "title", "language")
_LARGEST_KEY = 2**63 - 1
# A run's rows in their order: "+ 0" has them sought by their keys, and not by the run.
_PART = "said.staged_by_id + 0 = :run AND said.id > :after AND said.id <= :upto"
_SAME = f"known.staged_by_id IS NULL AND known.key = said.key AND {_PART}"
_PAIRS = f"FROM earlier_checks AS known, earlier_checks AS said WHERE {_SAME}"


def stage(session: Session, run: Run, checks: Sequence[NewCheck], *, now: datetime) -> None:
    """Keep checks aside for a run; what it brought before is left out."""
    if checks:
        insert = (sqlite if _dialect(session) == "sqlite" else postgresql).insert(EarlierCheck)
        rows = [_row(run, one, now) for one in checks]
        session.execute(insert.on_conflict_do_nothing(), rows)


def _row(run: Run, check: NewCheck, now: datetime) -> dict[str, Any]:
    said = {name: getattr(check, name) for name in (*_SAYING, "url", "key")}
    return said | {
        "public_id": new_public_id(), "added_at": now, "added_by_id": run.person_id,
        "staged_by_id": run.id,
    }  # fmt: skip


def before_staged(session: Session, run: Run) -> int:
    """Return the key that comes before all that a run staged, for its first turn."""
    own = sa.select(sa.func.min(EarlierCheck.id)).where(EarlierCheck.staged_by_id == run.id)
    first = session.scalar(own)
    return _LARGEST_KEY if first is None else first - 1


@dataclass(frozen=True, slots=True)
class Settled:
    """What a turn came to: up to which key, how many checks are new, and how many renewed."""

    upto: int
    added: int
    renewed: int


def settle_some(session: Session, run: Run, *, after: int, most: int) -> Settled | None:
    """Let some of what a run staged count from now on; None where nothing is left of it.

    A check that was there keeps its id, and says from now on what the newer one says.
    """
    if _dialect(session) == "postgresql":  # one at a time, and none is taken away meanwhile
        session.execute(sa.text("LOCK TABLE earlier_checks IN SHARE ROW EXCLUSIVE MODE"))
    part = _part(session, run, after, most)
    if part is None:
        return None
    renewed = _renew(session, part)
    twins = f"DELETE FROM earlier_checks WHERE id IN (SELECT said.id {_PAIRS})"  # noqa: S608
    session.execute(sa.text(twins), part)
    _index(session, f"FROM earlier_checks AS said WHERE {_PART} ORDER BY said.id", part)
    counts = f"UPDATE earlier_checks AS said SET staged_by_id = NULL WHERE {_PART}"  # noqa: S608
    return Settled(part["upto"], _changed(session, counts, part), renewed)


def _part(session: Session, run: Run, after: int, most: int) -> dict[str, int] | None:
    """Return which of a run's rows come next, for _PART."""
    own = f"SELECT id FROM earlier_checks AS said WHERE {_PART} ORDER BY id LIMIT :most"  # noqa: S608
    given = {"run": run.id, "after": after, "upto": _LARGEST_KEY}
    last = session.scalar(sa.text(f"SELECT max(id) FROM ({own}) AS own"), given | {"most": most})  # noqa: S608
    return None if last is None else given | {"upto": last}


def _renew(session: Session, part: dict[str, int]) -> int:
    """Let checks that were there say what the newer ones say, where they differ."""
    reworded = f"{_PAIRS} AND ({_differ(_INDEXED)})"
    drop = f"DELETE FROM check_words WHERE rowid IN (SELECT known.id {reworded})"  # noqa: S608
    session.execute(sa.text(drop), part)
    _index(session, f"{reworded} ORDER BY known.id", part, key="known.id")
    says = ", ".join(f"{name} = said.{name}" for name in _SAYING)
    renew = (
        f"UPDATE earlier_checks AS known SET {says} FROM earlier_checks AS said"  # noqa: S608
        f" WHERE {_SAME} AND ({_differ(_SAYING)})"
    )
    return _changed(session, renew, part)


def _differ(names: Sequence[str]) -> str:
    return " OR ".join(f"known.{name} IS DISTINCT FROM said.{name}" for name in names)


def discard_some(session: Session, run: Run, *, after: int, most: int) -> int | None:
    """Let some of what a run staged go; return up to which key, None where nothing is left."""
    part = _part(session, run, after, most)
    if part is None:
        return None
    session.execute(sa.text(f"DELETE FROM earlier_checks AS said WHERE {_PART}"), part)  # noqa: S608
    return part["upto"]


def left_behind(session: Session) -> list[Run]:
    """Return the runs that are over and have rows staged still."""
    staged = sa.select(EarlierCheck.id).where(EarlierCheck.staged_by_id == Run.id).exists()
    return list(session.scalars(sa.select(Run).where(Run.ended_at.is_not(None), staged)))


def remove(session: Session, check: EarlierCheck, *, actor: Person | None, now: datetime) -> None:
    """Take an earlier check away."""
    record(session, "check.removed", check.public_id, actor=actor, now=now, url=check.url,
           claim=check.text)  # fmt: skip
    session.execute(sa.text("DELETE FROM check_words WHERE rowid = :id"), {"id": check.id})
    session.delete(check)


def forget(session: Session, struck: str) -> None:
    """Take words that were struck out from the index; `struck` is what stands in their place.

    SQLite keeps what was taken out of an index until it is merged, so it is merged at once.
    """
    holds = "strpos" if _dialect(session) == "postgresql" else "instr"
    which = (
        "FROM earlier_checks AS said WHERE said.staged_by_id IS NULL"
        f" AND ({holds}(said.text, :struck) > 0 OR {holds}(said.title, :struck) > 0)"
    )
    drop = f"DELETE FROM check_words WHERE rowid IN (SELECT said.id {which})"  # noqa: S608
    session.execute(sa.text(drop), {"struck": struck})
    _index(session, f"{which} ORDER BY said.id", {"struck": struck})
    if _dialect(session) == "sqlite":
        session.execute(sa.text("INSERT INTO check_words (check_words) VALUES ('optimize')"))


def index_all(session: Session) -> None:
    """Index every check that counts, where none is: they came in a way that indexes nothing."""
    _index(session, "FROM earlier_checks AS said WHERE said.staged_by_id IS NULL", {})


def _index(
    session: Session, which: str, values: Mapping[str, Any], *, key: str = "said.id"
) -> None:
    """Add words to the index; `which` is a query's end, in which `said` has them."""
    dialect = _dialect(session)
    made = f"{_INDEX[dialect]} SELECT {key}, {_WORDS[dialect]} {which}"
    session.execute(sa.text(made), values)


def _changed(session: Session, statement: str, values: Mapping[str, Any]) -> int:
    found = session.execute(sa.text(statement), values)
    return int(found.rowcount)  # type: ignore[attr-defined]


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name
