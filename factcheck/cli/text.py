"""The engine by itself: `factcheck text …`. Reads files, needs no data folder and no database."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import BinaryIO

import click

from factcheck.cli.json_lines import rows, write
from factcheck.cli.sentences import translate_help

_PLUGGED = {  # name: the module that holds the command, of the same name
    "match": "factcheck.cli.text_documents",
    "reanchor": "factcheck.cli.text_documents",
    "extract": "factcheck.cli.text_documents",
    "train": "factcheck.cli.text_models",
    "evaluate": "factcheck.cli.text_models",
}


class EngineGroup(click.Group):
    """The commands of the engine; those in other modules are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name."""
        return [*super().list_commands(ctx), *_PLUGGED]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None."""
        module = _PLUGGED.get(cmd_name)
        if module is None or find_spec(module) is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(module), cmd_name)
        translate_help(command)
        return command


@click.group(cls=EngineGroup)
def text() -> None:
    """Split, rank, match and re-anchor texts: files in, JSON lines out."""


@text.command()
@click.argument("file", type=click.File("rb"), default="-")
def segment(file: BinaryIO) -> None:
    """Print the units of each text of a JSON lines file."""
    from factcheck.text.segment import segment as units_of  # noqa: PLC0415  loads its model

    for row in rows(file, "text"):
        units = [[unit.start, unit.end, unit.kind] for unit in units_of(row["text"])]
        write({"id": row.get("id"), "units": units})


@text.command()
@click.argument("file", type=click.File("rb"), default="-")
def score(file: BinaryIO) -> None:
    """Print how much each sentence of a JSON lines file is worth checking, and why."""
    from factcheck.text.checkworthiness import check_worthiness  # noqa: PLC0415  loads its model

    for row in rows(file, "text"):
        scored = check_worthiness(row["text"])
        write({"id": row.get("id"), "score": scored.value, "reasons": list(scored.reasons)})


@text.command()
@click.argument("file", type=click.File("rb"), default="-")
def cuts(file: BinaryIO) -> None:
    """Print the statements inside each sentence of a JSON lines file."""
    from factcheck.text.propose import cuts as cuts_of  # noqa: PLC0415  loads its models

    for row in rows(file, "text"):
        claims = [
            {
                "start": cut.start,
                "end": cut.end,
                "restated": cut.restated,
                "claimant": cut.claimant,
            }
            for cut in cuts_of(row["text"])
        ]
        write({"id": row.get("id"), "claims": claims})
