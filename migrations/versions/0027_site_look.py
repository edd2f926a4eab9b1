"""How the public site looks; what claimants reply; and which reviewers may be named."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027_site_look"
down_revision = "0026_purges"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "site_look",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("theme", JSON, nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_width", sa.Integer(), nullable=True),
        sa.Column("logo_height", sa.Integer(), nullable=True),
        sa.Column("logo_has_name", sa.Boolean(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", BIG_KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_site_look_only")),
        sa.CheckConstraint(
            "(logo IS NULL) = (logo_width IS NULL) AND (logo IS NULL) = (logo_height IS NULL)",
            name=op.f("ck_site_look_logo_size"),
        ),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["people.id"], name=op.f("fk_site_look_edited_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_look")),
    )
    op.add_column(
        "people", sa.Column("shows_name", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("claims", sa.Column("reply_asked_on", sa.Date(), nullable=True))
    op.add_column("claims", sa.Column("reply", sa.Text(), nullable=True))
    op.add_column("claims", sa.Column("reply_by", sa.String(length=200), nullable=True))
    op.add_column("claims", sa.Column("replied_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_claims_same_as_id", "claims", ["same_as_id"],
        sqlite_where=sa.text("same_as_id IS NOT NULL"),
        postgresql_where=sa.text("same_as_id IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_claims_same_as_id", table_name="claims")
    for column in ("replied_on", "reply_by", "reply", "reply_asked_on"):
        op.drop_column("claims", column)
    op.drop_column("people", "shows_name")
    op.drop_table("site_look")
