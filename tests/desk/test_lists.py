"""Lists of claims: any filters together, in any order, a page after the other, each claim once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from factcheck.articles.actions import edit_article
from factcheck.claims.actions import accept_claim, assign_claim, edit_claim, tag_claim
from factcheck.claims.actions.counters import recount
from factcheck.claims.facets import wrong_copies
from factcheck.claims.queries import wrong_counters
from factcheck.claims.rules import State, WrongState
from factcheck.claims.tags import checked_tags
from factcheck.db import db, writing
from factcheck.desk import finding, queries
from factcheck.desk.finding import find
from factcheck.desk.lists import ClaimsWanted, Sort, cursor_of, place_in, wanted_by
from factcheck.failures import Invalid
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.desk.test_overview import counted
from tests.web.client import post_form, signed_in

TODAY = NOW.date()
SENTENCES = [f"In {1900 + n} the town paid {n},000 crowns." for n in range(12)]


def many(session, *, person=None):
    """Twelve claims that differ in all that lists are narrowed and ordered by."""
    english = make_article(session, "\n\n".join(SENTENCES), title="Towns", language="en")
    german = make_article(session, "\n\n".join(SENTENCES), title="Städte", language="de")
    made = []
    for number, words in enumerate(SENTENCES):
        claim = make_claim(
            session, (english, german)[number % 2], words, "accepted",
            now=NOW - timedelta(days=number * 2), priority=number % 4, score=(number % 5) / 5,
        )  # fmt: skip
        if number % 3 == 0:
            tag_claim(session, claim, ["Public  Money", "towns"], actor=None, now=NOW)
        if person is not None and number % 4 == 0:
            assign_claim(session, claim, person, actor=None, now=NOW)
        made.append(claim)
    return english, made


def pages(session, wanted, limit=2):
    """Every claim of a list, page by page through the cursors of its address."""
    found, after = [], None
    while True:
        page = find(session, wanted, after=after, limit=limit)
        found += page.claims
        if page.following is None:
            return found
        after = place_in(cursor_of(page.following, wanted), wanted)


@pytest.mark.parametrize("looked_at", [3, 2_000])
def test_any_filters_in_any_order_give_each_claim_once(session, monkeypatch, looked_at):
    monkeypatch.setattr(finding, "LOOKED_AT", looked_at)
    person = make_person(session)
    english, made = many(session, person=person)
    tagged, asked = made[::3], made[::4]
    ours = [one for one in made if one.article_id == english.id]
    cases = [
        ({}, made),
        ({"article": english}, ours),
        ({"language": "de"}, [one for one in made if one not in ours]),
        ({"tag": "public-money"}, tagged),
        ({"tag": "towns", "language": "en", "priority": 2}, [
            one for one in tagged if one in ours and one.priority == 2]),
        ({"tag": "towns", "article": english, "words": "1906 PAID"}, [made[6]]),
        ({"person": person.public_id, "tag": "towns"}, [
            one for one in asked if one in tagged]),
        ({"days": (None, TODAY - timedelta(days=8)), "language": "en"}, [
            one for one in ours if one.state_since_at <= NOW - timedelta(days=8)]),
        ({"tag": "none"}, []),
    ]  # fmt: skip
    orders = {
        Sort.PRIORITY: lambda one: (-one.priority, -one.id),
        Sort.AGE: lambda one: (one.state_since_at, one.id),
        Sort.SCORE: lambda one: (-one.score, -one.id),
    }
    for narrowed, expected in cases:
        for sort, key in orders.items():
            wanted = ClaimsWanted(State.ACCEPTED, sort=sort, **narrowed)
            listed = pages(session, wanted)
            assert [one.id for one in listed] == [one.id for one in sorted(expected, key=key)]


def test_what_claims_are_looked_up_by_follows_them_and_their_article(session):
    person = make_person(session)
    english, made = many(session, person=person)
    edit_claim(session, made[0], {"priority": 3}, version=None, actor=None, now=NOW)
    edit_article(session, english, {"language": "pt-BR"}, actor=None, now=NOW)
    proposed = make_claim(session, english, "In 1900", state="proposed")
    tag_claim(session, proposed, ["towns"], actor=None, now=NOW)
    accept_claim(session, proposed, actor=None, now=NOW)
    session.flush()
    assert wrong_copies(session) == 0
    assert len(pages(session, ClaimsWanted(State.ACCEPTED, language="pt-BR"))) == 7
    assert proposed in pages(session, ClaimsWanted(State.ACCEPTED, tag="towns"))

    session.execute(sa.text("UPDATE claim_facets SET priority = 2, score = 0.9"))
    assert wrong_counters(session)
    recount(session)
    assert not wrong_counters(session)


def test_the_overview_counts_what_its_lists_show_and_no_more_than_it_says(session, monkeypatch):
    person = make_person(session)
    many(session, person=person)
    found = queries.values(session, State.ACCEPTED)
    assert {kind: len(values) for kind, values in found.items()} == {
        "language": 2, "person": 1, "tag": 2,
    }  # fmt: skip
    assert found["person"][0].name == person.name
    for kind, values in found.items():
        for one in values:
            wanted = ClaimsWanted(State.ACCEPTED, **{kind: one.value})
            assert len(pages(session, wanted)) == one.counted.number
    monkeypatch.setattr(queries, "MOST_COUNTED", 3)
    monkeypatch.setattr(finding, "MOST_COUNTED", 3)
    assert queries.values(session, State.ACCEPTED)["tag"][0].counted == finding.Counted(3, True)
    assert find(session, ClaimsWanted(State.ACCEPTED), limit=2).counted == finding.Counted(3, True)
    named, _saved = queries.lists_of(session, person, today=TODAY)
    assert [one.counted.number for one in named] == [12, 0, 0, 0, 8, 3]


@given(
    st.sampled_from(list(Sort)), st.sampled_from(["", "en", "de"]), st.sampled_from(["", "a b"]),
    st.integers(0, 2**63 - 1),
)  # fmt: skip
def test_a_cursor_is_read_by_its_own_list_alone(sort, language, words, number):
    wanted = ClaimsWanted(State.ACCEPTED, language=language, words=words, sort=sort)
    place = {Sort.AGE: NOW, Sort.PRIORITY: 2, Sort.SCORE: 0.1 + 0.2}[sort], number
    given = cursor_of(place, wanted)
    assert place_in(given, wanted) == place
    for other in (
        ClaimsWanted(State.READY, language=language, words=words, sort=sort),
        ClaimsWanted(State.ACCEPTED, language=language, words=words + " c", sort=sort),
        ClaimsWanted(State.ACCEPTED, language=language + "x", words=words, sort=sort),
    ):
        with pytest.raises(Invalid) as refused:
            place_in(given, other)
        assert refused.value.field == "cursor"


def test_a_cursor_of_yesterday_is_refused_where_the_list_is_of_an_age():
    lists = [wanted_by({"age": "days"}, today=TODAY - timedelta(days=back)) for back in (0, 1)]
    with pytest.raises(Invalid):
        place_in(cursor_of((NOW, 1), lists[1]), lists[0])


@given(st.lists(st.text(max_size=12), max_size=4))
def test_tags_are_kept_in_one_form_whatever_was_typed(typed):
    try:
        tags = checked_tags(typed)
    except Invalid:
        return
    assert checked_tags(tags) == tags
    assert list(tags) == sorted(set(tags))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (["Public  Health", "public_health", " "], ("public-health",)),
        (["Żywność", "5G"], ("5g", "żywność")),
        (["a/b"], None),
        (["x" * 41], None),
        ([f"t{n}" for n in range(11)], None),
    ],
)
def test_what_a_tag_may_be(typed, kept):
    if kept is not None:
        assert checked_tags(typed) == kept
        return
    with pytest.raises(Invalid):
        checked_tags(typed)


def test_only_who_can_review_a_claim_that_waits_is_asked(session):
    person, other = make_person(session), make_person(session)
    article = make_article(session)
    own = make_claim(session, article, state="accepted", actor=person)
    with pytest.raises(Invalid):
        assign_claim(session, own, person, actor=None, now=NOW)
    other.disabled_at = NOW
    with pytest.raises(Invalid):
        assign_claim(session, own, other, actor=None, now=NOW)
    with pytest.raises(WrongState):
        assign_claim(session, make_claim(session, article, "nine to four", "decided"), person,
                     actor=None, now=NOW)  # fmt: skip


@pytest.fixture
def desk(app):
    """A client of an editor, and an article with claims."""
    with app.app_context(), writing() as session:
        editor = make_person(session, "editor")
        article, made = many(session, person=editor)
        found = editor.email, article.slug, [one.public_id for one in made]
    return signed_in(app, found[0]), found[1], found[2]


def test_the_page_narrows_by_its_address_and_says_how_many(desk, app):
    client, slug, _ = desk
    page = client.get("/desk").text
    assert "state=accepted&amp;tag=public-money" in page
    assert "state=accepted&amp;language=de" in page
    address = f"/desk/claims?state=accepted&article={slug}&tag=towns&words=crowns&sort=score"
    with app.app_context():
        with counted(db.engine) as asked:
            client.get("/desk")
        assert len([one for one in asked if one.startswith(("SELECT", "WITH"))]) <= 6
        db.session.remove()
        with counted(db.engine) as asked:
            listed = client.get(address)
    assert "2 claims" in listed.text.replace("\n", " ") or "2 among" in listed.text
    assert listed.text.count('href="/work/claims/') == 2
    assert len([one for one in asked if one.lstrip().startswith(("SELECT", "WITH"))]) <= 6


def test_tags_are_set_where_a_claim_is_triaged(desk):
    client, slug, made = desk
    page = f"/work/articles/{slug}?claim={made[0]}"
    form = {"do": "save", "version": "2", "tags": "Ferries, towns", "restated": "The town paid."}
    stale = post_form(client, f"/work/articles/{slug}/claims/{made[0]}", form, page=page)
    assert stale.status_code == 409
    form["version"] = stale.text.split('name="version" value="')[1].split('"')[0]
    assert (
        post_form(client, f"/work/articles/{slug}/claims/{made[0]}", form, page=page).status_code
        == 303
    )
    assert 'value="ferries, towns"' in client.get(page).text
    assert client.get("/desk/claims?tag=ferries").text.count('href="/work/claims/') == 1
    form |= {"tags": "a/b", "version": str(int(form["version"]) + 2)}
    refused = post_form(client, f"/work/articles/{slug}/claims/{made[0]}", form, page=page)
    assert refused.status_code == 422
    assert 'id="tags-error"' in refused.text


def test_a_list_is_saved_for_oneself_or_the_desk_and_deleted_by_who_made_it(desk, app):
    client, _slug, _made = desk
    with app.app_context(), writing() as session:
        emails = [make_person(session, role).email for role in ("editor", "admin")]
    other, admin = (signed_in(app, email) for email in emails)
    page, asked = "/desk/claims?tag=towns&sort=age", {"tag": "towns", "sort": "age"}
    for name, shared in (("Mine", {}), ("All of us", {"shared": "on"})):
        sent = post_form(client, "/desk/lists", {**asked, "name": name, **shared}, page=page)
        assert sent.status_code == 303
    shown = client.get(page).text
    assert (">Mine</a>" in shown, ">All of us</a>" in shown) == (True, True)
    theirs = other.get(page).text
    assert (">Mine</a>" in theirs, ">All of us</a>" in theirs) == (False, True)
    again = post_form(client, "/desk/lists", {**asked, "name": "Mine"}, page=page)
    assert (again.status_code, 'id="name-error"' in again.text) == (409, True)
    wrong = post_form(client, "/desk/lists", {"tag": "a/b", "name": "x"}, page=page)
    assert wrong.status_code == 422
    places = re.findall(r"/desk/lists/[a-z0-9]+/delete", shown)
    assert len(places) == 2
    refused = {post_form(other, place, {}, page=page).status_code for place in places}
    assert refused == {403, 404}
    shared = next(one for one in places if one in admin.get(page).text)
    assert post_form(admin, shared, {}, page=page).status_code == 303
    assert ">All of us</a>" not in client.get(page).text
