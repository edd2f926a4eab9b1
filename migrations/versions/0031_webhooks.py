"""Endpoints that are told of what happens, what each was told, and the notice that one failed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031_webhooks"
down_revision = "0030_last_worked_on"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
KINDS = (
    "kind IN ('decided', 'reopened', 'wording-changed', 'merged', 'seat-ending',"
    " 'published', 'disputed', 'to-summarise', 'letter', 'mention', 'answer', 'to-sign',"
    " 'question'"
)


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("told", JSON, nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("disabled_at", MOMENT, nullable=True),
        sa.Column("disabled_because", sa.String(length=10), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("rests_until", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(disabled_at IS NULL) = (disabled_because IS NULL)",
            name=op.f("ck_webhooks_disabled_why"),
        ),
        sa.CheckConstraint(
            "disabled_because IN ('by-hand', 'failing')", name=op.f("ck_webhooks_disabled_because")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("public_id", name=op.f("uq_webhooks_public_id")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("webhook_id", BIG_KEY, nullable=False),
        sa.Column("event_id", BIG_KEY, nullable=False),
        sa.Column("told", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("trouble", sa.String(length=12), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'given-up')",
            name=op.f("ck_webhook_deliveries_state"),
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (next_at IS NOT NULL)",
            name=op.f("ck_webhook_deliveries_next_at"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_webhook_deliveries_event_id_events")
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id_webhooks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("public_id", name=op.f("uq_webhook_deliveries_public_id")),
        sa.UniqueConstraint(
            "webhook_id",
            "event_id",
            "told",
            "subject",
            name=op.f("uq_webhook_deliveries_webhook_id_event_id_told_subject"),
        ),
    )
    op.create_index("ix_webhook_deliveries_webhook_id", "webhook_deliveries", ["webhook_id", "id"])
    op.create_index("ix_webhook_deliveries_event_id", "webhook_deliveries", ["event_id"])
    op.create_index("ix_webhook_deliveries_made_at", "webhook_deliveries", ["made_at"])
    _constrain(f"{KINDS}, 'webhook-disabled')")


def downgrade() -> None:
    op.execute(
        "UPDATE people SET unread_notices = unread_notices - (SELECT COUNT(*) FROM notices"
        " WHERE person_id = people.id AND read_at IS NULL AND kind = 'webhook-disabled')"
    )
    op.execute("DELETE FROM notices WHERE kind = 'webhook-disabled'")
    op.execute("DELETE FROM notice_choices WHERE kind = 'webhook-disabled'")
    _constrain(f"{KINDS})")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")


def _constrain(kinds: str) -> None:
    with op.batch_alter_table("notices") as notices:
        notices.drop_constraint(op.f("ck_notices_kind"), type_="check")
        notices.create_check_constraint(op.f("ck_notices_kind"), kinds)
