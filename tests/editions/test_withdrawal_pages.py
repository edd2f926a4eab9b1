"""The pages on which editors withdraw, note mends, and admins have words removed for good."""

from __future__ import annotations

import pytest

from factcheck.db import writing
from factcheck.editions import publishing
from tests.accounts.factories import PASSWORD, make_person
from tests.editions.factories import make_ready_article
from tests.web.client import post_form, signed_in


@pytest.fixture
def article(app, settings):
    """The slug and the claims' ids of a published article."""
    with app.app_context():
        with writing() as session:
            made, claims = make_ready_article(session, title="The ferry")
            slug, ids = made.slug, [one.public_id for one in claims]
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
    return slug, ids


def client(app, role: str):
    with app.app_context(), writing() as session:
        email = make_person(session, role).email
    return signed_in(app, email)


def test_an_editor_withdraws_a_claim_with_a_reason_and_another_puts_it_back(app, article):
    slug, ids = article
    one, other = client(app, "editor"), client(app, "editor")
    page = f"/work/articles/{slug}/withdraw"
    act = f"/work/articles/{slug}/claims/{ids[0]}"
    assert post_form(one, f"{act}/withdraw", {"reason": " "}, page=page).status_code == 422
    assert post_form(one, f"{act}/withdraw", {"reason": "A slip."}, page=page).status_code == 303
    assert "A slip." in one.get(f"/articles/{slug}/claims/{ids[0]}/").text
    refused = post_form(one, f"{act}/put-back", {"reason": "No."}, page=page)
    assert refused.status_code == 403
    assert "Another editor" in refused.text
    assert post_form(other, f"{act}/put-back", {"reason": "No."}, page=page).status_code == 303


def test_an_author_reports_a_mend_and_an_editor_notes_it_in_one_step(app, article):
    slug, ids = article
    reader = app.test_client()
    sent = post_form(
        reader, "/mended", {"claim": ids[0], "text": "It says 398,000 now, since Monday."},
        page=f"/mended?claim={ids[0]}",
    )  # fmt: skip
    assert sent.status_code == 303
    editor = client(app, "editor")
    inbox = editor.get("/desk/inbox").text
    letter = inbox.partition("letter-")[2][:16]
    done = post_form(editor, f"/desk/inbox/{letter}/mend", {"on": "2025-03-31"}, page="/desk/inbox")
    assert done.status_code == 303
    assert "The author mended the words" in editor.get(done.location).text
    assert "2025-03-31" in editor.get(f"/work/articles/{slug}/mended").text


def test_one_admin_asks_for_words_to_go_and_another_confirms_with_the_password(app, article):
    slug, _ = article
    one, other = client(app, "admin"), client(app, "admin")
    words = {"words": "H. Lund", "reason": "The law."}
    page = "/admin/purges"
    assert post_form(one, page, words | {"present": "wrong"}).status_code == 422
    assert post_form(one, page, words | {"present": PASSWORD}).status_code == 303
    asked = other.get(page).text.partition("purge-")[2][:16]
    confirm = f"{page}/{asked}/confirm"
    assert post_form(one, confirm, {"present": PASSWORD}, page=page).status_code == 403
    assert post_form(other, confirm, {"present": PASSWORD}, page=page).status_code == 303
    shown = one.get(f"/articles/{slug}/").text
    assert "H. Lund" not in shown
    assert "The law." in shown
