"""Editions, the log's leaves and the site's own pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007_editions"
down_revision = "0006_decisions"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "log_leaves",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_log_leaves_position")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_leaves")),
    )
    op.create_table(
        "log_nodes",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_log_nodes")),
    )
    op.create_table(
        "site_pages",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", BIG_KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["people.id"], name=op.f("fk_site_pages_edited_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_pages")),
        sa.UniqueConstraint("slug", name=op.f("uq_site_pages_slug")),
    )
    op.create_table(
        "editions",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("is_correction", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", BIG_KEY, nullable=True),
        sa.Column("log_position", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("correction_place", sa.Integer(), nullable=True),
        sa.Column("article_place", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_because IS NULL)",
            name=op.f("ck_editions_withdrawn_why"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_editions_number")),
        sa.CheckConstraint(
            "is_correction = (correction_place IS NOT NULL)", name=op.f("ck_editions_correction")
        ),
        sa.CheckConstraint(
            "(number = 1) = (article_place IS NOT NULL)", name=op.f("ck_editions_first")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_editions_article_id_articles")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["people.id"], name=op.f("fk_editions_published_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_editions_article_id_number")),
        sa.UniqueConstraint("article_place", name=op.f("uq_editions_article_place")),
        sa.UniqueConstraint("correction_place", name=op.f("uq_editions_correction_place")),
        sa.UniqueConstraint("log_position", name=op.f("uq_editions_log_position")),
        sa.UniqueConstraint("place", name=op.f("uq_editions_place")),
        sa.UniqueConstraint("sha256", name=op.f("uq_editions_sha256")),
    )
    op.create_index(
        "ix_editions_unwritten",
        "editions",
        ["log_position"],
        unique=False,
        sqlite_where=sa.text("written_at IS NULL"),
        postgresql_where=sa.text("written_at IS NULL"),
    )
    op.create_table(
        "edition_claims",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("edition_id", BIG_KEY, nullable=False),
        sa.Column("claim_id", BIG_KEY, nullable=False),
        sa.Column("rating", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_edition_claims_claim_id_claims")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_edition_claims_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_claims")),
        sa.UniqueConstraint(
            "edition_id", "claim_id", name=op.f("uq_edition_claims_edition_id_claim_id")
        ),
    )
    op.create_index(
        op.f("ix_edition_claims_claim_id"), "edition_claims", ["claim_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_edition_claims_claim_id"), table_name="edition_claims")
    op.drop_table("edition_claims")
    op.drop_index("ix_editions_unwritten", table_name="editions")
    op.drop_table("editions")
    op.drop_table("site_pages")
    op.drop_table("log_nodes")
    op.drop_table("log_leaves")
