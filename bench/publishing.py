"""T15: publishing one article in a site of 100,000 editions, against one in a site of ten.

Both installations are filled by plain SQL over the real schema: articles with an address, one claim
and one edition each, whose record the product made; the log with all its nodes; what readers
search. Of the files only those are made that publishing reads: the shards of the root manifest
(with two copies of sources an article) and the tiles of the log. The last page of the lists and the
last sitemap are half full in the large site, as they are on average. Then articles of both are
published in turn. FACTCHECK_BENCH_EDITIONS makes "many" another number.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.figures import Figure, no_data, ratios, spread
from bench.sample import NOW, ready_article, settings_of
from bench.scale import NUMBERS
from factcheck import schema
from factcheck.app import create_app
from factcheck.config import Settings
from factcheck.db import current_session, db, writing
from factcheck.editions import manifests, publishing
from factcheck.editions.files import ENCODINGS, only_publisher, write_files
from factcheck.editions.lists import A_FEED, A_PAGE, A_SITEMAP, lookup_path
from factcheck.editions.log import leaf_digest, node_digest
from factcheck.editions.log_files import write_log
from factcheck.editions.models import Edition, LogLeaf, LogNode

FEW = 10
MANY = int(os.environ.get("FACTCHECK_BENCH_EDITIONS", "100000")) + 135
ROUNDS = 9
GOAL = 1.5
SPACE = 9_000  # bytes an edition takes on the disk, with its indexes
A_BATCH = 10_000  # rows written at once

ARTICLES = """INSERT INTO articles (id, public_id, slug, title, authors, published_about, language,
    scale_key, policy_key, display, ground, state, current_revision, created_at, version)
  SELECT :after + i, printf('%016d', i), 'article-' || i, 'Article ' || i, '[]', 0, 'en',
    'default', 'team', 'full', 'own', 'published', 1, :now, 1 FROM n"""
ADDRESSES = """INSERT INTO article_addresses (article_id, url)
  SELECT :after + i, 'https://elsewhere.example/' || i FROM n"""
REVISIONS = """INSERT INTO revisions (id, article_id, number, text, length, text_sha256, units, raw,
    raw_sha256, content_type, created_at)
  SELECT :after + i, :after + i, 1, printf('%.*c', 400, 'x'), 400, '', '[[0, 400, "sentence"]]',
    x'', '', 'text/plain', :now FROM n"""
CLAIMS = """INSERT INTO claims (id, public_id, article_id, revision_id, revision_length, start,
    "end", quote, prefix, suffix, anchor, restated, score, reasons, priority, sensitive, state,
    state_since_at, since_on, article_withdrawn, to_correct, created_at, version)
  SELECT :claims + i, printf('%016d', i), :after + i, :after + i, 400, 0, 60,
    printf('%.*c', 60, 'x'), '', '', 'unchanged', 'The council paid ' || i || ' crowns for it.',
    0.5, '[]', 1, 0, 'ready', :now, date(:now), 0, 0, :now, 1 FROM n"""
EDITIONS = """INSERT INTO editions (id, article_id, number, sha256, record, content, changes,
    claims_withdrawn, purged, is_correction, published_at, log_position, place, article_place,
    written_at)
  SELECT :editions + i, :after + i, 1, printf('%064d', i), :record, :content, '[]', '{}', '[]', 0,
    :now, i, i, i, :now FROM n"""
EDITION_CLAIMS = """INSERT INTO edition_claims (edition_id, claim_id, rating)
  SELECT :editions + i, :claims + i, 'true' FROM n"""
SEARCHED = """INSERT INTO search_entries (id, article_id, address, language, title, body,
    article_title, scale_key, published_at)
  SELECT 1000000 + i, :after + i, '/articles/article-' || i || '/', 'en', 'Article ' || i,
    'The council paid ' || i || ' crowns for the ferry and its harbour.', 'Article ' || i,
    'default', '2026-11-20T12:00:00Z' FROM n"""
SEARCH_WORDS = """INSERT INTO search_words (rowid, title, body)
  SELECT id, title, body FROM search_entries WHERE id > 1000000"""


def figures() -> Iterable[Figure]:
    """Yield how much longer publishing takes in the large site than in the small one."""
    name = f"publishing one article, {MANY:,} editions against {FEW}"
    folder = Path(tempfile.mkdtemp(prefix="factcheck-publishing-"))
    try:
        if shutil.disk_usage(folder).free < 2 * MANY * SPACE:
            yield no_data("T15", name, f"<= {GOAL}", "disk too small")
            return
        few, many = (Site(folder / kind, count) for kind, count in (("few", FEW), ("many", MANY)))
        found = ratios(few.publish, many.publish, ROUNDS)
        yield Figure("T15", name, f"CPU x {spread(found)}", f"<= {GOAL}",
                     found[len(found) // 2] <= GOAL)  # fmt: skip
    finally:
        shutil.rmtree(folder)


class Site:
    """An installation with that many editions, and articles that are ready to be published."""

    def __init__(self, data: Path, editions: int) -> None:
        self._settings = settings_of(data)
        self._app = create_app(self._settings)
        with self._app.app_context():
            schema.upgrade(db.engine)
            with writing() as session:
                slugs = [ready_article(session, number) for number in range(2 * ROUNDS + 4)]
            publishing.start_site(self._settings)
            publishing.publish(slugs.pop(), note=None, actor_id=None, settings=self._settings)
            _fill(self._settings, editions)
            db.session.remove()
        self._slugs = iter(slugs)
        self.publish()  # what an idle site leaves for the first publishing is no part of it

    def publish(self) -> None:
        """Publish the next article."""
        with self._app.app_context():
            publishing.publish(next(self._slugs), note=None, actor_id=None, settings=self._settings)


def _fill(settings: Settings, editions: int) -> None:
    with writing() as session:
        first = session.scalars(sa.select(Edition)).one()
        given = {
            "now": NOW.strftime("%Y-%m-%d %H:%M:%S"), "record": first.record,
            "content": first.content, "count": editions - 1, "after": _highest(session, "articles"),
            "claims": _highest(session, "claims"), "editions": first.id,
        }  # fmt: skip
        for statement in (
            ARTICLES, ADDRESSES, REVISIONS, CLAIMS, EDITIONS, EDITION_CLAIMS, SEARCHED,
        ):  # fmt: skip
            head, _, rest = statement.partition("\n  SELECT")
            session.execute(sa.text(f"{head} {NUMBERS} SELECT{rest}"), given)
        session.execute(sa.text(SEARCH_WORDS))
        _extend_log(session, editions)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    _write_shards(settings, editions)
    with only_publisher(settings.site):
        write_log(current_session(), settings.site, settings)


def _highest(session: Session, table: str) -> int:
    return int(session.execute(sa.text(f"SELECT coalesce(max(id), 0) FROM {table}")).scalar_one())


def _extend_log(session: Session, size: int) -> None:
    """Add leaves up to `size`, and every node that they complete."""
    entry = session.scalars(sa.select(LogLeaf.entry)).one()
    level = [leaf_digest(entry.encode())] * size
    leaves = ({"position": place, "entry": entry, "at": NOW} for place in range(1, size))
    _insert(session, LogLeaf, leaves)
    height = 0
    while level:
        nodes = (
            {"level": height, "position": place, "digest": digest.hex()}
            for place, digest in enumerate(level) if (height, place) != (0, 0)
        )  # fmt: skip
        _insert(session, LogNode, nodes)
        level = [node_digest(*level[at : at + 2]) for at in range(0, len(level) - 1, 2)]
        height += 1


def _insert(session: Session, table: type, rows: Iterator[dict[str, object]]) -> None:
    while some := [row for _, row in zip(range(A_BATCH), rows, strict=False)]:
        session.execute(sa.insert(table), some)


def _write_shards(settings: Settings, editions: int) -> None:
    """List in the shards what a site of that size has outside its articles."""
    known: dict[str, dict[str, str]] = {}
    for path in _outside(editions):
        digest = hashlib.sha256(path.encode()).hexdigest()
        known.setdefault(manifests.shard_of(path), {})[path] = digest
    folder, key = settings.site, settings.log_key
    for name, listed in known.items():
        file = folder / name
        there = json.loads(file.read_bytes())["files"] if file.exists() else {}
        write_files(folder, {name: manifests.signed(listed | there, key)})
    root = json.loads((folder / "manifest.json").read_bytes())["files"]
    root |= {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in known}
    write_files(folder, {"manifest.json": manifests.signed(root, key)})


def _outside(editions: int) -> Iterator[str]:
    paths = [lookup_path(f"https://elsewhere.example/{number}") for number in range(1, editions)]
    paths += [f"page/{number}/index.html" for number in range(1, editions // A_PAGE + 2)]
    paths += [f"sitemaps/{number}.xml" for number in range(1, editions // A_SITEMAP + 2)]
    paths += [f"claimreviews/{number}.jsonld" for number in range(1, editions // A_FEED + 2)]
    yield from (f"{path}{encoding}" for path in paths for encoding in ENCODINGS)
    for number in range(2 * editions):
        yield f"archive/{hashlib.sha256(str(number).encode()).hexdigest()}"
