"""What of each table goes along to another installation, and rows as JSON and back.

Every table is named here once, so that a new one cannot be forgotten: a test holds that. What is
made from other rows is left out and made anew; so is what says who is signed in, and, unless it is
asked for, every secret.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.db import Base, Moment
from factcheck.failures import Invalid

MADE_ANEW = frozenset({
    "article_waiting", "claim_counts", "claim_state_totals", "claim_waiting_totals",
    "search_entries",
})  # fmt: skip
OF_THE_MOMENT = frozenset({
    "admin_changes", "follow_asks", "kept_answers", "one_time_links", "registrations",
    "run_troubles", "runs", "sign_in_attempts", "sign_in_sessions",
})  # fmt: skip
SECRET = frozenset({
    "follower_mails", "followers", "recovery_codes", "second_factors", "tokens",
    "webhook_deliveries", "webhooks",
})  # fmt: skip
TAKEN = frozenset({
    "agreement_figures", "agreement_weeks", "article_addresses", "article_days", "article_links",
    "articles", "bulk_batches", "bulk_items", "citations", "claim_facets", "claims", "comments",
    "daily_mails", "day_totals", "decision_sources", "decisions", "earlier_checks",
    "earlier_texts", "edition_claims", "editions", "events", "given_copies", "gold_answers",
    "gold_rate", "letters",
    "log_leaves", "log_nodes", "lots", "messages", "notice_choices", "notice_cursor", "notices",
    "outbox_jobs", "own_policies", "panels", "past_hidings", "people", "pinned_copies",
    "pooled_sources", "practice_done", "purges", "reviews", "revisions", "rounds", "saved_lists",
    "seats", "site_look", "site_pages", "skips", "snapshots", "source_notes", "sources",
    "triage_steps",
})  # fmt: skip
SECRET_COLUMNS = {"people": ("password_hash",)}
JOBS = ("agreement", "agreement-overall", "archive", "bulk", "panels", "reworded")
"""Work that waits and goes along. The rest is asked for anew, or holds addresses and links."""
OF_SECRETS = ("follow-forget", "follower-mail", "follower-mails", "webhook-delivery")
"""Work on what goes along with secrets: what is undone of it nobody asks for again."""

A_PART = 500  # rows
_LARGEST = 2**63
Row = dict[str, Any]


def tables(*, with_secrets: bool) -> list[sa.Table]:
    """Return the tables that go along, each behind those that its rows refer to."""
    wanted = TAKEN | SECRET if with_secrets else TAKEN
    return [one for one in Base.metadata.sorted_tables if one.name in wanted]


def refers_to_itself(table: sa.Table) -> bool:
    """Whether rows of a table point at others of it."""
    return any(key.column.table is table for key in table.foreign_keys)


def count(session: Session, table: sa.Table, *, with_secrets: bool) -> int:
    """Return how many rows of a table go along."""
    chosen = sa.select(sa.func.count()).select_from(table)
    return session.scalar(chosen.where(*_which(table, with_secrets=with_secrets))) or 0


def rows(session: Session, table: sa.Table, *, with_secrets: bool) -> Iterator[list[bytes]]:
    """Yield the rows of a table in the order of their keys, as lines, some at a time."""
    columns = list(table.columns)
    hidden = set() if with_secrets else set(SECRET_COLUMNS.get(table.name, ()))
    query = sa.select(*columns).where(*_which(table, with_secrets=with_secrets))
    query = query.order_by(*table.primary_key.columns)
    found = session.execute(query.execution_options(yield_per=A_PART))
    for part in found.partitions():
        yield [
            _line({
                column.name: None if column.name in hidden else _encoded(value)
                for column, value in zip(columns, row, strict=True)
            })
            for row in part
        ]  # fmt: skip


def _which(table: sa.Table, *, with_secrets: bool) -> list[sa.ColumnElement[bool]]:
    if table.name == "earlier_checks":
        return [table.c.staged_by_id.is_(None)]
    if table.name == "outbox_jobs":
        waits = (table.c.done_at.is_(None), table.c.failed_at.is_(None))
        kinds = JOBS + OF_SECRETS if with_secrets else JOBS
        return [table.c.kind.in_(kinds), *waits]
    return []


def _line(row: Row) -> bytes:
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def _encoded(value: Any) -> Any:
    if isinstance(value, date):  # a moment too
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def row_of(table: sa.Table, line: bytes) -> Row:
    """Return the row that a line tells; raise Invalid for what no such table can hold."""
    value: Any = None
    row: Row = {}
    with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
        value = json.loads(line, parse_constant=_no_number)
        row = {column.name: _decoded(column, value.pop(column.name)) for column in table.columns}
    if value or len(row) != len(table.columns):
        raise Invalid("file", "A row of the table %(table)s cannot be read.", table=table.name)
    return row


def _no_number(name: str) -> float:
    raise ValueError(name)


def _decoded(column: sa.Column[Any], value: Any) -> Any:
    if value is None:
        return None
    for kind, read in _READERS:
        if isinstance(column.type, kind):
            return read(column, value)
    raise TypeError(column.type)


def _text(column: sa.Column[Any], value: Any) -> str:
    longest = getattr(column.type, "length", None)
    if not isinstance(value, str) or "\0" in value or len(value) > (longest or len(value)):
        raise ValueError("no text")
    value.encode()  # a lone surrogate is a ValueError
    return value


def _whole(_column: sa.Column[Any], value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -_LARGEST <= value < _LARGEST:
        raise ValueError("no whole number")
    return value


def _real(_column: sa.Column[Any], value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("no number")
    return float(value)


def _switch(_column: sa.Column[Any], value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")  # noqa: TRY004 - as the others
    return value


def _moment(_column: sa.Column[Any], value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment


def _document(_column: sa.Column[Any], value: Any) -> Any:
    text = json.dumps(value, ensure_ascii=False)
    text.encode()
    if "\\u0000" in text:
        raise ValueError("NUL")
    return value


def _bytes(_column: sa.Column[Any], value: Any) -> bytes:
    return base64.b64decode(value, validate=True)


_READERS: tuple[tuple[type[Any], Callable[[sa.Column[Any], Any], Any]], ...] = (
    (Moment, _moment),
    (sa.Boolean, _switch),
    (sa.Integer, _whole),
    (sa.Float, _real),
    (sa.LargeBinary, _bytes),
    (sa.JSON, _document),
    (sa.Date, lambda _column, value: date.fromisoformat(value)),
    (sa.String, _text),
)


def left_out(*, with_secrets: bool) -> Mapping[str, list[str]]:
    """Return what does not go along: by why, the names of tables, or of a table's columns."""
    columns = [f"{table}.{name}" for table, names in SECRET_COLUMNS.items() for name in names]
    return {
        "made anew": sorted(MADE_ANEW),
        "of the moment": sorted(OF_THE_MOMENT),
        "secret": [] if with_secrets else sorted([*SECRET, *columns]),
    }
