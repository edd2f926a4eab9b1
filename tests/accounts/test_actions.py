"""People, links, sessions and tokens, on both databases."""

from __future__ import annotations

from datetime import timedelta

import argon2
import pytest

from factcheck.accounts import actions, attempts, queries, signing_in
from factcheck.accounts.events import Event
from factcheck.accounts.models import SignInAttempt, SignInSession, Token
from factcheck.accounts.rules import Role, Scope
from factcheck.accounts.secrets import WeakPassword
from factcheck.failures import Invalid
from tests import quickly
from tests.accounts.factories import PASSWORD, make_person
from tests.conftest import NOW

ADDRESS = "192.0.2.1"


def counted(session, email, *, address=ADDRESS, now=NOW):
    return signing_in.count_attempt(session, email, address, key="key", now=now)


def sign_in(session, email, password, *, now=NOW):
    attempt = counted(session, email, now=now)
    kept = signing_in.check_password(attempt, password)
    return signing_in.sign_in(session, signing_in.proven(session, attempt, kept), now=now)


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
    secret = sign_in(session, person.email, PASSWORD)

    assert queries.live_session(session, secret, now=NOW).person is person

    actions.end_sessions(session, person, actor=None, now=NOW)
    session.expire_all()
    with pytest.raises(queries.SessionEnded):
        queries.live_session(session, secret, now=NOW)


def test_a_session_ends_by_disuse_and_by_age(session):
    person = make_person(session, password=PASSWORD)
    secret = sign_in(session, person.email, PASSWORD)

    with pytest.raises(queries.SessionEnded):
        queries.live_session(session, secret, now=NOW + timedelta(hours=12))
    found = session.query(SignInSession).filter_by(person_id=person.id).one()
    found.seen_at = NOW + timedelta(days=14)
    with pytest.raises(queries.SessionEnded):
        queries.live_session(session, secret, now=NOW + timedelta(days=14))


def test_the_database_holds_no_secret(session):
    person = make_person(session, password=PASSWORD)
    secret = sign_in(session, person.email, PASSWORD)
    _, token = actions.create_token(
        session, person, name="t", scope="read", expires_days=None, actor=person, now=NOW
    )
    session.flush()

    assert secret not in [row.digest for row in session.query(SignInSession)]
    assert token not in [row.digest for row in session.query(Token)]
    assert PASSWORD not in (person.password_hash or "")


def test_disabling_ends_sessions_and_tokens_at_once(session):
    person = make_person(session, password=PASSWORD)
    secret = sign_in(session, person.email, PASSWORD)
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
        sign_in(session, person.email, PASSWORD)


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
    other = actions.first_link(session, now=NOW)
    person = actions.redeem(
        session, secret, "set-up", password=PASSWORD, email="a@b.example", now=NOW
    )
    assert person.role == Role.ADMIN
    with pytest.raises(queries.LinkUsed):
        queries.live_link(session, other, "set-up", now=NOW)


def test_a_used_link_makes_the_other_links_of_its_person_useless(session, noise):
    first = actions.reset_link(session, noise, actor=None, now=NOW)
    second = actions.reset_link(session, noise, actor=None, now=NOW)
    actions.redeem(session, second, "reset", password="another long secret", now=NOW)

    with pytest.raises(queries.LinkUsed):
        actions.redeem(session, first, "reset", password=PASSWORD, now=NOW)


@pytest.mark.parametrize(("kind", "hours"), [("reset", 24), ("invite", 7 * 24)])
def test_a_link_ends_by_age(session, noise, kind, hours):
    if kind == "reset":
        secret = actions.reset_link(session, noise, actor=None, now=NOW)
    else:
        _, secret = actions.invite(
            session, "new@example.org", name="", role="reviewer", actor=None, now=NOW
        )
    queries.live_link(session, secret, kind, now=NOW + timedelta(hours=hours, seconds=-1))
    with pytest.raises(queries.LinkUsed):
        queries.live_link(session, secret, kind, now=NOW + timedelta(hours=hours))


def test_a_disabled_person_cannot_get_back_in_by_a_link(session):
    person = make_person(session, password=PASSWORD)
    secret = actions.reset_link(session, person, actor=None, now=NOW)
    actions.disable(session, person, actor=None, now=NOW)

    with pytest.raises(queries.LinkUsed):
        actions.redeem(session, secret, "reset", password="another long secret", now=NOW)


def test_the_last_admin_cannot_be_disabled_or_demoted(session, noise):
    make_person(session, "admin")  # invited, and never came
    for attempt in (
        lambda: actions.disable(session, noise, actor=None, now=NOW),
        lambda: actions.change_role(session, noise, "editor", actor=None, now=NOW),
    ):
        with pytest.raises(actions.LastAdmin):
            attempt()


def test_attempts_are_limited_and_forgotten_after_the_window(session):
    for number in range(10):
        counted(session, "ada@example.org", address=f"192.0.2.{number}")
    with pytest.raises(attempts.TooManyAttempts):
        counted(session, "ADA@example.org", now=NOW + timedelta(minutes=15))

    counted(session, "ada@example.org", now=NOW + timedelta(minutes=16))
    assert session.query(SignInAttempt).count() == 2


def test_one_network_is_limited_across_accounts(session):
    for number in range(50):
        counted(session, f"ada{number}@example.org", address=f"2001:db8:0:1::{number:x}")
    with pytest.raises(attempts.TooManyAttempts):
        counted(session, "eve@example.org", address="2001:db8:0:1:ffff::1")

    counted(session, "eve@example.org", address="2001:db8:0:2::1")


def test_who_signs_in_is_forgiven_and_others_from_there_are_not(session):
    person = make_person(session, password=PASSWORD)
    for _ in range(3):
        counted(session, person.email)
    counted(session, "else@example.org")
    sign_in(session, person.email, PASSWORD)

    names = [row.counted_as for row in session.query(SignInAttempt)]
    assert len(names) == 5  # the three failures and the other's under the network; the other's own
    assert len(set(names)) == 2


def test_attempts_name_neither_account_nor_address(session):
    counted(session, "ada@example.org")

    for row in session.query(SignInAttempt):
        assert len(row.counted_as) == 64
        assert "ada" not in row.counted_as


def test_a_password_changed_while_it_is_checked_does_not_let_in(session):
    person = make_person(session, password=PASSWORD)
    attempt = counted(session, person.email)
    kept = signing_in.check_password(attempt, PASSWORD)
    actions.change_password(session, person, "another long secret", now=NOW)
    session.flush()

    with pytest.raises(signing_in.SignInRefused):
        signing_in.proven(session, attempt, kept)


def test_a_password_is_as_dear_to_guess_as_argon2s_second_recommendation():
    hasher = quickly.HASHER_OF_THE_SERVICE  # RFC 9106, section 4: 64 MiB, three passes, four lanes

    assert (hasher.memory_cost, hasher.time_cost) >= (64 * 1024, 3)
    assert hasher.parallelism >= 4


def test_a_hash_of_lesser_cost_is_made_anew(session):
    person = make_person(session, password=PASSWORD)
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    person.password_hash = cheap
    session.flush()
    sign_in(session, person.email, PASSWORD)

    assert person.password_hash != cheap
    session.flush()
    sign_in(session, person.email, PASSWORD)


def test_an_address_with_a_nul_is_nobodys(session):
    with pytest.raises(signing_in.SignInRefused):
        sign_in(session, "ada\x00@example.org", PASSWORD)
    with pytest.raises(queries.PersonMissing):
        queries.person_by_email(session, "ada\x00@example.org")


def test_who_did_what_is_in_the_audit_log(session, noise):
    person = make_person(session)
    actions.change_role(session, person, "editor", actor=noise, now=NOW)
    session.flush()

    event = session.query(Event).filter_by(kind="person.role").one()
    assert (event.actor_id, event.subject_id) == (noise.id, person.public_id)
    assert (event.from_state, event.to_state) == ("reviewer", "editor")


def test_a_profile_is_checked_and_kept_without_repeats(session):
    person = make_person(session)
    profile = actions.Profile(
        "Ada  L.", ("EN", "pt-BR", "en"), ("rail  transport", " "), ("ferry",)
    )
    actions.edit_person(session, person, profile, actor=person, now=NOW)

    assert person.name == "Ada L."
    assert person.languages == ["en", "pt-br"]
    assert person.fields == ["rail transport"]
    assert person.version == 2


@pytest.mark.parametrize(
    ("field", "profile"),
    [
        ("name", actions.Profile("\x00")),
        ("name", actions.Profile("x" * 201)),
        ("languages", actions.Profile("Ada", ("English!",))),
        ("fields", actions.Profile("Ada", fields=("x\x00",))),
        ("fields", actions.Profile("Ada", fields=tuple(str(n) for n in range(51)))),
        ("interests", actions.Profile("Ada", interests=("x" * 101,))),
    ],
)
def test_what_cannot_be_kept_of_a_profile_is_refused_beside_its_field(session, field, profile):
    person = make_person(session)
    with pytest.raises(Invalid) as refusal:
        actions.edit_person(session, person, profile, actor=person, now=NOW)

    assert refusal.value.field == field
