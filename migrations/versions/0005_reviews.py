"""Rounds, seats, skips, reviews, sources, citations and comments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_reviews"
down_revision = "0004_claims"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=True),
        sa.Column("site", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sources_public_id")),
        sa.UniqueConstraint("url", name=op.f("uq_sources_url")),
    )
    op.create_table(
        "rounds",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("claim_id", BIG_KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("scale_key", sa.String(length=40), nullable=False),
        sa.Column("scale_version", sa.Integer(), nullable=False),
        sa.Column("policy_key", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('decided', 'disputed', 'dropped')", name=op.f("ck_rounds_outcome")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_rounds_closed_with_outcome")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_rounds_number")),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_rounds_claim_id_claims")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("claim_id", "number", name=op.f("uq_rounds_claim_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rounds_public_id")),
    )
    op.create_index(
        "uq_rounds_open",
        "rounds",
        ["claim_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "comments",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("claim_id", BIG_KEY, nullable=False),
        sa.Column("round_id", BIG_KEY, nullable=True),
        sa.Column("author_id", BIG_KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_comments_author_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_comments_claim_id_claims")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_comments_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("public_id", name=op.f("uq_comments_public_id")),
    )
    op.create_index(op.f("ix_comments_claim_id"), "comments", ["claim_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", BIG_KEY, nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=False),
        sa.Column("rating", sa.String(length=40), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("private_note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("wording_changed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state = 'draft' OR (rating IS NOT NULL AND submitted_at IS NOT NULL)",
            name=op.f("ck_reviews_submitted_whole"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'withdrawn', 'late')", name=op.f("ck_reviews_state")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_reviews_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_reviews_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reviews_public_id")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_reviews_round_id_person_id")),
    )
    op.create_index("ix_reviews_person_id", "reviews", ["person_id"], unique=False)
    op.create_table(
        "seats",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("round_id", BIG_KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=True),
        sa.Column("lease_id", sa.String(length=16), nullable=True),
        sa.Column("dealt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(person_id IS NULL) = (lease_id IS NULL)", name=op.f("ck_seats_held")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_seats_number")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_seats_person_id_people")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_seats_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        sa.UniqueConstraint("lease_id", name=op.f("uq_seats_lease_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_seats_round_id_number")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_seats_round_id_person_id")),
    )
    op.create_index("ix_seats_person_id", "seats", ["person_id"], unique=False)
    op.create_table(
        "skips",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("round_id", BIG_KEY, nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_skips_person_id_people")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_skips_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skips")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_skips_round_id_person_id")),
    )
    op.create_table(
        "citations",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("review_id", BIG_KEY, nullable=False),
        sa.Column("source_id", BIG_KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("archive_url", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "stance IN ('supports', 'refutes', 'context')", name=op.f("ck_citations_stance")
        ),
        sa.CheckConstraint("position >= 1", name=op.f("ck_citations_position")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_citations_review_id_reviews")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_citations_source_id_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citations")),
        sa.UniqueConstraint("review_id", "position", name=op.f("uq_citations_review_id_position")),
    )
    op.create_index("ix_citations_source_id", "citations", ["source_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_citations_source_id", table_name="citations")
    op.drop_table("citations")
    op.drop_table("skips")
    op.drop_index("ix_seats_person_id", table_name="seats")
    op.drop_table("seats")
    op.drop_index("ix_reviews_person_id", table_name="reviews")
    op.drop_table("reviews")
    op.drop_index(op.f("ix_comments_claim_id"), table_name="comments")
    op.drop_table("comments")
    op.drop_index(
        "uq_rounds_open",
        table_name="rounds",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("rounds")
    op.drop_table("sources")
