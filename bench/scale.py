"""T18 and T20: the desk and the queue with four million claims, against four thousand.

Two SQLite databases are filled by plain SQL over the real schema, the counters by the product's own
recount. Each page is asked for in turn on both, by an editor who is signed in, so that what else
the machine does falls on both alike. FACTCHECK_BENCH_CLAIMS makes "many" another number.
"""

from __future__ import annotations

import itertools
import os
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from bench.figures import Figure, no_data, ratios
from bench.sample import settings_of
from factcheck import clock, schema
from factcheck.accounts import signing_in
from factcheck.accounts.actions import add_person
from factcheck.accounts.models import Person
from factcheck.app import create_app
from factcheck.claims.actions import counters
from factcheck.db import db, writing
from factcheck.reviews.dealing import deal_next

FEW = 4_000
MANY = int(os.environ.get("FACTCHECK_BENCH_CLAIMS", "4000000"))
AN_ARTICLE = 40  # claims; so that even few of them fill the list of a hundred articles
ROUNDS = 15
GOAL = 1.5
SPACE = 1_500  # bytes a claim takes on the disk, with its indexes
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

_numbers = itertools.count(1)

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
ARTICLES = """INSERT INTO articles (id, public_id, slug, title, authors, published_about, language,
    scale_key, policy_key, display, ground, state, current_revision, created_at, version)
  SELECT i, printf('%016d', i), 'article-' || i, 'Article ' || i, '[]', 0, 'en',
    'default', 'team', 'full', 'own', 'review', 1, :now, 1 FROM n"""
REVISIONS = """INSERT INTO revisions (id, article_id, number, text, length, text_sha256, units, raw,
    raw_sha256, content_type, created_at)
  SELECT i, i, 1, printf('%.*c', 4000, 'x'), 4000, '', '[[0, 4000, "sentence"]]', x'', '',
    'text/plain', :now FROM n"""
CLAIMS = """INSERT INTO claims (public_id, article_id, revision_id, revision_length, start, "end",
    quote, prefix, suffix, anchor, restated, score, reasons, priority, sensitive, state,
    state_since_at, since_on, article_withdrawn, dismissal, created_at, version)
  SELECT printf('%016d', i), 1 + i % :articles, 1 + i % :articles, 4000, i % 3900, i % 3900 + 60,
    printf('%.*c', 60, 'x'), '', '', 'unchanged', 'The council paid ' || i || ' crowns for it.',
    (i % 100) / 100.0, '["a number"]', i % 4, 0,
    CASE WHEN i % 20 < 8 THEN 'accepted' WHEN i % 20 < 14 THEN 'proposed'
      WHEN i % 20 < 16 THEN 'dismissed' WHEN i % 20 < 18 THEN 'decided'
      WHEN i % 20 < 19 THEN 'ready' ELSE 'disputed' END,
    datetime(:now, '-' || (i * 7919 % CASE WHEN i % 7 THEN 525600 ELSE 700 END) || ' minutes')
      || '.000000',
    date(:now, '-' || (i * 7919 % CASE WHEN i % 7 THEN 525600 ELSE 700 END) || ' minutes'), 0,
    CASE WHEN i % 20 IN (14, 15) THEN 'opinion' END, :now, 1 FROM n"""
# As after half a year of work: every article had a day of each, and so had all of them together.
DAYS = """INSERT INTO article_days (article_id, what, day, took, came, went)
  SELECT 1 + i % :articles, what, date(:now, '-' || (i * 7919 % 180) || ' days'), 0, 2, 1
    FROM n, (SELECT 'accepted' AS what UNION ALL SELECT 'decided' UNION ALL SELECT 'disputed')"""
VERDICTS = """INSERT INTO article_days (article_id, what, day, took, came, went)
  SELECT 1 + i % :articles, 'verdict', date(:now, '-' || (i % 26 * 7) || ' days', '-6 days',
    'weekday 1'), i % 28, 1, 0 FROM n"""
DAY_TOTALS = """INSERT INTO day_totals (what, day, took, shard, came, went)
  SELECT what, day, took, 0, SUM(came), SUM(went) FROM article_days GROUP BY what, day, took"""
DEADLINES = """UPDATE articles SET deadline = date(:now, '+' || (id % 200 - 20) || ' days')"""
PAGES = (
    "/desk",
    "/desk/claims?state=accepted",
    "/desk/claims?state=accepted&age=today",
    "/desk/claims?state=accepted&age=older&priority=2",
    "/desk/claims?state=disputed",
    "/desk/claims?state=decided",
    "/desk/claims?state=proposed&priority=0",
    "/desk/claims?state=accepted&article=article-7",
    "/desk/claims?state=accepted&language=en&sort=score",
    "/desk/claims?state=accepted&language=en&priority=2&sort=age&words=council+paid",
    "/desk/pictures",
    "/desk/pictures?article=article-7",
    "/desk/deadlines",
    "/work/articles",
    "/work/articles/article-7",
)


def figures() -> Iterable[Figure]:
    """Yield how much longer each page of the desk takes, and a deal, with many claims than few."""
    folder = Path(tempfile.mkdtemp(prefix="factcheck-scale-"))
    try:
        if shutil.disk_usage(folder).free < 2 * MANY * SPACE:
            yield no_data(
                "T18", "the desk, many claims against few", f"<= {GOAL}", "disk too small"
            )
            return
        few, many = filled(folder / "few", FEW), filled(folder / "many", MANY)
        yield from compared(few, many)
    finally:
        shutil.rmtree(folder)


def compared(few: Flask, many: Flask) -> Iterator[Figure]:
    """Yield a figure for the slowest page of the desk, and one for the deal."""
    clients = [signed_in(app, "editor") for app in (few, many)]
    found = {page: ratio(*(asking(client, page) for client in clients)) for page in PAGES}
    worst = max(found, key=found.__getitem__)
    every = ", ".join(f"{value:.2f}" for value in found.values())
    name = f"{len(PAGES)} desk pages, {MANY:,} claims against {FEW:,}"
    yield Figure("T18", name, f"worst {found[worst]:.2f} ({worst}); all: {every}", f"<= {GOAL}",
                 found[worst] <= GOAL)  # fmt: skip
    deals = ratio(dealing(few), dealing(many))
    name = f"queue/next, {MANY:,} claims against {FEW:,}"
    yield Figure("T20", name, f"{deals:.2f}", f"<= {GOAL}", deals <= GOAL)


def filled(data: Path, claims: int) -> Flask:
    """Return an installation with that many claims, forty to an article, over a year.

    A seventh of them came today, so that every list fills its page in both.
    """
    app = create_app(settings_of(data))
    given = {"now": NOW.strftime("%Y-%m-%d %H:%M:%S"), "articles": claims // AN_ARTICLE}
    with app.app_context():
        schema.upgrade(db.engine)
        with writing() as session:
            for statement, count in (
                (ARTICLES, claims // AN_ARTICLE),
                (REVISIONS, claims // AN_ARTICLE),
                (CLAIMS, claims),
                (DAYS, claims // AN_ARTICLE),
                (VERDICTS, claims // AN_ARTICLE),
            ):
                session.execute(sa.text(_with_numbers(statement)), given | {"count": count})
            for statement in (DAY_TOTALS, DEADLINES):
                session.execute(sa.text(statement), given)
            counters.recount(session)
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
    return app


def _with_numbers(statement: str) -> str:
    """Return the statement with the numbers that it draws from, where SQL wants them."""
    head, _, rest = statement.partition("\n  SELECT")
    return f"{head} {NUMBERS} SELECT{rest}"


def signed_in(app: Flask, role: str) -> FlaskClient:
    """Return a client in which somebody with that role has signed in."""
    with app.app_context(), writing() as session:
        secret = signing_in.open_session(session, person(session, role), now=clock.now())
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
    return client


def person(session: Session, role: str) -> Person:
    """Return a new person with that role."""
    number = next(_numbers)
    return add_person(session, f"{role}{number}@bench.example", role=role, name=f"{role} {number}",
                      actor=None, now=NOW, password=None)  # fmt: skip


def asking(client: FlaskClient, page: str) -> Callable[[], None]:
    """Return a call that asks for a page and insists on getting it."""

    def ask() -> None:
        assert client.get(page).status_code == 200, page

    return ask


def dealing(app: Flask) -> Callable[[], None]:
    """Return a call that deals a claim to somebody new."""
    with app.app_context(), writing() as session:
        people = iter([person(session, "reviewer").id for _ in range(4 * ROUNDS)])

    def deal() -> None:
        with app.app_context(), writing() as session:
            deal_next(session, session.get_one(Person, next(people)), now=NOW)

    return deal


def ratio(base: Callable[[], None], target: Callable[[], None]) -> float:
    """Return the median ratio of both calls, warm."""
    for call in (base, target):
        call()
    return statistics.median(ratios(base, target, ROUNDS))
