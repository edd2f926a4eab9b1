"""Totals over all articles, and indexes for the desk's lists, so that neither grows with the claims."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_desk_totals"
down_revision = "0008_kept_answers"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("state = 'accepted'")
FILL = (
    """INSERT INTO claim_state_totals (shard, state, claims)
       SELECT article_id % {shards}, state, sum(claims) FROM claim_counts GROUP BY 1, 2""",
    """INSERT INTO claim_waiting_totals (shard, priority, day, claims)
       SELECT article_id % {shards}, priority, day, sum(claims) FROM claim_counts
       WHERE state = 'accepted' GROUP BY 1, 2, 3""",
    """INSERT INTO article_waiting (article_id, claims)
       SELECT article_id, sum(CASE WHEN state = 'accepted' THEN claims ELSE 0 END)
       FROM claim_counts GROUP BY 1""",
)


def upgrade() -> None:
    op.create_table(
        "claim_state_totals",
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.CheckConstraint("claims >= 0", name=op.f("ck_claim_state_totals_claims")),
        sa.PrimaryKeyConstraint("shard", "state", name=op.f("pk_claim_state_totals")),
    )
    op.create_table(
        "claim_waiting_totals",
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.CheckConstraint("claims >= 0", name=op.f("ck_claim_waiting_totals_claims")),
        sa.PrimaryKeyConstraint("shard", "priority", "day", name=op.f("pk_claim_waiting_totals")),
    )
    op.create_table(
        "article_waiting",
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.CheckConstraint("claims >= 0", name=op.f("ck_article_waiting_claims")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_waiting_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_waiting")),
    )
    op.create_index("ix_article_waiting_claims", "article_waiting", ["claims", "article_id"])
    shards = 8 if op.get_bind().dialect.name == "postgresql" else 1
    for statement in FILL:
        op.execute(statement.format(shards=shards))
    op.drop_index("ix_claims_open", table_name="claims", sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_claims_state", "claims", ["state", "priority", "id"])
    op.create_index(
        "ix_claims_article_id_state", "claims", ["article_id", "state", "priority", "id"],
    )  # fmt: skip
    op.create_index("ix_claims_state_since", "claims", ["state", "state_since_at", "id"])
    op.create_index(
        "ix_claims_state_priority_since", "claims", ["state", "priority", "state_since_at", "id"]
    )


def downgrade() -> None:
    op.drop_index("ix_claims_state_priority_since", table_name="claims")
    op.drop_index("ix_claims_state_since", table_name="claims")
    op.drop_index("ix_claims_article_id_state", table_name="claims")
    op.drop_index("ix_claims_state", table_name="claims")
    op.create_index(
        "ix_claims_open", "claims", ["priority", "id"],
        unique=False, sqlite_where=OPEN, postgresql_where=OPEN,
    )  # fmt: skip
    op.drop_index("ix_article_waiting_claims", table_name="article_waiting")
    op.drop_table("article_waiting")
    op.drop_table("claim_waiting_totals")
    op.drop_table("claim_state_totals")
