"""Finding what somebody worked on last without reading all that they ever reviewed."""

from __future__ import annotations

from alembic import op

revision = "0030_last_worked_on"
down_revision = "0029_talk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_reviews_person_id_edited_at", "reviews", ["person_id", "edited_at"])
    op.drop_index("ix_reviews_person_id", table_name="reviews")


def downgrade() -> None:
    op.create_index("ix_reviews_person_id", "reviews", ["person_id"])
    op.drop_index("ix_reviews_person_id_edited_at", table_name="reviews")
