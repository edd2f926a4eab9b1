"""People and their tokens, from the command line."""

from __future__ import annotations

import secrets
import sys

import click

from factcheck import clock
from factcheck.accounts import actions, queries, second_factor
from factcheck.accounts.rules import GIVEN_ROLES, Scope
from factcheck.cli.installation import failing_in_words, installation, print_json
from factcheck.cli.sentences import say
from factcheck.db import current_session, writing
from factcheck.reviews.actions import disable_person

ROLES = click.Choice([role.value for role in GIVEN_ROLES])
SCOPES = click.Choice([scope.value for scope in Scope])


@click.group()
def user() -> None:
    """Add, list and disable people, and switch second factors off."""


@user.command()
@click.argument("email")
@click.option("--role", type=ROLES, required=True, help="What they are trusted with.")
@click.option("--name", default="", help="Their name; else the address's first part.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@failing_in_words
def add(email: str, role: str, name: str, password_stdin: bool) -> None:  # noqa: FBT001
    """Add somebody; without --password-stdin a password is made and printed."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(12)
    with installation(), writing() as session:
        person = actions.add_person(
            session, email, role=role, name=name, actor=None, now=clock.now(), password=password
        )
        say("%(email)s can sign in now. Role: %(role)s.", email=person.email, role=person.role)
        if not password_stdin:
            say("Password: %(password)s", password=password)


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
@failing_in_words
def list_people(as_json: bool) -> None:  # noqa: FBT001
    """List everybody."""
    with installation():
        after = 0
        while found := queries.people(current_session(), after_id=after):
            after = found[-1].id
            for person in found:
                state = "disabled" if person.disabled_at else "active"
                if as_json:
                    print_json({"id": person.public_id, "email": person.email, "name": person.name,
                                "role": person.role, "state": state})  # fmt: skip
                else:
                    click.echo(f"{person.email}\t{person.role}\t{state}\t{person.name}")


@user.command()
@click.argument("email")
@failing_in_words
def disable(email: str) -> None:
    """Keep somebody out: their sessions and tokens end, the seats they hold are free."""
    with installation(), writing() as session:
        person = queries.person_by_email(session, email)
        disable_person(session, person, actor=None, now=clock.now())
        say("%(email)s cannot sign in any more.", email=person.email)


@user.command("second-factor-off")
@click.argument("email")
@failing_in_words
def second_factor_off(email: str) -> None:
    """Ask somebody for no code any more, as when they lost phone and recovery codes."""
    with installation(), writing() as session:
        person = queries.person_by_email(session, email)
        second_factor.reset(session, person, actor=None, now=clock.now())
        say("%(email)s signs in by the password alone now.", email=person.email)


@click.group()
def token() -> None:
    """Make API tokens."""


@token.command()
@click.argument("email")
@click.option("--name", default="command line", help="What it is for.")
@click.option("--scope", type=SCOPES, default="read", help="What it may be used for.")
@click.option("--expires", type=int, default=None, help="Days it lasts; else without an end.")
@failing_in_words
def create(email: str, name: str, scope: str, expires: int | None) -> None:
    """Make a token for EMAIL and print it, this once, alone."""
    with installation(), writing() as session:
        person = queries.person_by_email(session, email)
        _, secret = actions.create_token(
            session, person, name=name, scope=scope, expires_days=expires, actor=None,
            now=clock.now(),
        )  # fmt: skip
    click.echo(secret)
