"""Changes of accounts that take two admins, and when who is signed in proved last who they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050_second_admin"
down_revision = "0046_gold_claims"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = (
    "kind IN ('decided', 'reopened', 'wording-changed', 'merged', 'seat-ending',"
    " 'published', 'disputed', 'to-summarise', 'letter', 'mention', 'answer', 'to-sign',"
    " 'question', 'webhook-disabled', 'late', 'stuck', 'message')"
)
AFTER = BEFORE.replace("'late'", "'second-admin', 'late'")
WAITING = sa.text("settled_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "admin_changes",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", BIG_KEY, nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", BIG_KEY, nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "kind IN ('role', 'disable', 'enable', 'reset-link', 'second-factor-off')",
            name=op.f("ck_admin_changes_kind"),
        ),
        sa.CheckConstraint("outcome IN ('done', 'dropped')", name=op.f("ck_admin_changes_outcome")),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (outcome IS NULL)", name=op.f("ck_admin_changes_settled")
        ),
        sa.CheckConstraint(
            "outcome <> 'done' OR settled_by_id <> asked_by_id",
            name=op.f("ck_admin_changes_two_people"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], ["people.id"], name=op.f(f"fk_admin_changes_{name}_people")
            )
            for name in ("person_id", "asked_by_id", "settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_changes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_admin_changes_public_id")),
    )
    op.create_index(
        "ix_admin_changes_waiting", "admin_changes", ["person_id", "kind", "role"], unique=True,
        sqlite_where=WAITING, postgresql_where=WAITING,
    )  # fmt: skip
    op.add_column(
        "sign_in_sessions", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute("UPDATE sign_in_sessions SET confirmed_at = created_at")
    with op.batch_alter_table("sign_in_sessions") as sessions:
        sessions.alter_column("confirmed_at", nullable=False)
    _constrain(AFTER)


def downgrade() -> None:
    op.execute(
        "UPDATE people SET unread_notices = unread_notices - (SELECT COUNT(*) FROM notices WHERE"
        " person_id = people.id AND read_at IS NULL AND kind = 'second-admin')"
    )
    op.execute("DELETE FROM notices WHERE kind = 'second-admin'")
    op.execute("DELETE FROM notice_choices WHERE kind = 'second-admin'")
    _constrain(BEFORE)
    op.drop_column("sign_in_sessions", "confirmed_at")
    op.drop_table("admin_changes")


def _constrain(kinds: str) -> None:
    with op.batch_alter_table("notices") as notices:
        notices.drop_constraint(op.f("ck_notices_kind"), type_="check")
        notices.create_check_constraint(op.f("ck_notices_kind"), kinds)
