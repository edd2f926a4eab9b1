"""What a command says to the person who runs it, in the language of their environment.

A sentence is written out in English, with named places for its values, and is the key by which the
catalogue knows it; `tests/catalogues.py` finds it where it is said. The language is that of
LANGUAGE, LC_ALL, LC_MESSAGES or LANG. What a program reads (JSON, a token, a list with tabs) is
printed as it is.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from factcheck import languages
from factcheck.failures import Said, filled_in

BAD_INPUT = 2


def gettext(sentence: str) -> str:
    """Return a sentence in the language of the environment."""
    return languages.of_environment(os.environ).catalogue.gettext(sentence)


def worded(said: Said) -> str:
    """Return what a failure, a finding or a difference says, in the language of the environment."""
    return filled_in(gettext(said.sentence), said.values)


def say(sentence: str, /, **values: object) -> None:
    """Print a sentence, at once."""
    click.echo(filled_in(gettext(sentence), values))
    sys.stdout.flush()


def note(sentence: str, /, **values: object) -> None:
    """Print a sentence beside the answer, on stderr."""
    click.echo(filled_in(gettext(sentence), values), err=True)


def refuse(sentence: str, /, **values: object) -> NoReturn:
    """End the command with one line on stderr and exit code 2."""
    _end(filled_in(gettext(sentence), values))


def refuse_with(said: Said) -> NoReturn:
    """End the command like `refuse`, with what a room says."""
    _end(worded(said))


def _end(sentence: str) -> NoReturn:
    click.echo(f"factcheck: {' '.join(sentence.split())}", err=True)
    sys.exit(BAD_INPUT)


def translate_help(command: click.Command) -> None:
    """Put a command's help, that of its options and of the commands below it, into the language."""
    command.help = command.help and gettext(command.help)
    for option in command.params:
        if isinstance(option, click.Option) and option.help:
            option.help = gettext(option.help)
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        translate_help(below)
