"""Notices, how people want to be told, and how far the audit log was read: from now on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015_notices"
down_revision = "0014_second_factor"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
LEASED = sa.text("expires_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("event_id", BIG_KEY, nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("daily_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('decided', 'reopened', 'wording-changed', 'seat-ending', 'published',"
            " 'disputed', 'to-summarise', 'letter')",
            name=op.f("ck_notices_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_notices_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_notices_event_id_events")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "person_id", "kind", "subject", "event_id",
            name=op.f("uq_notices_person_id_kind_subject_event_id"),
        ),
    )  # fmt: skip
    op.create_index("ix_notices_person_id", "notices", ["person_id", "id"])
    op.create_index("ix_notices_event_id", "notices", ["event_id"])
    op.create_table(
        "notice_choices",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "way IN ('here', 'at-once', 'daily', 'off')", name=op.f("ck_notice_choices_way")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_notice_choices_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_choices")),
        sa.UniqueConstraint("person_id", "kind", name=op.f("uq_notice_choices_person_id_kind")),
    )
    op.create_table(
        "daily_mails",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_daily_mails_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_mails")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_daily_mails_person_id_day")),
    )
    op.create_table(
        "notice_cursor",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("position", BIG_KEY, nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_notice_cursor_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_cursor")),
    )
    op.execute(
        "INSERT INTO notice_cursor (id, position) SELECT 1, COALESCE(MAX(id), 0) FROM events"
    )
    op.add_column(
        "people", sa.Column("unread_notices", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_index(
        "ix_seats_expires_at", "seats", ["expires_at"],
        sqlite_where=LEASED, postgresql_where=LEASED,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_seats_expires_at", table_name="seats")
    op.drop_column("people", "unread_notices")
    op.drop_table("notice_cursor")
    op.drop_table("daily_mails")
    op.drop_table("notice_choices")
    op.drop_index("ix_notices_event_id", table_name="notices")
    op.drop_index("ix_notices_person_id", table_name="notices")
    op.drop_table("notices")
