"""Talk: answers, edits with their history, hiding; the notices of mentions, answers, signatures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021_talk"
down_revision = "0020_agreement"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
KINDS = (
    "kind IN ('decided', 'reopened', 'wording-changed', 'merged', 'seat-ending',"
    " 'published', 'disputed', 'to-summarise', 'letter'"
)
# What was said in a round opens with it. What was said between rounds cannot be told from a question
# asked before the first seat, so on a claim under review it waits for the round that is to come.
OPENS_WITH = """
UPDATE comments SET opens_with = COALESCE(
  (SELECT rounds.number FROM rounds WHERE rounds.id = comments.round_id),
  (SELECT MAX(rounds.number) FROM rounds
    WHERE rounds.claim_id = comments.claim_id AND rounds.closed_at IS NOT NULL)
  + (SELECT CASE WHEN claims.state = 'accepted' THEN 1 ELSE 0 END FROM claims
      WHERE claims.id = comments.claim_id),
  1)
"""


def upgrade() -> None:
    with op.batch_alter_table("comments") as table:
        table.add_column(sa.Column("answers_id", BIG_KEY, nullable=True))
        table.add_column(sa.Column("opens_with", sa.Integer(), nullable=True))
        table.add_column(sa.Column("mentioned", JSON, nullable=False, server_default="[]"))
        table.add_column(sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("hidden_because", sa.String(length=1000), nullable=True))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.execute(OPENS_WITH)
    op.drop_index(op.f("ix_comments_claim_id"), table_name="comments")
    with op.batch_alter_table("comments") as table:
        table.alter_column("opens_with", existing_type=sa.Integer(), nullable=False)
        table.alter_column("mentioned", existing_type=JSON, server_default=None)
        table.alter_column("version", existing_type=sa.Integer(), server_default=None)
        table.create_foreign_key(
            op.f("fk_comments_answers_id_comments"), "comments", ["answers_id"], ["id"]
        )
        table.create_check_constraint(op.f("ck_comments_opens_with"), "opens_with >= 1")
        table.create_check_constraint(
            op.f("ck_comments_hidden_with_reason"),
            "(hidden_at IS NULL) = (hidden_because IS NULL)",
        )
    op.create_index("ix_comments_claim_id", "comments", ["claim_id", "id"])
    op.create_index("ix_comments_author_id", "comments", ["author_id", "id"])
    op.create_index("ix_comments_answers_id", "comments", ["answers_id"])
    op.create_table(
        "earlier_texts",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("comment_id", BIG_KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_earlier_texts_comment_id_comments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_texts")),
    )
    op.create_index(op.f("ix_earlier_texts_comment_id"), "earlier_texts", ["comment_id"])
    _set_kinds(f"{KINDS}, 'mention', 'answer', 'to-sign')")
    op.create_index("ix_notices_read_at", "notices", ["read_at"])


def _set_kinds(check: str) -> None:
    with op.batch_alter_table("notices") as table:
        table.drop_constraint(op.f("ck_notices_kind"), type_="check")
        table.create_check_constraint(op.f("ck_notices_kind"), check)


def downgrade() -> None:
    op.execute(
        "UPDATE people SET unread_notices = unread_notices - (SELECT COUNT(*) FROM notices"
        " WHERE person_id = people.id AND read_at IS NULL"
        " AND kind IN ('mention', 'answer', 'to-sign'))"
    )
    op.execute("DELETE FROM notices WHERE kind IN ('mention', 'answer', 'to-sign')")
    op.execute("DELETE FROM notice_choices WHERE kind IN ('mention', 'answer', 'to-sign')")
    op.drop_index("ix_notices_read_at", table_name="notices")
    _set_kinds(f"{KINDS})")
    op.drop_table("earlier_texts")
    op.drop_index("ix_comments_answers_id", table_name="comments")
    op.drop_index("ix_comments_author_id", table_name="comments")
    op.drop_index("ix_comments_claim_id", table_name="comments")
    with op.batch_alter_table("comments") as table:
        table.drop_constraint(op.f("ck_comments_hidden_with_reason"), type_="check")
        table.drop_constraint(op.f("ck_comments_opens_with"), type_="check")
        table.drop_constraint(op.f("fk_comments_answers_id_comments"), type_="foreignkey")
        for name in ("answers_id", "opens_with", "mentioned", "edited_at", "hidden_at",
                     "hidden_because", "version"):  # fmt: skip
            table.drop_column(name)
    op.create_index(op.f("ix_comments_claim_id"), "comments", ["claim_id"], unique=False)
