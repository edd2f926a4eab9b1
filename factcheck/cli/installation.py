"""What the commands that need an installation share: the app's context, and failures as exit codes.

0: done. 1: done, and the answer is no. 2: bad input or a refusal, in one line on stderr.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from factcheck.app import create_app
from factcheck.cli.sentences import refuse, refuse_with
from factcheck.config import BadSetting, Settings, folder_without_keys, from_environment
from factcheck.csv_cells import cell_of
from factcheck.db import db
from factcheck.failures import Failure
from factcheck.schema import current, newest

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def settings() -> Settings:
    """Return the installation's settings, or end the command with what is wrong with them."""
    try:
        return from_environment(os.environ)
    except BadSetting as error:
        refuse_with(error)
    except OSError as error:
        refuse("the data folder cannot be used: %(reason)s", reason=error)


def folder_to_be_keyed() -> Path | None:
    """Return the data folder whose keys the first start would make; None where there are some."""
    try:
        return folder_without_keys(os.environ)
    except BadSetting as error:
        refuse_with(error)


def failing_in_words(command: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Make a command end with one line and exit code 2 when a room refuses."""

    @functools.wraps(command)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        try:
            return command(*args, **kwargs)
        except Failure as failure:
            refuse_with(failure)
        except DBAPIError as error:
            refuse("the database refused: %(reason)s", reason=error.orig)
        except OSError as error:
            refuse(
                "%(file)s: %(reason)s",
                file=error.filename or "factcheck", reason=error.strerror or error,
            )  # fmt: skip

    return run


@contextmanager
def installation() -> Iterator[Flask]:
    """Give a block the app's context, its database at the newest migration."""
    chosen = settings()
    app = create_app(chosen)
    with connected(app):
        bring_up_to_date(chosen)
        yield app


@contextmanager
def connected(app: Flask) -> Iterator[None]:
    """Give a block the app's context, and close its connections to the database at the end."""
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def bring_up_to_date(chosen: Settings) -> None:
    """Migrate a SQLite database, after a backup of an older one; refuse for PostgreSQL's."""
    from factcheck.cli.database import migrate_after_backup  # noqa: PLC0415 - it needs this module

    if current(db.engine) == newest():
        return
    if not chosen.is_sqlite:
        refuse("the database is at another version: run `factcheck db upgrade` first.")
    migrate_after_backup(chosen)


@contextmanager
def progress(total: int) -> Iterator[Callable[[int], None]]:
    """Give a block what to tell how many more are done: a bar on stderr, where that is a terminal.

    Ctrl-C stops the block.
    """
    with click.progressbar(length=total, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar.update


def print_json(value: Any) -> None:
    """Print a value as one line of JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


@contextmanager
def csv_out() -> Iterator[Callable[[Iterable[object]], None]]:
    """Give a block what prints a row of CSV, no cell of which is a formula."""
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(out)

    def write(row: Iterable[object]) -> None:
        writer.writerow([cell_of(one) for one in row])

    try:
        yield write
    finally:
        out.detach()
