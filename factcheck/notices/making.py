"""The job that makes notices of the audit log and of seats that end soon, and forgets old ones.

It reads the log for webhooks too, so that one cursor says up to where everybody is told.
"""

from __future__ import annotations

from datetime import datetime

from factcheck import clock
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.notices import actions, follower_mails, mailing, overdue, queries
from factcheck.webhooks.actions import forget_old, make_deliveries


def make_notices(settings: Settings) -> None:
    """Make the notices that are due, with their mails. Needs an app context.

    Where nothing is new it costs one query; nothing is held while it waits.
    """
    session, now = current_session(), clock.now()
    due = queries.due(session, now=now)
    session.rollback()  # hold no snapshot while nothing is to be done
    if due.events:
        _read_log(settings, now)
    if due.overdue:
        with writing() as session:
            overdue.sweep(session, now=now)
    if due.seats:
        with writing() as session:
            made = actions.sweep_seats(session, now=now)
            actions.prune(session, now=now)
            forget_old(session, now=now)
            mailing.ask(session, made, settings, now=now)


def _read_log(settings: Settings, now: datetime) -> None:
    """Make the notices of all events that are there by now, some of them at a time."""
    with writing() as session:
        until = queries.newest_event(session)
    is_more = True
    while is_more:
        with writing() as session:
            taken = actions.take_events(session, until=until, now=now)
            mailing.ask(session, taken.made, settings, now=now)
            follower_mails.ask(session, taken.followed, settings, now=now)
            make_deliveries(session, taken.events, base=settings.public_url, now=now)
        is_more = taken.is_more
