"""What runs without a person: the rows of the outbox, one after the other, and notices.

A job is claimed by moving its due time ahead in the same statement that counts the attempt, so a
worker that dies leaves it to the next one; what a job does must bear being done twice.
"""

from __future__ import annotations

import logging
import smtplib
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.checks import importing
from factcheck.claims.actions.articles import REWORDED
from factcheck.config import Settings
from factcheck.db import current_session, db, writing
from factcheck.decisions import agreement
from factcheck.decisions.evidence import archive
from factcheck.desk.bulk import doing as bulk
from factcheck.editions import choosing, making_anew, publishing
from factcheck.editions.files import is_here
from factcheck.exchange import making
from factcheck.methods import lots
from factcheck.notices import follower_mails, following
from factcheck.notices.mailing import send_daily
from factcheck.notices.making import make_notices
from factcheck.outbox import OutboxJob, forget_old
from factcheck.readers import mirroring
from factcheck.reviews.panel_job import look_after
from factcheck.reviews.rewording import ask_to_confirm
from factcheck.runs import actions as runs
from factcheck.webhooks import sending
from factcheck.webhooks.actions import JOB as WEBHOOK

POLL_S = 2.0
MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=1)  # doubled after each failed attempt
# A store that was away for a week gets the rest then, purged words are to be gone from the file,
# and no page may keep what an admin changed.
NEVER_GIVEN_UP = {
    publishing.COPY_JOB, publishing.FORGET_JOB, publishing.COMMON_JOB, choosing.BUILD,
}  # fmt: skip
LONGEST_WAIT = timedelta(minutes=16)  # of those
MAIL_TIMEOUT_S = 20
CLOCKS_DIFFER = timedelta(minutes=1)  # at most, between machines; more is a clock that was wrong
UNFOLDED = policy.default.clone(max_line_length=998)  # an address in a header is not to be cut
_log = logging.getLogger(__name__)

Handler = Callable[[Mapping[str, Any], Settings], None]


def send_mail(letter: Mapping[str, Any], settings: Settings) -> None:
    """Send a letter ({to, subject, text} and, where it has any, further headers) by the server."""
    message = EmailMessage(UNFOLDED)
    server = urlsplit(settings.smtp_url)
    message["To"], message["Subject"] = str(letter["to"]), str(letter["subject"])
    message["From"] = f"factcheck@{urlsplit(settings.public_url).hostname}"
    for name, value in letter.get("headers", {}).items():
        message[name] = value
    message.set_content(str(letter["text"]))
    kind = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    port = server.port or (465 if server.scheme == "smtps" else 25)
    with kind(server.hostname or "localhost", port, timeout=MAIL_TIMEOUT_S) as connection:
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(message)


def ask_follower(payload: Mapping[str, Any], settings: Settings) -> None:
    """Send the mail that asks an address whether it wants to follow, if it is still to be asked."""
    if letter := follower_mails.question(payload, settings):
        send_mail(letter, settings)


def mail_follower(payload: Mapping[str, Any], settings: Settings) -> None:
    """Send a follower what an edition corrected, unless it was sent or they stopped."""
    letter = follower_mails.take(payload, settings)
    if letter is None:
        return
    try:
        send_mail(letter, settings)
    except Exception:
        follower_mails.put_back(payload)
        raise


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "mail": send_mail,
        "archive": archive,
        "daily-mail": send_daily,
        lots.JOB: look_after,
        REWORDED: ask_to_confirm,
        bulk.JOB: bulk.go_on,
        importing.JOB: importing.go_on,
        making.JOB: making.go_on,
        agreement.JOB: agreement.work_out,
        publishing.COPY_JOB: mirroring.mirror,
        publishing.FORGET_JOB: publishing.forget_deleted,
        agreement.OVERALL_JOB: agreement.work_out_overall,
        following.QUESTION: ask_follower,
        following.FORGET: follower_mails.forget,
        choosing.BUILD: making_anew.go_on,
        publishing.COMMON_JOB: making_anew.write_common,
        follower_mails.SPREAD: follower_mails.spread,
        follower_mails.MAIL: mail_follower,
        WEBHOOK: sending.send,
    }
)
# Other people's servers answer as slowly as they like: nothing else waits for them.
_ASIDE = OutboxJob.kind == WEBHOOK
# A long file takes minutes, and mails do not wait for it either.
_LONG = OutboxJob.kind.in_([importing.JOB, making.JOB])
# They write the site's folder or read it: on a machine without it they would do nothing, or half.
_OF_THE_SITE = OutboxJob.kind.in_([publishing.COPY_JOB, publishing.COMMON_JOB, choosing.BUILD])


def run_due(
    settings: Settings,
    handlers: Mapping[str, Handler] = HANDLERS,
    which: sa.ColumnElement[bool] = sa.true(),  # noqa: B008 - a constant
) -> int:
    """Run every job that is due (of those meant by `which`), and return how many there were.

    Needs an app context.
    """
    count = 0
    while _is_any_due(current_session(), which, clock.now()):
        with writing() as session:
            job = _claimed(session, clock.now(), which)
        if job is None:
            break
        _run(job.id, job.kind, dict(job.payload), settings, handlers)
        count += 1
    return count


def _waiting(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        OutboxJob.done_at.is_(None), OutboxJob.failed_at.is_(None), OutboxJob.due_at <= now
    )


def _is_any_due(session: Session, which: sa.ColumnElement[bool], now: datetime) -> bool:
    found = session.scalar(sa.select(OutboxJob.id).where(_waiting(now), which).limit(1))
    session.rollback()  # hold no snapshot while nothing is to be done
    return found is not None


def mend_dues(now: datetime) -> int:
    """Bring jobs nearer that were asked for at a time to come, since the clock went back.

    They are due as long after now as they were after they were asked for. Returns how many.
    """
    with writing() as session:
        ahead = session.scalars(
            sa.select(OutboxJob).where(
                OutboxJob.done_at.is_(None), OutboxJob.failed_at.is_(None),
                OutboxJob.created_at > now + CLOCKS_DIFFER,
            )
        ).all()  # fmt: skip
        for job in ahead:
            job.due_at, job.created_at = now + (job.due_at - job.created_at), now
    return len(ahead)


def _claimed(
    session: Session,
    now: datetime,
    which: sa.ColumnElement[bool] = sa.true(),  # noqa: B008
) -> OutboxJob | None:
    job = session.scalar(
        sa.select(OutboxJob)
        .where(_waiting(now), which)
        .order_by(OutboxJob.due_at, OutboxJob.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if job is not None:
        wait = FIRST_WAIT * 2 ** min(job.attempts, MOST_ATTEMPTS)
        job.due_at = now + (min(wait, LONGEST_WAIT) if job.kind in NEVER_GIVEN_UP else wait)
        job.attempts += 1
    return job


def _run(
    job_id: int, kind: str, payload: Mapping[str, Any], settings: Settings,
    handlers: Mapping[str, Handler],
) -> None:  # fmt: skip
    try:
        handlers[kind](payload, settings)
    except (OSError, smtplib.SMTPException) as error:
        _log.warning("job %s (%s) failed: %s", job_id, kind, error)
        _note(job_id, f"{type(error).__name__}: {error}")
    except sa.exc.DBAPIError:
        raise  # of the database and not of the job: `work` waits and goes on
    except Exception as defect:  # noqa: BLE001 - a page made to break its reader stops no other job
        _log.exception("defect in job %s (%s)", job_id, kind)
        db.session.rollback()
        _note(job_id, f"{type(defect).__name__}: {defect}")
    else:
        _note(job_id, None)


def _note(job_id: int, error: str | None) -> None:
    with writing() as session:
        job = session.get_one(OutboxJob, job_id)
        job.error = error
        if error is None:
            job.done_at = clock.now()
            job.payload = {}  # a mail that went holds an address, and links that are secrets
            forget_old(session, now=job.done_at)
        elif job.attempts >= MOST_ATTEMPTS and job.kind not in NEVER_GIVEN_UP:
            job.failed_at = clock.now()
            runs.give_up(session, str(job.payload.get("run", "")), now=job.failed_at)


def work(app: Flask, stop: threading.Event) -> None:
    """Run jobs as they become due, and tell people what concerns them, until `stop` is set."""
    beside = [
        threading.Thread(target=_repeat, args=(app, stop, do), name="jobs aside", daemon=True)
        for do in (_deliver, _bring_in)
    ]
    for thread in beside:
        thread.start()
    watch = _ClockWatch()

    def work_once(settings: Settings) -> None:
        watch.look()
        run_due(settings, which=for_this_machine(settings))
        make_notices(settings)

    _repeat(app, stop, work_once)
    for thread in beside:
        thread.join()


class _ClockWatch:
    """Looks whether the clock went back since it looked last; at first it may have."""

    def __init__(self) -> None:
        self._latest: datetime | None = None

    def look(self) -> None:
        """Mend what was asked for in a time that is still to come."""
        now = clock.now()
        if self._latest is None or now < self._latest - CLOCKS_DIFFER:
            mend_dues(now)
        self._latest = now


def for_this_machine(settings: Settings) -> sa.ColumnElement[bool]:
    """Return which jobs are run one after the other here; a worker may be without the site."""
    others = _ASIDE | _LONG
    return ~(others if is_here(settings.site) else others | _OF_THE_SITE)


def _deliver(settings: Settings) -> None:
    run_due(settings, which=_ASIDE)


def _bring_in(settings: Settings) -> None:
    run_due(settings, which=_LONG)


def _repeat(app: Flask, stop: threading.Event, do: Callable[[Settings], None]) -> None:
    settings: Settings = app.extensions["factcheck"]
    while not stop.wait(POLL_S):
        with app.app_context():
            try:
                do(settings)
            except sa.exc.DBAPIError as error:
                _log.warning("the database refused, trying again: %s", error.orig)
                db.session.rollback()
            except Exception:  # noqa: BLE001 - nobody starts this thread anew
                _log.exception("defect in what runs without a person; trying again")
                db.session.rollback()


def start_thread(app: Flask) -> threading.Event:
    """Run jobs in a thread of this process, and return the event that stops it."""
    stop = threading.Event()
    threading.Thread(target=work, args=(app, stop), name="jobs", daemon=True).start()
    return stop
