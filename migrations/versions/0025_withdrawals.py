"""Who withdrew an edition, claims withdrawn from it, words purged; mends by authors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025_withdrawals"
down_revision = "0024_followers"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
PLACE = "(mended_on IS NULL) = (mend_place IS NULL)"


def upgrade() -> None:
    with op.batch_alter_table("editions") as editions:
        editions.add_column(sa.Column("withdrawn_by_id", BIG_KEY, nullable=True))
        editions.add_column(
            sa.Column("claims_withdrawn", JSON, nullable=False, server_default="{}")
        )
        editions.add_column(sa.Column("purged", JSON, nullable=False, server_default="[]"))
        editions.create_foreign_key(
            op.f("fk_editions_withdrawn_by_id_people"), "people", ["withdrawn_by_id"], ["id"]
        )
    with op.batch_alter_table("editions") as editions:  # the default was for the rows there were
        editions.alter_column("claims_withdrawn", server_default=None)
        editions.alter_column("purged", server_default=None)
    with op.batch_alter_table("edition_claims") as claims:
        claims.add_column(sa.Column("mended_on", sa.Date(), nullable=True))
        claims.add_column(sa.Column("mend_place", sa.Integer(), nullable=True))
        claims.create_unique_constraint(op.f("uq_edition_claims_mend_place"), ["mend_place"])
        claims.create_check_constraint(op.f("ck_edition_claims_mend"), PLACE)
    _letters("kind IN ('request', 'appeal', 'mend')")


def downgrade() -> None:
    op.execute("DELETE FROM letters WHERE kind = 'mend'")
    _letters("kind IN ('request', 'appeal')")
    with op.batch_alter_table("edition_claims") as claims:
        claims.drop_constraint(op.f("ck_edition_claims_mend"), type_="check")
        claims.drop_constraint(op.f("uq_edition_claims_mend_place"), type_="unique")
        claims.drop_column("mend_place")
        claims.drop_column("mended_on")
    with op.batch_alter_table("editions") as editions:
        editions.drop_constraint(op.f("fk_editions_withdrawn_by_id_people"), type_="foreignkey")
        editions.drop_column("purged")
        editions.drop_column("claims_withdrawn")
        editions.drop_column("withdrawn_by_id")


def _letters(kinds: str) -> None:
    with op.batch_alter_table("letters") as letters:
        letters.drop_constraint(op.f("ck_letters_kind"), type_="check")
        letters.create_check_constraint(op.f("ck_letters_kind"), kinds)
