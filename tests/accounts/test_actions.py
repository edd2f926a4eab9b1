"""People, links, sessions and tokens, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factcheck.accounts import actions, queries, signing_in
from factcheck.accounts.events import Event
from factcheck.accounts.models import SignInAttempt, SignInSession, Token
from factcheck.accounts.rules import Role, Scope
from factcheck.accounts.secrets import WeakPassword
from factcheck.failures import Invalid
from tests.accounts.factories import PASSWORD, make_person
from tests.conftest import NOW

NAMES = signing_in.attempt_names("ada@example.org", "192.0.2.1", "key")


@pytest.fixture(autouse=True)
def noise(session):
    """Somebody else, whom a forgotten filter would catch."""
    return make_person(session, "admin", password=PASSWORD)


def test_an_address_is_kept_in_lower_case_and_taken_once(session):
    person = make_person(session, email="Ada@Example.org")

    assert queries.person_by_email(session, " ADA@example.ORG ") is person
    with pytest.raises(actions.EmailTaken):
        make_person(session, email="ada@EXAMPLE.org")


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "a b@example.org", "ada@example.org\nx", "a" * 300]
)
def test_what_is_no_address_is_refused_beside_its_field(session, email):
    with pytest.raises(Invalid) as refusal:
        make_person(session, email=email or " ")

    assert refusal.value.field == "email"


@pytest.mark.parametrize(
    "password", ["short", "1234567890", "aaaaaaaaaaaa", "ada@example.org", "x" * 1001]
)
def test_weak_passwords_are_refused(session, password):
    with pytest.raises(WeakPassword):
        make_person(session, email="ada@example.org", password=password)


def test_a_session_lives_until_it_is_ended_from_the_server(session):
    person = make_person(session, password=PASSWORD)
    secret = signing_in.sign_in(session, person.email, PASSWORD, names=NAMES, now=NOW)

    assert queries.live_session(session, secret, now=NOW).person is person

    actions.end_sessions(session, person, actor=None, now=NOW)
    session.expire_all()
    with pytest.raises(queries.SessionEnded):
        queries.live_session(session, secret, now=NOW)


def test_a_session_ends_by_disuse_and_by_age(session):
    person = make_person(session, password=PASSWORD)
    secret = signing_in.sign_in(session, person.email, PASSWORD, names=NAMES, now=NOW)

    with pytest.raises(queries.SessionEnded):
        queries.live_session(session, secret, now=NOW + timedelta(hours=12))
    found = session.query(SignInSession).filter_by(person_id=person.id).one()
    found.seen_at = NOW + timedelta(days=14)
    with pytest.raises(queries.SessionEnded):
        queries.live_session(session, secret, now=NOW + timedelta(days=14))


def test_the_database_holds_no_secret(session):
    person = make_person(session, password=PASSWORD)
    secret = signing_in.sign_in(session, person.email, PASSWORD, names=NAMES, now=NOW)
    _, token = actions.create_token(
        session, person, name="t", scope="read", expires_days=None, actor=person, now=NOW
    )
    session.flush()

    assert secret not in [row.digest for row in session.query(SignInSession)]
    assert token not in [row.digest for row in session.query(Token)]
    assert PASSWORD not in (person.password_hash or "")


def test_disabling_ends_sessions_and_tokens_at_once(session):
    person = make_person(session, password=PASSWORD)
    secret = signing_in.sign_in(session, person.email, PASSWORD, names=NAMES, now=NOW)
    _, token = actions.create_token(
        session, person, name="t", scope="read", expires_days=30, actor=person, now=NOW
    )
    assert queries.token_person(session, token, now=NOW) == (person, Scope.READ)

    actions.disable(session, person, actor=None, now=NOW)
    session.expire_all()

    with pytest.raises(queries.SessionEnded):
        queries.live_session(session, secret, now=NOW)
    with pytest.raises(queries.BadToken):
        queries.token_person(session, token, now=NOW)
    with pytest.raises(signing_in.SignInRefused):
        signing_in.sign_in(session, person.email, PASSWORD, names=NAMES, now=NOW)


def test_a_token_is_refused_once_it_expired(session):
    person = make_person(session)
    _, token = actions.create_token(
        session, person, name="t", scope="review", expires_days=1, actor=person, now=NOW
    )

    with pytest.raises(queries.BadToken):
        queries.token_person(session, token, now=NOW + timedelta(days=1))


def test_a_token_cannot_do_more_than_its_person(session):
    with pytest.raises(Invalid):
        actions.create_token(
            session, make_person(session), name="t", scope="edit", expires_days=None,
            actor=None, now=NOW,
        )  # fmt: skip


def test_a_link_works_once_and_not_for_another_purpose(session):
    person, secret = actions.invite(
        session, "new@example.org", name="New", role="editor", actor=None, now=NOW
    )
    with pytest.raises(queries.LinkUsed):
        actions.redeem(session, secret, "reset", password=PASSWORD, now=NOW)

    assert actions.redeem(session, secret, "invite", password=PASSWORD, now=NOW) is person

    with pytest.raises(queries.LinkUsed):
        actions.redeem(session, secret, "invite", password=PASSWORD, now=NOW)


def test_the_set_up_link_makes_an_admin_only_while_there_is_none(session, noise):
    secret = actions.first_link(session, now=NOW)
    with pytest.raises(queries.LinkUsed):
        actions.redeem(session, secret, "set-up", password=PASSWORD, email="a@b.example", now=NOW)

    noise.password_hash = None
    person = actions.redeem(
        session, secret, "set-up", password=PASSWORD, email="a@b.example", now=NOW
    )
    assert person.role == Role.ADMIN


def test_the_last_admin_cannot_be_disabled_or_demoted(session, noise):
    for attempt in (
        lambda: actions.disable(session, noise, actor=None, now=NOW),
        lambda: actions.change_role(session, noise, "editor", actor=None, now=NOW),
    ):
        with pytest.raises(actions.LastAdmin):
            attempt()


def test_attempts_are_limited_and_forgotten_after_the_window(session):
    for _ in range(10):
        signing_in.count_attempt(session, NAMES, now=NOW)
    with pytest.raises(signing_in.TooManyAttempts):
        signing_in.count_attempt(session, NAMES, now=NOW + timedelta(minutes=14))

    signing_in.count_attempt(session, NAMES, now=NOW + timedelta(minutes=16))
    assert session.query(SignInAttempt).count() == 2


def test_who_did_what_is_in_the_audit_log(session, noise):
    person = make_person(session)
    actions.change_role(session, person, "editor", actor=noise, now=NOW)
    session.flush()

    event = session.query(Event).filter_by(kind="person.role").one()
    assert (event.actor_id, event.subject_id) == (noise.id, person.public_id)
    assert (event.from_state, event.to_state) == ("reviewer", "editor")
