"""Two admins over the API: what one asks for waits until the other asks for the same."""

from __future__ import annotations

from factcheck.accounts.queries import person_by_email
from factcheck.accounts.secrets import hash_password
from factcheck.db import writing
from tests.accounts.factories import PASSWORD
from tests.api.conftest import token_of


def two_admins(app, caller, monkeypatch):
    """Return callers of two admins who can sign in."""
    monkeypatch.setitem(token_of.__globals__["ROLES"], "bea", "admin")
    made = caller("ada"), caller("bea")
    with app.app_context(), writing() as session:
        for name in ("ada", "bea"):
            person = person_by_email(session, f"{name}@example.org")
            person.password_hash = hash_password(PASSWORD)
    return made


def test_an_admin_s_role_waits_for_a_second_admin_and_can_be_dropped(app, caller, monkeypatch):
    ada, bea = two_admins(app, caller, monkeypatch)
    invited = ada.post("/users", {"email": "new@example.org", "role": "admin"}).json
    (change,) = bea.get("/changes").json["items"]
    assert (invited["role"], change["user"], change["role"]) == ("editor", invited["id"], "admin")
    assert bea.post(f"/changes/{change['id']}/drop").status_code == 204
    assert bea.post(f"/changes/{change['id']}/drop").status_code == 404

    path = f"/users/{invited['id']}"
    with app.app_context(), writing() as session:  # they used their invitation
        invitee = person_by_email(session, "new@example.org")
        invitee.password_hash = hash_password(PASSWORD)
    wish = {"role": "admin", "version": ada.get(path).json["version"]}
    first = ada.patch(path, wish)
    assert (first.status_code, first.json["role"]) == (202, "editor")
    second = bea.patch(path, wish)
    assert (second.status_code, second.json["role"]) == (200, "admin")
    asked = ada.post(f"{path}/reset-link")
    assert (asked.status_code, asked.json["link"]) == (202, None)
    assert bea.post(f"{path}/reset-link").status_code == 201
