"""A second factor for people: their apps, their recovery codes, and attempts at codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_second_factor"
down_revision = "0013_snapshots"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=False),
        sa.Column("sealed_secret", sa.String(length=200), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_second_factors_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
        sa.UniqueConstraint("person_id", name=op.f("uq_second_factors_person_id")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_recovery_codes_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("digest", name=op.f("uq_recovery_codes_digest")),
    )
    op.create_index(op.f("ix_recovery_codes_person_id"), "recovery_codes", ["person_id"])
    with op.batch_alter_table("sign_in_attempts") as table:  # what was counted stays counted
        table.add_column(
            sa.Column("kind", sa.String(length=10), nullable=False, server_default="password")
        )
        table.create_check_constraint(
            op.f("ck_sign_in_attempts_kind"), "kind IN ('password', 'code')"
        )


def downgrade() -> None:
    op.execute("DELETE FROM sign_in_attempts WHERE kind = 'code'")
    with op.batch_alter_table("sign_in_attempts") as table:
        table.drop_constraint(op.f("ck_sign_in_attempts_kind"), type_="check")
        table.drop_column("kind")
    op.drop_index(op.f("ix_recovery_codes_person_id"), table_name="recovery_codes")
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
