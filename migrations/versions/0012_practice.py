"""Which practice cases somebody did, and how they rated them first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_practice"
down_revision = "0011_inbox"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "practice_done",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("rating", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_practice_done_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_done")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_practice_done_person_id_key")),
    )


def downgrade() -> None:
    op.drop_table("practice_done")
