"""What nothing uses any more is removed, and nothing else; a full disk stops copies and no more."""

from __future__ import annotations

import os
from collections import namedtuple
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from factcheck.claims.actions import accept_claim
from factcheck.cli import main
from factcheck.db import current_session, writing
from factcheck.decisions import evidence, tidying
from factcheck.reviews import archive
from factcheck.reviews.actions import save_draft
from factcheck.reviews.models import Snapshot, Source
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.decisions.test_evidence import (
    answer_citing,
    cite,
    register,
    register_office,
    run_job,
    snapshots_of,
)
from tests.reviews.factories import make_answer

LATER = NOW + timedelta(days=31)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def context(app):
    with app.app_context():
        yield app


def drafted_and_dropped(url, settings):
    """Have a page copied for a draft, and take it out of the draft again."""
    with writing() as session:
        claim = make_claim(session, make_article(session), "the council voted nine to four")
        accept_claim(session, claim, actor=None, now=NOW)
        person = make_person(session)
        save_draft(session, claim, person, answer_citing(url), now=NOW)
    run_job(url, settings)
    with writing() as session:
        save_draft(session, claim, person, make_answer(sources=()), now=NOW)


def make_old(folder) -> None:
    for file in folder.glob("??/*"):
        os.utime(file, (0, 0))


@pytest.mark.usefixtures("context")
def test_a_copy_that_nothing_uses_goes_after_a_month_with_its_files(settings):
    with register_office(settings, {"/entry": register()}) as (allowed, url, _site):
        drafted_and_dropped(url, allowed)
    make_old(settings.archive)
    sha256 = snapshots_of(url)[0].sha256
    for now, count in ((NOW + timedelta(days=29), 0), (LATER, 1)):
        room = tidying.room_taken(current_session(), settings.archive, now=now)
        assert (room.files, room.unused_files > 0) == (3, bool(count))
        with writing() as session:
            assert tidying.forget(session, now=now) == count
        freed = tidying.remove_files(current_session(), settings.archive, now=now)
        assert (freed > 0) == bool(count)
        assert (archive.read(settings.archive, sha256) is None) == bool(count)
    assert snapshots_of(url) == []


@pytest.mark.usefixtures("context")
def test_what_a_verdict_rests_on_or_a_draft_cites_stays(settings):
    with register_office(settings, {"/entry": register(), "/other": register("x")}) as office:
        allowed, url, _site = office
        cite(url)
        run_job(url, allowed)
        other = url.replace("/entry", "/other")
        with writing() as session:
            claim = make_claim(session, make_article(session), "the council voted nine to four")
            accept_claim(session, claim, actor=None, now=NOW)
            save_draft(session, claim, make_person(session), answer_citing(other), now=NOW)
        run_job(other, allowed)
    make_old(settings.archive)
    with writing() as session:
        tidying.forget(session, now=LATER)
    assert tidying.remove_files(current_session(), settings.archive, now=LATER) == 0
    for one in (*snapshots_of(url), *snapshots_of(other)):
        assert archive.read(settings.archive, one.sha256) is not None


@pytest.mark.usefixtures("context")
def test_a_file_that_no_row_names_yet_stays_for_a_day(settings):
    digest = archive.keep(settings.archive, b"just written")
    now = evidence.clock.now()
    assert tidying.remove_files(current_session(), settings.archive, now=now) == 0
    make_old(settings.archive)
    assert archive.keep(settings.archive, b"just written") == digest  # it is wanted again
    assert tidying.remove_files(current_session(), settings.archive, now=now) == 0
    make_old(settings.archive)
    assert tidying.remove_files(current_session(), settings.archive, now=now) == 12


@pytest.mark.usefixtures("context")
def test_a_full_disk_stops_copies_says_so_and_loses_nothing(settings, monkeypatch):
    with register_office(settings, {"/entry": register()}) as (allowed, url, site):
        cite(url)
        with monkeypatch.context() as full:
            full.setattr(archive.shutil, "disk_usage", lambda _place: Usage(1, 1, 1024**3 - 1))
            with pytest.raises(evidence.NotNow, match="no room for more copies"):
                run_job(url, allowed)
            source = current_session().scalars(sa.select(Source).where(Source.url == url)).one()
            copy = evidence.snapshots.copy_of_source(source)
            assert "an admin has to make room" in str(copy.refusal)
            assert site.requests == []
        run_job(url, allowed)
        assert [one.sha256 is not None for one in snapshots_of(url)] == [True]


def test_the_command_line_reports_and_tidies(app, settings, monkeypatch):
    monkeypatch.setenv("FACTCHECK_DATA", str(settings.data))
    monkeypatch.setenv("FACTCHECK_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("FACTCHECK_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("FACTCHECK_LOG_KEY", settings.log_key.hex())
    archive.keep(settings.archive, b"left over")
    make_old(settings.archive)
    told = CliRunner().invoke(main, ["copies", "report"])
    assert told.exit_code == 0, told.output
    assert "Files of copies: 1," in told.output
    assert "`factcheck copies tidy` removes them." in told.output
    told = CliRunner().invoke(main, ["copies", "tidy"])
    assert told.output.startswith("Copies removed: 0.")
    assert list(settings.archive.glob("??/*")) == []
    with app.app_context():
        assert current_session().scalar(sa.select(sa.func.count(Snapshot.id))) == 0
