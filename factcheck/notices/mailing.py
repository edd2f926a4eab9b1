"""Mails of notices: at once, or one a day; through the outbox, where a mail server is configured.

A mail is asked for in the transaction that makes its notice, and a daily one in the transaction
that marks it as sent: so each is asked for once, whatever is killed when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts.models import Person
from factcheck.config import Settings
from factcheck.db import writing
from factcheck.editions.queries import name_and_language
from factcheck.notices import labels, queries
from factcheck.notices.actions import Made
from factcheck.notices.models import DailyMail, Notice
from factcheck.notices.rules import Kind, Way, next_daily, path_to
from factcheck.notices.stopping import stop_token
from factcheck.outbox import enqueue
from factcheck.web.speaking import speaking

JOB = "daily-mail"
CHOICES = "/account/notices"


def ask(session: Session, made: Iterable[Made], settings: Settings, *, now: datetime) -> None:
    """Ask for the mails of notices that were made in this transaction."""
    if not settings.smtp_url:
        return
    for one in made:
        if one.way is Way.AT_ONCE:
            enqueue(session, "mail", _letter(session, one.person, [one.notice], settings), now=now)
        elif one.way is Way.DAILY:
            _put_into_daily(session, one.notice, next_daily(now, settings.zone), now)


def _put_into_daily(session: Session, notice: Notice, due: datetime, now: datetime) -> None:
    """Put a notice into the next daily mail that has not gone yet, asking for it if it is new."""
    daily = session.scalar(
        sa.select(DailyMail)
        .where(DailyMail.person_id == notice.person_id, DailyMail.day == due.date())
        .with_for_update()
    )
    if daily is None:
        daily = DailyMail(person_id=notice.person_id, day=due.date())
        session.add(daily)
        session.flush()
        enqueue(session, JOB, {"daily-mail": daily.id}, now=now, due=due)
    elif daily.sent_at is not None:  # made just before it went, kept just after
        _put_into_daily(session, notice, due + timedelta(days=1), now)
        return
    notice.daily_on = daily.day


def send_daily(payload: Mapping[str, Any], settings: Settings) -> None:
    """Ask for the daily mail with that id, unless it was asked for or all in it was read."""
    with writing() as session:
        daily = queries.daily_to_send(session, payload["daily-mail"])
        if daily is None:
            return
        notices = queries.notices_in(session, daily)
        daily.sent_at = clock.now()
        if notices and settings.smtp_url:
            letter = _letter(session, daily.person, notices, settings)
            enqueue(session, "mail", letter, now=daily.sent_at)


def language_for(session: Session, person: Person) -> str:
    """Return the key of the language that somebody is mailed in: theirs, else the site's."""
    return person.language or name_and_language(session)[1]


def _letter(
    session: Session, person: Person, notices: Sequence[Notice], settings: Settings
) -> dict[str, Any]:
    """Return a letter of one or more notices, with a link for each kind that stops its mails."""
    with speaking(language_for(session, person)):
        return _worded(person, notices, settings)


def _worded(person: Person, notices: Sequence[Notice], settings: Settings) -> dict[str, Any]:
    kinds = list(dict.fromkeys(Kind(one.kind) for one in notices))
    stops = {kind: _stop_url(person, [kind], settings) for kind in kinds}
    parts = [_told(one, settings) for one in notices]
    ends = [_("Stop these mails (%(kind)s): %(url)s", kind=labels.KINDS[kind], url=stops[kind])
            for kind in kinds]  # fmt: skip
    ends.append(_("What is mailed to you: %(url)s", url=settings.public_url + CHOICES))
    return {
        "to": person.email,
        "subject": _subject(notices),
        "text": "\n\n".join([*parts, "-- \n" + "\n".join(ends)]) + "\n",
        "headers": {
            "List-Unsubscribe": f"<{_stop_url(person, kinds, settings)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    }


def _subject(notices: Sequence[Notice]) -> str:
    if len(notices) == 1:
        return str(labels.KINDS[Kind(notices[0].kind)])
    return str(ngettext("%(num)d notice", "%(num)d notices", len(notices)))


def _told(notice: Notice, settings: Settings) -> str:
    path = path_to(notice.kind, notice.subject, notice.details)
    about = notice.details.get("about", "")
    lines = [labels.sentence(notice), about, settings.public_url + path]
    return "\n".join(line for line in lines if line)


def _stop_url(person: Person, kinds: Sequence[Kind], settings: Settings) -> str:
    token = stop_token(settings.secret_key, person.public_id, kinds)
    return f"{settings.public_url}/notices/stop/{token}"
