"""Acting on the review page as a browser without scripts would, and counting what it reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from factcheck.db import db
from tests.web.client import form_token, post_form

QUOTE = "The ferry carried 412,000 passengers in 2024"
WHOLE = {
    "rating": "mostly-true",
    "rationale": "The report *has* it [1].",
    "private_note": "call them",
    "source-1-url": "https://port.example/report",
    "source-1-stance": "supports",
    "source-1-quote": "412,004 passengers",
    "version": "0",
}


def started(client, setting):
    """Take the seat by the page, and return the page."""
    answer = post_form(client, setting["page"] + "/seat", {}, page=setting["page"])
    assert answer.status_code == 302
    return client.get(setting["page"])


def send(client, setting, data, **kwargs):
    token = form_token(client.get(setting["page"]).text)
    return client.post(setting["page"], data={"csrf_token": token, **data}, **kwargs)


def queries_of(app, client, path) -> int:
    """Return how many statements a page takes besides those that look up the session."""
    with statements(app) as seen:
        assert client.get(path).status_code == 200
    return sum("sign_in_sessions" not in one and one.startswith("SELECT") for one in seen)


@contextmanager
def statements(app) -> Iterator[list[str]]:
    """Give a block what is executed in it, in order."""
    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
