"""Panels drawn by lot, and the lots of those who can be drawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_panels"
down_revision = "0015_notices"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "panels",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", BIG_KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("list_sha256", sa.String(length=64), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=True),
        sa.Column("seed_sha256", sa.String(length=64), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "number >= 1 AND step >= 1 AND seats >= 1", name=op.f("ck_panels_counts")
        ),
        sa.CheckConstraint(
            "(seed IS NULL) = (drawn_at IS NULL) AND (seed IS NULL) = (seed_sha256 IS NULL)",
            name=op.f("ck_panels_seed_when_drawn"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_panels_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels")),
        sa.UniqueConstraint("public_id", name=op.f("uq_panels_public_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_panels_round_id_number")),
    )
    op.create_table(
        "lots",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("panel_id", BIG_KEY, nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=False),
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_as", sa.String(length=10), nullable=True),
        sa.CheckConstraint("place >= 1", name=op.f("ck_lots_place")),
        sa.CheckConstraint(
            "ended_as IN ('refused', 'lapsed', 'unable', 'withdrawn')",
            name=op.f("ck_lots_ended_as"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_as IS NULL)", name=op.f("ck_lots_ended_with_reason")
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_lots_panel_id_panels")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_lots_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("panel_id", "person_id", name=op.f("uq_lots_panel_id_person_id")),
        sa.UniqueConstraint("panel_id", "pseudonym", name=op.f("uq_lots_panel_id_pseudonym")),
        sa.UniqueConstraint("panel_id", "place", name=op.f("uq_lots_panel_id_place")),
    )
    op.create_index(op.f("ix_lots_person_id"), "lots", ["person_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_lots_person_id"), table_name="lots")
    op.drop_table("lots")
    op.drop_table("panels")
