"""Days where the site is, claims of withdrawn articles out of the totals, deadlines that are due.

Besides, what readers are told of each claim, and by which verdict.

The days of claims are their UTC days so far, as they were counted; `factcheck db recount` reckons
them anew in the site's zone.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0038_site_days"
down_revision = "0037_posted_again"
branch_labels = None
depends_on = None

HAS_DEADLINE = sa.text("deadline IS NOT NULL")
DUE = sa.text("claims > 0 AND deadline IS NOT NULL")
STANDING = {
    "sqlite_where": sa.text("article_withdrawn = 0"),
    "postgresql_where": sa.text("NOT article_withdrawn"),
}
LISTS = {
    "ix_claims_state": ["state", "priority", "id"],
    "ix_claims_state_score": ["state", "score", "id"],
    "ix_claims_state_since": ["state", "state_since_at", "id"],
    "ix_claims_state_priority_since": ["state", "priority", "state_since_at", "id"],
}
TOLD_LISTS = {
    "ix_claims_told": ["priority", "id"],
    "ix_claims_told_score": ["score", "id"],
    "ix_claims_told_since": ["state_since_at", "id"],
}
IS_TOLD = sa.text("told IS NOT NULL")
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SAID_BY = """UPDATE edition_claims SET decision_id = (SELECT max(d.id) FROM decisions d
    WHERE d.claim_id = edition_claims.claim_id AND d.rating = edition_claims.rating
      AND d.in_force AND d.kind <> 'agreement' AND d.decided_at <=
        (SELECT published_at FROM editions WHERE editions.id = edition_claims.edition_id))"""
TOLD = """UPDATE claims SET {column} = (SELECT ec.{said} FROM edition_claims ec
    WHERE ec.claim_id = claims.id AND ec.edition_id IN
      (SELECT max(id) FROM editions WHERE withdrawn_at IS NULL GROUP BY article_id))"""
CLAIMS_WITHDRAWN = """SELECT article_id, claims_withdrawn FROM editions WHERE id IN
    (SELECT max(id) FROM editions WHERE withdrawn_at IS NULL GROUP BY article_id)"""
NOT_TOLD = """UPDATE claims SET told = NULL, told_decision_id = NULL
    WHERE article_id = :article AND public_id IN :ids"""
DECIDED_ANEW = """SELECT claims.id, claims.told_decision_id, max(d.id) FROM claims
    JOIN decisions d ON d.claim_id = claims.id AND d.in_force
    WHERE claims.told_decision_id IS NOT NULL AND claims.state = 'ready'
    GROUP BY claims.id, claims.told_decision_id HAVING max(d.id) <> claims.told_decision_id"""
VERDICT = """SELECT rating, summary, reasons, as_of, since_then FROM decisions WHERE id = :id"""
SOURCES = """SELECT source_id, stance, title, quote, archive_url FROM decision_sources
    WHERE decision_id = :id ORDER BY position"""
TO_CORRECT = "UPDATE claims SET to_correct = :yes WHERE id = :id"
DAYS = {
    "sqlite": "UPDATE claims SET since_on = date(state_since_at)",
    "postgresql": """UPDATE claims
      SET since_on = CAST(state_since_at AT TIME ZONE 'UTC' AS date)""",
}
ASIDE = """UPDATE claims SET article_withdrawn = {true}
  WHERE article_id IN (SELECT id FROM articles WHERE state = 'withdrawn')"""
FACETS = """UPDATE claim_facets SET state = 'withdrawn' WHERE claim_id IN
  (SELECT c.id FROM claims c JOIN articles a ON a.id = c.article_id WHERE a.state = 'withdrawn')"""
UNLISTED = """DELETE FROM article_waiting
  WHERE article_id IN (SELECT id FROM articles WHERE state = 'withdrawn')"""
LISTED = """INSERT INTO article_waiting (article_id, claims)
  SELECT article_id, sum(CASE WHEN state = 'accepted' THEN claims ELSE 0 END) FROM claim_counts
  WHERE article_id IN (SELECT id FROM articles WHERE state = 'withdrawn') GROUP BY article_id"""
TODAY = {"sqlite": "date('now')", "postgresql": "CAST(now() AT TIME ZONE 'UTC' AS date)"}
# Of articles that are withdrawn, as if they were today; back, as if they came back today.
DAY = """INSERT INTO day_totals (what, day, took, shard, came, went)
  SELECT 'accepted', {today}, 0, article_id % {shards}, {came}, {went} FROM claim_counts
  WHERE state = 'accepted' AND article_id IN (SELECT id FROM articles WHERE state = 'withdrawn')
  GROUP BY article_id % {shards} HAVING sum(claims) > 0
  ON CONFLICT (what, day, took, shard) DO UPDATE
  SET came = day_totals.came + excluded.came, went = day_totals.went + excluded.went"""
STANDS = "WHERE article_id NOT IN (SELECT id FROM articles WHERE state = 'withdrawn')"
TOTALS = (
    "DELETE FROM claim_state_totals",
    "DELETE FROM claim_waiting_totals",
    """INSERT INTO claim_state_totals (shard, state, claims)
       SELECT article_id % {shards}, state, sum(claims) FROM claim_counts {which} GROUP BY 1, 2""",
    """INSERT INTO claim_waiting_totals (shard, priority, day, claims)
       SELECT article_id % {shards}, priority, day, sum(claims) FROM claim_counts
       {which} {also} state = 'accepted' GROUP BY 1, 2, 3""",
)
PUBLISHED = """INSERT INTO claim_state_totals (shard, state, claims)
  SELECT article_id % {shards}, 'published', count(*) FROM claims WHERE told IS NOT NULL
  GROUP BY 1"""


def upgrade() -> None:
    _change_claims(op.get_bind().dialect.name)
    _note_told()
    _put_aside()
    op.add_column("article_waiting", sa.Column("deadline", sa.Date(), nullable=True))
    op.execute(
        "UPDATE article_waiting SET deadline ="
        " (SELECT deadline FROM articles WHERE id = article_waiting.article_id)"
    )
    op.create_index(
        "ix_article_waiting_deadline", "article_waiting", ["deadline", "article_id"],
        sqlite_where=DUE, postgresql_where=DUE,
    )  # fmt: skip
    op.drop_index("ix_articles_deadline", table_name="articles")
    op.create_index("ix_letters_state_kind", "letters", ["state", "kind", "id"])


def _change_claims(dialect: str) -> None:
    op.execute("UPDATE claims SET score = 0 WHERE score IS NULL")
    for name in LISTS:
        op.drop_index(name, table_name="claims")
    op.add_column("claims", sa.Column("since_on", sa.Date(), nullable=True))
    op.add_column(
        "claims",
        sa.Column("article_withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("claims", sa.Column("told", sa.String(40), nullable=True))
    op.add_column("claims", sa.Column("told_decision_id", BIG_KEY, nullable=True))
    op.add_column(
        "claims", sa.Column("to_correct", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(DAYS[dialect])
    op.execute(ASIDE.format(true="true" if dialect == "postgresql" else "1"))
    with op.batch_alter_table("claims") as claims:
        claims.alter_column("since_on", existing_type=sa.Date(), nullable=False)
        claims.alter_column("score", existing_type=sa.Double(), nullable=False)
        claims.alter_column("article_withdrawn", existing_type=sa.Boolean(), server_default=None)
        claims.alter_column("to_correct", existing_type=sa.Boolean(), server_default=None)
    for name, columns in LISTS.items():
        op.create_index(name, "claims", columns, **STANDING)


def _put_aside() -> None:
    """Take the claims of withdrawn articles out of all totals."""
    op.execute(FACETS)
    _make_totals(STANDS, "AND")
    _note_day(came="0", went="sum(claims)")
    op.execute(PUBLISHED.format(shards=_shards()))
    op.execute(UNLISTED)


def _shards() -> int:
    return 8 if op.get_bind().dialect.name == "postgresql" else 1


def _note_told() -> None:
    """Note what the newest edition of each article that stands tells readers of its claims."""
    connection = op.get_bind()
    with op.batch_alter_table("edition_claims") as said:
        said.add_column(sa.Column("decision_id", BIG_KEY, nullable=True))
        said.create_foreign_key(
            op.f("fk_edition_claims_decision_id_decisions"), "decisions", ["decision_id"], ["id"]
        )
    op.execute(SAID_BY)
    op.execute(TOLD.format(column="told", said="rating"))
    op.execute(TOLD.format(column="told_decision_id", said="decision_id"))
    withdrawn = connection.execute(sa.text(CLAIMS_WITHDRAWN)).all()
    gone = sa.text(NOT_TOLD).bindparams(sa.bindparam("ids", expanding=True))
    for article_id, claims in withdrawn:
        if ids := list(json.loads(claims) if isinstance(claims, str) else claims):
            connection.execute(gone, {"article": article_id, "ids": ids})
    for claim_id, told, newest in connection.execute(sa.text(DECIDED_ANEW)).all():
        if _said(told) != _said(newest):
            connection.execute(sa.text(TO_CORRECT), {"yes": True, "id": claim_id})
    for name, columns in TOLD_LISTS.items():
        op.create_index(name, "claims", columns, sqlite_where=IS_TOLD, postgresql_where=IS_TOLD)
    op.create_index(
        "ix_claims_to_correct", "claims", ["id"],
        sqlite_where=sa.text("to_correct = 1"), postgresql_where=sa.text("to_correct"),
    )  # fmt: skip


def _said(decision_id: int) -> list[sa.Row[Any]]:
    """Return what readers are told by a decision."""
    parts = (sa.text(one) for one in (VERDICT, SOURCES))
    return [row for one in parts for row in op.get_bind().execute(one, {"id": decision_id})]


def _note_day(*, came: str, went: str) -> None:
    today = TODAY[op.get_bind().dialect.name]
    op.execute(DAY.format(today=today, shards=_shards(), came=came, went=went))


def downgrade() -> None:
    op.drop_index("ix_letters_state_kind", table_name="letters")
    op.create_index("ix_articles_deadline", "articles", ["deadline", "id"],
                    sqlite_where=HAS_DEADLINE, postgresql_where=HAS_DEADLINE)  # fmt: skip
    op.drop_index("ix_article_waiting_deadline", table_name="article_waiting")
    op.drop_column("article_waiting", "deadline")
    op.execute(LISTED)
    _make_totals("", "WHERE")
    _note_day(came="sum(claims)", went="0")
    op.execute(
        "UPDATE claim_facets SET state = (SELECT state FROM claims WHERE id = claim_id)"
        " WHERE state = 'withdrawn'"
    )
    for name in (*LISTS, *TOLD_LISTS, "ix_claims_to_correct"):
        op.drop_index(name, table_name="claims")
    with op.batch_alter_table("claims") as claims:
        claims.alter_column("score", existing_type=sa.Double(), nullable=True)
        claims.drop_column("told")
        claims.drop_column("told_decision_id")
        claims.drop_column("to_correct")
        claims.drop_column("article_withdrawn")
        claims.drop_column("since_on")
    for name, columns in LISTS.items():
        op.create_index(name, "claims", columns)
    with op.batch_alter_table("edition_claims") as said:
        said.drop_constraint(op.f("fk_edition_claims_decision_id_decisions"), type_="foreignkey")
        said.drop_column("decision_id")


def _make_totals(which: str, also: str) -> None:
    for statement in TOTALS:
        op.execute(statement.format(shards=_shards(), which=which, also=also))
