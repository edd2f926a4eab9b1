"""Forms that lack their fields, or hold what no browser sends, are answered and break nothing."""

from __future__ import annotations

import re

import pytest

from factcheck import clock
from factcheck.accounts import signing_in
from factcheck.accounts.models import Person
from factcheck.articles.models import Article
from factcheck.claims.models import Claim
from factcheck.db import current_session, writing
from factcheck.demo.load import load
from factcheck.editions.models import Edition
from factcheck.folders import data_folder
from factcheck.reviews.models import Source
from tests.web.access_table import ACCESS

pytestmark = pytest.mark.one_database
SENT = ("", "\x00", "-1", "9" * 30, "٣", "https://[", "<b>", "2007-13-45", "\ud800", "a\r\nb: c")
ALONE = {"name": "Ada Byron"}  # the others are missing
SAID = [route for method, route in ACCESS if method == "POST" and not route.startswith("/api/")]


@pytest.fixture(scope="module")
def names():
    """The names of all fields that stand in a template."""
    found = set()
    for file in data_folder("templates").rglob("*.html"):
        found |= set(re.findall(r'name="([a-z_-]+)"', file.read_text(encoding="utf-8")))
    return sorted(found | {"source-1-url", "source-1-quote", "source-1-place"} - {"csrf_token"})


@pytest.fixture
def demo(app, settings):
    """The demo, without the token that guards its forms: who sends these has one."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        load(settings)
    return app


def places(route: str) -> list[str]:
    """Return the addresses of a route for things that there are."""
    session = current_session()
    kinds = {
        "/work/claims/": session.query(Claim.public_id),
        "/admin/people/": session.query(Person.public_id).filter(Person.role == "reviewer"),
        "/desk/people/": session.query(Person.public_id),
        "/desk/sources/": session.query(Source.public_id).limit(1),
        "/work/articles/": session.query(Article.slug),
        "/work/editions/": session.query(Edition.sha256).limit(1),
    }
    keys = next((query for start, query in kinds.items() if route.startswith(start)), None)
    found = [row[0] for row in keys] if keys is not None else ["nothing"]
    claim = session.query(Claim.public_id).first()[0]
    filled = [re.sub(r"<[^>]*>", key, route, count=1) for key in found]
    return [re.sub(r"<[^>]*>", claim, one) for one in filled]


def test_a_form_without_its_fields_or_with_nonsense_in_them_is_answered(demo, names):
    broken = []
    for route in sorted(SAID, key=lambda one: "disable" in one or "withdraw" in one):
        with demo.app_context():
            addresses = places(route)
        for address in addresses[:4]:
            for value in (None, *SENT):
                said = (value or "").encode("utf-8", "surrogatepass")
                fields = ALONE if value is None else dict.fromkeys(names, said)
                status = admin(demo).post(address, data=fields).status_code
                broken += [(route, value, status)] if status >= 500 else []

    assert broken == []


def admin(app):
    """A client in which the demo's admin is signed in, as after a sign-in just now."""
    with app.app_context(), writing() as session:
        person = session.query(Person).filter_by(role="admin").first()
        person.disabled_at = None
        secret = signing_in.open_session(session, person, now=clock.now())
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
    return client
