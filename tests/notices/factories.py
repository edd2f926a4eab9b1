"""Making notices as the job does, and reading them; used inside an app context."""

from __future__ import annotations

import sqlalchemy as sa

from factcheck.accounts.models import Person
from factcheck.db import current_session, writing
from factcheck.notices import making
from factcheck.notices.models import Notice, NoticeCursor
from factcheck.outbox import OutboxJob
from tests.claims.factories import make_article, make_claim


def told(settings) -> list[tuple[str, str]]:
    """Run the job, and return every notice there is: the first name of its person, and its kind."""
    making.make_notices(settings)
    return found()


def found() -> list[tuple[str, str]]:
    session = current_session()
    session.rollback()
    rows = session.execute(
        sa.select(Person.name, Notice.kind).join(Notice.person).order_by(Notice.id)
    )
    return [tuple(row) for row in rows]


def notices(kind: str) -> list[Notice]:
    return list(current_session().scalars(sa.select(Notice).where(Notice.kind == kind)))


def mails() -> list[dict]:
    """Return the letters that wait in the outbox or were sent."""
    current_session().rollback()
    query = sa.select(OutboxJob.payload).where(OutboxJob.kind == "mail").order_by(OutboxJob.id)
    return list(current_session().scalars(query))


def unread() -> dict[str, int]:
    current_session().rollback()
    rows = current_session().execute(sa.select(Person.name, Person.unread_notices))
    return {name: count for name, count in rows if count}


def read_anew() -> None:
    """Set the job back to the beginning of the audit log."""
    with writing() as session:
        session.execute(sa.update(NoticeCursor).values(position=0, swept_at=None))


def make_claim_under_review(session, **fields):
    return make_claim(session, make_article(session), state="accepted", **fields)
