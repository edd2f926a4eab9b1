"""Finding what was merged into a claim, and telling who was at work on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_merged_away"
down_revision = "0018_pooled_sources"
branch_labels = None
depends_on = None

BEFORE = (
    "kind IN ('decided', 'reopened', 'wording-changed', 'seat-ending', 'published',"
    " 'disputed', 'to-summarise', 'letter')"
)
AFTER = (
    "kind IN ('decided', 'reopened', 'wording-changed', 'merged', 'seat-ending',"
    " 'published', 'disputed', 'to-summarise', 'letter')"
)
MERGED = sa.text("merged_into_id IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_claims_merged_into_id", "claims", ["merged_into_id"],
                    sqlite_where=MERGED, postgresql_where=MERGED)  # fmt: skip
    _constrain(AFTER)


def downgrade() -> None:
    op.execute(
        "UPDATE people SET unread_notices = unread_notices - (SELECT COUNT(*) FROM notices"
        " WHERE person_id = people.id AND read_at IS NULL AND kind = 'merged')"
    )
    op.execute("DELETE FROM notices WHERE kind = 'merged'")
    op.execute("DELETE FROM notice_choices WHERE kind = 'merged'")
    _constrain(BEFORE)
    op.drop_index("ix_claims_merged_into_id", table_name="claims")


def _constrain(kinds: str) -> None:
    with op.batch_alter_table("notices") as notices:
        notices.drop_constraint(op.f("ck_notices_kind"), type_="check")
        notices.create_check_constraint(op.f("ck_notices_kind"), kinds)
