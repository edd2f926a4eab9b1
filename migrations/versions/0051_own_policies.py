"""Policies that editors added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0051_own_policies"
down_revision = "0050_second_admin"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "own_policies",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("least_sources", sa.Integer(), nullable=False),
        sa.Column("archived_only", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", BIG_KEY, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["people.id"], name=op.f("fk_own_policies_added_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_policies")),
        sa.UniqueConstraint("key", name=op.f("uq_own_policies_key")),
        sa.UniqueConstraint("name", name=op.f("uq_own_policies_name")),
    )


def downgrade() -> None:
    # The shipped default stands in for a policy that is not known any more.
    op.execute("UPDATE articles SET policy_key = 'team' WHERE policy_key LIKE 'own-%'")
    op.execute("UPDATE rounds SET policy_key = 'team' WHERE policy_key LIKE 'own-%'")
    op.execute("UPDATE claims SET policy_key = NULL WHERE policy_key LIKE 'own-%'")
    op.drop_table("own_policies")
