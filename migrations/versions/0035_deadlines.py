"""Deadlines, figures by day for pictures over time, and telling editors of what is late or stuck."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035_deadlines"
down_revision = "0034_desk_lists"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HAS_DEADLINE = sa.text("deadline IS NOT NULL")
OVERALL = sa.text("article_id IS NULL")
KINDS = (
    "kind IN ('decided', 'reopened', 'wording-changed', 'merged', 'seat-ending',"
    " 'published', 'disputed', 'to-summarise', 'letter', 'mention', 'answer', 'to-sign',"
    " 'question', 'webhook-disabled'"
)
STATES = "('proposed', 'accepted', 'decided', 'ready', 'disputed', 'dismissed')"

# From the audit log and the editions; a claim that the engine proposed has no event of its own.
FILL = (
    """INSERT INTO article_days (article_id, what, day, took, came, went)
       SELECT article_id, what, day, 0, SUM(came), SUM(went) FROM (
         SELECT c.article_id, e.to_state AS what, {day_of_event} AS day, 1 AS came, 0 AS went
           FROM events e JOIN claims c ON c.public_id = e.subject_id
           WHERE e.subject = 'claim' AND e.to_state IN {states}
             AND e.to_state <> COALESCE(e.from_state, '')
         UNION ALL
         SELECT c.article_id, e.from_state, {day_of_event}, 0, 1
           FROM events e JOIN claims c ON c.public_id = e.subject_id
           WHERE e.subject = 'claim' AND e.from_state IN {states}
             AND e.from_state <> COALESCE(e.to_state, '')
         UNION ALL
         SELECT c.article_id, 'proposed', {day_of_claim}, 1, 0 FROM claims c
           WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.subject = 'claim'
             AND e.subject_id = c.public_id AND e.kind = 'claim.proposed')
       ) AS moved GROUP BY article_id, what, day""",
    """INSERT INTO article_days (article_id, what, day, took, came, went)
       SELECT article_id, 'verdict', day,
           CASE WHEN days < 0 THEN 0 WHEN days <= 28 THEN days WHEN days >= 364 THEN 364
             ELSE days / 7 * 7 END AS took, COUNT(*), 0
         FROM (SELECT c.article_id, {week} AS day, {days} AS days
           FROM (SELECT subject_id, MIN(at) AS at FROM events
             WHERE subject = 'claim' AND to_state = 'ready' GROUP BY subject_id) AS e
           JOIN claims c ON c.public_id = e.subject_id) AS first GROUP BY article_id, day, took""",
    """INSERT INTO article_days (article_id, what, day, took, came, went)
       SELECT article_id, 'published', day, 0, COUNT(*), 0
         FROM (SELECT c.article_id, e.claim_id, {day_of_event} AS day
           FROM (SELECT claim_id, MIN(published_at) AS at FROM edition_claims
             JOIN editions ON editions.id = edition_id GROUP BY claim_id) AS e
           JOIN claims c ON c.id = e.claim_id) AS first GROUP BY article_id, day""",
    """INSERT INTO day_totals (what, day, took, shard, came, went)
       SELECT what, day, took, article_id % {shards} AS shard, SUM(came), SUM(went)
         FROM article_days GROUP BY what, day, took, shard""",
    """INSERT INTO agreement_weeks (article_id, measure, week, alpha, low, high, claims)
       SELECT article_id, measure, {week}, alpha, low, high, claims FROM agreement_figures e""",
)
SQLITE = {
    "day_of_event": "date(e.at)", "day_of_claim": "date(c.created_at)",
    "week": "date(e.at, '-6 days', 'weekday 1')",
    "days": "CAST(julianday(e.at) - julianday(c.created_at) AS INTEGER)", "shards": 1,
}  # fmt: skip
POSTGRESQL = {
    "day_of_event": "CAST(e.at AT TIME ZONE 'UTC' AS date)",
    "day_of_claim": "CAST(c.created_at AT TIME ZONE 'UTC' AS date)",
    "week": "CAST(date_trunc('week', e.at AT TIME ZONE 'UTC') AS date)",
    "days": "CAST(floor(extract(epoch FROM e.at - c.created_at) / 86400) AS integer)", "shards": 8,
}  # fmt: skip


def upgrade() -> None:
    op.add_column("articles", sa.Column("deadline", sa.Date(), nullable=True))
    op.add_column("articles", sa.Column("late_told", sa.Date(), nullable=True))
    op.create_index("ix_articles_deadline", "articles", ["deadline", "id"],
                    sqlite_where=HAS_DEADLINE, postgresql_where=HAS_DEADLINE)  # fmt: skip
    op.add_column(
        "notice_cursor", sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True)
    )
    _add_days()
    _add_weeks()
    words = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in FILL:
        op.execute(statement.format(states=STATES, **words))
    _constrain(f"{KINDS}, 'late', 'stuck')")


def _add_days() -> None:
    op.create_table(
        "article_days",
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("took", sa.Integer(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("went", sa.Integer(), nullable=False),
        sa.CheckConstraint("came >= 0 AND went >= 0", name=op.f("ck_article_days_counts")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_days_article_id_articles")
        ),
        sa.PrimaryKeyConstraint(
            "article_id", "what", "day", "took", name=op.f("pk_article_days")
        ),
    )  # fmt: skip
    op.create_table(
        "day_totals",
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("took", sa.Integer(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("went", sa.Integer(), nullable=False),
        sa.CheckConstraint("came >= 0 AND went >= 0", name=op.f("ck_day_totals_counts")),
        sa.PrimaryKeyConstraint("what", "day", "took", "shard", name=op.f("pk_day_totals")),
    )


def _add_weeks() -> None:
    op.create_table(
        "agreement_weeks",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=True),
        sa.Column("measure", sa.String(length=10), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("alpha", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "measure IN ('ordinal', 'nominal')", name=op.f("ck_agreement_weeks_measure")
        ),
        sa.CheckConstraint("claims >= 0", name=op.f("ck_agreement_weeks_claims")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_agreement_weeks_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_weeks")),
        sa.UniqueConstraint(
            "article_id", "measure", "week", name=op.f("uq_agreement_weeks_article_id_measure_week")
        ),
    )
    op.create_index("uq_agreement_weeks_overall", "agreement_weeks", ["measure", "week"],
                    unique=True, sqlite_where=OVERALL, postgresql_where=OVERALL)  # fmt: skip


def downgrade() -> None:
    op.execute(
        "UPDATE people SET unread_notices = unread_notices - (SELECT COUNT(*) FROM notices WHERE"
        " person_id = people.id AND read_at IS NULL AND kind IN ('late', 'stuck'))"
    )
    op.execute("DELETE FROM notices WHERE kind IN ('late', 'stuck')")
    op.execute("DELETE FROM notice_choices WHERE kind IN ('late', 'stuck')")
    _constrain(f"{KINDS})")
    op.drop_index("uq_agreement_weeks_overall", table_name="agreement_weeks")
    op.drop_table("agreement_weeks")
    op.drop_table("day_totals")
    op.drop_table("article_days")
    op.drop_column("notice_cursor", "overdue_at")
    op.drop_index("ix_articles_deadline", table_name="articles")
    op.drop_column("articles", "late_told")
    op.drop_column("articles", "deadline")


def _constrain(kinds: str) -> None:
    with op.batch_alter_table("notices") as notices:
        notices.drop_constraint(op.f("ck_notices_kind"), type_="check")
        notices.create_check_constraint(op.f("ck_notices_kind"), kinds)
