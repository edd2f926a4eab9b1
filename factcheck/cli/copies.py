"""What copies of sources take, and removing those that nothing uses, from the command line."""

from __future__ import annotations

import click

from factcheck import clock
from factcheck.cli.installation import failing_in_words, installation, say
from factcheck.cli.installation import settings as chosen_settings
from factcheck.db import current_session, writing
from factcheck.decisions import tidying


@click.group()
def copies() -> None:
    """Look after the copies of sources."""


@copies.command()
@failing_in_words
def report() -> None:
    """Say how much room copies take, and how much of it nothing uses any more."""
    with installation():
        archive = chosen_settings().archive
        room = tidying.room_taken(current_session(), archive, now=clock.now())
    say(f"{room.files:,} files take {_mib(room.bytes)}.")
    say(f"{room.unused_files:,} of them, {_mib(room.unused_bytes)}, are not used any more.")
    if room.unused_files:
        say("`factcheck copies tidy` removes them.")


@copies.command()
@failing_in_words
def tidy() -> None:
    """Remove the copies that nothing has used for a month; never one that a verdict rests on."""
    with installation():
        with writing() as session:
            count = tidying.forget(session, now=clock.now())
        archive = chosen_settings().archive
        removed = tidying.remove_files(current_session(), archive, now=clock.now())
    say(f"{count:,} copies removed, {_mib(removed)} freed.")


def _mib(size: int) -> str:
    return f"{size / 1024**2:,.1f} MiB"
