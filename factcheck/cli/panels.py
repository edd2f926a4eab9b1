"""Checking draws of panels, from the command line."""

from __future__ import annotations

import sys

import click

from factcheck.claims.queries import claim as claim_of
from factcheck.cli.installation import failing_in_words, installation, print_json
from factcheck.cli.sentences import gettext, say
from factcheck.db import current_session
from factcheck.reviews import draws


@click.group()
def panel() -> None:
    """Check how reviewers were drawn."""


@panel.command()
@click.argument("claim_id", metavar="CLAIM")
@click.option("--json", "as_json", is_flag=True, help="Print every draw and its faults, as JSON.")
@failing_in_words
def verify(claim_id: str, as_json: bool) -> None:  # noqa: FBT001
    """Draw every panel of CLAIM again from what is stored; exit code 1 where one does not hold."""
    with installation():
        session = current_session()
        claim = claim_of(session, claim_id)
        found, wrong = draws.records(session, claim, None), draws.faults(session, claim)
    if as_json:
        print_json({"holds": not wrong, "faults": [list(one) for one in wrong], "draws": found})
    else:
        for one in found:
            mine = [gettext(fault) for name, fault in wrong if name == one["panel"]]
            say(
                "Round %(round)s, draw %(number)s: %(found)s.",
                round=one["round"], number=one["number"],
                found="; ".join(mine or [gettext("it holds")]),
            )  # fmt: skip
        if not found:
            say("No panel was drawn for this claim.")
    sys.exit(1 if wrong else 0)
