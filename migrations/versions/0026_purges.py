"""Words that the law makes us remove: who asked, who agreed, and what was removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026_purges"
down_revision = "0025_withdrawals"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "purges",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("words", JSON, nullable=False),
        sa.Column("with_copies", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", BIG_KEY, nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", BIG_KEY, nullable=True),
        sa.Column("removed", JSON, nullable=False),
        sa.CheckConstraint("state IN ('asked', 'done', 'dropped')", name=op.f("ck_purges_state")),
        sa.CheckConstraint(
            "(state = 'asked') = (settled_at IS NULL)", name=op.f("ck_purges_settled")
        ),
        sa.CheckConstraint(
            "state <> 'done' OR settled_by_id <> asked_by_id", name=op.f("ck_purges_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["people.id"], name=op.f("fk_purges_asked_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["people.id"], name=op.f("fk_purges_settled_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purges")),
        sa.UniqueConstraint("public_id", name=op.f("uq_purges_public_id")),
    )


def downgrade() -> None:
    op.drop_table("purges")
