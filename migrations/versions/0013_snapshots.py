"""Copies of sources: each go at keeping one, and the copy that a verdict rests on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013_snapshots"
down_revision = "0012_practice"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "snapshots",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("source_id", BIG_KEY, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("final_url", sa.String(length=4000), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=True),
        sa.Column("site", sa.String(length=200), nullable=True),
        sa.Column("author", sa.String(length=500), nullable=True),
        sa.Column("published", sa.String(length=10), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("page_sha256", sa.String(length=64), nullable=True),
        sa.Column("warc_sha256", sa.String(length=64), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("refusal_values", JSON, nullable=False),
        sa.Column("words_sha256", sa.String(length=64), nullable=True),
        sa.Column("drift", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "drift IN ('gone', 'moved', 'changed')", name=op.f("ck_snapshots_drift")
        ),
        sa.CheckConstraint(
            "sha256 IS NULL OR refusal IS NULL", name=op.f("ck_snapshots_one_outcome")
        ),
        sa.CheckConstraint(
            "(tried_at IS NULL) = (sha256 IS NULL AND refusal IS NULL)",
            name=op.f("ck_snapshots_outcome_when_tried"),
        ),
        sa.CheckConstraint(
            "(sha256 IS NULL) = (page_sha256 IS NULL OR warc_sha256 IS NULL)",
            name=op.f("ck_snapshots_kept_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_snapshots_source_id_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
    )
    op.create_index("ix_snapshots_source_id", "snapshots", ["source_id", "id"])
    op.create_index("ix_snapshots_sha256", "snapshots", ["sha256"])
    op.create_index(
        "ix_snapshots_drift",
        "snapshots",
        ["id"],
        sqlite_where=sa.text("drift IS NOT NULL"),
        postgresql_where=sa.text("drift IS NOT NULL"),
    )
    op.create_table(
        "pinned_copies",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("decision_source_id", BIG_KEY, nullable=False),
        sa.Column("snapshot_id", BIG_KEY, nullable=False),
        sa.Column("quote", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "quote IN ('found', 'changed', 'missing')", name=op.f("ck_pinned_copies_quote")
        ),
        sa.ForeignKeyConstraint(
            ["decision_source_id"],
            ["decision_sources.id"],
            name=op.f("fk_pinned_copies_decision_source_id_decision_sources"),
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_pinned_copies_snapshot_id_snapshots")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pinned_copies")),
        sa.UniqueConstraint("decision_source_id", name=op.f("uq_pinned_copies_decision_source_id")),
    )
    op.create_index("ix_decision_sources_source_id", "decision_sources", ["source_id"])
    op.create_index("ix_pinned_copies_snapshot_id", "pinned_copies", ["snapshot_id"])


def downgrade() -> None:
    op.drop_index("ix_decision_sources_source_id", table_name="decision_sources")
    op.drop_index("ix_pinned_copies_snapshot_id", table_name="pinned_copies")
    op.drop_table("pinned_copies")
    op.drop_index("ix_snapshots_drift", table_name="snapshots")
    op.drop_index("ix_snapshots_sha256", table_name="snapshots")
    op.drop_index("ix_snapshots_source_id", table_name="snapshots")
    op.drop_table("snapshots")
