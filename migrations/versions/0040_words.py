"""The words that editors search: claims, checks (claims with a verdict), sources and rationales.

Made by hand, as in 0010, and filled when the service starts: see `decisions/words.py`.
"""

from __future__ import annotations

from alembic import op

revision = "0040_words"
down_revision = "0038_site_days"
branch_labels = None
depends_on = None

TABLES = {"claims": "claims", "checks": "claims", "sources": "sources", "rationales": "reviews"}


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for kind, owner in TABLES.items():
        name = f"search_words_{kind}"
        if is_sqlite:
            op.execute(
                f"CREATE VIRTUAL TABLE {name} USING fts5(title, body, content = '',"
                " contentless_delete = 1, tokenize = 'porter unicode61 remove_diacritics 2')"
            )
            continue
        op.execute(
            f"CREATE TABLE {name} (rowid bigint PRIMARY KEY REFERENCES {owner} (id)"
            " ON DELETE CASCADE, words tsvector NOT NULL)"
        )
        op.execute(f"CREATE INDEX ix_{name}_words ON {name} USING gin (words)")


def downgrade() -> None:
    for kind in TABLES:
        op.execute(f"DROP TABLE search_words_{kind}")
