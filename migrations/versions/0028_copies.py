"""On which page of a PDF quoted words stand; copies without words; copies that editors give."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028_copies"
down_revision = "0027_site_look"
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
    op.add_column(
        "given_copies",
        sa.Column("as_editor", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("given_copies") as table:
        table.alter_column("as_editor", server_default=None)


def downgrade() -> None:
    op.drop_column("given_copies", "as_editor")
    op.execute("UPDATE pinned_copies SET quote = NULL WHERE quote = 'unread'")
    with op.batch_alter_table("pinned_copies") as table:
        table.drop_constraint(op.f(QUOTE), type_="check")
        table.create_check_constraint(op.f(QUOTE), "quote IN ('found', 'changed', 'missing')")
        table.drop_constraint(op.f("ck_pinned_copies_quote_page"), type_="check")
        table.drop_column("quote_page")
