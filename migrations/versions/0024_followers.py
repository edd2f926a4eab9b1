"""Readers who follow corrections by mail, and of which editions they were mailed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024_followers"
down_revision = "0023_questions"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "followers",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("named", sa.String(length=64), nullable=False),
        sa.Column("sealed_address", sa.Text(), nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_followers_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followers")),
        sa.UniqueConstraint("public_id", name=op.f("uq_followers_public_id")),
        sa.UniqueConstraint("named", "article_id", name=op.f("uq_followers_named_article_id")),
    )
    op.create_index(
        "uq_followers_named_of_all", "followers", ["named"], unique=True,
        sqlite_where=sa.text("article_id IS NULL"),
        postgresql_where=sa.text("article_id IS NULL"),
    )  # fmt: skip
    op.create_index(op.f("ix_followers_article_id"), "followers", ["article_id", "id"])
    op.create_index(
        "ix_followers_unconfirmed", "followers", ["asked_at"],
        sqlite_where=sa.text("confirmed_at IS NULL"),
        postgresql_where=sa.text("confirmed_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "follower_mails",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("follower_id", BIG_KEY, nullable=False),
        sa.Column("edition_id", BIG_KEY, nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "about IN ('correction', 'withdrawal')", name=op.f("ck_follower_mails_about")
        ),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["followers.id"], name=op.f("fk_follower_mails_follower_id_followers")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_follower_mails_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follower_mails")),
        sa.UniqueConstraint(
            "follower_id", "edition_id", "about",
            name=op.f("uq_follower_mails_follower_id_edition_id_about"),
        ),
    )  # fmt: skip
    op.create_index("ix_follower_mails_edition_id", "follower_mails", ["edition_id"])
    op.create_table(
        "follow_asks",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("counted_as", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_asks")),
    )
    op.create_index(op.f("ix_follow_asks_counted_as"), "follow_asks", ["counted_as", "at"])
    op.create_index(op.f("ix_follow_asks_at"), "follow_asks", ["at"])


def downgrade() -> None:
    op.drop_table("follow_asks")
    op.drop_table("follower_mails")
    op.drop_table("followers")
