"""Files that runs made for people to fetch: kept for a day, gone at once where words are purged."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.config import Settings
from factcheck.runs.models import Run

KEPT_S = 24 * 3_600
KIND = "export"  # of the runs that make them


def folder_of(settings: Settings) -> Path:
    """Return where the files lie."""
    return settings.data / "exports"


def file_of(settings: Settings, run: Run) -> Path:
    """Return where a run's file lies once it is whole."""
    return folder_of(settings) / run.public_id


def drop_old(settings: Settings) -> None:
    """Delete what was kept for a day, and halves of files that were left for as long."""
    for path in _all(settings):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - KEPT_S:
                path.unlink()


def stop_all(session: Session) -> None:
    """Have every run that makes a file stop, since it may hold words that are to go."""
    unasked = (Run.kind == KIND, Run.ended_at.is_(None), Run.stop_asked_at.is_(None))
    session.execute(sa.update(Run).where(*unasked).values(stop_asked_at=Run.seen_at))


def drop_all(settings: Settings) -> None:
    """Delete every file, whole or not."""
    for path in _all(settings):
        path.unlink(missing_ok=True)


def _all(settings: Settings) -> list[Path]:
    folder = folder_of(settings)
    return list(folder.iterdir()) if folder.is_dir() else []
