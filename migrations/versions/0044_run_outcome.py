"""How a run is to end once all that it read is let in: from there on nothing stops it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044_run_outcome"
down_revision = "0043_earlier_checks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("outcome", sa.String(length=10), nullable=True))


def downgrade() -> None:
    op.drop_column("runs", "outcome")
