"""Moving an installation from the command line."""

from __future__ import annotations

import shutil

import pytest


@pytest.fixture
def moved(run, data, post, tmp_path, monkeypatch, sqlite_template):
    """An installation with an admin and an article, exported twice; the next commands are run in
    another one, which is empty and has no keys: (archive, one with secrets, old, new folder)."""
    run("user", "add", "ada@example.org", "--role", "admin", "--password-stdin",
        given="a long password\n")  # fmt: skip
    assert run("import", post).exit_code == 0
    plain, secret = tmp_path / "plain.tar.gz", tmp_path / "secret.tar.gz"
    told = run("instance", "export", plain)
    assert (told.exit_code, "Left out as secret" in told.stdout) == (0, True)
    assert run("instance", "export", "--with-secrets", secret).exit_code == 0
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(sqlite_template, other / "factcheck.sqlite3")
    monkeypatch.setenv("FACTCHECK_DATA", str(other))
    return plain, secret, data, other


def test_without_secrets_the_log_key_is_brought_by_hand_and_admins_get_a_link(run, moved):
    plain, _, old, new = moved
    refused = run("instance", "import", plain)
    assert (refused.exit_code, "log key" in refused.stderr) == (2, True)
    assert not (new / "log-key").exists()
    shutil.copy(old / "log-key", new / "log-key")

    told = run("instance", "import", plain)
    assert told.exit_code == 0, told.stderr
    assert "ada@example.org sets a password here" in told.stdout
    assert "http://checks.example/reset/" in told.stdout
    assert run("verify", new / "site").exit_code == 0
    assert "ada@example.org" in run("user", "list").stdout
    again = run("instance", "import", plain)
    assert (again.exit_code, "not empty" in again.stderr) == (2, True)


def test_with_secrets_keys_come_along_unless_what_follows_fails(run, moved, monkeypatch):
    _, secret, old, new = moved
    (new / "site" / "articles").mkdir(parents=True)
    assert run("instance", "import", secret).exit_code == 2
    assert not (new / "log-key").exists()
    shutil.rmtree(new / "site")

    told = run("instance", "import", secret)
    assert told.exit_code == 0, told.stderr
    assert "sets a password" not in told.stdout
    for name in ("log-key", "secret-key"):
        assert (new / name).read_text() == (old / name).read_text()
        assert (new / name).stat().st_mode & 0o777 == 0o600

    monkeypatch.setenv("FACTCHECK_DATA", str(old))
    shutil.copy(new / "log-key", old / "log-key")
    (old / "secret-key").write_text("f" * 64)
    refused = run("instance", "import", secret)
    assert (refused.exit_code, "another secret key" in refused.stderr) == (2, True)


def test_rows_of_the_work_are_printed_and_other_shapes_refused(run, data, post):
    run("import", post)
    table = run("export", "--what", "claims", "--format", "csv").stdout.splitlines()
    assert table[0].startswith("id,article,language,")
    assert len(table) > 1
    assert run("export", "--what", "claims", "--format", "annotations").exit_code == 2
