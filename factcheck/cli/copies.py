"""What copies of sources take, and removing those that nothing uses, from the command line."""

from __future__ import annotations

import click

from factcheck import clock
from factcheck.cli.installation import failing_in_words, installation
from factcheck.cli.installation import settings as chosen_settings
from factcheck.cli.sentences import say
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
    say("Files of copies: %(count)s, %(size)s.", count=room.files, size=_mib(room.bytes))
    say(
        "Of those not used any more: %(count)s, %(size)s.",
        count=room.unused_files, size=_mib(room.unused_bytes),
    )  # fmt: skip
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
    say("Copies removed: %(count)s. Room made: %(size)s.", count=count, size=_mib(removed))


def _mib(size: int) -> str:
    return f"{size / 1024**2:,.1f} MiB"
