"""Hiding a remark can be undone, with what was; questions that wait for an editor's answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029_talk"
down_revision = "0028_copies"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# What a reviewer asked before the round closed with which it opens, and no editor answered.
AWAITING = """
UPDATE comments SET awaits_answer = TRUE
WHERE answers_id IS NULL
  AND opens_with > COALESCE((SELECT MAX(rounds.number) FROM rounds
    WHERE rounds.claim_id = comments.claim_id AND rounds.closed_at IS NOT NULL), 0)
  AND (SELECT role FROM people WHERE people.id = comments.author_id) = 'reviewer'
  AND NOT EXISTS (SELECT 1 FROM comments AS answers JOIN people ON people.id = answers.author_id
    WHERE answers.answers_id = comments.id AND people.role IN ('editor', 'admin'))
"""


def upgrade() -> None:
    op.create_table(
        "past_hidings",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("comment_id", BIG_KEY, nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.String(length=1000), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_because", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_past_hidings_comment_id_comments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_hidings")),
    )
    op.create_index(op.f("ix_past_hidings_comment_id"), "past_hidings", ["comment_id"])
    op.add_column(
        "comments",
        sa.Column("awaits_answer", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute(AWAITING)
    with op.batch_alter_table("comments") as table:
        table.alter_column("awaits_answer", existing_type=sa.Boolean(), server_default=None)
    op.create_index(
        "ix_comments_awaiting", "comments", ["id"],
        sqlite_where=sa.text("awaits_answer"), postgresql_where=sa.text("awaits_answer"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_comments_awaiting", table_name="comments")
    op.drop_column("comments", "awaits_answer")
    op.drop_table("past_hidings")
