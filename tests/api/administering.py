"""What admins do through the API, once each: part of the whole path."""

from __future__ import annotations

import base64
import io
from datetime import timedelta

from PIL import Image

from factcheck import clock
from factcheck.accounts import registering
from factcheck.accounts.queries import person_by_email
from factcheck.accounts.registering import Wish
from factcheck.accounts.secrets import hash_password
from factcheck.db import writing
from factcheck.methods.queries import cases
from factcheck.reviews.models import PracticeDone
from tests.accounts.factories import PASSWORD, make_person, with_second_factor
from tests.api.client import Api


def administered(app, ada: Api, edith: Api, rhea: Api) -> None:
    """Have an admin, an editor and a reviewer use every call of accounts and of the site."""
    _accounts(app, ada)
    _newcomers(app, ada, edith)
    _own(app, rhea)
    _site(ada)


def _accounts(app, ada: Api) -> None:
    with app.app_context(), writing() as session:
        lost = make_person(session, password=PASSWORD)
        with_second_factor(session, lost, key=app.config["SECRET_KEY"], now=clock.now())
        path = f"/users/{lost.public_id}"
    read = ada.get(path)
    tag = {"If-Match": read.headers["ETag"]}
    assert ada.patch(path, {"role": "editor"}).status_code == 428
    assert ada.patch(path, {"role": "editor"}, headers=tag).json["role"] == "editor"
    assert ada.patch(path, {"disabled": True}, headers=tag).status_code == 412
    off = ada.patch(path, {"disabled": True, "version": read.json["version"] + 1}).json
    assert off["disabled"]
    assert not ada.patch(path, {"disabled": False, "version": off["version"]}).json["disabled"]
    assert ada.post(f"{path}/reset-link").json["link"].startswith("http://localhost/reset/")
    assert ada.post(f"{path}/sign-out").json["id"] == read.json["id"]
    assert ada.post(f"{path}/second-factor-off").status_code == 200
    assert ada.post(f"{path}/second-factor-off").status_code == 409
    assert ada.get(f"{path}/decided-alone").json["items"] == []
    assert ada.get("/events?limit=1").json["items"][0]["kind"] == "person.second-factor-reset"
    with app.app_context(), writing() as session:
        make_person(session, "admin", password=PASSWORD)
    ada.post("/users", {"email": "third@example.org", "role": "admin"})
    (change,) = ada.get("/changes").json["items"]
    assert ada.post(f"/changes/{change['id']}/drop").status_code == 204


def _newcomers(app, ada: Api, edith: Api) -> None:
    with app.app_context(), writing() as session:
        wish = Wish(email="wren@example.org", name="Wren", password_hash=hash_password(PASSWORD))
        registering.register(session, wish, now=clock.now() - timedelta(minutes=1))
        ready, other = (make_person(session, "newcomer") for _ in range(2))
        session.add_all(
            PracticeDone(person_id=ready.id, key=case.key, rating=case.best, at=clock.now())
            for case in cases()
        )
        ready, other = ready.public_id, other.public_id
    (registered,) = ada.get("/registrations").json["items"]
    link = ada.post(f"/registrations/{registered['id']}/link")
    assert (link.status_code, registered["name"]) == (201, "Wren")
    assert ada.post("/registrations/nothing/link").status_code == 404
    waiting = {one["id"]: one for one in edith.get("/newcomers").json["items"]}
    assert waiting[ready]["practised"] == waiting[ready]["practice"] > waiting[other]["practised"]
    assert edith.post(f"/users/{other}/let-in").status_code == 409
    assert edith.post(f"/users/{ready}/let-in").json["role"] == "reviewer"
    away = edith.post(f"/users/{other}/turn-away", {"reason": "Not now."})
    assert away.json["disabled"]


def _own(app, rhea: Api) -> None:
    with app.app_context(), writing() as session:
        from factcheck.accounts.actions import create_token
        from factcheck.accounts.signing_in import open_session

        person = person_by_email(session, "rhea@example.org")
        create_token(session, person, name="Old", scope="read", expires_days=None, actor=person,
                     now=clock.now())  # fmt: skip
        open_session(session, person, now=clock.now())
    (old,) = [one for one in rhea.get("/me/tokens").json["items"] if one["name"] == "Old"]
    assert rhea.post(f"/me/tokens/{old['id']}/end").status_code == 204
    assert rhea.post(f"/me/tokens/{old['id']}/end").status_code == 404
    (here,) = rhea.get("/me/sessions").json["items"]
    assert rhea.post(f"/me/sessions/{here['id']}/end").status_code == 204
    assert rhea.get("/me/sessions").json["items"] == []
    assert rhea.get("/me/notice-choices").json["ways"]["decided"] == "here"
    chosen = rhea.post("/me/notice-choices", {"ways": {"decided": "daily"}}).json["ways"]
    assert (chosen["decided"], chosen["message"]) == ("daily", "at-once")
    refused = rhea.post("/me/notice-choices", {"ways": {"second-admin": "off"}})
    assert refused.json["errors"][0]["field"] == "ways.second-admin"


def _site(ada: Api) -> None:
    pages = {one["slug"]: one for one in ada.get("/site/pages").json["items"]}
    assert {"about", "method", "contact"} <= set(pages)
    written = ada.post("/site/pages/about", {"markdown": "We check **facts**."}).json
    assert written == pages["about"] | {"markdown": "We check **facts**."}
    assert ada.post("/site/pages/nothing", {}).status_code == 404
    look = ada.get("/site/look").json
    faint = look["theme"] | {"light_ink": look["theme"]["light_paper"]}
    refused = ada.post("/site/look", {"theme": faint})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "theme.light_paper")
    drawn = io.BytesIO()
    Image.new("RGB", (40, 20), "#123456").save(drawn, "PNG")
    logo = {"base64": base64.b64encode(drawn.getvalue()).decode(), "has_name": True}
    assert ada.post("/site/look", {"logo": {"base64": "?"}}).status_code == 422
    seen = ada.post("/site/look", {"name": "The Check", "theme": look["theme"], "logo": logo}).json
    assert (seen["name"], seen["theme"]) == ("The Check", look["theme"])
    assert seen["logo"].startswith("assets/logo.")
    assert ada.post("/site/look", {"logo": None, "theme": None}).json["logo"] is None
