"""Tables of people and how they get in: sessions, links, tokens, second factors, attempts.

Secrets that work like passwords (sessions, links, tokens, recovery codes) are stored as SHA-256
digests: who reads the database cannot use them.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from factcheck.accounts.rules import Role, Scope
from factcheck.db import Base, Key, PublicId


class Person(Base):
    """Somebody who can sign in. Without a password hash they have not used their link yet."""

    __tablename__ = "people"
    __table_args__ = (
        sa.CheckConstraint("role IN ('reviewer', 'editor', 'admin', 'newcomer')", name="role"),
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        sa.Index(
            "ix_people_newcomers",
            "id",
            sqlite_where=sa.text("role = 'newcomer'"),
            postgresql_where=sa.text("role = 'newcomer'"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[str] = mapped_column(sa.String(10), default=Role.REVIEWER.value)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    languages: Mapped[list[str]] = mapped_column(default=list)
    language: Mapped[str | None] = mapped_column(sa.String(35))  # of their pages and mails
    fields: Mapped[list[str]] = mapped_column(default=list)
    interests: Mapped[list[str]] = mapped_column(default=list)
    single_keys: Mapped[bool] = mapped_column(default=True)
    shows_name: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # to readers
    unread_notices: Mapped[int] = mapped_column(default=0, server_default="0")  # kept by `notices`
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    # What Flask-Login asks of a signed-in person; `get_id` is the secret of their session.
    is_authenticated = True
    is_anonymous = False
    session_secret = ""
    session_seen_at = datetime.min.replace(tzinfo=UTC)
    session_confirmed_at = session_seen_at

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in."""
        return self.disabled_at is None

    def get_id(self) -> str:
        """Return what the cookie holds: the secret of this browser's session."""
        return self.session_secret

    def is_at_least(self, role: str) -> bool:
        """Whether this person's role includes `role` (a key of Role)."""
        return Role(self.role).includes(Role(role))


class Registration(Base):
    """Somebody who registered by themselves and has not confirmed their address yet.

    There may be several of one address: whoever types its owner's address gets no further.
    """

    __tablename__ = "registrations"

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SignInSession(Base):
    """One browser in which a person is signed in; ending the row ends the session."""

    __tablename__ = "sign_in_sessions"

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]  # when the person proved last who they are
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class AdminChange(Base):
    """A change of an account that an admin asked for and that takes a second one.

    `kind` is one of `AdminChangeKind`; `role` is the one to be given, else empty.
    """

    __tablename__ = "admin_changes"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('role', 'disable', 'enable', 'reset-link', 'second-factor-off')", name="kind"
        ),
        sa.CheckConstraint("outcome IN ('done', 'dropped')", name="outcome"),
        sa.CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled"),
        sa.CheckConstraint("outcome <> 'done' OR settled_by_id <> asked_by_id", name="two_people"),
        sa.Index(
            "ix_admin_changes_waiting", "person_id", "kind", "role", unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    role: Mapped[str] = mapped_column(sa.String(10), default="")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    outcome: Mapped[str | None] = mapped_column(sa.String(10))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    settled_by: Mapped[Person | None] = relationship(foreign_keys=[settled_by_id])


class OneTimeLink(Base):
    """A link that works once: the first set-up, an invitation, or a password reset."""

    __tablename__ = "one_time_links"
    __table_args__ = (sa.CheckConstraint("kind IN ('set-up', 'invite', 'reset')", name="kind"),)

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])


class Token(Base):
    """An API token; shown once when made, kept as its digest and the prefix it is known by."""

    __tablename__ = "tokens"
    __table_args__ = (
        sa.CheckConstraint("scope IN ('read', 'review', 'edit', 'admin')", name="scope"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    prefix: Mapped[str] = mapped_column(sa.String(12))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    scope: Mapped[str] = mapped_column(sa.String(10), default=Scope.READ.value)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class SecondFactor(Base):
    """Somebody's authenticator app, whose codes are asked for at sign-in.

    Codes are reckoned from its secret, so a digest would not do: the secret is sealed with the
    service's key, and who reads the database alone cannot make codes. `last_step` is the 30-second
    step of the code taken last, and no step is taken twice.
    """

    __tablename__ = "second_factors"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), unique=True)
    sealed_secret: Mapped[str] = mapped_column(sa.String(200))
    last_step: Mapped[int]
    created_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code that stands in once for the app, as when a phone is lost; kept as its digest."""

    __tablename__ = "recovery_codes"

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """One failed password or code, or one registration, counted under the account and the network.

    `counted_as` is a keyed digest of "account:…", "address:…", "code:…" and so on, so that
    nothing of it is kept in clear. `kind` says how long it is counted (accounts/attempts.py).
    """

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('password', 'code', 'register')", name="kind"),
        sa.Index("ix_sign_in_attempts_counted_as_at", "counted_as", "at"),
        sa.Index("ix_sign_in_attempts_at", "at"),
    )

    id: Mapped[Key]
    counted_as: Mapped[str] = mapped_column(sa.String(64))
    kind: Mapped[str] = mapped_column(sa.String(10))
    at: Mapped[datetime]
