"""Gold claims: rounds that only measure, with their known answers, and how often one is dealt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0046_gold_claims"
down_revision = "0045_told_verdicts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rounds") as rounds:
        rounds.add_column(
            sa.Column("is_gold", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        rounds.drop_constraint(op.f("ck_rounds_number"), type_="check")
        rounds.create_check_constraint(
            op.f("ck_rounds_number"), "number >= 1 OR (number = 0 AND is_gold)"
        )
    with op.batch_alter_table("rounds") as rounds:  # the default was for the rows there were
        rounds.alter_column("is_gold", server_default=None)
    op.create_table(
        "gold_answers",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("round_id", BIG_KEY, nullable=False),
        sa.Column("rating", sa.String(length=40), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("given_by_id", BIG_KEY, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["people.id"], name=op.f("fk_gold_answers_given_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_gold_answers_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gold_answers")),
        sa.UniqueConstraint("round_id", name=op.f("uq_gold_answers_round_id")),
    )
    op.create_table(
        "gold_rate",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("one_in", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_gold_rate_only_one")),
        sa.CheckConstraint("one_in = 0 OR one_in >= 2", name=op.f("ck_gold_rate_one_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gold_rate")),
    )


def downgrade() -> None:
    op.drop_table("gold_rate")
    op.drop_table("gold_answers")
    op.execute(
        "UPDATE rounds SET closed_at = opened_at, outcome = 'dropped', number = 0"
        " WHERE is_gold AND closed_at IS NULL"
    )
    with op.batch_alter_table("rounds") as rounds:
        rounds.drop_constraint(op.f("ck_rounds_number"), type_="check")
    # A gold round is the first of its claim. Below zero first, since no two may be the same.
    op.execute(
        "UPDATE rounds SET number = -1 - number"
        " WHERE claim_id IN (SELECT claim_id FROM rounds WHERE number = 0)"
    )
    op.execute("UPDATE rounds SET number = -number WHERE number < 0")
    with op.batch_alter_table("rounds") as rounds:
        rounds.create_check_constraint(op.f("ck_rounds_number"), "number >= 1")
        rounds.drop_column("is_gold")
