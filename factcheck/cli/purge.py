"""`factcheck purge`: removing words for good, in the name of two admins."""

from __future__ import annotations

from typing import TextIO

import click

from factcheck import clock
from factcheck.accounts.queries import person_by_email
from factcheck.cli.installation import failing_in_words, installation
from factcheck.cli.sentences import refuse, say
from factcheck.db import current_session, writing
from factcheck.editions import publishing, purging


@click.command()
@click.argument("words", type=click.File(encoding="utf-8"))
@click.option("--reason", required=True, help="Readers see it where the words were.")
@click.option("--admin", "admins", multiple=True, help="Who answers for it: twice, by address.")
@click.option("--copies", is_flag=True, help="Also remove copies of sources that hold the words.")
@failing_in_words
def purge(words: TextIO, reason: str, admins: tuple[str, ...], copies: bool) -> None:  # noqa: FBT001
    """Remove WORDS for good, wherever they are kept: a file with one piece a line, or - .

    What is taken from editions is told by an entry of the log, and `factcheck verify` says so.
    """
    if len(admins) != 2:
        refuse("name the two admins who answer for it: --admin ADDRESS --admin ADDRESS.")
    lines = words.read().splitlines()
    with installation() as app:
        with writing() as session:
            first, second = (person_by_email(session, one) for one in admins)
            asked = purging.ask(
                session, lines, reason, with_copies=copies, actor=first, now=clock.now()
            )
            public_id, second_id = asked.public_id, second.id
            if first.id == second.id:
                raise purging.SecondAdmin("A purge takes two people, both of them admins.")
        publishing.purge(public_id, actor_id=second_id, settings=app.extensions["factcheck"])
        removed = purging.purge(current_session(), public_id).removed
        say(
            "Editions: %(editions)s. Rows elsewhere: %(rows)s. Files of copies: %(files)s.",
            editions=removed["editions"], rows=removed["rows"], files=len(removed["files"]),
        )  # fmt: skip
