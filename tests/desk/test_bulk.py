"""One thing done with many claims: looked at first, versions kept, each with its event, undone."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from factcheck import clock
from factcheck.accounts.events import Event
from factcheck.claims.actions import edit_claim
from factcheck.claims.facets import Facet, values_of
from factcheck.claims.queries import claim as claim_of
from factcheck.claims.queries import wrong_counters
from factcheck.claims.rules import State
from factcheck.db import current_session, db, writing
from factcheck.desk.bulk import doing
from factcheck.desk.finding import keys_of
from factcheck.desk.lists import ClaimsWanted
from factcheck.jobs import run_due
from factcheck.reviews.seats import take_seat
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.web.client import post_form, signed_in

SENTENCES = [f"In {1900 + n} the town paid {n},000 crowns." for n in range(6)]


@pytest.fixture
def desk(app):
    """A client of an editor, and the public ids of six proposed claims."""
    with app.app_context(), writing() as session:
        editor = make_person(session, "editor", name="Edith Editor")
        article = make_article(session, "\n\n".join(SENTENCES), title="Towns")
        made = [make_claim(session, article, words).public_id for words in SENTENCES]
        email = editor.email
    return signed_in(app, email), made


LIST = "/desk/claims?state=proposed"


def batch(client, chosen, page=LIST, **form):
    """Choose, and return the address of the preview."""
    sent = post_form(
        client, "/desk/bulk", {"state": "proposed", "claim": chosen, **form}, page=page
    )
    assert sent.status_code == 303, sent.text
    return sent.headers["Location"]


def boxes(client, page=LIST):
    return re.findall(r'name="claim" value="([^"]+)"', client.get(page).text)


def states(app, made):
    with app.app_context():
        found = [claim_of(current_session(), one) for one in made]
        assert not wrong_counters(current_session())
        db.session.remove()
        return [one.state for one in found]


def change(app, public_id, **changes):
    with app.app_context(), writing() as session:
        claim = claim_of(session, public_id)
        edit_claim(session, claim, changes, version=None, actor=None, now=NOW)


def test_what_somebody_changed_meanwhile_is_left_out_and_named_and_all_else_is_undone(desk, app):
    client, made = desk
    ticked = boxes(client)
    assert len(ticked) == 6
    change(app, made[0], restated="Changed before the preview.")
    place = batch(client, ticked, do="accept")
    preview = client.get(place).text
    assert "5 claims will be changed." in preview
    assert "Changed before the preview." in preview
    assert set(states(app, made)) == {"proposed"}
    change(app, made[1], restated="Changed after the preview.")

    assert post_form(client, place, {}).status_code == 303
    done = client.get(place).text
    assert "4 claims are changed." in done
    assert "Changed after the preview." in done
    assert states(app, made) == ["proposed"] * 2 + ["accepted"] * 4
    with app.app_context():
        session = current_session()
        mark = place.rpartition("/")[2]
        events = [
            one for one in session.scalars(sa.select(Event)) if one.details.get("batch") == mark
        ]
        kinds = [one.kind for one in events if one.subject == "claim"]
        assert kinds == ["claim.accept"] * 4
        person = make_person(session)
        session.commit()
    with app.app_context(), writing() as session:
        take_seat(session, claim_of(session, made[5]), session.merge(person), now=NOW)
    change(app, made[4], priority=3)

    assert post_form(client, f"{place}/undo", {}, page=place).status_code == 303
    undone = client.get(place).text
    assert "2 are undone." in undone
    assert "2 stay as they are." in undone
    assert "Reviewing has begun." in undone
    assert states(app, made) == ["proposed"] * 4 + ["accepted"] * 2
    assert client.post(f"{place}/undo").status_code in {400, 409}


CASES = [
    ({"do": "dismiss", "reason": "opinion"}, lambda _s, claim: claim.state, "dismissed"),
    ({"do": "priority", "to_priority": "3"}, lambda _s, claim: claim.priority, 3),
    ({"do": "policy", "policy": "solo"}, lambda _s, claim: claim.policy_key, "solo"),
    ({"do": "tag", "to_tag": "Public Money"},
     lambda session, claim: values_of(session, claim, Facet.TAG), ["public-money"]),
    ({"do": "assign", "to_person": "Rolf Reviewer"},
     lambda session, claim: len(values_of(session, claim, Facet.PERSON)), 1),
]  # fmt: skip


def test_each_action_is_done_with_all_that_match_and_undone_by_its_inverse(desk, app):
    client, made = desk
    with app.app_context(), writing() as session:
        make_person(session, name="Rolf Reviewer")

    def read(look):
        with app.app_context():
            session = current_session()
            return [look(session, claim_of(session, one)) for one in made]

    for form, look, after in CASES:
        before = read(look)
        place = batch(client, [], all="on", **form)
        post_form(client, place, {})
        assert read(look) == [after] * 6, form
        post_form(client, f"{place}/undo", {}, page=place)
        assert read(look) == before, form


def test_many_are_done_by_the_job_in_chunks(desk, app, settings, monkeypatch):
    client, _made = desk
    monkeypatch.setattr(doing, "AT_ONCE", 3)
    monkeypatch.setattr(doing, "A_CHUNK", 2)
    place = batch(client, [], all="on", do="tag", to_tag="towns")
    post_form(client, place, {})
    assert "6 wait." in client.get(place).text
    with app.app_context():
        run_due(settings)
    assert "6 claims are changed." in client.get(place).text
    post_form(client, f"{place}/undo", {}, page=place)
    with app.app_context():
        run_due(settings)
    assert "6 are undone." in client.get(place).text
    listed = client.get("/desk/runs").text
    assert listed.count("Many claims at once") == 2
    assert listed.count("done") >= 2

    place = batch(client, [], all="on", do="tag", to_tag="harbours")
    post_form(client, place, {})
    run = re.search(r"/desk/runs/\w{16}", client.get("/desk/runs").text)[0]
    post_form(client, f"{run}/stop", {}, page=run)
    with app.app_context():
        run_due(settings)
    assert "6 are left out." in client.get(place).text
    assert "stopped" in client.get(run).text
    assert place in client.get(run).text


def test_what_a_crash_leaves_half_done_is_finished_by_the_job(desk, app, settings, monkeypatch):
    client, _made = desk
    place = batch(client, [], all="on", do="tag", to_tag="towns")
    with monkeypatch.context() as crashed:
        crashed.setattr(doing, "run", lambda *_: None)
        post_form(client, place, {})
    with app.app_context():
        run_due(settings)
    assert "6 wait." in client.get(place).text  # the request may be at it still
    later = clock.now() + doing.AFTER_CRASH
    monkeypatch.setattr(clock, "now", lambda: later)
    with app.app_context():
        run_due(settings)
    assert "6 claims are changed." in client.get(place).text


def test_an_undone_acceptance_was_no_dismissal(desk, app):
    client, made = desk
    place = batch(client, [], all="on", do="accept")
    post_form(client, place, {})
    post_form(client, f"{place}/undo", {}, page=place)
    assert states(app, made) == ["proposed"] * 6
    with app.app_context():
        kinds = set(
            current_session().scalars(sa.select(Event.kind).where(Event.subject == "claim"))
        )
    assert "claim.unaccept" in kinds
    assert "claim.dismiss" not in kinds


def test_only_who_prepared_a_batch_starts_it(desk, app):
    client, made = desk
    place = batch(client, [], all="on", do="accept")
    with app.app_context(), writing() as session:
        email = make_person(session, "editor").email
    other = signed_in(app, email)
    assert post_form(other, place, {}, page=LIST).status_code == 403
    assert set(states(app, made)) == {"proposed"}


@pytest.mark.parametrize(
    "form",
    [
        {"do": "accept"},
        {"do": "explode"},
        {"do": "dismiss", "all": "on"},
        {"do": "dismiss", "all": "on", "reason": "same-as"},
        {"do": "assign", "all": "on", "to_person": "Nobody"},
        {"do": "priority", "all": "on", "to_priority": "9"},
        {"do": "tag", "all": "on", "to_tag": "a/b"},
        {"do": "accept", "claim": ["nothing"]},
    ],
)
def test_what_cannot_be_asked_is_refused_in_words_on_the_list(desk, form):
    client, _made = desk
    answer = post_form(client, "/desk/bulk", {"state": "proposed", **form}, page=LIST)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert client.get(LIST).text.count('name="claim"') == 6


def test_all_of_a_list_is_found_whatever_filters_it_has(desk, app, monkeypatch):
    monkeypatch.setattr("factcheck.desk.finding.LOOKED_AT", 2)
    with app.app_context():
        wanted = ClaimsWanted(State.PROPOSED, words="crowns")
        assert len(keys_of(current_session(), wanted, most=100)) == 6
