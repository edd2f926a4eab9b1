"""What readers send to the editors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_inbox"
down_revision = "0010_search"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("claim", sa.String(length=16), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_from", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", BIG_KEY, nullable=True),
        sa.CheckConstraint("kind IN ('request', 'appeal')", name=op.f("ck_letters_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'taken-up', 'declined')", name=op.f("ck_letters_state")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL)", name=op.f("ck_letters_answered")
        ),
        sa.CheckConstraint(
            "kind = 'request' OR claim IS NOT NULL", name=op.f("ck_letters_appeal_against")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_letters_answered_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("digest", name=op.f("uq_letters_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_letters_public_id")),
    )
    op.create_index("ix_letters_state", "letters", ["state", "id"])
    op.create_index("ix_letters_sent_from", "letters", ["sent_from", "at"])


def downgrade() -> None:
    op.drop_index("ix_letters_sent_from", table_name="letters")
    op.drop_index("ix_letters_state", table_name="letters")
    op.drop_table("letters")
