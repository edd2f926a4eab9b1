import json

from factcheck.accounts.queries import has_second_factor, person_by_email, token_person
from factcheck.app import create_app
from factcheck.cli.installation import settings
from factcheck.clock import now
from factcheck.db import current_session, db, writing
from tests.accounts.factories import with_second_factor

EMAIL = "ada@factcheck.example"


def asked(question):
    with create_app(settings()).app_context():
        answer = question(current_session())
        db.session.remove()
        db.engine.dispose()
    return answer


def test_a_person_is_added_listed_and_disabled(run):
    given = "a long enough pass phrase\n"
    added = run("user", "add", EMAIL, "--role", "editor", "--name", "Ada", "--password-stdin",
                given=given)  # fmt: skip
    assert added.exit_code == 0
    assert "pass phrase" not in added.stdout
    listed = json.loads(run("user", "list", "--json").stdout)
    assert (listed["email"], listed["role"], listed["state"]) == (EMAIL, "editor", "active")
    assert run("user", "disable", EMAIL).exit_code == 0
    assert json.loads(run("user", "list", "--json").stdout)["state"] == "disabled"


def test_without_a_password_given_one_is_made_and_printed_once(run):
    printed = run("user", "add", EMAIL, "--role", "reviewer").stdout
    assert len(printed.split("Password: ")[1].strip()) >= 16


def test_an_address_is_taken_once(run):
    run("user", "add", EMAIL, "--role", "reviewer")
    again = run("user", "add", EMAIL.upper(), "--role", "editor")
    assert again.exit_code == 2
    assert asked(lambda session: person_by_email(session, EMAIL).role) == "reviewer"


def test_a_password_that_is_too_short_is_refused(run):
    result = run("user", "add", EMAIL, "--role", "editor", "--password-stdin", given="abc\n")
    assert result.exit_code == 2
    assert run("user", "list").stdout == ""


def test_a_second_factor_is_switched_off_once(run):
    run("user", "add", EMAIL, "--role", "reviewer")
    with create_app(settings()).app_context():
        with writing() as session:
            with_second_factor(session, person_by_email(session, EMAIL), key="key")
        db.session.remove()
        db.engine.dispose()
    assert run("user", "second-factor-off", EMAIL).exit_code == 0
    assert not asked(lambda session: has_second_factor(session, person_by_email(session, EMAIL)))
    assert run("user", "second-factor-off", EMAIL).exit_code != 0


def test_a_token_is_printed_alone_and_works(run):
    run("user", "add", EMAIL, "--role", "editor")
    printed = run("token", "create", EMAIL, "--scope", "edit", "--expires", "30").stdout
    assert len(printed.splitlines()) == 1
    _, scope = asked(lambda session: token_person(session, printed.strip(), now=now()))
    assert scope == "edit"


def test_a_token_is_not_wider_than_the_role(run):
    run("user", "add", EMAIL, "--role", "reviewer")
    result = run("token", "create", EMAIL, "--scope", "admin")
    assert (result.exit_code, result.stdout) == (2, "")
