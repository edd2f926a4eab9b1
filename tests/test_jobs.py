"""The outbox is run at least once, also across a crash, and never for ever."""

import smtplib
import threading
from datetime import timedelta
from typing import ClassVar

import pytest
import sqlalchemy as sa

from factcheck import clock, jobs
from factcheck.db import current_session, writing
from factcheck.outbox import KEPT_FOR, OutboxJob, enqueue
from tests.conftest import NOW


@pytest.fixture
def time_passes(monkeypatch):
    """Set the clock to NOW, and return how to move it on."""
    at = [NOW]
    monkeypatch.setattr(clock, "now", lambda: at[0])

    def pass_(span):
        at[0] += span

    return pass_


@pytest.fixture
def office(app, time_passes):
    """An app context with an outbox; `ask` adds a job, `find` reads them all."""

    class Office:
        settings = app.extensions["factcheck"]

        def ask(self, kind="note", **payload):
            with writing() as session:
                enqueue(session, kind, payload, now=clock.now())

        def run(self, **handlers):
            return jobs.run_due(self.settings, handlers)

        def find(self):
            found = list(current_session().scalars(sa.select(OutboxJob).order_by(OutboxJob.id)))
            current_session().expire_all()
            return found

    with app.app_context():
        yield Office()


def test_jobs_run_once_in_the_order_in_which_they_were_asked_for(office):
    done = []
    for number in range(3):
        office.ask(number=number)
    run = {"note": lambda payload, _: done.append(payload["number"])}
    assert (office.run(**run), office.run(**run)) == (3, 0)
    assert done == [0, 1, 2]
    assert all(job.done_at == NOW and job.error is None for job in office.find())


def test_jobs_done_or_given_up_a_month_ago_are_forgotten_and_no_others(office, time_passes):
    run = {"note": lambda *_: None}
    for _ in range(3):
        office.ask()
    office.run(**run)
    with writing() as session:
        given_up, kept = session.scalars(sa.select(OutboxJob).order_by(OutboxJob.id)).all()[:2]
        given_up.done_at, given_up.failed_at = None, clock.now()
        kept.done_at = kept.due_at = clock.now() + timedelta(days=1)
    time_passes(KEPT_FOR + timedelta(hours=1))
    office.ask()
    office.run(**run)
    assert [job.done_at for job in office.find()] == [NOW + timedelta(days=1), clock.now()]


def test_a_job_of_a_change_that_was_rolled_back_never_runs(office):
    def broken_off():
        with writing() as session:
            enqueue(session, "note", {}, now=NOW)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert office.run(note=lambda *_: None) == 0


def test_a_job_that_fails_is_tried_again_later_and_later_and_given_up_in_the_end(
    office, time_passes
):
    office.ask()

    def fails(*_):
        raise OSError("the mail server is away")

    waits = []
    for _ in range(jobs.MOST_ATTEMPTS):
        assert office.run(note=fails) == 1
        job = office.find()[0]
        assert "mail server is away" in job.error
        waits.append(job.due_at - clock.now())
        assert office.run(note=fails) == 0
        time_passes(waits[-1])
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert office.find()[0].failed_at is not None
    time_passes(timedelta(days=365))
    assert office.run(note=fails) == 0


def test_one_that_fails_does_not_hold_up_the_others(office):
    done = []
    office.ask("broken")
    office.ask("note")
    office.ask("nobody-knows-it")

    def broken(*_):
        raise ValueError("no")

    assert office.run(broken=broken, note=lambda *_: done.append(1)) == 3
    assert done == [1]


def test_a_job_whose_worker_died_is_taken_up_again(office, time_passes):
    office.ask()
    with writing() as session:
        jobs._claimed(session, clock.now())
    done = []
    assert office.run(note=lambda *_: done.append(1)) == 0
    time_passes(timedelta(minutes=1))
    assert office.run(note=lambda *_: done.append(1)) == 1
    assert done == [1]


def test_many_workers_at_once_run_each_job_once(app, office):
    for number in range(20):
        office.ask(number=number)
    done, guard = [], threading.Lock()

    def note(payload, _):
        with guard:
            done.append(payload["number"])

    def work():
        with app.app_context():
            jobs.run_due(office.settings, {"note": note})

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    while office.run(note=note):
        pass
    assert sorted(done) == list(range(20))


def test_a_defect_in_one_job_stops_no_other(office):
    done = []

    def broken(_payload, _settings):
        raise RecursionError("a page of ten thousand elements in each other")

    office.ask("broken")
    office.ask("note", number=1)
    run = {"broken": broken, "note": lambda payload, _: done.append(payload["number"])}
    assert office.run(**run) == 2
    assert done == [1]
    first, second = office.find()
    assert (first.done_at, second.done_at) == (None, NOW)
    assert "RecursionError" in first.error


def test_a_defect_of_what_runs_besides_does_not_end_the_thread(app, monkeypatch):
    turns = []

    def broken(_settings):
        turns.append(1)
        if len(turns) == 3:
            stop.set()
        raise RuntimeError("a defect")

    monkeypatch.setattr(jobs, "POLL_S", 0.01)
    monkeypatch.setattr(jobs, "make_notices", broken)
    stop = threading.Event()
    jobs.work(app, stop)
    assert len(turns) == 3


def test_the_thread_runs_what_comes_and_stops_when_told(app, monkeypatch):
    monkeypatch.setattr(jobs, "POLL_S", 0.01)
    with app.app_context(), writing() as session:
        enqueue(session, "nobody-knows-it", {}, now=clock.now())
    stop = threading.Event()
    thread = threading.Thread(target=jobs.work, args=(app, stop))
    thread.start()
    with app.app_context():
        for _ in range(500):
            stop.wait(0.02)
            current_session().rollback()
            if current_session().scalar(sa.select(OutboxJob.attempts)):
                break
        assert current_session().scalar(sa.select(OutboxJob.attempts)) == 1
        current_session().rollback()
    stop.set()
    thread.join(timeout=20)
    assert not thread.is_alive()


class Server:
    """Stands for smtplib.SMTP."""

    sent: ClassVar[list[object]] = []

    def __init__(self, host, port, timeout):
        self.place = (host, port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def login(self, user, password):
        self.sent.append((*self.place, user, password))

    def send_message(self, message):
        self.sent.append(message)


def test_a_letter_is_sent_by_the_server_of_the_settings(settings, monkeypatch):
    from dataclasses import replace

    Server.sent.clear()
    monkeypatch.setattr(smtplib, "SMTP", Server)
    with_mail = replace(settings, smtp_url="smtp://ada:p%40ss@mail.example:2525")
    jobs.send_mail({"to": "bob@x.example", "subject": "Come", "text": "A link"}, with_mail)
    login, message = Server.sent
    assert login == ("mail.example", 2525, "ada", "p@ss")
    assert (message["To"], message["Subject"]) == ("bob@x.example", "Come")
    assert message.get_content() == "A link\n"


def test_a_letter_s_own_headers_are_sent_as_they_are_however_long(settings, monkeypatch):
    Server.sent.clear()
    monkeypatch.setattr(smtplib, "SMTP", Server)
    link = f"<https://factcheck.example/notices/stop/{'a' * 200}>"
    jobs.send_mail(
        {"to": "a@x.example", "subject": "x", "text": "", "headers": {"List-Unsubscribe": link}},
        settings,
    )
    assert f"List-Unsubscribe: {link}\n".encode() in Server.sent[0].as_bytes()


def test_a_letter_cannot_carry_headers_of_its_own(settings, monkeypatch):
    monkeypatch.setattr(smtplib, "SMTP", Server)
    with pytest.raises(ValueError, match=r"linefeed|newline|header"):
        jobs.send_mail(
            {"to": "a@x.example", "subject": "x\nBcc: b@x.example", "text": ""}, settings
        )
