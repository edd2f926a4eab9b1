"""Messages of editors and their notices, whose seats are leased now, mails of one claim's end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041_messages"
down_revision = "0040_words"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_LEASED = sa.text("expires_at IS NOT NULL")
ONCE = "uq_follower_mails_follower_id_edition_id_about"
KINDS = (
    "kind IN ('decided', 'reopened', 'wording-changed', 'merged', 'seat-ending',"
    " 'published', 'disputed', 'to-summarise', 'letter', 'mention', 'answer', 'to-sign',"
    " 'question', 'webhook-disabled', 'late', 'stuck'"
)


def upgrade() -> None:
    op.create_table(
        "messages",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("sender_id", BIG_KEY, nullable=False),
        sa.Column("recipient_id", BIG_KEY, nullable=False),
        sa.Column("claim_id", BIG_KEY, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["people.id"], name=op.f("fk_messages_sender_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["people.id"], name=op.f("fk_messages_recipient_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_messages_claim_id_claims")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("public_id", name=op.f("uq_messages_public_id")),
    )
    op.create_index("ix_messages_sender_id", "messages", ["sender_id", "at"])
    op.create_index("ix_messages_to", "messages", ["sender_id", "recipient_id", "at"])
    op.create_index("ix_seats_leased", "seats", ["person_id", "expires_at"],
                    sqlite_where=IS_LEASED, postgresql_where=IS_LEASED)  # fmt: skip
    _constrain(f"{KINDS}, 'message')")
    with op.batch_alter_table("follower_mails") as mails:
        mails.add_column(
            sa.Column("claim", sa.String(length=16), nullable=False, server_default="")
        )
        mails.drop_constraint(op.f("ck_follower_mails_about"), type_="check")
        mails.drop_constraint(op.f(ONCE), type_="unique")
        mails.create_check_constraint(
            op.f("ck_follower_mails_about"), "about IN ('correction', 'withdrawal', 'claim')"
        )
        mails.create_check_constraint(
            op.f("ck_follower_mails_claim"), "(about = 'claim') = (claim <> '')"
        )
        mails.create_unique_constraint(
            op.f(f"{ONCE}_claim"), ["follower_id", "edition_id", "about", "claim"]
        )


def downgrade() -> None:
    op.execute("DELETE FROM follower_mails WHERE about = 'claim'")
    with op.batch_alter_table("follower_mails") as mails:
        mails.drop_constraint(op.f("ck_follower_mails_claim"), type_="check")
        mails.drop_constraint(op.f("ck_follower_mails_about"), type_="check")
        mails.drop_constraint(op.f(f"{ONCE}_claim"), type_="unique")
        mails.create_check_constraint(
            op.f("ck_follower_mails_about"), "about IN ('correction', 'withdrawal')"
        )
        mails.create_unique_constraint(op.f(ONCE), ["follower_id", "edition_id", "about"])
        mails.drop_column("claim")
    op.execute(
        "UPDATE people SET unread_notices = unread_notices - (SELECT COUNT(*) FROM notices WHERE"
        " person_id = people.id AND read_at IS NULL AND kind = 'message')"
    )
    op.execute("DELETE FROM notices WHERE kind = 'message'")
    op.execute("DELETE FROM notice_choices WHERE kind = 'message'")
    _constrain(f"{KINDS})")
    op.drop_index("ix_seats_leased", table_name="seats")
    op.drop_table("messages")


def _constrain(kinds: str) -> None:
    with op.batch_alter_table("notices") as notices:
        notices.drop_constraint(op.f("ck_notices_kind"), type_="check")
        notices.create_check_constraint(op.f("ck_notices_kind"), kinds)
