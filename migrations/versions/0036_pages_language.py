"""The language that somebody wants pages and mails in, and the one the public site is made in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036_pages_language"
down_revision = "0035_deadlines"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("language", sa.String(length=35), nullable=True))
    op.add_column(
        "site_look",
        sa.Column("language", sa.String(length=35), nullable=False, server_default="en"),
    )


def downgrade() -> None:
    op.drop_column("site_look", "language")
    op.drop_column("people", "language")
