import io
import json
import sqlite3
import tarfile
from contextlib import closing

import pytest

from factcheck import schema
from factcheck.cli import database
from factcheck.cli.installation import settings
from factcheck.reviews import archive

EMAIL = "ada@factcheck.example"


def emails(file):
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("SELECT email FROM people")]


@pytest.fixture
def saved(run, data, tmp_path):
    """A backup of an installation with one person."""
    assert run("user", "add", EMAIL, "--role", "editor").exit_code == 0
    assert run("backup", tmp_path / "all.tar.gz").exit_code == 0
    return tmp_path / "all.tar.gz"


def test_a_backup_holds_database_keys_and_their_digests_for_its_owner_alone(saved):
    with tarfile.open(saved) as archive:
        assert set(archive.getnames()) == {
            "factcheck.sqlite3", "secret-key", "log-key", "manifest.json",
        }  # fmt: skip
    assert saved.stat().st_mode & 0o077 == 0


def test_a_backup_is_restored_as_it_was_and_what_was_there_is_kept(run, saved, data):
    key = (data / "log-key").read_text()
    run("user", "add", "bob@factcheck.example", "--role", "editor")
    (data / "log-key").write_text("0" * 64)
    assert run("restore", saved).exit_code == 0
    assert emails(data / "factcheck.sqlite3") == [EMAIL]
    assert (data / "log-key").read_text() == key
    assert (data / "log-key").stat().st_mode & 0o077 == 0
    kept = next(data.glob("replaced-*"))
    assert (kept / "log-key").read_text() == "0" * 64


def test_a_damaged_backup_replaces_nothing(run, saved, data):
    parts = {}
    with tarfile.open(saved) as archive:
        for name in archive.getnames():
            parts[name] = archive.extractfile(name).read()
    parts["log-key"] = b"f" * 64
    with tarfile.open(saved, "w:gz") as archive:
        for name, body in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
    run("user", "add", "bob@factcheck.example", "--role", "editor")
    assert run("restore", saved).exit_code == 2
    assert len(emails(data / "factcheck.sqlite3")) == 2
    assert not list(data.glob("replaced-*"))


def test_copies_of_sources_are_in_a_backup_and_come_back(run, data, tmp_path):
    digest = archive.keep(data / "archive", b"words")
    saved = tmp_path / "all.tar.gz"
    assert run("user", "add", EMAIL, "--role", "editor").exit_code == 0
    assert run("backup", saved).exit_code == 0
    archive.place_of(data / "archive", digest).unlink()
    assert run("restore", saved).exit_code == 0
    assert archive.read(data / "archive", digest) == b"words"


def test_a_backup_with_a_damaged_copy_replaces_nothing(run, data, tmp_path):
    digest = archive.keep(data / "archive", b"words")
    archive.place_of(data / "archive", digest).write_bytes(b"others")
    saved = tmp_path / "all.tar.gz"
    assert run("user", "add", EMAIL, "--role", "editor").exit_code == 0
    assert run("backup", saved).exit_code == 0
    result = run("restore", saved)
    assert (result.exit_code, "damaged" in result.stderr) == (2, True)


@pytest.mark.parametrize("cut", [0, 10, 500, -300])
def test_half_a_backup_replaces_nothing(run, saved, data, cut):
    saved.write_bytes(saved.read_bytes()[:cut])
    assert run("restore", saved).exit_code == 2
    assert emails(data / "factcheck.sqlite3") == [EMAIL]


def test_nothing_is_restored_under_a_running_service(run, saved, data):
    with database.running(settings()):
        result = run("restore", saved)
    assert result.exit_code == 2
    assert "stop it first" in result.stderr


def test_a_backup_on_a_full_disk_leaves_the_older_backup(run, saved, monkeypatch):
    before = saved.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(database, "_add", full)
    result = run("backup", saved)
    assert (result.exit_code, saved.read_bytes()) == (2, before)
    assert "No space left" in result.stderr
    assert [file.name for file in saved.parent.glob(".all*")] == []


def test_a_backup_is_whole_while_somebody_writes(run, data, tmp_path):
    run("user", "add", EMAIL, "--role", "editor")
    with closing(sqlite3.connect(data / "factcheck.sqlite3", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE people SET email = 'half@factcheck.example'")
        assert run("backup", tmp_path / "all.tar.gz").exit_code == 0
        writer.execute("ROLLBACK")
    with tarfile.open(tmp_path / "all.tar.gz") as archive:
        (tmp_path / "copy").write_bytes(archive.extractfile("factcheck.sqlite3").read())
    assert emails(tmp_path / "copy") == [EMAIL]


def test_an_older_database_is_migrated_by_itself_after_a_copy_was_kept(run, data):
    older = "0006_decisions"
    run("user", "add", EMAIL, "--role", "editor")
    assert older in run("db", "downgrade", older).stdout
    listed = run("user", "list", "--json")
    assert json.loads(listed.stdout.splitlines()[-1])["email"] == EMAIL
    copy = data / f"before-{schema.newest()}.sqlite3"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (older,)
    assert emails(copy) == [EMAIL]
    assert run("db", "current").stdout.strip() == schema.newest()


def test_postgresql_is_migrated_by_its_command_only(postgres, run, data, monkeypatch):
    from tests.postgres import fresh_database

    monkeypatch.setenv("FACTCHECK_SECRET_KEY", "k" * 64)
    monkeypatch.setenv("FACTCHECK_LOG_KEY", "07" * 32)
    with fresh_database(postgres, "behind") as url:
        monkeypatch.setenv("FACTCHECK_DATABASE_URL", url)
        run("db", "downgrade", "0006_decisions")
        refused = run("user", "list")
        assert refused.exit_code == 2
        assert "factcheck db upgrade" in refused.stderr
        assert run("db", "upgrade").exit_code == 0
        assert run("user", "list").exit_code == 0
        assert run("backup", data / "x.tar.gz").exit_code == 2
