"""Running the service and its jobs.

Everything is imported and prepared before the server forks its workers, so that a start costs one
import of the program and the workers share its memory.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from typing import Any

import click
from flask import Flask

from factcheck import clock, jobs
from factcheck.accounts import actions, queries
from factcheck.app import create_app
from factcheck.cli.database import running
from factcheck.cli.installation import bring_up_to_date, connected, failing_in_words, settings
from factcheck.cli.sentences import note, refuse, say, worded
from factcheck.config import Settings
from factcheck.db import current_session, db, writing
from factcheck.demo import load as demo
from factcheck.editions import publishing
from factcheck.editions.files import SiteNotWritable
from factcheck.editions.integrity import changed_rows

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
            "cannot listen on %(host)s:%(port)s (%(reason)s). "
            "Something else may be there: choose another port with PORT or --port.",
            host=chosen.host,
            port=str(chosen.port),
            reason=error.strerror,
        )


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _prepare(chosen: Settings, *, with_demo: bool) -> None:
    """Migrate, finish what a killed publisher left, and say how to begin."""
    bring_up_to_date(chosen)
    try:
        publishing.finish_interrupted(chosen)
    except SiteNotWritable as error:  # people can go on with their work; `doctor` tells of it too
        note("These pages cannot be written, the reason is in the log: %(error)s", error=error)
    publishing.start_site(chosen)
    _welcome(chosen, with_demo=with_demo)


def _welcome(chosen: Settings, *, with_demo: bool) -> None:
    """Print where the service is, where its data lies, and how to sign in."""
    if with_demo and demo.is_new(current_session()):
        say("Loading the demo …")
        demo.load(chosen)
    say("factcheck is at %(url)s", url=chosen.public_url)
    say("Its data is in %(folder)s", folder=chosen.data)
    people, sign_in = chosen.data / demo.PEOPLE_FILE, f"{chosen.public_url}/sign-in"
    if people.exists():
        say("Sign in at %(url)s as one of these (%(file)s):", url=sign_in, file=people)
        for line in people.read_text(encoding="utf-8").splitlines():
            click.echo(f"  {line}")
    elif queries.nobody_can_sign_in(current_session()):
        with writing() as session:
            secret = actions.first_link(session, now=clock.now())
        say(
            "Make the first account here, once: %(url)s", url=f"{chosen.public_url}/set-up/{secret}"
        )
    else:
        say("Sign in at %(url)s", url=sign_in)


def _serve(app: Flask, chosen: Settings, workers: int) -> None:
    from granian import Granian  # noqa: PLC0415 - needed by this command alone
    from granian.constants import Interfaces  # noqa: PLC0415

    alive, parent_only = os.pipe()

    def load(*_target: Any) -> Any:  # called in each worker, after the fork
        os.close(parent_only)
        threading.Thread(target=_die_with_parent, args=(alive,), daemon=True).start()
        jobs.start_thread(app)
        threading.Thread(target=_look_for_changes, args=(app, chosen), daemon=True).start()
        return app

    Granian(
        "factcheck", address=chosen.host, port=chosen.port, interface=Interfaces.WSGI,
        workers=workers, blocking_threads=BLOCKING_THREADS, backpressure=BACKPRESSURE,
        log_enabled=False, websockets=False,
    ).serve(target_loader=load, wrap_loader=False)  # fmt: skip


def _look_for_changes(app: Flask, chosen: Settings) -> None:
    """Say which rows of what was published were changed by hand.

    Beside the service, since every edition is read: a hundred thousand take minutes.
    """
    with app.app_context():
        try:
            for row in changed_rows(current_session(), chosen.site):
                note("%(what)s See `factcheck doctor`.", what=worded(row))
        finally:
            db.session.remove()


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
