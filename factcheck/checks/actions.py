"""Bringing earlier checks in, staged until the whole import counts, and removing one."""

from __future__ import annotations

from collections.abc import Sequence
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
    "sqlite": "INSERT INTO check_words (rowid, text, title) SELECT id, text, title",
    "postgresql": """INSERT INTO check_words (rowid, words) SELECT id,
        setweight(to_tsvector(CASE WHEN lower(coalesce(language, 'en')) LIKE 'en%'
          THEN 'english' ELSE 'simple' END::regconfig, text), 'A')
        || setweight(to_tsvector(CASE WHEN lower(coalesce(language, 'en')) LIKE 'en%'
          THEN 'english' ELSE 'simple' END::regconfig, title), 'B')""",
}
_TWINS = """FROM earlier_checks AS staged
    WHERE staged.staged_by_id = :run AND earlier_checks.staged_by_id IS NULL
    AND earlier_checks.key = staged.key"""
_SAYING = ("text", "title", "publisher", "rating", "published", "language")


def stage(session: Session, run: Run, checks: Sequence[NewCheck], *, now: datetime) -> None:
    """Keep checks aside for a run; what it brought before is left out."""
    if not checks:
        return
    dialect = session.get_bind().dialect.name
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(EarlierCheck)
    last = session.scalar(sa.select(sa.func.max(EarlierCheck.id))) or 0
    session.execute(insert.on_conflict_do_nothing(), [_row(run, one, now) for one in checks])
    session.execute(
        sa.text(f"{_INDEX[dialect]} FROM earlier_checks WHERE staged_by_id = :run AND id > :last"),
        {"run": run.id, "last": last},
    )


def _row(run: Run, check: NewCheck, now: datetime) -> dict[str, Any]:
    said = {name: getattr(check, name) for name in (*_SAYING, "url", "key")}
    return said | {
        "public_id": new_public_id(), "added_at": now, "added_by_id": run.person_id,
        "staged_by_id": run.id,
    }  # fmt: skip


def settle(session: Session, run: Run) -> dict[str, int]:
    """Let what a run staged count from now on; return how many are new, and how many renewed.

    A check that was there keeps its id, and says from now on what the newer one says.
    """
    differs = " OR ".join(
        f"earlier_checks.{name} IS DISTINCT FROM staged.{name}" for name in _SAYING
    )
    which = {"run": run.id}
    renewed = list(session.scalars(
        sa.text(f"SELECT earlier_checks.id FROM earlier_checks, (SELECT * {_ALL}) AS staged"  # noqa: S608
                f" WHERE {_SAME} AND ({differs})"), which))  # fmt: skip
    _forget_words(session, renewed)
    says = ", ".join(f"{name} = staged.{name}" for name in _SAYING)
    session.execute(sa.text(f"UPDATE earlier_checks SET {says} {_TWINS}"), which)  # noqa: S608
    _index(session, renewed)
    twins = f"""SELECT staged.id FROM earlier_checks, (SELECT * {_ALL}) AS staged WHERE {_SAME}"""  # noqa: S608
    _delete(session, f"id IN ({twins})", which)
    new = sa.update(EarlierCheck).where(EarlierCheck.staged_by_id == run.id)
    added = session.execute(new.values(staged_by_id=None)).rowcount  # type: ignore[attr-defined]
    session.expire_all()
    return {"added": added, "renewed": len(renewed)}


_ALL = "FROM earlier_checks WHERE staged_by_id = :run"
_SAME = "earlier_checks.staged_by_id IS NULL AND earlier_checks.key = staged.key"


def discard(session: Session, run_id: int) -> None:
    """Let what a run staged go."""
    _delete(session, "staged_by_id = :run", {"run": run_id})


def discard_left_behind(session: Session) -> None:
    """Let go what killed runs had staged."""
    over = sa.select(Run.id).where(Run.ended_at.is_not(None))
    left = sa.select(EarlierCheck.staged_by_id).where(EarlierCheck.staged_by_id.in_(over))
    for run_id in session.scalars(left.distinct()).all():
        discard(session, run_id or 0)


def remove(session: Session, check: EarlierCheck, *, actor: Person | None, now: datetime) -> None:
    """Take an earlier check away."""
    record(session, "check.removed", check.public_id, actor=actor, now=now, url=check.url,
           claim=check.text)  # fmt: skip
    _delete(session, "id = :id", {"id": check.id})
    session.expunge(check)


def _delete(session: Session, which: str, values: dict[str, Any]) -> None:
    words = f"rowid IN (SELECT id FROM earlier_checks WHERE {which})"  # noqa: S608
    session.execute(sa.text(f"DELETE FROM check_words WHERE {words}"), values)  # noqa: S608
    session.execute(sa.text(f"DELETE FROM earlier_checks WHERE {which}"), values)  # noqa: S608


def _forget_words(session: Session, keys: Sequence[int]) -> None:
    if keys:
        statement = sa.text("DELETE FROM check_words WHERE rowid = :id")
        session.execute(statement, [{"id": key} for key in keys])


def _index(session: Session, keys: Sequence[int]) -> None:
    if keys:
        made = f"{_INDEX[session.get_bind().dialect.name]} FROM earlier_checks WHERE id = :id"
        session.execute(sa.text(made), [{"id": key} for key in keys])
