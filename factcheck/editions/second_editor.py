"""What takes a second editor: to tell readers again what somebody took from them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import Event
from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.articles.models import Article
from factcheck.failures import Forbidden


class AnotherEditor(Forbidden):
    """Who withdrew something cannot put it back alone."""


def last_withdrawal(session: Session, article: Article) -> Event | None:
    """Return the event by which an article was withdrawn last."""
    return session.scalar(
        sa.select(Event)
        .where(
            Event.subject == "article",
            Event.subject_id == article.public_id,
            Event.kind == "article.withdrawn",
        )
        .order_by(Event.id.desc())
        .limit(1)
    )


def check_is_another(session: Session, by_id: int | None, actor: Person | None) -> None:
    """Raise AnotherEditor for who withdrew it, unless nobody else could put it back."""
    if actor is None or actor.id != by_id:
        return
    others = sa.select(Person.id).where(
        Person.role.in_((Role.EDITOR, Role.ADMIN)), Person.disabled_at.is_(None),
        Person.id != actor.id,
    )  # fmt: skip
    if session.scalar(others.limit(1)) is not None:
        raise AnotherEditor("Another editor has to put back what you withdrew.")
