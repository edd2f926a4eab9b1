"""By which verdict readers are told of each claim, and which of them are to be corrected."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0045_told_verdicts"
down_revision = "0044_run_outcome"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SAID_BY = """UPDATE edition_claims SET decision_id = (SELECT max(d.id) FROM decisions d
    WHERE d.claim_id = edition_claims.claim_id AND d.rating = edition_claims.rating
      AND d.in_force AND d.kind <> 'agreement' AND d.decided_at <=
        (SELECT published_at FROM editions WHERE editions.id = edition_claims.edition_id))"""
TOLD = """UPDATE claims SET told_decision_id = (SELECT ec.decision_id FROM edition_claims ec
    WHERE ec.claim_id = claims.id AND ec.edition_id IN
      (SELECT max(id) FROM editions WHERE withdrawn_at IS NULL GROUP BY article_id))
    WHERE told IS NOT NULL"""
DECIDED_ANEW = """SELECT claims.id, claims.told_decision_id, max(d.id) FROM claims
    JOIN decisions d ON d.claim_id = claims.id AND d.in_force
    WHERE claims.told_decision_id IS NOT NULL AND claims.state = 'ready'
    GROUP BY claims.id, claims.told_decision_id HAVING max(d.id) <> claims.told_decision_id"""
VERDICT = """SELECT rating, summary, reasons, as_of, since_then FROM decisions WHERE id = :id"""
SOURCES = """SELECT source_id, stance, title, quote, archive_url FROM decision_sources
    WHERE decision_id = :id ORDER BY position"""
TO_CORRECT = "UPDATE claims SET to_correct = :yes WHERE id = :id"
FOREIGN_KEY = "fk_edition_claims_decision_id_decisions"


def upgrade() -> None:
    with op.batch_alter_table("edition_claims") as said:
        said.add_column(sa.Column("decision_id", BIG_KEY, nullable=True))
        said.create_foreign_key(op.f(FOREIGN_KEY), "decisions", ["decision_id"], ["id"])
    op.add_column("claims", sa.Column("told_decision_id", BIG_KEY, nullable=True))
    op.execute(SAID_BY)
    op.execute(TOLD)
    connection = op.get_bind()
    connection.execute(
        sa.text("UPDATE claims SET to_correct = :no WHERE to_correct"), {"no": False}
    )
    for claim_id, told, newest in connection.execute(sa.text(DECIDED_ANEW)).all():
        if _said(told) != _said(newest):
            connection.execute(sa.text(TO_CORRECT), {"yes": True, "id": claim_id})


def _said(decision_id: int) -> list[sa.Row[Any]]:
    """Return what readers are told by a decision."""
    parts = (sa.text(one) for one in (VERDICT, SOURCES))
    return [row for one in parts for row in op.get_bind().execute(one, {"id": decision_id})]


def downgrade() -> None:
    op.drop_column("claims", "told_decision_id")
    with op.batch_alter_table("edition_claims") as said:
        said.drop_constraint(op.f(FOREIGN_KEY), type_="foreignkey")
        said.drop_column("decision_id")
