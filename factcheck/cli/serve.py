"""Running the service, its jobs, and looking after an installation.

Everything is imported and prepared before the server forks its workers, so that a start costs one
import of the program and the workers share its memory.
"""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import stat
import sys
import threading
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask

from factcheck import clock, jobs
from factcheck.accounts import actions, queries
from factcheck.app import create_app
from factcheck.cli.database import running
from factcheck.cli.installation import bring_up_to_date, connected, failing_in_words, say, settings
from factcheck.cli.json_lines import refuse
from factcheck.config import Settings
from factcheck.db import current_session, db, writing
from factcheck.demo import load as demo
from factcheck.editions import publishing
from factcheck.editions import queries as editions
from factcheck.reviews import archive
from factcheck.schema import current, newest

BLOCKING_THREADS = 16
BACKPRESSURE = 128  # requests in hand at once; more wait in the listen queue


@click.command()
@click.option("--demo", "with_demo", is_flag=True, help="Load the demo if the data is new.")
@click.option("--host", help="Where to listen; else HOST, else 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="Else PORT, else 8000.")
@click.option("--workers", type=click.IntRange(1), default=1, help="More than one: PostgreSQL.")
@failing_in_words
def serve(with_demo: bool, host: str | None, port: int | None, workers: int) -> None:  # noqa: FBT001
    """Run the service, with a thread for jobs."""
    chosen = _told(host, port)
    if workers > 1 and chosen.is_sqlite:
        refuse("more than one worker needs PostgreSQL: set FACTCHECK_DATABASE_URL.")
    _check_port(chosen)
    with running(chosen):
        app = create_app(chosen)
        with connected(app):  # connections do not outlive the fork
            _prepare(chosen, with_demo=with_demo)
        _serve(app, chosen, workers)


def _told(host: str | None, port: int | None) -> Settings:
    """Return the settings with the address of the command line, which `create_app` must see."""
    if host:
        os.environ["HOST"] = host
    if port:
        os.environ["PORT"] = str(port)
    return settings()


def _check_port(chosen: Settings) -> None:
    try:
        with socket.socket(_family(chosen.host)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((chosen.host, chosen.port))
    except OSError as error:
        refuse(
            f"cannot listen on {chosen.host}:{chosen.port} ({error.strerror}). "
            "Something else may be there: choose another port with PORT or --port."
        )


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _prepare(chosen: Settings, *, with_demo: bool) -> None:
    """Migrate, finish what a killed publisher left, and say how to begin."""
    bring_up_to_date(chosen)
    publishing.finish_interrupted(chosen)
    publishing.start_site(chosen)
    _welcome(chosen, with_demo=with_demo)


def _welcome(chosen: Settings, *, with_demo: bool) -> None:
    """Print where the service is, where its data lies, and how to sign in."""
    if with_demo and demo.is_new(current_session()):
        say("Loading the demo …")
        demo.load(chosen)
    say(f"factcheck is at {chosen.public_url}")
    say(f"Its data is in {chosen.data}")
    people = chosen.data / demo.PEOPLE_FILE
    if people.exists():
        say(f"Sign in at {chosen.public_url}/sign-in as one of these ({people}):")
        for line in people.read_text(encoding="utf-8").splitlines():
            say(f"  {line}")
    elif queries.nobody_can_sign_in(current_session()):
        with writing() as session:
            secret = actions.first_link(session, now=clock.now())
        say(f"Make the first account here, once: {chosen.public_url}/set-up/{secret}")
    else:
        say(f"Sign in at {chosen.public_url}/sign-in")


def _serve(app: Flask, chosen: Settings, workers: int) -> None:
    from granian import Granian  # noqa: PLC0415 - needed by this command alone
    from granian.constants import Interfaces  # noqa: PLC0415

    alive, parent_only = os.pipe()

    def load(*_target: Any) -> Any:  # called in each worker, after the fork
        os.close(parent_only)
        threading.Thread(target=_die_with_parent, args=(alive,), daemon=True).start()
        jobs.start_thread(app)
        return app

    Granian(
        "factcheck", address=chosen.host, port=chosen.port, interface=Interfaces.WSGI,
        workers=workers, blocking_threads=BLOCKING_THREADS, backpressure=BACKPRESSURE,
        log_enabled=False, websockets=False,
    ).serve(target_loader=load, wrap_loader=False)  # fmt: skip


def _die_with_parent(alive: int) -> None:
    """End a worker whose parent was killed, so that it does not keep the port."""
    os.read(alive, 1)  # nothing is ever written: it returns when the other end is gone
    os._exit(1)


@click.command()
@failing_in_words
def worker() -> None:
    """Run jobs alone, until it is told to stop."""
    chosen = settings()
    app = create_app(chosen)
    with connected(app):
        bring_up_to_date(chosen)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    say("Running jobs.")
    with running(chosen):
        jobs.work(app, stop)


@click.command()
@failing_in_words
def doctor() -> None:
    """Say in words what is wrong with this installation; exit code 1 if anything is."""
    chosen = settings()
    with connected(create_app(chosen)):
        found = [*_of_files(chosen), *_of_database(chosen)]
    for sentence in found:
        say(sentence)
    if found:
        sys.exit(1)
    say("Nothing is wrong.")


def _of_files(chosen: Settings) -> list[str]:
    found = []
    for name in ("secret-key", "log-key"):
        file = chosen.data / name
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            found.append(f"{file} can be read by others: chmod 600 {file}")
    folders = (chosen.data, _there(chosen.site))
    found += [
        f"{folder} cannot be written." for folder in folders if not os.access(folder, os.W_OK)
    ]
    try:
        archive.check_room(chosen.archive)
    except archive.ArchiveFull:
        found.append(
            f"{chosen.archive} has less than 1 GiB of room left, so no copies of sources are made:"
            " make room, or see `factcheck copies report`."
        )
    if chosen.public_url.startswith("http://") and chosen.host not in {"127.0.0.1", "localhost"}:
        found.append("FACTCHECK_PUBLIC_URL is not https, so cookies are not Secure.")
    return found


def _there(folder: Path) -> Path:
    return folder if folder.exists() else _there(folder.parent)


def _of_database(chosen: Settings) -> list[str]:
    try:
        at = current(db.engine)
    except sa.exc.OperationalError as error:
        return [f"The database does not answer: {error.orig}"]
    if at != newest():
        how = "start the service" if chosen.is_sqlite else "run `factcheck db upgrade`"
        return [f"The database is at {at or 'nothing'}, not {newest()}: {how}."]
    waiting = editions.unwritten_editions(current_session())
    found = []
    if waiting:
        found.append(f"{len(waiting)} editions are not on the site yet: start the service.")
    if editions.articles_published(current_session()) and not (chosen.site / "log").exists():
        found.append(f"The site is not in {chosen.site}: run `factcheck site build {chosen.site}`.")
    elif not waiting:
        found += _of_site(chosen)
    return found


def _of_site(chosen: Settings) -> list[str]:
    """Compare the newest edition of each article in the database with the one on the site."""
    found = []
    for slug, sha256 in editions.standing_editions(current_session()):
        file = chosen.site / "articles" / slug / "edition.json"
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
            found.append(
                f"{file} is not the newest edition: run `factcheck site build {chosen.site}`."
            )
    return found
