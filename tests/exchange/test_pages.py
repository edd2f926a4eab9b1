"""The editors' page of exports, its runs, and what ends them."""

from __future__ import annotations

import json

import pytest

from factcheck import clock
from factcheck.db import current_session, writing
from factcheck.exchange import making, rows
from factcheck.jobs import run_due
from factcheck.runs import files
from factcheck.runs.models import Run
from tests.accounts.factories import make_person
from tests.editions.factories import make_ready_article
from tests.web.client import form_token, signed_in


@pytest.fixture
def editor(app):
    with app.app_context(), writing() as session:
        make_ready_article(session, ["true", "false"], title="The ferry")
        email = make_person(session, "editor").email
    return signed_in(app, email)


def asked(editor, **form):
    form["csrf_token"] = form_token(editor.get("/desk/exports").text)
    return editor.post("/desk/exports", data={"what": "claims", "form": "csv", **form})


def test_an_editor_asks_waits_and_fetches_a_file(app, settings, editor):
    sent = asked(editor, what="decisions", form="jsonl", article="the-ferry")
    assert sent.status_code == 303, sent.text
    waiting = editor.get(sent.headers["Location"]).text
    assert "Stop it" in waiting
    with app.app_context():
        run_due(settings)
    run = editor.get(sent.headers["Location"]).text
    assert "Fetch the file" in run
    public_id = sent.headers["Location"].rpartition("/")[2]
    assert public_id in editor.get("/desk/exports").text
    fetched = editor.get(f"/desk/exports/{public_id}")
    assert (fetched.status_code, fetched.mimetype) == (200, "application/jsonl")
    assert fetched.headers["Content-Disposition"].startswith("attachment; filename=factcheck-dec")
    assert len([json.loads(line) for line in fetched.text.splitlines()]) == 4
    fetched.close()


@pytest.mark.one_database
def test_what_cannot_be_exported_is_said_beside_the_field(editor):
    refused = asked(editor, article="no-such")
    assert refused.status_code == 422
    assert "no-such" in refused.text
    assert asked(editor, what="people").status_code == 422
    assert editor.get("/desk/exports/none").status_code == 404


def test_a_stop_or_a_purge_leaves_no_file(app, settings, editor, monkeypatch):
    for end in ("stop", "purge"):
        public_id, real = asked(editor).headers["Location"].rpartition("/")[2], rows.parts

        def stop_meanwhile(*given, end=end, public_id=public_id, real=real, **more):
            page = editor.get(f"/desk/runs/{public_id}").text
            if end == "stop":
                token = {"csrf_token": form_token(page)}
                assert editor.post(f"/desk/runs/{public_id}/stop", data=token).status_code == 303
            else:
                with writing() as session:
                    files.stop_all(session)
                files.drop_all(settings)
            yield from real(*given, **more)

        monkeypatch.setattr(rows, "parts", stop_meanwhile)
        with app.app_context():
            run_due(settings)
            monkeypatch.undo()
            run = current_session().query(Run).filter_by(public_id=public_id).one()
            assert run.state == "stopped"
        assert list(files.folder_of(settings).iterdir()) == []
        assert editor.get(f"/desk/exports/{public_id}").status_code == 404


@pytest.mark.one_database
def test_a_file_is_written_by_one_and_kept_for_a_day(app, settings, editor, monkeypatch):
    public_id = asked(editor).headers["Location"].rpartition("/")[2]
    with app.app_context():
        with making._half(settings, public_id):
            making.go_on({"run": public_id}, settings)  # somebody else is about it
            assert current_session().query(Run).one().state == "waiting"
        making.go_on({"run": public_id}, settings)
        assert len(making.to_fetch(current_session(), settings, now=clock.now())) == 1
        monkeypatch.setattr(files, "KEPT_S", -1)
        files.drop_old(settings)
        assert list(files.folder_of(settings).iterdir()) == []
    assert editor.get(f"/desk/exports/{public_id}").status_code == 404
