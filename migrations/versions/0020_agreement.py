"""How far reviewers agree: by article, and over all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020_agreement"
down_revision = "0019_merged_away"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OVERALL = sa.text("article_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "agreement_figures",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=True),
        sa.Column("measure", sa.String(length=10), nullable=False),
        sa.Column("alpha", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "measure IN ('ordinal', 'nominal')", name=op.f("ck_agreement_figures_measure")
        ),
        sa.CheckConstraint("claims >= 0", name=op.f("ck_agreement_figures_claims")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_agreement_figures_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_figures")),
        sa.UniqueConstraint(
            "article_id", "measure", name=op.f("uq_agreement_figures_article_id_measure")
        ),
    )
    op.create_index("uq_agreement_figures_overall", "agreement_figures", ["measure"], unique=True,
                    sqlite_where=OVERALL, postgresql_where=OVERALL)  # fmt: skip


def downgrade() -> None:
    op.drop_index("uq_agreement_figures_overall", table_name="agreement_figures")
    op.drop_table("agreement_figures")
