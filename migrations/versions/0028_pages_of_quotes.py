"""On which page of a PDF quoted words stand, and that a copy has no words to look for them in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028_pages_of_quotes"
down_revision = "0024_followers"
branch_labels = None
depends_on = None

QUOTE = "ck_pinned_copies_quote"


def upgrade() -> None:
    with op.batch_alter_table("pinned_copies") as table:
        table.add_column(sa.Column("quote_page", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_pinned_copies_quote_page"), "quote_page >= 1")
        table.drop_constraint(op.f(QUOTE), type_="check")
        table.create_check_constraint(
            op.f(QUOTE), "quote IN ('found', 'changed', 'missing', 'unread')"
        )


def downgrade() -> None:
    op.execute("UPDATE pinned_copies SET quote = NULL WHERE quote = 'unread'")
    with op.batch_alter_table("pinned_copies") as table:
        table.drop_constraint(op.f(QUOTE), type_="check")
        table.create_check_constraint(op.f(QUOTE), "quote IN ('found', 'changed', 'missing')")
        table.drop_constraint(op.f("ck_pinned_copies_quote_page"), type_="check")
        table.drop_column("quote_page")
