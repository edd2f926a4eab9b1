"""What somebody did in triage, so that it can be undone and done again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0052_triage_steps"
down_revision = "0051_own_policies"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
DID = (
    "did IN ('edited', 'moved', 'accepted', 'accepted-all', 'dismissed', 'taken-back', 'split',"
    " 'merged', 'proposed')"
)


def upgrade() -> None:
    op.create_table(
        "triage_steps",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=False),
        sa.Column("did", sa.String(length=15), nullable=False),
        sa.Column("claims", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(DID, name=op.f("ck_triage_steps_did")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_triage_steps_article_id_articles")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_triage_steps_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triage_steps")),
        sa.UniqueConstraint("public_id", name=op.f("uq_triage_steps_public_id")),
    )
    op.create_index("ix_triage_steps_person_id", "triage_steps", ["person_id", "article_id", "id"])


def downgrade() -> None:
    op.drop_table("triage_steps")
