"""Articles, their addresses, revisions and links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003_articles"
down_revision = "0002_outbox"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("source_url", sa.String(length=2000), nullable=True),
        sa.Column("site", sa.String(length=200), nullable=True),
        sa.Column("authors", JSON, nullable=False),
        sa.Column("published", sa.String(length=10), nullable=True),
        sa.Column("published_about", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("scale_key", sa.String(length=40), nullable=False),
        sa.Column("policy_key", sa.String(length=20), nullable=False),
        sa.Column("display", sa.String(length=10), nullable=False),
        sa.Column("ground", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("current_revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", BIG_KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "display IN ('full', 'excerpts', 'claims')", name=op.f("ck_articles_display")
        ),
        sa.CheckConstraint(
            "ground IN ('own', 'licence', 'permission', 'unstated')",
            name=op.f("ck_articles_ground"),
        ),
        sa.CheckConstraint(
            "state IN ('triage', 'review', 'published', 'withdrawn')",
            name=op.f("ck_articles_state"),
        ),
        sa.CheckConstraint("current_revision >= 1", name=op.f("ck_articles_current_revision")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_articles_created_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("public_id", name=op.f("uq_articles_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_articles_slug")),
    )
    op.create_index("ix_articles_state_id", "articles", ["state", "id"], unique=False)
    op.create_table(
        "article_addresses",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_addresses_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_addresses")),
    )
    op.create_index(
        op.f("ix_article_addresses_article_id"), "article_addresses", ["article_id"], unique=False
    )
    op.create_index(op.f("ix_article_addresses_url"), "article_addresses", ["url"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("units", JSON, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("raw_sha256", sa.String(length=64), nullable=False),
        sa.Column("content_type", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", BIG_KEY, nullable=True),
        sa.CheckConstraint("length >= 1", name=op.f("ck_revisions_length")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_revisions_number")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_revisions_article_id_articles")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_revisions_created_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_revisions_article_id_number")),
        sa.UniqueConstraint("id", "length", name=op.f("uq_revisions_id_length")),
    )
    op.create_table(
        "article_links",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("revision_id", BIG_KEY, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("href", sa.String(length=2000), nullable=False),
        sa.CheckConstraint('start >= 0 AND "end" > start', name=op.f("ck_article_links_span")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_article_links_revision_id_revisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_links")),
    )
    op.create_index(
        "ix_article_links_revision_id_start",
        "article_links",
        ["revision_id", "start"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_article_links_revision_id_start", table_name="article_links")
    op.drop_table("article_links")
    op.drop_table("revisions")
    op.drop_index(op.f("ix_article_addresses_url"), table_name="article_addresses")
    op.drop_index(op.f("ix_article_addresses_article_id"), table_name="article_addresses")
    op.drop_table("article_addresses")
    op.drop_index("ix_articles_state_id", table_name="articles")
    op.drop_table("articles")
