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
from factcheck.claims.actions.articles import REWORDED
from factcheck.config import Settings
from factcheck.db import current_session, db, writing
from factcheck.decisions import agreement
from factcheck.decisions.evidence import archive
from factcheck.desk.bulk import doing as bulk
from factcheck.methods import lots
from factcheck.notices import follower_mails, following
from factcheck.notices.mailing import send_daily
from factcheck.notices.making import make_notices
from factcheck.outbox import OutboxJob
from factcheck.reviews.panel_job import look_after
from factcheck.reviews.rewording import ask_to_confirm

POLL_S = 2.0
MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=1)  # doubled after each failed attempt
MAIL_TIMEOUT_S = 20
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
        agreement.JOB: agreement.work_out,
        agreement.OVERALL_JOB: agreement.work_out_overall,
        following.QUESTION: ask_follower,
        following.FORGET: follower_mails.forget,
        follower_mails.SPREAD: follower_mails.spread,
        follower_mails.MAIL: mail_follower,
    }
)


def run_due(settings: Settings, handlers: Mapping[str, Handler] = HANDLERS) -> int:
    """Run every job that is due, and return how many there were. Needs an app context."""
    count = 0
    while _is_any_due(current_session(), clock.now()):
        with writing() as session:
            job = _claimed(session, clock.now())
        if job is None:
            break
        _run(job.id, job.kind, dict(job.payload), settings, handlers)
        count += 1
    return count


def _waiting(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        OutboxJob.done_at.is_(None), OutboxJob.failed_at.is_(None), OutboxJob.due_at <= now
    )


def _is_any_due(session: Session, now: datetime) -> bool:
    found = session.scalar(sa.select(OutboxJob.id).where(_waiting(now)).limit(1))
    session.rollback()  # hold no snapshot while nothing is to be done
    return found is not None


def _claimed(session: Session, now: datetime) -> OutboxJob | None:
    job = session.scalar(
        sa.select(OutboxJob)
        .where(_waiting(now))
        .order_by(OutboxJob.due_at, OutboxJob.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if job is not None:
        job.due_at = now + FIRST_WAIT * 2**job.attempts
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
        elif job.attempts >= MOST_ATTEMPTS:
            job.failed_at = clock.now()


def work(app: Flask, stop: threading.Event) -> None:
    """Run jobs as they become due, and tell people what concerns them, until `stop` is set."""
    settings: Settings = app.extensions["factcheck"]
    while not stop.wait(POLL_S):
        with app.app_context():
            try:
                run_due(settings)
                make_notices(settings)
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
