"""The second factor on both databases: taking codes once, limits, half-done sign-ins."""

from __future__ import annotations

import threading
from datetime import timedelta

import pyotp
import pytest

from factcheck.accounts import actions, attempts, codes, queries, second_factor, signing_in
from factcheck.accounts.events import Event
from factcheck.accounts.models import RecoveryCode, SecondFactor, SignInAttempt
from factcheck.accounts.secrets import BrokenSeal, sealed, unsealed
from factcheck.db import writing
from tests.accounts.factories import PASSWORD, make_person, with_second_factor
from tests.conftest import NOW

KEY = "key"
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def person(session):
    return make_person(session, "editor", password=PASSWORD)


@pytest.fixture
def noise(session):
    """Somebody else with a second factor, whom a forgotten filter would catch."""
    return with_second_factor(session, make_person(session), key=KEY)


@pytest.fixture
def factor(session, noise, person):
    """Secret and recovery codes of `person`, switched on at NOW."""
    return with_second_factor(session, person, key=KEY)


def code_at(secret, moment):
    return pyotp.HOTP(secret).at(codes.step_of(moment))


def take(session, person, typed, now=LATER, key=KEY):
    second_factor.take(session, person, typed, key=key, now=now)


def kinds(session, person):
    session.flush()
    found = session.query(Event).filter(Event.subject_id == person.public_id).order_by(Event.id)
    return [event.kind for event in found if "code" in event.kind or "factor" in event.kind]


def test_a_code_is_taken_once_and_the_one_before_not_after_it(session, person, factor):
    take(session, person, code_at(factor.secret, LATER))
    for moment in (LATER, LATER - timedelta(seconds=30)):
        with pytest.raises(second_factor.WrongCode):
            take(session, person, code_at(factor.secret, moment))

    after = LATER + timedelta(seconds=30)
    take(session, person, code_at(factor.secret, after), now=after)


def test_the_code_that_switched_it_on_does_not_sign_in(session, person, factor):
    with pytest.raises(second_factor.WrongCode):
        take(session, person, code_at(factor.secret, NOW), now=NOW)


def test_a_code_of_somebody_else_is_wrong(session, person, factor, noise):
    for typed in (
        code_at(noise.secret, LATER),
        noise.recovery_codes[0],
        "",
        "000000\x00",
        "\ud800",
    ):
        with pytest.raises(second_factor.WrongCode):
            take(session, person, typed)


def test_a_recovery_code_is_taken_once_and_is_in_the_audit_log(session, person, factor):
    assert len(set(factor.recovery_codes)) == 10
    take(session, person, factor.recovery_codes[3].upper().replace("-", " "))
    with pytest.raises(second_factor.WrongCode):
        take(session, person, factor.recovery_codes[3])

    assert queries.recovery_codes_left(session, person) == 9
    assert kinds(session, person) == ["person.second-factor-on", "person.recovery-code-used"]


def test_new_recovery_codes_make_the_ones_before_useless(session, person, factor, noise):
    made = second_factor.renew_codes(session, person, now=NOW)

    with pytest.raises(second_factor.WrongCode):
        take(session, person, factor.recovery_codes[0])
    take(session, person, made[0])
    assert session.query(RecoveryCode).count() == 20


def test_the_database_holds_neither_secret_nor_recovery_codes(session, person, factor):
    session.flush()
    kept = [row.sealed_secret for row in session.query(SecondFactor)]
    kept += [row.digest for row in session.query(RecoveryCode)]

    for secret in (factor.secret, *factor.recovery_codes):
        assert all(secret not in one and codes.plain(secret) not in one for one in kept)


def test_what_is_sealed_opens_with_its_key_for_its_purpose_alone():
    kept = sealed("key", "one", "secret")
    assert unsealed("key", "one", kept) == "secret"
    for key, purpose, given in (("other", "one", kept), ("key", "two", kept), ("key", "one", "x"),
                                ("key", "one", "\ud800é")):  # fmt: skip
        with pytest.raises(BrokenSeal):
            unsealed(key, purpose, given)


def test_after_a_change_of_key_recovery_codes_still_let_in(session, person, factor):
    with pytest.raises(second_factor.WrongCode, match="key of this service was changed"):
        take(session, person, code_at(factor.secret, LATER), key="another")
    take(session, person, factor.recovery_codes[0], key="another")


def test_what_somebody_began_cannot_be_confirmed_by_another(session, person, noise):
    _, begun = second_factor.begin(person, key=KEY)
    stored = session.query(SecondFactor).one().sealed_secret
    for other, given in ((make_person(session), begun), (person, stored), (person, "")):
        with pytest.raises(second_factor.WrongCode):
            second_factor.begun_secret(other, given, key=KEY)


def test_it_is_confirmed_by_a_right_code_and_once(session, person, noise):
    secret, _ = second_factor.begin(person, key=KEY)
    wrong = f"{(int(code_at(secret, NOW)) + 1) % 10**6:06}"
    with pytest.raises(second_factor.WrongCode):
        second_factor.confirm(session, person, secret, wrong, key=KEY, now=NOW)
    assert not queries.has_second_factor(session, person)

    typed = code_at(secret, NOW)
    second_factor.confirm(session, person, secret, f" {typed[:3]} {typed[3:]}", key=KEY, now=NOW)
    assert queries.has_second_factor(session, person)
    with pytest.raises(second_factor.AlreadyOn):
        second_factor.confirm(session, person, secret, typed, key=KEY, now=NOW)


def test_switching_off_leaves_nothing_of_it_and_others_alone(session, person, factor, noise):
    second_factor.switch_off(session, person, now=NOW)

    assert not queries.has_second_factor(session, person)
    assert session.query(SecondFactor).count() == 1
    assert session.query(RecoveryCode).count() == 10
    assert kinds(session, person)[-1] == "person.second-factor-off"
    for act in (lambda: take(session, person, "123456"),
                lambda: second_factor.renew_codes(session, person, now=NOW)):  # fmt: skip
        with pytest.raises(second_factor.NotOn):
            act()


def test_an_admin_resets_that_of_others_and_not_their_own(session, person, factor):
    admin = make_person(session, "admin")
    with_second_factor(session, admin, key=KEY)
    with pytest.raises(second_factor.OwnFactor):
        second_factor.reset(session, admin, actor=admin, now=NOW)

    second_factor.reset(session, person, actor=admin, now=NOW)
    assert kinds(session, person)[-1] == "person.second-factor-reset"
    with pytest.raises(second_factor.NotOn):
        second_factor.reset(session, person, actor=admin, now=NOW)


def test_five_codes_in_five_minutes_and_fifty_in_a_day(session, person, noise):
    other = make_person(session)
    moment = NOW
    for number in range(50):
        second_factor.count_code(session, person, key=KEY, now=moment)
        if number % 5 == 4:
            with pytest.raises(attempts.TooManyAttempts, match="Wait 5 minutes"):
                second_factor.count_code(session, person, key=KEY, now=moment)
            moment += timedelta(minutes=6)
    with pytest.raises(attempts.TooManyAttempts, match="tomorrow"):
        second_factor.count_code(session, person, key=KEY, now=moment)

    second_factor.count_code(session, other, key=KEY, now=moment)
    second_factor.count_code(session, person, key=KEY, now=NOW + timedelta(days=1, seconds=1))


def test_passwords_are_forgotten_within_the_hour_and_codes_after_a_day(session, person):
    signing_in.count_attempt(session, person.email, "192.0.2.1", key=KEY, now=NOW)
    second_factor.count_code(session, person, key=KEY, now=NOW)
    for hours, left in ((1, ["code", "code"]), (25, ["code", "code"])):
        second_factor.count_code(session, person, key=KEY, now=NOW + timedelta(hours=hours))
        assert [row.kind for row in session.query(SignInAttempt)] == left


def test_a_right_code_forgives_itself_and_no_wrong_one(session, person):
    second_factor.count_code(session, person, key=KEY, now=NOW)
    right = second_factor.count_code(session, person, key=KEY, now=NOW)
    attempts.forgive(session, right)

    assert session.query(SignInAttempt).count() == 1


def half_done(session, person, now=NOW):
    entry = signing_in.enter(session, person, key=KEY, now=now)
    assert not entry.is_complete
    return entry.secret


def test_a_half_done_sign_in_lasts_ten_minutes_and_is_no_session(session, person, factor):
    secret = half_done(session, person)
    almost = NOW + timedelta(minutes=10, seconds=-1)
    assert signing_in.half_done_person(session, secret, key=KEY, now=almost) is person

    with pytest.raises(queries.SessionEnded):
        queries.live_session(session, secret, now=NOW)
    with pytest.raises(signing_in.HalfDoneOver):
        signing_in.half_done_person(session, secret, key=KEY, now=NOW + timedelta(minutes=10))


def test_a_half_done_sign_in_ends_with_the_password_and_with_the_account(session, person, factor):
    make_person(session, "admin", password=PASSWORD)
    secret = half_done(session, person)
    actions.change_password(session, person, "another long secret", now=NOW)
    session.flush()
    assert queries.has_second_factor(session, person)
    with pytest.raises(signing_in.HalfDoneOver):
        signing_in.half_done_person(session, secret, key=KEY, now=NOW)

    secret = half_done(session, person)
    actions.disable(session, person, actor=None, now=NOW)
    session.flush()
    with pytest.raises(signing_in.HalfDoneOver):
        signing_in.half_done_person(session, secret, key=KEY, now=NOW)


def test_a_half_done_sign_in_cannot_be_made_up_or_stretched(session, person, factor):
    public_id, until, seal = half_done(session, person).split(".")
    for made_up in ("", "x", f"{public_id}.{until}", f"{public_id}.{int(until) + 600}.{seal}",
                    f"{make_person(session).public_id}.{until}.{seal}"):  # fmt: skip
        with pytest.raises(signing_in.HalfDoneOver):
            signing_in.half_done_person(session, made_up, key=KEY, now=NOW)


@pytest.mark.parametrize("what", ["app", "recovery"])
def test_of_many_requests_with_one_code_one_gets_in(app, what):
    with app.app_context(), writing() as session:
        person = make_person(session, password=PASSWORD)
        factor = with_second_factor(session, person, key=KEY)
        person_id = person.id
    typed = code_at(factor.secret, LATER) if what == "app" else factor.recovery_codes[0]
    barrier = threading.Barrier(8)
    taken = []

    def enter():
        with app.app_context():
            barrier.wait()
            try:
                with writing() as session:
                    take(session, session.get(type(person), person_id), typed)
                taken.append(True)
            except second_factor.WrongCode:
                taken.append(False)

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == [False] * 7 + [True]
