"""Who could take what is stuck: as the queue deals, bounded, and nothing of what is sealed."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.accounts.actions import Profile, edit_person
from factcheck.claims.actions import assign_claim, tag_claim
from factcheck.claims.facets import Facet, values_of
from factcheck.claims.models import Claim
from factcheck.db import current_session, writing
from factcheck.decisions.actions import submit_review
from factcheck.desk import reviewers, stuck, suggesting
from factcheck.desk.reviewers import Load
from factcheck.desk.suggesting import Able, Bar, able_for, fitting, rank, stuck_claims
from factcheck.editions.withdrawing import withdraw_article
from factcheck.reviews.actions import Wish, hand_back, take_seat
from factcheck.reviews.dealing import _drawn
from factcheck.web.paging import cursor
from tests.accounts.factories import PASSWORD, make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer, review_as
from tests.reviews.pages import queries_of
from tests.web.client import post_form, signed_in

LONG_AGO = NOW - timedelta(days=60)
TEXT = "The ferry was built in 1923. It carried 412,000 people. It ran from nine to four."
QUOTES = ("built in 1923", "412,000 people", "from nine to four")
WORDS = st.lists(st.sampled_from(["rail", "Public health", "public-health", "law", "--", ""]))


@dataclass(frozen=True)
class Somebody:
    id: int


@dataclass
class Place:
    """An article with three claims that are stuck, and an editor who looks."""

    editor: object
    claims: list[Claim]
    people: dict[str, object] = field(default_factory=dict)

    def add(self, session, name, languages=(), fields=(), interests=()):
        person = make_person(session, name=name)
        profile = Profile(name, languages, fields, interests)
        edit_person(session, person, profile, actor=person, now=NOW)
        self.people[name] = person
        return person


@pytest.fixture
def place(session):
    """A place inside the session that the test has."""
    return build(session)


def build(session) -> Place:
    editor = make_person(session, "editor", name="Edda", email="edda@factcheck.example",
                         password=PASSWORD)  # fmt: skip
    article = make_article(session, TEXT, now=LONG_AGO, title="The ferry", language="sv")
    claims = [make_claim(session, article, one, "accepted", now=LONG_AGO) for one in QUOTES]
    return Place(editor, claims)


def look(session, place, **kwargs):
    return stuck_claims(session, place.editor, now=NOW, after=None, limit=20, **kwargs)


def names(one) -> list[str]:
    return [able.person.name for able in one.able]


@given(WORDS, WORDS)
def test_a_field_fits_a_tag_both_ways_round_and_in_any_writing(fields, tags):
    found = fitting(fields, tags)
    assert set(found) <= set(fields)
    assert {one for one in fields if fitting([one], tags)} == set(found)
    assert all(fitting([tag], [one]) for one in found for tag in tags if fitting([one], [tag]))


def test_a_field_that_is_a_part_of_a_tag_fits_and_one_that_shares_a_word_does_not():
    assert fitting(["health", "Public Health", "rail"], ["public-health"]) == (
        "health", "Public Health",
    )  # fmt: skip
    assert fitting(["health law"], ["public-health"]) == ()


ABLE = st.builds(
    Able, st.builds(Somebody, st.integers(1, 99)), st.builds(Load, *[st.integers(0, 9)] * 2),
    st.booleans(), st.sampled_from([(), ("rail",)]),
)  # fmt: skip


@given(st.lists(ABLE, max_size=8), st.randoms())
def test_the_order_is_by_field_then_language_then_load_whoever_came_first(people, random):
    ordered = sorted(people, key=rank)
    shuffled = list(people)
    random.shuffle(shuffled)
    assert [rank(one) for one in sorted(shuffled, key=rank)] == [rank(one) for one in ordered]
    for one, other in itertools.pairwise(ordered):
        assert bool(one.fields) >= bool(other.fields)
        if (bool(one.fields), one.names_language) == (bool(other.fields), other.names_language):
            assert one.load.together <= other.load.together


def test_those_are_named_who_would_be_dealt_the_claim_and_no_others(session, place):
    claim, other, _third = place.claims
    tag_claim(session, claim, ["public-health"], actor=None, now=NOW)
    place.add(session, "Ada", ("sv",))
    place.add(session, "Bo", ("de",))  # does not read it
    place.add(session, "Cleo", (), ("Health",))
    place.add(session, "Dan", ("sv",), (), (claim.article.slug,))  # has an interest
    proposer = place.add(session, "Eva", ("sv",))
    claim.proposed_by_id = proposer.id
    place.add(session, "Finn", ("sv",)).disabled_at = NOW
    seated, passed = place.add(session, "Gus", ("sv-FI", "sv")), place.add(session, "Hal")
    take_seat(session, claim, seated, now=NOW)
    skipped = take_seat(session, claim, passed, now=NOW)
    hand_back(session, skipped.lease_id, passed, reason=None, now=NOW)
    make_person(session, "newcomer", name="Ida")
    session.flush()

    first, second, _ = look(session, place)
    assert first.claim is claim
    assert names(first) == ["Cleo", "Ada", "Edda"]
    assert (first.able[0].fields, first.able[0].names_language) == (("Health",), False)
    assert (first.bar, first.reviews) == (None, 0)
    assert names(second) == ["Ada", "Eva", "Gus", "Edda", "Cleo", "Hal"]
    everybody = [*place.people.values(), place.editor]
    for one, found in ((claim, first), (other, second)):
        dealt = {
            person.name for person in everybody
            if person.disabled_at is None
            and one.id in {drawn.id for drawn in _drawn(session, person, NOW, Wish())}
        }  # fmt: skip
        assert dealt == set(names(found))


def test_what_is_in_hand_puts_people_behind_and_is_told(session, place):
    claim, other, third = place.claims
    ada, bo = place.add(session, "Ada", ("sv",)), place.add(session, "Bo", ("sv",))
    take_seat(session, other, ada, now=NOW)
    assign_claim(session, third, ada, actor=place.editor, now=NOW)
    session.flush()
    first = look(session, place)[0]
    assert first.claim is claim
    assert names(first)[:2] == ["Bo", "Ada"]
    assert [one.load for one in first.able[:2]] == [Load(0, 0), Load(1, 1)]
    assert look(session, place)[2].asked.name == "Ada"
    assert bo.name not in names(look(session, place)[1])[2:]


def test_a_claim_that_nobody_can_take_says_why(session, place):
    full, by_lot, mine = place.claims
    review_as(session, full, ["true"], now=NOW)
    take_seat(session, full, place.add(session, "Ada"), now=NOW)
    by_lot.policy_key = "crowd"
    take_seat(session, mine, place.editor, now=NOW - timedelta(days=9))  # it ran out; they have it
    session.flush()
    found = look(session, place)
    assert [(one.bar, one.reviews) for one in found] == [
        (Bar.FULL, 1), (Bar.BY_LOT, 0), (Bar.YOURS, None),
    ]  # fmt: skip
    assert all(not one.able for one in found)
    withdraw_article(session, full.article, reason="A mistake.", actor=None, now=NOW)
    assert look(session, place) == []
    found, _ = able_for(session, place.editor, full, now=NOW, after_id=0)
    assert (found.bar, found.able) == (Bar.WITHDRAWN, [])
    done = make_claim(session, full.article, "The ferry", "dismissed", now=LONG_AGO)
    found, _ = able_for(session, place.editor, done, now=NOW, after_id=0)
    assert (found.bar, found.able) == (Bar.STATE, [])


def test_an_answer_in_an_open_round_changes_nothing_but_the_number_that_editors_see(session, place):
    claim = place.claims[0]
    ada = place.add(session, "Ada", ("sv",))
    place.add(session, "Bo", ("sv",))
    take_seat(session, claim, ada, now=NOW)
    take_seat(session, place.claims[1], ada, now=NOW)
    take_seat(session, claim, place.editor, now=NOW)

    def seen():
        return [
            (one.bar, one.reviews, [(able.person.name, able.load) for able in one.able])
            for one in look(session, place)
        ]

    before = seen()  # by somebody who has a part in the round
    submit_review(session, claim, ada, make_answer("false"), now=NOW)
    assert seen() == before
    assert reviewers.given(session, now=NOW) == {}


def test_the_list_is_paged_and_costs_the_same_however_many_there_are(app):
    with app.app_context(), writing() as session:
        place = build(session)
        place.add(session, "Ada")
        first = place.claims[0].public_id
    client = signed_in(app, "edda@factcheck.example")
    few = queries_of(app, client, "/desk/stuck")
    with app.app_context(), writing() as session:
        text = " ".join(f"Lock {number} was built." for number in range(30))
        article = make_article(session, text, now=LONG_AGO, title="Many")
        for number in range(30):
            make_claim(session, article, f"Lock {number} was", "accepted", now=LONG_AGO)
            make_person(session)
    assert queries_of(app, client, "/desk/stuck") == few <= 6
    assert queries_of(app, client, "/desk/people") <= 6
    assert queries_of(app, client, f"/desk/stuck/{first}") <= 6
    page = client.get("/desk/stuck").text
    assert page.count('<li id="claim-') == stuck.A_PAGE
    following = page.partition("/desk/stuck?cursor=")[2].partition('"')[0]
    assert client.get(f"/desk/stuck?cursor={following}").text.count('<li id="claim-') == 13
    for path in ("/desk/stuck", "/desk/leases", "/desk/deadlines"):
        for key in ("-1", str(10**30)):
            day = "2025-01-01" if path == "/desk/deadlines" else NOW.isoformat()
            assert client.get(f"{path}?cursor={cursor(day, key)}").status_code == 422
        assert client.get(f"{path}?cursor=MQ").status_code == 422


def test_everybody_is_found_by_looking_further(session, place, monkeypatch):
    monkeypatch.setattr(suggesting, "LOOKED_AT", 2)
    for name in ("Ada", "Bo", "Cleo", "Dan"):
        place.add(session, name)
    found, after = [], 0
    while after is not None:
        one, after = able_for(session, place.editor, place.claims[0], now=NOW, after_id=after)
        found += names(one)
    assert sorted(found) == ["Ada", "Bo", "Cleo", "Dan", "Edda"]


def test_somebody_is_asked_from_the_list_and_nobody_any_more(app):
    with app.app_context(), writing() as session:
        place = build(session)
        ada, claim = place.add(session, "Ada"), place.claims[0]
        path, version = f"/desk/stuck/{claim.public_id}", claim.version
        ada_id, key = ada.public_id, claim.id
    client = signed_in(app, "edda@factcheck.example")

    def ask(person, version, **more):
        given = {"person": person, "version": version, **more}
        return post_form(client, path, given, page="/desk/stuck")

    def asked():
        with app.app_context():
            return values_of(current_session(), current_session().get(Claim, key), Facet.PERSON)

    answer = ask(ada_id, version, list="")
    assert (answer.status_code, answer.location) == (
        303, f"/desk/stuck#claim-{path.rpartition('/')[2]}",
    )  # fmt: skip
    assert asked() == [ada_id]
    assert "Asked of Ada." in client.get("/desk/stuck").text
    late = ask("", version)
    assert (late.status_code, asked()) == (409, [ada_id])
    assert ask("", version + 1).location == path
    assert asked() == []


def test_the_page_of_people_says_who_is_active_and_how_quick(app):
    with app.app_context(), writing() as session:
        place = build(session)
        claim = place.claims[0]
        ada = place.add(session, "Ada")
        take_seat(session, claim, ada, now=NOW - timedelta(hours=3))
        submit_review(session, claim, ada, make_answer(), now=NOW)
        review_as(session, claim, ["true"], now=NOW)
        gave = reviewers.given(session, now=NOW + timedelta(days=30))[ada.id]
        assert (gave.reviews, gave.lately, gave.median_time) == (1, 0, timedelta(hours=3))
        assert reviewers.given(session, now=NOW)[ada.id].lately == 1
    page = signed_in(app, "edda@factcheck.example").get("/desk/people").text
    assert "3 hours" in page
    assert "How far reviewers agree" in page
