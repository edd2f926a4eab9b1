"""How an admin wants the public site to look: name, colours, type, logo."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027_site_look"
down_revision = "0024_followers"
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


def downgrade() -> None:
    op.drop_table("site_look")
