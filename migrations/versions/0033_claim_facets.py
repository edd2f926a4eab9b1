"""Looking claims up by language, tag and person, and lists of an article in any order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033_claim_facets"
down_revision = "0031_webhooks"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ORDERS = {"priority": "priority", "since": "state_since_at", "score": "score"}
FILL = """INSERT INTO claim_facets (claim_id, kind, value, state, priority, state_since_at, score)
  SELECT claims.id, 'language', articles.language, claims.state, claims.priority,
    claims.state_since_at, coalesce(claims.score, 0)
  FROM claims JOIN articles ON articles.id = claims.article_id"""


def upgrade() -> None:
    op.create_table(
        "claim_facets",
        sa.Column("claim_id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state_since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('language', 'person', 'tag')", name=op.f("ck_claim_facets_kind")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_claim_facets_claim_id_claims")
        ),
        sa.PrimaryKeyConstraint("claim_id", "kind", "value", name=op.f("pk_claim_facets")),
    )
    op.execute(FILL)
    for name, column in ORDERS.items():
        op.create_index(
            f"ix_claim_facets_{name}", "claim_facets",
            ["kind", "state", "value", column, "claim_id"],
        )  # fmt: skip
    # A claim without a score is not in the order of scores; none is made any more.
    op.execute("UPDATE claims SET score = 0 WHERE score IS NULL")
    op.create_index("ix_claims_state_score", "claims", ["state", "score", "id"])
    for name in ("since", "score"):
        op.create_index(
            f"ix_claims_article_id_{name}", "claims", ["article_id", "state", ORDERS[name], "id"]
        )


def downgrade() -> None:
    op.drop_index("ix_claims_article_id_score", table_name="claims")
    op.drop_index("ix_claims_article_id_since", table_name="claims")
    op.drop_index("ix_claims_state_score", table_name="claims")
    op.drop_table("claim_facets")
