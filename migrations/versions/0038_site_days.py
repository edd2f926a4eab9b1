"""Days where the site is, claims of withdrawn articles out of the totals, deadlines that are due.

Besides, what readers are told of each claim.

The days of claims are their UTC days so far, as they were counted; `factcheck db recount` reckons
them anew in the site's zone.
"""

from __future__ import annotations

import json

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
TOLD = """UPDATE claims SET told = (SELECT ec.rating FROM edition_claims ec
    WHERE ec.claim_id = claims.id AND ec.edition_id IN
      (SELECT max(id) FROM editions WHERE withdrawn_at IS NULL GROUP BY article_id))"""
CLAIMS_WITHDRAWN = """SELECT article_id, claims_withdrawn FROM editions WHERE id IN
    (SELECT max(id) FROM editions WHERE withdrawn_at IS NULL GROUP BY article_id)"""
NOT_TOLD = "UPDATE claims SET told = NULL WHERE article_id = :article AND public_id IN :ids"
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
    op.execute(TOLD)
    withdrawn = connection.execute(sa.text(CLAIMS_WITHDRAWN)).all()
    gone = sa.text(NOT_TOLD).bindparams(sa.bindparam("ids", expanding=True))
    for article_id, claims in withdrawn:
        if ids := list(json.loads(claims) if isinstance(claims, str) else claims):
            connection.execute(gone, {"article": article_id, "ids": ids})
    for name, columns in TOLD_LISTS.items():
        op.create_index(name, "claims", columns, sqlite_where=IS_TOLD, postgresql_where=IS_TOLD)
    op.create_index(
        "ix_claims_to_correct", "claims", ["id"],
        sqlite_where=sa.text("to_correct = 1"), postgresql_where=sa.text("to_correct"),
    )  # fmt: skip


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
        claims.drop_column("to_correct")
        claims.drop_column("article_withdrawn")
        claims.drop_column("since_on")
    for name, columns in LISTS.items():
        op.create_index(name, "claims", columns)


def _make_totals(which: str, also: str) -> None:
    for statement in TOTALS:
        op.execute(statement.format(shards=_shards(), which=which, also=also))
