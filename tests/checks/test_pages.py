"""The pages of earlier checks and of long runs, as an editor uses them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from factcheck.db import db, writing
from factcheck.jobs import run_due
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.web.client import form_token, signed_in

HEAD = "text,url,rating,publisher\n"


@pytest.fixture
def editor(app):
    return of(app, "editor")


@pytest.fixture
def reviewer(app):
    return of(app, "reviewer")


def of(app, role: str):
    with app.app_context(), writing() as session:
        email = make_person(session, role).email
    return signed_in(app, email)


def bring(client, text: str, **form):
    """Send a file as a browser does, with its form's token."""
    form["csrf_token"] = form_token(client.get("/desk/checks").text)
    return send(client, text, form)


def send(client, text: str, form: dict[str, str]):
    """Send a file in one piece, since the client leaves long ones open."""
    name = 'form-data; name="%s"'
    parts = [f"Content-Disposition: {name % key}\r\n\r\n{value}" for key, value in form.items()]
    parts.append(f'Content-Disposition: {name % "file"}; filename="checks.csv"\r\n\r\n{text}')
    body = "".join(f"--cut\r\n{part}\r\n" for part in parts) + "--cut--\r\n"
    return client.post(
        "/desk/checks/import", data=body.encode(), content_type="multipart/form-data; boundary=cut"
    )


def test_a_file_larger_than_other_forms_is_imported_and_its_bad_row_named(app, settings, editor):
    long = "x" * 1000
    rows = "".join(f"Claim {n} {long},https://checks.example/{n},False,P\n" for n in range(2200))
    sent = bring(editor, HEAD + rows + "No address,,True,P\n", bad="keep-good")
    assert sent.status_code == 303, sent.text
    with app.app_context():
        run_due(settings)
    run = editor.get(sent.headers["Location"]).text
    assert "2,200" in run or "2200" in run
    assert "url" in run
    assert "Claim 2199" in editor.get("/desk/checks").text
    assert sent.headers["Location"] in editor.get("/desk/runs").text


@pytest.mark.parametrize("role", [None, "newcomer", "reviewer"])
def test_who_is_no_editor_sends_no_long_file(app, role):
    client = of(app, role) if role else app.test_client()
    sent = send(client, "x" * (3 * 1024 * 1024), {})
    assert sent.status_code == 413


def test_reviewers_search_and_neither_import_nor_remove(app, settings, editor, reviewer):
    bring(editor, HEAD + "Water is wet,https://checks.example/1,True,P\n", encoding="utf\0-8")
    with app.app_context():
        run_due(settings)
    for place in ("/desk/checks", "/desk/checks?q=water"):
        page = reviewer.get(place).text
        assert "Water is wet" in page
        assert "/desk/checks/import" not in page
        assert "/remove" not in page
        assert "/remove" in editor.get(place).text
    assert "/desk/checks" in reviewer.get("/queue").text


def test_no_file_is_said_on_the_page(editor):
    token = form_token(editor.get("/desk/checks").text)
    sent = editor.post("/desk/checks/import", data={"csrf_token": token})
    assert sent.status_code == 422
    assert 'role="alert"' in sent.text


def test_who_triages_a_claim_is_shown_the_checks_of_others_that_are_like_it(app, settings, editor):
    bring(
        editor, HEAD + "The ferry carried 400000 passengers in 2024,https://c.example/1,False,P\n"
    )
    with app.app_context():
        run_due(settings)
        with writing() as session:
            article = make_article(session)
            claims = [
                make_claim(session, article),
                make_claim(session, article, "412,000 passengers", "accepted"),
            ]
            slug, ids = article.slug, [one.public_id for one in claims]
        asked, engine = [], db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    page = editor.get(f"/work/articles/{slug}?claim={ids[0]}").text
    assert 'href="https://c.example/1"' in page
    assert "Checked before, and like it" in page
    assert len([one for one in asked if one.startswith("SELECT")]) <= 6
    accepted = editor.get(f"/work/articles/{slug}?claim={ids[1]}").text
    assert "https://c.example/1" not in accepted
