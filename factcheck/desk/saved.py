"""Lists that somebody saved under a name, for themselves or for the whole desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.db import Base, Key, PublicId
from factcheck.failures import Conflict, Forbidden, Invalid, Missing

LONGEST_NAME = 60  # code points
MOST_OWN = 30  # of one person
MOST_SHOWN = 200


class SavedList(Base):
    """The filters of a list under a name. An age in them is counted from the day of looking."""

    __tablename__ = "saved_lists"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "name"),
        sa.Index("ix_saved_lists_is_shared", "is_shared", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    asked: Mapped[dict[str, Any]]  # the query of its address
    is_shared: Mapped[bool]  # with the whole desk
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship()

    def may_be_deleted_by(self, person: Person) -> bool:
        """Whether `person` made it, or is an admin."""
        return self.person_id == person.id or person.is_at_least(Role.ADMIN)


def shown_to(person: Person) -> sa.ColumnElement[bool]:
    """Return the condition of the lists that somebody has at the desk: shared ones and their own.

    The two are asked for by themselves, each by its index.
    """
    own = sa.select(SavedList.id).where(SavedList.person_id == person.id)
    shared = sa.select(SavedList.id).where(SavedList.is_shared.is_(True)).limit(MOST_SHOWN)
    return sa.or_(SavedList.id.in_(own), SavedList.id.in_(shared))


def save_list(
    session: Session, name: str, asked: Mapping[str, str], *, is_shared: bool,
    actor: Person, now: datetime,
) -> SavedList:  # fmt: skip
    """Keep the filters of a list, which were checked before, and return it.

    Raises Invalid for a name that is none or too long, Conflict where the person has one of that
    name or too many.
    """
    name = " ".join(name.split())
    if not name or not name.isprintable():
        raise Invalid("name", "Give the list a name.")
    if len(name) > LONGEST_NAME:
        raise Invalid("name", "A name has at most %(longest)s characters.", longest=LONGEST_NAME)
    session.execute(sa.select(Person.id).where(Person.id == actor.id).with_for_update())
    names = session.scalars(sa.select(SavedList.name).where(SavedList.person_id == actor.id)).all()
    if name in names:
        raise Conflict("You have a list “%(name)s” already.", name=name)
    if len(names) >= MOST_OWN:
        raise Conflict("You have saved %(most)s lists. Delete one first.", most=MOST_OWN)
    kept = SavedList(person_id=actor.id, name=name, asked=dict(asked), is_shared=is_shared,
                     created_at=now)  # fmt: skip
    session.add(kept)
    session.flush()
    record(session, "list.saved", kept.public_id, actor=actor, now=now, name=name,
           asked=dict(asked), is_shared=is_shared)  # fmt: skip
    return kept


def delete_list(session: Session, public_id: str, *, actor: Person, now: datetime) -> None:
    """Delete a saved list. Raises Missing; Forbidden for who neither made it nor is an admin."""
    found = session.scalar(
        sa.select(SavedList).where(SavedList.public_id == public_id, shown_to(actor))
    )
    if found is None:
        raise Missing("There is no such list.")
    if not found.may_be_deleted_by(actor):
        raise Forbidden("Only who saved a list, or an admin, can delete it.")
    session.delete(found)
    record(session, "list.deleted", public_id, actor=actor, now=now, name=found.name)
