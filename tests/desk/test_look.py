"""The admin's page for how the site looks, asked as a browser without scripts does."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from factcheck.db import current_session, writing
from factcheck.editions import publishing, queries
from factcheck.editions.look import shipped_theme
from tests.accounts.factories import make_person
from tests.editions.factories import make_ready_article
from tests.web.client import form_token, post_form, signed_in

CHOSEN = {
    **shipped_theme().colours, "light_paper": "#FFFAF0", "reading": "georgia", "around": "system",
}  # fmt: skip


@pytest.fixture
def admin(app):
    with app.app_context(), writing() as session:
        email = make_person(session, "admin").email
    return signed_in(app, email)


def send(client, path, **fields):
    token = form_token(client.get("/admin/look").text)
    kind = "multipart/form-data" if "file" in fields else None
    return client.post(path, data={"csrf_token": token, **fields}, content_type=kind)


def look(app):
    with app.app_context():
        return queries.look(current_session())


def test_colours_are_tried_out_before_they_are_saved(app, admin):
    answer = send(admin, "/admin/look/theme", preview="1", **CHOSEN)
    assert answer.status_code == 302
    page = admin.get(answer.location)
    assert page.status_code == 200
    style = re.search(r'href="(/admin/look/preview\.css[^"]+)"', page.text)[1]
    sheet = admin.get(style.replace("&amp;", "&"))
    assert sheet.content_type == "text/css; charset=utf-8"
    assert "--paper: light-dark(#fffaf0, #15171a);" in sheet.text
    assert "csrf" not in answer.location
    assert look(app).theme is None, "nothing was saved"
    again = re.search(r'href="(/admin/look\?[^"]+)"', page.text)[1].replace("&amp;", "&")
    assert 'value="#fffaf0"' in admin.get(again).text

    assert send(admin, "/admin/look/theme", save="1", **CHOSEN).status_code == 302
    assert "#fffaf0" in admin.get("/theme.css").text
    assert send(admin, "/admin/look/theme", back="1").status_code == 302
    assert look(app).theme is None
    assert "#fffaf0" not in admin.get("/theme.css").text


@pytest.mark.parametrize("button", ["preview", "save"])
def test_a_pair_that_is_hard_to_read_is_refused_beside_its_field(app, admin, button):
    answer = send(
        admin, "/admin/look/theme", **{button: "1"}, **CHOSEN | {"light_accent": "#ffd700"}
    )
    assert answer.status_code == 422
    assert "By day, accent on paper has a contrast of 1.3" in answer.text
    assert 'id="light_accent-error"' in answer.text
    assert look(app).theme is None


def test_an_address_cannot_bring_rules_into_the_preview(admin):
    sheet = admin.get("/admin/look/preview.css?light_paper=red;}body{display:none&reading=x").text
    assert "display" not in sheet


def test_a_logo_is_taken_by_its_content_and_taken_away(app, admin):
    svg = (io.BytesIO(b"<svg/>"), "logo.png")
    assert "Upload a PNG or WebP image." in send(admin, "/admin/look/logo", file=svg).text
    file = io.BytesIO()
    Image.new("RGB", (300, 100), "#174a7c").save(file, "WEBP")
    file.seek(0)
    assert send(admin, "/admin/look/logo", file=(file, "logo.svg")).status_code == 302
    address = re.search(r'src="(/assets/logo\.[0-9a-f]{16}\.png)"', admin.get("/admin/look").text)
    answer = admin.get(address[1])
    assert answer.content_type == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    assert send(admin, "/admin/look/logo", away="1").status_code == 302
    assert look(app).logo is None
    assert admin.get(address[1]).status_code == 404


def test_a_name_is_kept_and_one_that_is_none_refused(app, admin):
    assert send(admin, "/admin/look/name", name=" ").status_code == 422
    assert send(admin, "/admin/look/name", name="The Harbour Check").status_code == 302
    assert look(app).name == "The Harbour Check"
    assert "– The Harbour Check</title>" in admin.get("/search").text


def test_an_editor_is_warned_and_notes_a_reply(app, admin):
    with app.app_context(), writing() as session:
        article, (claim,) = make_ready_article(session, ["true"])
        slug, claim_id = article.slug, claim.public_id
    page = admin.get(f"/work/articles/{slug}/publish").text
    assert "Nobody here has written how readers reach you." in page
    assert 'href="/admin/pages/contact"' in page

    path = f"/work/claims/{claim_id}/reply"
    assert post_form(admin, path, {"replied_on": "yesterday"}).status_code == 422
    answer = post_form(admin, path, {"reply": "I was there.", "reply_by": "Ines"})
    assert answer.status_code == 303
    assert "Readers are told with the next edition." in admin.get(answer.location).text
    with app.app_context():
        settings = app.extensions["factcheck"]
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
    assert "I was there." in admin.get(f"/articles/{slug}/claims/{claim_id}/").text
