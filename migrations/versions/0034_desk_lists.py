"""Lists that editors save under a name, and what they do with many claims at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034_desk_lists"
down_revision = "0033_claim_facets"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "saved_lists",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_saved_lists_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_lists")),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_lists_public_id")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_lists_person_id_name")),
    )
    op.create_index("ix_saved_lists_is_shared", "saved_lists", ["is_shared", "id"])
    op.create_table(
        "bulk_batches",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by_id", BIG_KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_bulk_batches_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["people.id"], name=op.f("fk_bulk_batches_undone_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_batches")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bulk_batches_public_id")),
    )
    op.create_index("ix_bulk_batches_person_id", "bulk_batches", ["person_id", "id"])
    op.create_table(
        "bulk_items",
        sa.Column("batch_id", BIG_KEY, nullable=False),
        sa.Column("claim_id", BIG_KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=True),
        sa.Column("before", JSON, nullable=False),
        sa.Column("version_after", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('waiting', 'done', 'left-out', 'undone', 'kept')",
            name=op.f("ck_bulk_items_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["bulk_batches.id"], name=op.f("fk_bulk_items_batch_id_bulk_batches")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_bulk_items_claim_id_claims")
        ),
        sa.PrimaryKeyConstraint("batch_id", "claim_id", name=op.f("pk_bulk_items")),
    )
    op.create_index("ix_bulk_items_outcome", "bulk_items", ["batch_id", "outcome", "claim_id"])


def downgrade() -> None:
    op.drop_table("bulk_items")
    op.drop_table("bulk_batches")
    op.drop_table("saved_lists")
