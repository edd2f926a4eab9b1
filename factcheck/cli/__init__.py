"""The command line: one door among four, to the same actions and queries.

Commands are imported only when they are called, so that those of the engine need neither Flask
nor a database.
"""

from __future__ import annotations

from importlib import import_module

import click

from factcheck.cli.sentences import translate_help

COMMANDS = {  # name: the module that holds it and the object there
    "split": "factcheck.cli.split:split",
    "text": "factcheck.cli.text:text",
    "import": "factcheck.cli.articles:import_article",
    "publish": "factcheck.cli.articles:publish",
    "purge": "factcheck.cli.purge:purge",
    "site": "factcheck.cli.site:site",
    "verify": "factcheck.cli.site:verify",
    "export": "factcheck.cli.export:export",
    "instance": "factcheck.cli.instance:instance",
    "checks": "factcheck.cli.checks:checks",
    "panel": "factcheck.cli.panels:panel",
    "copies": "factcheck.cli.copies:copies",
    "user": "factcheck.cli.people:user",
    "token": "factcheck.cli.people:token",
    "serve": "factcheck.cli.serve:serve",
    "worker": "factcheck.cli.serve:worker",
    "db": "factcheck.cli.database:db",
    "doctor": "factcheck.cli.doctor:doctor",
    "backup": "factcheck.cli.database:backup",
    "restore": "factcheck.cli.database:restore",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return every command's name, in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        translate_help(command)
        return command


@click.command(cls=LazyGroup)
@click.version_option(package_name="factcheck")
def main() -> None:
    """Check the claims of an article together, and publish it with its verdicts."""


translate_help(main)
