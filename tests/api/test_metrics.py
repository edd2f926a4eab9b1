"""`/metrics`: from this machine or with a token, never through a proxy; and what it tells."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck import clock
from factcheck.accounts.actions import create_token
from factcheck.db import writing
from factcheck.editions.actions import publish_edition
from factcheck.outbox import OutboxJob, enqueue
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.editions.factories import make_ready_article
from tests.reviews.pages import queries_of

FAR = {"REMOTE_ADDR": "198.51.100.7"}
PROXIED = {"X-Forwarded-For": "198.51.100.7"}
LINE = re.compile(r'factcheck_[a-z_]+(\{[a-z]+="[a-z]+"\})? [0-9.e+]+')


def values(answer) -> dict[str, float]:
    assert answer.status_code == 200, answer.text
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert all(LINE.fullmatch(line) for line in lines), lines
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def token_of(app, role, scope):
    with app.app_context(), writing() as session:
        person = make_person(session, role)
        _, plain = create_token(
            session, person, name="scrape", scope=scope, expires_days=None, actor=person, now=NOW
        )
        return {"Authorization": f"Bearer {plain}"}


def test_the_figures_are_those_of_the_database(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with app.app_context(), writing() as session:
        article, _ = make_ready_article(session, ["true", "false"])
        publish_edition(session, article, note=None, actor=None, now=NOW)
        session.execute(sa.delete(OutboxJob))
        for ago in (30, 90, -60):  # the last is not due yet
            enqueue(session, "mail", {}, now=NOW, due=NOW - timedelta(seconds=ago))
        enqueue(session, "mail", {}, now=NOW, due=NOW - timedelta(days=1))
        failed = session.scalars(sa.select(OutboxJob).order_by(OutboxJob.due_at)).first()
        failed.failed_at, failed.attempts = NOW, 8
        people = session.execute(sa.text("SELECT count(*) FROM people")).scalar()
    found = values(app.test_client().get("/metrics"))
    assert found["factcheck_jobs_waiting"] == 2
    assert found["factcheck_jobs_failed"] == 1
    assert found["factcheck_oldest_job_seconds"] == 90
    assert found['factcheck_claims{state="ready"}'] == 2
    assert found['factcheck_claims{state="disputed"}'] == 0
    assert found["factcheck_editions_total"] == 1
    assert found["factcheck_editions_unwritten"] == 1
    assert sum(n for name, n in found.items() if "people" in name) == people


def test_it_costs_five_queries_however_much_there_is(app):
    assert queries_of(app, app.test_client(), "/metrics") == 5


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
@pytest.mark.parametrize("hops", [0, 1, 2])
@pytest.mark.parametrize("said", ["198.51.100.7", "127.0.0.1", "127.0.0.1, 198.51.100.7"])
def test_a_proxy_on_this_machine_is_nobody_on_this_machine(app_with, header, hops, said):
    client = app_with(trusted_proxies=hops).test_client()
    answer = client.get("/metrics", headers={header: said})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "factcheck_" not in answer.text


@pytest.mark.parametrize(
    ("public", "hops", "expected"),
    [("http://127.0.0.1:8000", 0, 200), ("http://[::1]:8000", 0, 200),
     ("https://checks.example", 0, 401), ("https://checks.example", 1, 200)],
)  # fmt: skip
def test_where_a_proxy_may_stand_unseen_nobody_is_believed(app_with, public, hops, expected):
    app = app_with(public_url=public, trusted_proxies=hops)
    assert app.test_client().get("/metrics").status_code == expected
    assert app.test_client().get("/metrics", environ_base=FAR).status_code == 401


def test_from_elsewhere_an_admin_s_token_reads_them_and_no_other(app):
    client = app.test_client()
    admin = token_of(app, "admin", "read")
    assert values(client.get("/metrics", headers=admin, environ_base=FAR))
    assert values(client.get("/metrics", headers={**admin, **PROXIED}))
    for role, scope in (("editor", "edit"), ("reviewer", "review")):
        answer = client.get("/metrics", headers=token_of(app, role, scope), environ_base=FAR)
        assert answer.status_code == 403
    bad = {"Authorization": "Bearer nonsense"}
    assert client.get("/metrics", headers=bad, environ_base=FAR).status_code == 401
