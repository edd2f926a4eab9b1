"""Claims, and how many there are in each state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004_claims"
down_revision = "0003_articles"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "claim_counts",
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.CheckConstraint("claims >= 0", name=op.f("ck_claim_counts_claims")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_claim_counts_article_id_articles")
        ),
        sa.PrimaryKeyConstraint(
            "article_id", "state", "priority", "day", name=op.f("pk_claim_counts")
        ),
    )
    op.create_table(
        "claims",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("revision_id", BIG_KEY, nullable=False),
        sa.Column("revision_length", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("anchor", sa.String(length=10), nullable=False),
        sa.Column("restated", sa.Text(), nullable=False),
        sa.Column("claimant", sa.String(length=200), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("policy_key", sa.String(length=20), nullable=True),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissal", sa.String(length=20), nullable=True),
        sa.Column("same_as_id", BIG_KEY, nullable=True),
        sa.Column("merged_into_id", BIG_KEY, nullable=True),
        sa.Column("corrected_at_source_on", sa.Date(), nullable=True),
        sa.Column("proposed_by_id", BIG_KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(coalesce(dismissal, '') = 'same-as') = (same_as_id IS NOT NULL)",
            name=op.f("ck_claims_same_as"),
        ),
        sa.CheckConstraint(
            "(state = 'dismissed') = (dismissal IS NOT NULL)", name=op.f("ck_claims_dismissed_why")
        ),
        sa.CheckConstraint(
            "anchor IN ('unchanged', 'moved', 'changed', 'gone')", name=op.f("ck_claims_anchor")
        ),
        sa.CheckConstraint(
            "dismissal IN ('opinion', 'prediction', 'question', 'too-vague', 'not-worth-checking', 'not-a-statement', 'same-as', 'out-of-scope', 'would-harm')",
            name=op.f("ck_claims_dismissal"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'decided', 'ready', 'disputed', 'dismissed')",
            name=op.f("ck_claims_state"),
        ),
        sa.CheckConstraint(
            '(start IS NULL) = ("end" IS NULL) AND (start IS NULL OR (start >= 0 AND "end" > start AND "end" <= revision_length))',
            name=op.f("ck_claims_span"),
        ),
        sa.CheckConstraint("priority >= 0 AND priority <= 3", name=op.f("ck_claims_priority")),
        sa.CheckConstraint("score >= 0 AND score <= 1", name=op.f("ck_claims_score")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_claims_article_id_articles")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["claims.id"], name=op.f("fk_claims_merged_into_id_claims")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_claims_proposed_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id", "revision_length"],
            ["revisions.id", "revisions.length"],
            name=op.f("fk_claims_revision_id_revision_length_revisions"),
        ),
        sa.ForeignKeyConstraint(
            ["same_as_id"], ["claims.id"], name=op.f("fk_claims_same_as_id_claims")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("public_id", name=op.f("uq_claims_public_id")),
    )
    op.create_index(
        "ix_claims_article_id_start", "claims", ["article_id", "start", "id"], unique=False
    )
    op.create_index(
        "ix_claims_open",
        "claims",
        ["priority", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_claims_open",
        table_name="claims",
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    )
    op.drop_index("ix_claims_article_id_start", table_name="claims")
    op.drop_table("claims")
    op.drop_table("claim_counts")
