"""Asking the service as a browser would: forms are fetched and sent with the token in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from factcheck.accounts.models import Person
from factcheck.accounts.secrets import hash_password
from factcheck.db import writing
from tests.accounts.factories import PASSWORD

_HASH = hash_password(PASSWORD)  # once: the hash is dear on purpose


def signed_in(app: Flask, person: Person | str) -> FlaskClient:
    """Return a client in which `person` (or the one with that address) has signed in by the page.

    Call it outside of any writing transaction: what the test added must be committed before.
    """
    with app.app_context(), writing() as session:
        email = person if isinstance(person, str) else person.email
        found = session.query(Person).filter_by(email=email).one()
        if found.password_hash is None:
            found.password_hash = _HASH
    client = app.test_client()
    answer = post_form(client, "/sign-in", {"email": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return client


def form_token(page: str) -> str:
    """Return the token against forgery that stands in a page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "the page has no form with a token"
    return unescape(found[1])


def post_form(
    client: FlaskClient, url: str, data: Mapping[str, Any], *, page: str | None = None
) -> TestResponse:
    """Fetch the form at `page` (else at `url`) and send it to `url` with its token and `data`."""
    shown = client.get(page or url)
    assert shown.status_code in {200, 201}, shown.text
    return client.post(url, data={"csrf_token": form_token(shown.text), **data})
