"""A whole installation out into one file, and in again somewhere else, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts import actions as accounts
from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.accounts.queries import people
from factcheck.accounts.rules import Role
from factcheck.cli.database import running
from factcheck.cli.installation import failing_in_words, folder_to_be_keyed, installation, progress
from factcheck.cli.sentences import note, refuse, say
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.editions import log, publishing, site
from factcheck.exchange import instance as archives
from factcheck.exchange import taking_in


@click.group()
def instance() -> None:
    """Move everything to another installation, on either database."""


@instance.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--with-secrets", is_flag=True,
    help="Passwords (their hashes), second factors, tokens, webhooks, followers and keys as well.",
)  # fmt: skip
@failing_in_words
def export_instance(file: Path, with_secrets: bool) -> None:  # noqa: FBT001
    """Write everything that is kept into FILE, as it stands now, also while the service runs.

    Drafts, sealed reviews and addresses are in it: keep it as you keep a backup.
    """
    with installation() as app:
        session, chosen = current_session(), app.extensions["factcheck"]
        total = archives.size_of(session, chosen, with_secrets=with_secrets)
        with progress(total) as told:
            damaged = archives.write(session, file, chosen, with_secrets=with_secrets, told=told)
    for digest in damaged:
        note("a copy of a source is damaged and was left out: %(digest)s", digest=digest)
    say("%(file)s: rows and copies of sources: %(count)s.", file=file, count=total)
    say("Left out: who is signed in, links that were mailed, long runs, jobs that only mail.")
    if not with_secrets:
        say(
            "Left out as secret: passwords, second factors, tokens, webhooks, followers, and the"
            " keys. The log key has to be brought over by hand."
        )


@instance.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@failing_in_words
def import_instance(file: Path) -> None:
    """Take over everything that FILE holds, into an installation that is empty, and build its site.

    All of FILE is checked first. Where anything is wrong nothing is taken in.
    """
    with _keys_from(file), installation() as app:
        chosen: Settings = app.extensions["factcheck"]
        about = taking_in.check(file, log.public_key(chosen.log_key))
        _compare(about, chosen)
        with running(chosen, exclusive=True):
            taking_in.check_empty(current_session(), chosen)
            with progress(about.size) as told:
                taking_in.take_in(file, about, chosen, told=told)
            with publishing.alone(chosen):
                publishing.follow_store(chosen)
                site.build_site(current_session(), chosen.site, chosen)
        links = _links(chosen, about)
    say("Everything was taken over, and the public site was built in %(folder)s.",
        folder=chosen.site)  # fmt: skip
    for email, link in links:
        say("%(email)s sets a password here, within a day: %(link)s", email=email, link=link)
    if links:
        say("Everybody else gets such a link from an admin, under *People*, or asks for one.")


def _compare(about: taking_in.About, chosen: Settings) -> None:
    """Say what makes the public site another one than it was, though its rows are the same."""
    if about.keys and about.keys["secret-key"] != chosen.secret_key:
        refuse("the archive has secrets sealed with another secret key: give this one that key.")
    for name, theirs, ours in (
        ("FACTCHECK_PUBLIC_URL", about.public_url, chosen.public_url),
        ("FACTCHECK_TIMEZONE", about.timezone, chosen.timezone),
    ):
        if theirs != ours:
            note("%(name)s was %(theirs)s and is %(ours)s here: pages will differ.",
                 name=name, theirs=theirs, ours=ours)  # fmt: skip


def _links(chosen: Settings, about: taking_in.About) -> list[tuple[str, str]]:
    """Note that all came from elsewhere; return for each admin a link to set a password by.

    None are needed where passwords came along.
    """
    with writing() as session:
        record(session, "instance.imported", "", actor=None, now=clock.now())
        if about.with_secrets:
            return []
        return [
            (one.email, f"{chosen.public_url}/reset/{secret}")
            for one in _admins(session)
            if (secret := accounts.reset_link(session, one, actor=None, now=clock.now()))
        ]


def _admins(session: Session) -> Iterator[Person]:
    after = 0
    while found := people(session, after_id=after):
        after = found[-1].id
        yield from (one for one in found if one.is_at_least(Role.ADMIN) and one.is_active)


@contextmanager
def _keys_from(file: Path) -> Iterator[None]:
    """Put the keys that an archive brings where they belong, if none are given or made here yet.

    They go again where what follows fails.
    """
    data = folder_to_be_keyed()
    if data is None:
        yield
        return
    about = taking_in.check(file, None)
    data.mkdir(parents=True, exist_ok=True)
    places = [data / name for name in archives.KEYS]
    try:
        for place in places:
            place.touch(mode=0o600)
            place.write_text(about.keys[place.name], encoding="ascii")
        yield
    except BaseException:
        for place in places:
            place.unlink(missing_ok=True)
        raise
