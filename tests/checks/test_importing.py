"""Earlier checks of others: staged, let in, matched, removed."""

import fcntl
import io
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from factcheck.checks import actions, importing, queries
from factcheck.checks.reading import entries
from factcheck.db import current_session, db, writing
from factcheck.decisions.queries import CheckElsewhere, earlier_checks
from factcheck.failures import Conflict
from factcheck.jobs import run_due
from factcheck.outbox import OutboxJob
from factcheck.runs import actions as runs
from factcheck.runs.queries import run as run_at
from factcheck.runs.queries import troubles
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.editions.factories import QUOTES, TEXT
from tests.waiting import wait_until

CSV = """text;url;rating;date
The ferry carried 400,000 passengers in 2024;https://ex.example/a;False;2024-05-01
=1+1;https://ex.example/b;True;
;https://ex.example/c;True;
"""


def begin(now):
    with writing() as session:
        return runs.begin(session, "import-checks", "a file", actor=None, now=now).public_id


def index_size(session):
    return session.scalar(sa.text("SELECT count(*) FROM check_words"))


def bring(text, now, **asked):
    public_id = begin(now)
    return importing.bring(io.BytesIO(text.encode()), public_id, asked), public_id


def test_nothing_is_kept_where_rows_are_bad(app, now):
    with app.app_context():
        with pytest.raises(importing.NothingKept):
            bring(CSV, now)
        assert queries.newest(current_session(), before=None, limit=9) == []


def test_good_rows_are_kept_and_the_bad_one_is_named(app, now):
    with app.app_context():
        counts, public_id = bring(CSV, now, keep_good=True)
        assert counts == {"good": 2, "bad": 1, "added": 2, "renewed": 0}
        session = current_session()
        run = run_at(session, public_id)
        (bad,) = troubles(session, run, after=0, limit=9)
        assert (bad.line, bad.field, run.state) == (4, "text", "done")


def test_a_second_import_renews_what_differs_and_keeps_its_id(app, now):
    with app.app_context():
        bring(CSV, now, keep_good=True)
        before = {one.text: one.public_id for one in queries.every(current_session())}
        counts, _ = bring(CSV.replace("False", "Not so"), now, keep_good=True)
        assert (counts["added"], counts["renewed"]) == (0, 1)
        after = {one.text: one.public_id for one in queries.every(current_session())}
        assert after == before
        (found,) = queries.found(current_session(), "ferry passengers", offset=0, limit=9)
        assert found.rating == "Not so"
        titled = CSV.replace("date\n", "title\n").replace("2024-05-01", "Harbour news")
        assert bring(titled, now, keep_good=True)[0]["renewed"] == 1
        for words in ("harbour", "ferry"):
            assert len(queries.found(current_session(), words, offset=0, limit=9)) == 1
        assert index_size(current_session()) == 2


def test_what_is_staged_is_in_no_index_and_hides_nothing(app, now):
    with app.app_context():
        bring(CSV, now, keep_good=True)
        public_id, seen = begin(now), []

        def look(_done, _troubles):
            session = current_session()
            found = queries.found(session, "ferry", offset=0, limit=1)
            seen.append((index_size(session), [one.url for one in found]))

        more = "text,url,rating\n" + "".join(
            f"The ferry,https://ex.example/{n},True\n" for n in range(9)
        )
        importing.bring(io.BytesIO(more.encode()), public_id, {}, look)
        assert seen == [(2, ["https://ex.example/a"])]
        assert index_size(current_session()) == 11


def test_an_import_that_is_killed_as_it_is_let_in_is_gone_on_with(app, settings, now, monkeypatch):
    monkeypatch.setattr(importing, "A_TURN", 1)
    with app.app_context():
        public_id = begin(now)
        with monkeypatch.context() as dying:
            turn = actions.settle_some

            def once(session, run, *, after, most):
                if after:
                    raise Killed
                return turn(session, run, after=after, most=most)

            dying.setattr(actions, "settle_some", once)
            with pytest.raises(Killed):
                importing.bring(io.BytesIO(CSV.encode()), public_id, {"keep_good": True})
        with writing() as session:
            run, editor = run_at(session, public_id), make_person(session, "editor")
            with pytest.raises(Conflict):
                runs.ask_to_stop(session, run, actor=editor, now=now)
            assert index_size(session) == 1
            (waiting,) = session.scalars(
                sa.select(OutboxJob).where(OutboxJob.kind == importing.JOB)
            )
            payload = waiting.payload
        importing.go_on(payload, settings)
        run = run_at(current_session(), public_id)
        assert (run.state, run.counts["added"], index_size(current_session())) == ("done", 2, 2)


class Killed(BaseException):
    """The process is gone."""


def test_a_file_has_one_reader_and_whoever_comes_too_looks_again(app, settings, now):
    with app.app_context():
        path, public_id = asked(settings, now)
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            run_due(settings)
        session = current_session()
        assert run_at(session, public_id).state == "waiting"
        jobs = session.scalars(sa.select(OutboxJob).order_by(OutboxJob.id)).all()
        assert [(job.kind, job.done_at is None) for job in jobs[-2:]] == [
            (importing.JOB, False), (importing.JOB, True)
        ]  # fmt: skip
        importing.go_on(jobs[-1].payload, settings)
        importing.go_on({"run": public_id}, settings)  # twice does no harm
        assert run_at(current_session(), public_id).counts["added"] == 2
        assert not path.exists()


def asked(settings, now):
    path = importing.aside(settings, io.BytesIO(CSV.encode()))
    with writing() as session:
        run = importing.ask(session, "a\0file", path, {"keep_good": True},
                            actor=make_person(session, "editor"), now=now)  # fmt: skip
        return path, run.public_id


def test_a_run_that_waits_for_long_is_stopped_at_once_and_its_file_goes(app, settings, now):
    with app.app_context():
        path, public_id = asked(settings, now)
        with writing() as session:
            run = run_at(session, public_id)
            runs.ask_to_stop(session, run, actor=run.person, now=now + 2 * runs.SILENT)
            assert run.ended_at is not None
        importing.go_on({"run": public_id}, settings)
        assert run_at(current_session(), public_id).state == "stopped"
        assert index_size(current_session()) == 0
        assert not path.exists()


def test_a_run_that_was_given_up_and_wakes_keeps_nothing(app, now, monkeypatch):
    monkeypatch.setattr(importing, "A_STEP", 1)
    with app.app_context():
        public_id = begin(now)

        def give_up(_done, _troubles):
            with writing() as session:
                run, editor = run_at(session, public_id), make_person(session, "editor")
                runs.ask_to_stop(session, run, actor=editor, now=run.seen_at + 2 * runs.SILENT)

        with pytest.raises(runs.Stopped):
            importing.bring(io.BytesIO(CSV.encode()), public_id, {"keep_good": True}, give_up)
        session = current_session()
        assert run_at(session, public_id).state == "stopped"
        assert session.scalar(sa.text("SELECT count(*) FROM earlier_checks")) == 0


def test_files_that_no_run_is_to_read_are_deleted_and_others_are_not(app, settings, now):
    with app.app_context():
        needed, _ = asked(settings, now)
        left, sent = (importing.aside(settings, io.BytesIO(b"a")) for _ in range(2))
        for path in (needed, left):
            os.utime(path, (0, 0))
        run_over = bring(CSV, now, keep_good=True)[1]
        importing.go_on({"run": run_over}, settings)
        assert [path.exists() for path in (needed, left, sent)] == [True, False, True]
        with pytest.raises(OSError, match="broken"):
            importing.aside(settings, Broken())
        assert len(list(importing.folder_of(settings).iterdir())) == 2


class Broken(io.RawIOBase):
    """A stream that breaks off."""

    def read(self, _size=-1):
        raise OSError("broken")


def test_two_imports_of_the_same_check_at_once_make_one_of_it(app, now, database):
    if database == "sqlite":
        pytest.skip("it has one writer")
    with app.app_context():
        staged = [begin(now) for _ in range(2)]
        with writing() as session:
            check = next(entries(io.BytesIO(CSV.encode())))
            for public_id in staged:
                run = run_at(session, public_id)
                actions.stage(session, run, [check], now=now)
                run.counts = {"added": 0, "renewed": 0}

        def second():
            with app.app_context():
                return importing.let_in(staged[1])

        def waits():
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            with db.engine.connect() as connection:
                return bool(connection.execute(sa.text(waiting)).scalar())

        with ThreadPoolExecutor(1) as threads:
            with writing() as session:
                first = actions.settle_some(session, run_at(session, staged[0]), after=0, most=9)
                other = threads.submit(second)
                wait_until(waits)
            assert (first.added, other.result()["added"]) == (1, 0)
        assert index_size(current_session()) == 1


@pytest.mark.parametrize(("keep_good", "left"), [(True, 1), (False, 0)])
def test_a_run_that_is_stopped_leaves_a_whole_state(app, now, monkeypatch, keep_good, left):
    monkeypatch.setattr(importing, "A_STEP", 1)
    with app.app_context():
        public_id = begin(now)

        def stop(_done, _troubles):
            with writing() as session:
                run_at(session, public_id).stop_asked_at = now

        with pytest.raises(runs.Stopped):
            importing.bring(io.BytesIO(CSV.encode()), public_id, {"keep_good": keep_good}, stop)
        session = current_session()
        run = run_at(session, public_id)
        assert (run.state, run.counts["good"], run.counts["added"]) == ("stopped", 1, left)
        assert index_size(session) == left
        assert len(queries.newest(session, before=None, limit=9)) == left


def test_an_earlier_check_of_others_is_offered_beside_a_claim_until_it_is_removed(app, now):
    with app.app_context():
        bring(CSV, now, keep_good=True)
        with writing() as session:
            claim = make_claim(session, make_article(session, TEXT), QUOTES[0])
            (match,) = earlier_checks(session, claim)
            assert isinstance(match, CheckElsewhere)
            assert match.check.url == "https://ex.example/a"
            actions.remove(session, match.check, actor=None, now=now)
            assert earlier_checks(session, claim) == []
