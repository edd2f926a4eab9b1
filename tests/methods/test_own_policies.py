"""Policies that editors add: chosen like those that ship, never changed, retired."""

from __future__ import annotations

import re

import pytest

from factcheck.articles.models import Article
from factcheck.claims.actions import edit_claim
from factcheck.db import current_session, writing
from factcheck.failures import Invalid
from factcheck.methods import queries
from factcheck.methods.actions import PolicyMissing, PolicyNameTaken, add_policy, retire_policy
from factcheck.methods.rules import Wanted
from factcheck.outbox import OutboxJob
from factcheck.reviews.queries import open_round
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import review_as
from tests.web.client import post_form, signed_in

THREE = Wanted("Three, then five", "Two of three decide, else four of five.", ((3, 2), (5, 4)))


@pytest.fixture
def editor(session):
    return make_person(session, "editor")


def test_a_claim_under_it_is_decided_as_it_says(session, editor):
    key = add_policy(session, THREE, actor=editor, now=NOW).key
    claim = make_claim(session, make_article(session), state="accepted")
    claim.policy_key = key
    review_as(session, claim, ["true", "false"])
    assert open_round(session, claim).policy_key == key
    review_as(session, claim, ["mixed"])  # no two of three
    assert claim.state == "accepted"
    review_as(session, claim, ["true", "true"])
    assert claim.state == "disputed"  # three of five


def test_it_is_offered_until_it_is_retired_and_holds_afterwards(session, editor):
    key = add_policy(session, THREE, actor=editor, now=NOW).key
    assert [one.key for one in queries.policies(session)] == ["team", "solo", "crowd", key]
    retire_policy(session, key, actor=editor, now=NOW)
    assert key not in {one.key for one in queries.policies(session)}
    assert queries.policy(key).most_seats == 5
    claim = make_claim(session, make_article(session))
    with pytest.raises(queries.UnknownPolicy):
        edit_claim(session, claim, {"policy": key}, version=None, actor=editor, now=NOW)
    claim.policy_key = key  # where it is already it stays
    edit_claim(session, claim, {"policy": key, "priority": 3}, version=None, actor=editor, now=NOW)
    with pytest.raises(PolicyMissing):
        retire_policy(session, key, actor=editor, now=NOW)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(" ", "Words.", ((2, 2),)), "name"),
        (Wanted("x" * 61, "Words.", ((2, 2),)), "name"),
        (Wanted("Own", "", ((2, 2),)), "description"),
        (Wanted("Own", "Words.", ((1, 1),)), "steps"),
        (Wanted("Own", "Words.", ((4, 2),)), "steps"),
        (Wanted("Own", "Words.", ((2, 2),), least_sources=11), "least_sources"),
    ],
)
def test_what_cannot_be_a_policy_is_refused_by_its_field(session, editor, wanted, field):
    with pytest.raises(Invalid) as refused:
        add_policy(session, wanted, actor=editor, now=NOW)
    assert refused.value.field == field


def test_no_two_have_one_name(session, editor):
    add_policy(session, THREE, actor=editor, now=NOW)
    for name in (THREE.name, "one reviewer"):
        with pytest.raises(PolicyNameTaken):
            add_policy(session, Wanted(name, "Words.", ((2, 2),)), actor=editor, now=NOW)


def test_an_editor_adds_one_puts_an_article_under_it_and_retires_it(app):
    with app.app_context(), writing() as session:
        ada = make_person(session, "editor").email
        article = make_article(session)
        slug = article.slug
    client = signed_in(app, ada)
    page = "/desk/policies"
    wrong = {"name": "Three", "description": "Two.", "seats_1": "3", "agree_1": "1"}
    refused = post_form(client, page, wrong | {"least_sources": "1"})
    assert refused.status_code == 422
    assert "More than half of 3 have to agree." in refused.text
    right = wrong | {"agree_1": "2", "least_sources": "1"}
    assert post_form(client, page, right).status_code == 303
    with app.app_context():
        (own,) = queries.own_policies(current_session())
        key, kinds = own.key, [job.kind for job in current_session().query(OutboxJob)]
    assert "write-common" in kinds

    work = f"/work/articles/{slug}"
    settings = {"title": "Under it", "policy": key, "version": "1", "display": "full",
                "ground": "own"}  # fmt: skip
    assert post_form(client, f"{work}/settings", settings).status_code == 303
    assert post_form(client, f"{page}/{key}/retire", {}, page=page).status_code == 303
    assert "Retired" in client.get(page).text
    shown = client.get(f"{work}/settings").text
    assert re.search(rf'<option[^>]*value="{key}"[^>]*>', shown)
    with app.app_context():
        assert current_session().query(Article).one().policy_key == key
