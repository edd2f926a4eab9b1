"""Long runs, and earlier checks that others published with the index of their words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0043_earlier_checks"
down_revision = "0042_canonical_addresses"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
SETTLED = sa.text("staged_by_id IS NULL")
STAGED = sa.text("staged_by_id IS NOT NULL")


def upgrade() -> None:
    _add_runs()
    op.create_table(
        "earlier_checks",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("publisher", sa.String(length=200), nullable=False),
        sa.Column("rating", sa.String(length=200), nullable=False),
        sa.Column("published", sa.String(length=10), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by_id", BIG_KEY, nullable=True),
        sa.Column("staged_by_id", BIG_KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["people.id"], name=op.f("fk_earlier_checks_added_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["staged_by_id"], ["runs.id"], name=op.f("fk_earlier_checks_staged_by_id_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_checks")),
        sa.UniqueConstraint("public_id", name=op.f("uq_earlier_checks_public_id")),
    )
    op.create_index("uq_earlier_checks_key", "earlier_checks", ["key"], unique=True,
                    sqlite_where=SETTLED, postgresql_where=SETTLED)  # fmt: skip
    op.create_index("uq_earlier_checks_staged", "earlier_checks", ["staged_by_id", "key"],
                    unique=True, sqlite_where=STAGED, postgresql_where=STAGED)  # fmt: skip
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE check_words USING fts5"
            "(text, title, tokenize = 'porter unicode61 remove_diacritics 2')"
        )
        return
    op.execute(
        "CREATE TABLE check_words (rowid bigint PRIMARY KEY REFERENCES earlier_checks (id)"
        " ON DELETE CASCADE, words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_check_words_words ON check_words USING gin (words)")


def _add_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("person_id", BIG_KEY, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("failure", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("stop_asked_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'stopped')",
            name=op.f("ck_runs_state"),
        ),
        sa.CheckConstraint(
            "(state IN ('waiting', 'running')) = (ended_at IS NULL)", name=op.f("ck_runs_ended")
        ),
        sa.CheckConstraint("done >= 0 AND total >= 0", name=op.f("ck_runs_progress")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_runs_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("public_id", name=op.f("uq_runs_public_id")),
    )
    op.create_table(
        "run_troubles",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("run_id", BIG_KEY, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("values", JSON, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_troubles_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_troubles")),
    )
    op.create_index("ix_run_troubles_run_id", "run_troubles", ["run_id", "id"])


def downgrade() -> None:
    op.execute("DROP TABLE check_words")
    op.drop_index("uq_earlier_checks_staged", table_name="earlier_checks")
    op.drop_index("uq_earlier_checks_key", table_name="earlier_checks")
    op.drop_table("earlier_checks")
    op.drop_index("ix_run_troubles_run_id", table_name="run_troubles")
    op.drop_table("run_troubles")
    op.drop_table("runs")
