"""The service as a process: start, sign-in, freshness, death and what comes after it."""

import json
import signal
import socket
import stat
import threading
import time

import pytest
import sqlalchemy as sa
import urllib3

from factcheck.app import create_app
from factcheck.articles.queries import article
from factcheck.cli.installation import connected, settings
from factcheck.clock import now
from factcheck.db import writing
from factcheck.editions import publishing
from factcheck.editions.actions import publish_edition
from factcheck.editions.queries import unwritten_editions
from tests.claims.factories import make_claim
from tests.cli.conftest import get, serving, start
from tests.editions.factories import QUOTES, make_ready_article
from tests.reviews.factories import make_ready


def in_installation(do):
    with connected(create_app(settings())), writing() as session:
        return do(session)


def with_ready_article(session):
    return make_ready_article(session, ["true"])[0].slug


@pytest.mark.parametrize("workers", ["2"])
def test_more_than_one_worker_needs_postgresql(run, workers):
    result = run("serve", "--workers", workers)
    assert result.exit_code == 2
    assert "PostgreSQL" in result.stderr


def test_a_port_that_is_taken_is_said_before_anything_is_touched(run, data):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        before = sorted(file.name for file in data.iterdir())
        result = run("serve", "--port", port)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert str(port) in result.stderr
    assert "--port" in result.stderr
    keys = {"secret-key", "log-key"}
    assert sorted(file.name for file in data.iterdir() if file.name not in keys) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "eighty"), ("FACTCHECK_TIMEZONE", "Mars/Base"), ("FACTCHECK_PUBLIC_URL", "ftp://x"),
     ("FACTCHECK_LOG_KEY", "short"), ("FACTCHECK_DATABASE_URL", "mysql://x"),
     ("FACTCHECK_DATA", "/proc/nowhere")],
)  # fmt: skip
def test_a_bad_setting_is_one_line_that_names_it(run, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    for command in (["serve"], ["doctor"], ["worker"]):
        result = run(*command)
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1
        assert name in result.stderr or "data folder" in result.stderr


def test_a_new_installation_tells_its_address_its_data_and_how_to_begin_and_answers(tmp_path):
    env = {"FACTCHECK_DATA": str(tmp_path / "new")}
    with serving(env=env) as (base, process):
        assert get(f"{base}/healthz").status == 200
        assert get(f"{base}/readyz").data == b"ready\n"
        home = get(f"{base}/", **{"Accept-Encoding": "gzip"})
        assert (home.status, home.headers["Content-Encoding"]) == (200, "gzip")
        assert home.headers["Vary"] == "Accept-Encoding"
        nothing = get(f"{base}/articles/none/")
        assert nothing.status == 404
        assert b"list of articles" in nothing.data
        assert b"list of articles" not in get(f"{base}/none", Cookie="a=b").data
        assert get(f"{base}/api/v1/none").status in {401, 404}
        assert get(f"{base}/%2e%2e/secret-key").status == 404
        process.terminate()
        printed = process.communicate(timeout=60)[0]
        assert process.returncode == 0
    link = next(word for word in printed.split() if "/set-up/" in word)
    assert link.startswith(base)
    assert str(tmp_path / "new") in printed


def one_more(session, slug, words):
    make_ready(session, make_claim(session, article(session, slug), words), "false")


def test_the_first_request_after_publishing_has_the_new_edition(data, run):
    slug = in_installation(with_ready_article)
    env = {"FACTCHECK_PUBLIC_URL": "http://checks.example"}  # the very site that `run` writes
    with serving(env=env) as (base, _):
        seen = []
        for number, quote in enumerate((None, *QUOTES[1:]), start=1):
            if quote:
                in_installation(lambda session, words=quote: one_more(session, slug, words))
            published = json.loads(run("publish", slug, "--json").stdout)
            answer = get(f"{base}/articles/{slug}/")
            record = get(f"{base}/articles/{slug}/edition.json")
            assert (published["number"], json.loads(record.data)["number"]) == (number, number)
            seen.append(answer.headers["ETag"])
            again = get(f"{base}/articles/{slug}/", **{"If-None-Match": seen[-1]})
            assert (again.status, again.data) == (304, b"")
            head = urllib3.request("HEAD", f"{base}/articles/{slug}/")
            assert int(head.headers["Content-Length"]) == len(answer.data)
    assert len(set(seen)) == 3


def test_a_service_killed_with_its_worker_leaves_the_port_at_once(data):
    with serving() as (base, process):
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
        port = int(base.rpartition(":")[2])
        for _ in range(100):
            if is_free(port):
                break
            time.sleep(0.05)
        assert is_free(port), "the worker still has the port"


def is_free(port: int) -> bool:
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # past callers linger
            probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


KILLED_WHILE_WRITING = """
import os, signal
from factcheck.editions import files
from factcheck.cli import main

whole, left = files._write, [{files}]
def write(target, data):
    if left[0] == 0:
        target.with_name(files.ASIDE + target.name).write_bytes(data[: len(data) // 2])
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    whole(target, data)
files._write = write
main(["publish", "{slug}"])
"""


@pytest.mark.parametrize("files", [0, 7, 30])
def test_killed_in_the_middle_of_publishing_the_old_edition_stays_whole(run, data, files):
    import subprocess
    import sys

    from tests.cli.conftest import ROOT

    slug = in_installation(with_ready_article)
    assert run("publish", slug).exit_code == 0
    page = data / "site" / "articles" / slug / "index.html"
    before = page.read_bytes()
    in_installation(
        lambda session: make_ready(
            session, make_claim(session, article(session, slug), QUOTES[1]), "false"
        )
    )
    script = KILLED_WHILE_WRITING.format(files=files, slug=slug)
    killed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    if files < 30:
        assert page.read_bytes() == before
    assert in_installation(lambda session: len(unwritten_editions(session))) == 1
    assert "not on the site" in run("doctor").stdout
    env = {"FACTCHECK_PUBLIC_URL": "http://checks.example"}
    with serving(env=env) as (base, _):
        assert get(f"{base}/readyz").status == 200
        assert b"the council voted" in get(f"{base}/articles/{slug}/").data
        assert json.loads(get(f"{base}/articles/{slug}/edition.json").data)["number"] == 2
    assert run("verify", data / "site").exit_code == 0
    assert run("doctor").exit_code == 0
    (page.parent / "edition.json").write_text("{}")
    assert f"{page.parent / 'edition.json'} is not the newest edition" in run("doctor").stdout


def test_a_row_that_was_changed_by_hand_is_said_at_the_next_start(data, run):
    slug = in_installation(with_ready_article)
    run("publish", slug)
    in_installation(
        lambda session: session.execute(sa.text("UPDATE editions SET record = record || ' '"))
    )
    with serving() as (_, process):
        said = next(line for line in process.stdout if "changed in the database" in line)
    assert "Edition 1 of" in said
    assert "factcheck doctor" in said


def test_ready_is_not_said_while_a_publication_is_unfinished(app):
    with app.app_context(), writing() as session:
        found, _ = make_ready_article(session, ["true"])
        publish_edition(session, found, note=None, actor=None, now=now())
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    with app.app_context():
        publishing.finish_interrupted(app.extensions["factcheck"])
    assert client.get("/readyz").status_code == 200


def test_the_doctor_says_that_nothing_is_wrong_or_what(run, data):
    assert run("doctor").stdout == "Nothing is wrong.\n"
    (data / "log-key").chmod(0o644)
    result = run("doctor")
    assert result.exit_code == 1
    assert "chmod 600" in result.stdout
    assert "log-key" in result.stdout


def test_the_worker_runs_alone_and_stops_when_told(data):
    process = start("worker")
    assert process.stdout.readline() == "Running jobs.\n"
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_the_demo_is_loaded_once_with_at_least_six_verdicts_and_its_people_can_sign_in(tmp_path):
    from urllib.parse import urlencode

    import urllib3

    from tests.web.client import form_token

    folder = tmp_path / "demo"
    env = {"FACTCHECK_DATA": str(folder)}
    with serving("--demo", env=env) as (base, _):
        file = folder / "first-sign-in.txt"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        people = [line.split() for line in file.read_text().splitlines()]
        assert {"admin", "editor", "reviewer"} <= {role for role, _, _ in people}
        slug = next((folder / "site" / "articles").iterdir()).name
        record = json.loads(get(f"{base}/articles/{slug}/edition.json").data)
        assert len(record["claims"]) >= 6
        assert len({claim["rating"] for claim in record["claims"]}) >= 5
        page = get(f"{base}/sign-in")
        cookie = page.headers["Set-Cookie"].partition(";")[0]
        email, password = next((mail, word) for role, mail, word in people if role == "editor")
        body = {"email": email, "password": password, "csrf_token": form_token(page.data.decode())}
        answer = urllib3.request(
            "POST", f"{base}/sign-in", body=urlencode(body), redirect=False,
            headers={"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        assert answer.status == 302
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        desk = get(f"{base}/desk", Cookie=cookie)
        assert desk.status == 200
        assert slug in desk.data.decode()
    checking = start("verify", folder / "site")
    assert checking.communicate(timeout=60)[0] == "All of it is as it was signed.\n"
    again = file.read_text()
    with serving("--demo", env=env):
        assert file.read_text() == again


def test_readers_and_a_publisher_meet_only_whole_pages(data, run):
    slug = in_installation(with_ready_article)
    run("publish", slug)
    env = {"FACTCHECK_PUBLIC_URL": "http://checks.example"}
    with serving(env=env) as (base, _):
        done, numbers = threading.Event(), set()

        def read():
            while not done.is_set():
                record = get(f"{base}/articles/{slug}/edition.json")
                numbers.add(json.loads(record.data)["number"])

        readers = [threading.Thread(target=read, daemon=True) for _ in range(3)]
        for reader in readers:
            reader.start()
        for quote in QUOTES[1:]:
            in_installation(lambda session, words=quote: one_more(session, slug, words))
            assert run("publish", slug).exit_code == 0
        done.set()
        for reader in readers:
            reader.join(timeout=30)
    assert {3} <= numbers <= {1, 2, 3}
