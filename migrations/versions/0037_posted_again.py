"""An index that recognises a text that is posted again."""

from __future__ import annotations

from alembic import op

revision = "0037_posted_again"
down_revision = "0036_pages_language"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_revisions_text_sha256", "revisions", ["text_sha256"])


def downgrade() -> None:
    op.drop_index("ix_revisions_text_sha256", "revisions")
