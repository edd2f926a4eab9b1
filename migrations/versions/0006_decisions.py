"""Decisions and the sources shown with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006_decisions"
down_revision = "0005_reviews"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("claim_id", BIG_KEY, nullable=False),
        sa.Column("round_id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("rating", sa.String(length=40), nullable=True),
        sa.Column("group", sa.String(length=40), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("as_of", sa.String(length=10), nullable=True),
        sa.Column("since_then", sa.Text(), nullable=True),
        sa.Column("decided_by_id", BIG_KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("supersedes_id", BIG_KEY, nullable=True),
        sa.CheckConstraint(
            "kind <> 'adjudication' OR reasons IS NOT NULL", name=op.f("ck_decisions_reasons")
        ),
        sa.CheckConstraint(
            "kind = 'agreement' OR (rating IS NOT NULL AND summary IS NOT NULL AND decided_by_id IS NOT NULL)",
            name=op.f("ck_decisions_signed"),
        ),
        sa.CheckConstraint(
            "kind IN ('agreement', 'approval', 'adjudication')", name=op.f("ck_decisions_kind")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_decisions_claim_id_claims")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_decisions_decided_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_decisions_round_id_rounds")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["decisions.id"], name=op.f("fk_decisions_supersedes_id_decisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_decisions_public_id")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_decisions_supersedes_id")),
    )
    op.create_index("ix_decisions_claim_id", "decisions", ["claim_id", "id"], unique=False)
    op.create_table(
        "decision_sources",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("decision_id", BIG_KEY, nullable=False),
        sa.Column("source_id", BIG_KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("archive_url", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "stance IN ('supports', 'refutes', 'context')", name=op.f("ck_decision_sources_stance")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decisions.id"],
            name=op.f("fk_decision_sources_decision_id_decisions"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_decision_sources_source_id_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_sources")),
        sa.UniqueConstraint(
            "decision_id", "position", name=op.f("uq_decision_sources_decision_id_position")
        ),
    )


def downgrade() -> None:
    op.drop_table("decision_sources")
    op.drop_index("ix_decisions_claim_id", table_name="decisions")
    op.drop_table("decisions")
