"""Pools of sources, and what editors note of a source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_pooled_sources"
down_revision = "0017_given_copies"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "pooled_sources",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("claim_id", BIG_KEY, nullable=True),
        sa.Column("source_id", BIG_KEY, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_pooled_sources_article_id_articles")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_pooled_sources_claim_id_claims")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_pooled_sources_source_id_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pooled_sources")),
    )
    op.create_index("ix_pooled_sources_article_id", "pooled_sources", ["article_id"])
    op.create_index("ix_pooled_sources_source_id", "pooled_sources", ["source_id"])
    op.create_table(
        "source_notes",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("source_id", BIG_KEY, nullable=False),
        sa.Column("nature", sa.String(length=10), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "nature IN ('primary', 'secondary')", name=op.f("ck_source_notes_nature")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_source_notes_source_id_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_notes")),
        sa.UniqueConstraint("source_id", name=op.f("uq_source_notes_source_id")),
    )


def downgrade() -> None:
    op.drop_table("source_notes")
    op.drop_index("ix_pooled_sources_source_id", table_name="pooled_sources")
    op.drop_index("ix_pooled_sources_article_id", table_name="pooled_sources")
    op.drop_table("pooled_sources")
