"""Registering by oneself: registrations that wait for their mail, and people who wait to be let in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022_registrations"
down_revision = "0021_talk"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ROLES = "role IN ('reviewer', 'editor', 'admin'"
KINDS = "kind IN ('password', 'code'"


def upgrade() -> None:
    op.create_table(
        "registrations",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("digest", name=op.f("uq_registrations_digest")),
    )
    op.create_index("ix_registrations_email", "registrations", ["email"])
    op.create_index("ix_registrations_expires_at", "registrations", ["expires_at"])
    op.create_index(
        "ix_people_newcomers",
        "people",
        ["id"],
        sqlite_where=sa.text("role = 'newcomer'"),
        postgresql_where=sa.text("role = 'newcomer'"),
    )
    op.create_index("ix_decisions_decided_by_id", "decisions", ["decided_by_id", "id"])
    _set_check("people", "role", f"{ROLES}, 'newcomer')")
    _set_check("sign_in_attempts", "kind", f"{KINDS}, 'register')")


def _set_check(table_name: str, name: str, check: str) -> None:
    with op.batch_alter_table(table_name) as table:
        table.drop_constraint(op.f(f"ck_{table_name}_{name}"), type_="check")
        table.create_check_constraint(op.f(f"ck_{table_name}_{name}"), check)


def downgrade() -> None:
    op.execute("DELETE FROM sign_in_attempts WHERE kind = 'register'")
    _set_check("sign_in_attempts", "kind", f"{KINDS})")
    # Nobody is let in by it: who waits is kept out, under a role that the old rules know.
    op.execute(
        "UPDATE people SET role = 'reviewer', disabled_at = COALESCE(disabled_at, created_at)"
        " WHERE role = 'newcomer'"
    )
    _set_check("people", "role", f"{ROLES})")
    op.drop_index("ix_decisions_decided_by_id", table_name="decisions")
    op.drop_index("ix_people_newcomers", table_name="people")
    op.drop_index("ix_registrations_expires_at", table_name="registrations")
    op.drop_index("ix_registrations_email", table_name="registrations")
    op.drop_table("registrations")
