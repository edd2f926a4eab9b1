"""The public site: made again, sent to an object store, and checked."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import urllib3

from factcheck import clock
from factcheck.cli.installation import failing_in_words, installation, progress
from factcheck.cli.sentences import refuse, say, worded
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.editions import queries
from factcheck.editions.files import only_publisher, paths_in
from factcheck.editions.publishing import ask_for_copy
from factcheck.editions.site import build_site
from factcheck.editions.verify import Problem, Read, folder_reader
from factcheck.editions.verify import verify as problems_of
from factcheck.readers import mirroring

TIMEOUT_S = 30.0


@click.group()
def site() -> None:
    """Make the public site, and send it."""


@site.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@failing_in_words
def build(folder: Path) -> None:
    """Make the whole public site in FOLDER, byte for byte as it is published.

    A folder with something in it is refused unless it holds a site: what is not the site's goes.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "log" / "checkpoint").is_file():
        refuse("%(folder)s holds something else than a site. Give an empty folder.", folder=folder)
    with installation() as app, only_publisher(folder.absolute()):
        chosen: Settings = app.extensions["factcheck"]
        with progress(queries.articles_published(current_session())) as told:
            build_site(current_session(), folder.absolute(), chosen, told)
        if folder.absolute() == chosen.site:
            with writing() as session:
                ask_for_copy(session, chosen, now=clock.now())
        say("Files in %(folder)s: %(count)s.", folder=folder, count=len(paths_in(folder)))


@site.command()
@failing_in_words
def push() -> None:
    """Compare all of the public site with the object store, and send what differs, now.

    What the store has of the site that is there no longer is removed.
    """
    with installation() as app:
        chosen: Settings = app.extensions["factcheck"]
        if not chosen.store:
            refuse("FACTCHECK_SITE is a folder and no object store (s3://BUCKET/PREFIX).")
        with progress(len(paths_in(chosen.site))) as told:
            mirroring.push(chosen, told=told)
        say("Files at %(store)s: %(count)s.", store=chosen.store, count=len(paths_in(chosen.site)))


@click.command()
@click.argument("place")
def verify(place: str) -> None:
    """Check the site at PLACE, a folder or an address: the log, each edition, each file.

    Exit code 1 when something differs, with its path. What the log says was withdrawn or removed is
    told, and is no difference.
    """
    removed: list[Problem] = []
    if place.startswith(("http://", "https://")):
        found = list(problems_of(_address_reader(place.rstrip("/")), removed=removed))
    else:
        folder = Path(place)
        if not folder.is_dir():
            refuse("%(place)s is no folder and no address.", place=place)
        found = list(problems_of(folder_reader(folder), paths_in(folder), removed))
    for one in removed:
        say("%(path)s: %(what)s", path=one.path, what=worded(one))
    for problem in found:
        click.echo(f"{problem.path}: {worded(problem)}")
    if found:
        sys.exit(1)
    say("All of it is as it was signed.")


def _address_reader(base: str) -> Read:
    """Return how to read a site over HTTP; the operator's own call, so any address is allowed."""
    pool = urllib3.PoolManager(retries=False, timeout=TIMEOUT_S)

    def read(path: str) -> bytes:
        headers = {"Accept-Encoding": "identity"}
        try:
            answer = pool.request("GET", f"{base}/{path}", headers=headers)
        except urllib3.exceptions.HTTPError as error:
            refuse("%(base)s does not answer: %(reason)s", base=base, reason=error)
        if answer.status != 200:
            raise FileNotFoundError(path)
        return answer.data

    return read
