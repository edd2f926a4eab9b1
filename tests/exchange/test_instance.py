"""A whole installation out and in again: the same digests, on either database, or nothing."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from factcheck import schema
from factcheck.app import create_app
from factcheck.claims.actions import accept_claim, dismiss_claim
from factcheck.claims.queries import wrong_counters
from factcheck.config import Settings
from factcheck.db import Base, current_session, db, writing
from factcheck.decisions.actions import submit_review
from factcheck.demo import load as demo
from factcheck.editions import log, manifests, queries, site
from factcheck.exchange import instance, tables, taking_in
from factcheck.failures import Failure
from factcheck.jobs import HANDLERS
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.editions.test_site import problems, tree
from tests.reviews.factories import make_answer

KEY = b"\x07" * 32


@contextmanager
def installation(kind: str, folder: Path, request) -> Iterator[Settings]:
    """An installation with nobody in it, in whose context the block runs."""
    folder.mkdir()
    if kind == "postgresql":
        from tests.postgres import emptied_database

        with emptied_database(request.getfixturevalue("postgres")) as url:
            yield from _started(url, folder)
        return
    shutil.copy(request.getfixturevalue("sqlite_template"), folder / "factcheck.sqlite3")
    yield from _started(f"sqlite:///{folder / 'factcheck.sqlite3'}", folder)


def _started(url: str, folder: Path) -> Iterator[Settings]:
    settings = Settings(
        data=folder, database_url=url, public_url="http://localhost", site=folder / "site",
        secret_key="k" * 64, log_key=KEY,
    )  # fmt: skip
    app = create_app(settings)
    with app.app_context():
        try:
            yield settings
        finally:
            db.session.remove()
            db.engine.dispose()


def fill(settings: Settings) -> None:
    """The demo, and beside it an open round and a claim put aside for one that came later."""
    demo.load(settings)
    with writing() as session:
        article = make_article(session)
        first, second = make_claim(session, article), make_claim(session, article, "passengers")
        accept_claim(session, second, actor=None, now=NOW)
        submit_review(session, second, make_person(session), make_answer(), now=NOW)
        dismiss_claim(session, first, "same-as", same_as=second, actor=None, now=NOW)


def digests(path: Path) -> dict[str, str]:
    """Return the digest of each file of an archive, by its name."""
    with tarfile.open(path) as file:
        return json.loads(file.extractfile("manifest.json").read())["files"]


def take_over(path: Path, settings: Settings) -> None:
    about = taking_in.check(path, log.public_key(KEY))
    taking_in.take_in(path, about, settings)
    site.build_site(current_session(), settings.site, settings)


def root() -> tuple[int, bytes]:
    size = queries.log_size(current_session())
    return size, queries.log_root(current_session(), size)


WAYS = {"sqlite": ("sqlite",), "postgresql": ("postgresql", "sqlite")}


def test_what_went_out_comes_in_with_the_same_digests(database, tmp_path, request):
    """From SQLite to where the test is, and from PostgreSQL back again."""
    out = tmp_path / "first.tar.gz"
    with installation("sqlite", tmp_path / "first", request) as settings:
        fill(settings)
        assert instance.write(current_session(), out, settings, with_secrets=True) == []
        before, was = tree(settings.site), root()
    own = digests(out)
    assert any(name.startswith("archive/") for name in own)
    for kind in WAYS[database]:
        with installation(kind, tmp_path / f"to {kind}", request) as settings:
            take_over(out, settings)
            assert tree(settings.site) == before
            assert root() == was
            assert problems(settings.site) == []
            assert wrong_counters(current_session()) == {}
            out = tmp_path / f"from {kind}.tar.gz"
            instance.write(current_session(), out, settings, with_secrets=True)
            came = digests(out)
            assert {key for key in own | came if own.get(key) != came.get(key)} == {"instance.json"}
            with writing() as session:  # keys go on behind those that came
                make_claim(session, make_article(session))
            with pytest.raises(taking_in.NotEmpty):
                take_over(out, settings)


def test_every_table_is_named_once_and_jobs_that_go_along_are_known():
    groups = (tables.TAKEN, tables.SECRET, tables.MADE_ANEW, tables.OF_THE_MOMENT)
    named = [name for group in groups for name in group]
    assert sorted(named) == sorted(Base.metadata.tables)
    assert {*tables.JOBS, *tables.OF_SECRETS} <= set(HANDLERS)


@pytest.fixture(scope="module")
def archive(tmp_path_factory, sqlite_template):
    """The archive of an installation, without secrets; its people's hashes and tokens."""
    folder = tmp_path_factory.mktemp("left")

    class Request:
        @staticmethod
        def getfixturevalue(_name):
            return sqlite_template

    with installation("sqlite", folder / "data", Request) as settings:
        fill(settings)
        instance.write(
            current_session(), folder / "all.tar.gz", settings, with_secrets=False
        )  # fmt: skip
        hashes = list(current_session().scalars(sa.text("SELECT password_hash FROM people")))
    return folder / "all.tar.gz", [one for one in hashes if one]


@pytest.mark.one_database
def test_no_secret_goes_along_unasked(archive):
    path, hashes = archive
    data = gzip.decompress(path.read_bytes())
    assert hashes
    assert not any(one.encode() in data for one in [*hashes, KEY.hex(), "k" * 64])
    names = set(digests(path))
    assert not any(f"tables/{name}.jsonl" in names for name in tables.SECRET)
    assert path.stat().st_mode & 0o777 == 0o600


def rewritten(path: Path, target: Path, change, *, sign: bool = True) -> Path:
    """Write the archive with other members, as `change` makes them of {name: bytes}."""
    with tarfile.open(path) as file:
        found = {one.name: file.extractfile(one).read() for one in file}
    last = found.pop("manifest.json")
    found = change(found)
    if sign:
        last = manifests.signed({n: instance._digest(io.BytesIO(d)) for n, d in found.items()}, KEY)
    with tarfile.open(target, "w:gz", compresslevel=1) as file:
        for name, data in (found | {"manifest.json": last}).items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            file.addfile(entry, io.BytesIO(data))
    return target


def row_changed(table: str, **values):
    def change(found):
        name = f"tables/{table}.jsonl"
        first, _, rest = found[name].partition(b"\n")
        return found | {name: json.dumps(json.loads(first) | values).encode() + b"\n" + rest}

    return change


HOSTILE = {
    "a byte of a row": (row_changed("claims", restated="Other words."), False),
    "a file that no list has": (lambda found: found | {"tables/none.jsonl": b""}, True),
    "a way out of the folder": (lambda found: found | {"../out": b""}, True),
    "a table that is missing": (
        lambda found: {k: v for k, v in found.items() if k != "tables/seats.jsonl"}, True),
    "another version": (
        lambda f: f | {"instance.json": f["instance.json"].replace(
            schema.newest().encode(), b"0001_other")}, True),
    "a key that is text": (row_changed("claims", id="1 OR 1"), True),
    "a number too large": (row_changed("claims", id=2**63), True),
    "a row of nobody": (row_changed("claims", article_id=9_999), True),
    "a span that cannot be": (row_changed("claims", start=5, end=2), True),
    "a record that was changed": (row_changed("editions", record="{}"), True),
    "an entry of the log": (row_changed("log_leaves", entry="{}"), True),
    "a copy with another digest": (lambda found: found | {f"archive/{'0' * 64}": b"x"}, True),
    "nesting without an end": (
        lambda found: found | {"tables/people.jsonl": b"[" * 100_000 + b"\n"}, True),
}  # fmt: skip


@pytest.mark.one_database
def test_nothing_is_taken_in_of_an_archive_with_anything_wrong(archive, tmp_path, request):
    path, _hashes = archive
    broken = tmp_path / "cut.tar.gz"
    broken.write_bytes(path.read_bytes()[:-5_000])
    other = tmp_path / "other.tar.gz"
    other.write_bytes(b"no archive")
    with installation("sqlite", tmp_path / "right", request) as settings:
        changed = [
            rewritten(path, tmp_path / f"{n}.tar.gz", change, sign=sign)
            for n, (change, sign) in enumerate(HOSTILE.values())
        ]
        for what, bad in zip([*HOSTILE, "cut off", "no archive"], [*changed, broken, other],
                             strict=True):  # fmt: skip
            with pytest.raises(Failure) as refused:
                take_over(bad, settings)
            assert str(refused.value), what
            db.session.rollback()
            taking_in.check_empty(current_session(), settings)
            assert instance.copies(settings) == [], what
        with pytest.raises(Failure, match="another log key"):
            taking_in.check(path, log.public_key(b"\x08" * 32))
        take_over(path, settings)
        assert current_session().scalar(sa.text("SELECT count(password_hash) FROM people")) == 0
