"""What concerns an admin takes two of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck.accounts import actions, second_admin, second_factor
from factcheck.accounts.events import Event
from factcheck.accounts.queries import LinkUsed, live_link
from factcheck.accounts.second_admin import ChangeMissing, NotInYet, waiting
from factcheck.reviews.actions import disable_person
from tests.accounts.factories import PASSWORD, make_person, with_second_factor
from tests.conftest import NOW

DAY = timedelta(days=1)
KEY = "the key of the service"


@pytest.fixture
def ada(session):
    return make_person(session, "admin", password=PASSWORD)


@pytest.fixture
def bea(session):
    return make_person(session, "admin", password=PASSWORD)


@pytest.fixture
def editor(session):
    return make_person(session, "editor", password=PASSWORD)


def promote(session, person, actor, now=NOW):
    return actions.change_role(session, person, "admin", actor=actor, now=now)


def test_the_only_admin_makes_the_second_one_alone(session, ada, editor):
    assert promote(session, editor, ada)
    assert editor.role == "admin"


def test_one_admin_alone_makes_no_third(session, ada, bea, editor):
    assert not promote(session, editor, ada)
    assert not promote(session, editor, ada, NOW + DAY)  # asking twice is asking once
    (change,) = waiting(session, now=NOW + DAY)
    assert (editor.role, change.person, change.role) == ("editor", editor, "admin")

    assert promote(session, editor, bea, NOW + DAY)
    assert (editor.role, waiting(session, now=NOW + DAY)) == ("admin", [])
    assert change.settled_by is bea


def test_who_is_invited_as_an_admin_is_an_editor_until_a_second_admin_agrees(session, ada, bea):
    person, _ = actions.invite(
        session, "new@example.org", name="", role="admin", actor=ada, now=NOW
    )
    assert person.role == "editor"
    with pytest.raises(NotInYet):  # who made the link may hold it
        promote(session, person, bea)
    person.password_hash = "theirs"
    session.flush()
    assert promote(session, person, bea)
    assert person.role == "admin"


def test_no_link_that_one_admin_made_outlives_the_promotion(session, ada, bea, editor):
    secret = actions.reset_link(session, editor, actor=ada, now=NOW)
    promote(session, editor, ada)
    assert promote(session, editor, bea)
    with pytest.raises(LinkUsed):
        live_link(session, secret, "reset", now=NOW)


def test_what_was_done_otherwise_is_asked_for_no_more(session, ada, bea):
    third = make_person(session, "admin", password=PASSWORD)
    assert not actions.reset_link(session, bea, actor=ada, now=NOW)
    assert actions.reset_link(session, bea, actor=None, now=NOW)  # by the operator
    assert not waiting(session, now=NOW)
    assert not actions.reset_link(session, bea, actor=third, now=NOW)


CHANGES = {
    "demote": lambda s, person, by: actions.change_role(s, person, "editor", actor=by, now=NOW),
    "disable": lambda s, person, by: disable_person(s, person, actor=by, now=NOW),
    "reset": lambda s, person, by: actions.reset_link(s, person, actor=by, now=NOW),
    "factor": lambda s, person, by: second_factor.reset(s, person, actor=by, now=NOW),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_admin_takes_no_other_admin_s_account_over_nor_away(session, ada, bea, editor, change):
    third = make_person(session, "admin", password=PASSWORD)
    with_second_factor(session, bea, key=KEY)
    with_second_factor(session, editor, key=KEY)
    assert not change(session, bea, ada)
    assert (bea.role, bea.disabled_at) == ("admin", None)
    assert change(session, bea, third)
    if change is not CHANGES["demote"]:
        assert change(session, editor, ada)  # who is no admin concerns one alone


def test_letting_a_disabled_admin_in_again_takes_two(session, ada, bea):
    third = make_person(session, "admin", password=PASSWORD)
    actions.disable(session, third, actor=None, now=NOW)
    assert not actions.enable(session, third, actor=ada, now=NOW)
    assert third.disabled_at
    assert actions.enable(session, third, actor=bea, now=NOW)


def test_one_s_own_account_and_the_command_line_take_one(session, ada, bea, editor):
    assert actions.change_role(session, ada, "editor", actor=ada, now=NOW)
    assert actions.change_role(session, editor, "admin", actor=None, now=NOW)


def test_what_was_asked_counts_for_a_week_and_not_from_who_is_out(session, ada, bea, editor):
    promote(session, editor, ada)
    week = NOW + timedelta(days=7)
    assert not waiting(session, now=week)
    assert not promote(session, editor, bea, week)  # asks anew
    third = make_person(session, "admin", password=PASSWORD)
    actions.disable(session, bea, actor=None, now=week)
    assert not promote(session, editor, third, week)
    assert promote(session, editor, ada, week)


def test_another_change_of_the_same_person_is_not_agreed_to_with_it(session, ada, bea, editor):
    promote(session, editor, ada)
    third = make_person(session, "admin", password=PASSWORD)
    assert not actions.reset_link(session, third, actor=ada, now=NOW)
    assert not actions.change_role(session, third, "editor", actor=bea, now=NOW)
    assert len(waiting(session, now=NOW)) == 3


def test_a_change_that_waits_can_be_dropped_once(session, ada, bea, editor):
    promote(session, editor, ada)
    (change,) = waiting(session, now=NOW)
    second_admin.drop(session, change.public_id, actor=ada, now=NOW)
    assert change.outcome == "dropped"
    with pytest.raises(ChangeMissing):
        second_admin.drop(session, change.public_id, actor=bea, now=NOW)
    assert not promote(session, editor, bea)
    kinds = session.scalars(sa.select(Event.kind).where(Event.kind.like("person.change-%")))
    assert list(kinds) == ["person.change-asked", "person.change-dropped", "person.change-asked"]


def test_nobody_makes_a_link_to_their_own_password(session, ada):
    with pytest.raises(actions.OwnPassword):
        actions.reset_link(session, ada, actor=ada, now=NOW)
