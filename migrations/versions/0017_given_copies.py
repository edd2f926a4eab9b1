"""Copies of sources that people give by hand: text that they saw, or a file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_given_copies"
down_revision = "0016_panels"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "given_copies",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("snapshot_id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=False),
        sa.CheckConstraint("kind IN ('pasted', 'upload')", name=op.f("ck_given_copies_kind")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_given_copies_snapshot_id_snapshots")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_given_copies_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_copies")),
        sa.UniqueConstraint("snapshot_id", name=op.f("uq_given_copies_snapshot_id")),
    )
    op.create_index("ix_given_copies_person_id", "given_copies", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_given_copies_person_id", table_name="given_copies")
    op.drop_table("given_copies")
