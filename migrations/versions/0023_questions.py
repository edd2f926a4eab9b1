"""Telling editors of questions about a claim under review."""

from __future__ import annotations

from alembic import op

revision = "0023_questions"
down_revision = "0022_registrations"
branch_labels = None
depends_on = None

KINDS = (
    "kind IN ('decided', 'reopened', 'wording-changed', 'merged', 'seat-ending',"
    " 'published', 'disputed', 'to-summarise', 'letter', 'mention', 'answer', 'to-sign'"
)


def upgrade() -> None:
    _constrain(f"{KINDS}, 'question')")


def downgrade() -> None:
    op.execute(
        "UPDATE people SET unread_notices = unread_notices - (SELECT COUNT(*) FROM notices"
        " WHERE person_id = people.id AND read_at IS NULL AND kind = 'question')"
    )
    op.execute("DELETE FROM notices WHERE kind = 'question'")
    op.execute("DELETE FROM notice_choices WHERE kind = 'question'")
    _constrain(f"{KINDS})")


def _constrain(kinds: str) -> None:
    with op.batch_alter_table("notices") as notices:
        notices.drop_constraint(op.f("ck_notices_kind"), type_="check")
        notices.create_check_constraint(op.f("ck_notices_kind"), kinds)
