"""Who may make each call: every role and every scope against every call of the table."""

from __future__ import annotations

import pytest

from factcheck.accounts.rules import HIGHEST_SCOPE, Role, Scope
from factcheck.api.calls import CALLS
from tests.api.client import ROOT
from tests.api.conftest import token_of

pytestmark = pytest.mark.one_database
PEOPLE = {Role.REVIEWER: "rhea", Role.EDITOR: "edith", Role.ADMIN: "ada"}
READS, REVIEWS, OVERSEES, EDITS, ADMINISTERS = (
    ("reviewer", "read"),
    ("reviewer", "review"),
    ("editor", "read"),
    ("editor", "edit"),
    ("admin", "admin"),
)
DECIDED = {
    ("POST", "/articles"): EDITS,
    ("GET", "/articles"): READS,
    ("GET", "/articles/{id}"): READS,
    ("PATCH", "/articles/{id}"): EDITS,
    ("GET", "/articles/{id}/text"): READS,
    ("GET", "/articles/{id}/agreement"): OVERSEES,
    ("GET", "/articles/{id}/forecast"): OVERSEES,
    ("POST", "/articles/{id}/revisions"): EDITS,
    ("GET", "/articles/{id}/claims"): READS,
    ("GET", "/claims"): OVERSEES,
    ("POST", "/batches"): EDITS,
    ("GET", "/batches/{id}"): OVERSEES,
    ("POST", "/batches/{id}/start"): EDITS,
    ("POST", "/batches/{id}/undo"): EDITS,
    ("POST", "/articles/{id}/claims"): REVIEWS,
    ("POST", "/articles/{id}/accept"): EDITS,
    ("GET", "/claims/{id}"): READS,
    ("PATCH", "/claims/{id}"): EDITS,
    ("POST", "/claims/{id}/split"): EDITS,
    ("POST", "/claims/merge"): EDITS,
    ("GET", "/claims/{id}/matches"): READS,
    ("GET", "/articles/{id}/steps"): OVERSEES,
    ("POST", "/claims/{id}/confirm-words"): EDITS,
    ("POST", "/steps/{id}/undo"): EDITS,
    ("POST", "/steps/{id}/redo"): EDITS,
    ("POST", "/split"): EDITS,
    ("POST", "/queue/next"): REVIEWS,
    ("POST", "/claims/{id}/seat"): REVIEWS,
    ("GET", "/leases"): READS,
    ("POST", "/leases/{id}/renew"): REVIEWS,
    ("DELETE", "/leases/{id}"): REVIEWS,
    ("POST", "/claims/{id}/reviews"): REVIEWS,
    ("GET", "/claims/{id}/reviews"): READS,
    ("POST", "/reviews/{id}/withdraw"): REVIEWS,
    ("POST", "/claims/{id}/confirm"): REVIEWS,
    ("GET", "/claims/{id}/draft"): READS,
    ("PATCH", "/claims/{id}/draft"): REVIEWS,
    ("GET", "/me/drafts"): READS,
    ("GET", "/me/reviews"): READS,
    ("POST", "/preview"): READS,
    ("GET", "/claims/{id}/pool"): READS,
    ("POST", "/claims/{id}/pool"): EDITS,
    ("POST", "/claims/{id}/pool/take-out"): EDITS,
    ("GET", "/claims/{id}/copies"): READS,
    ("POST", "/claims/{id}/copies"): REVIEWS,
    ("GET", "/claims/{id}/copies/deciding"): OVERSEES,
    ("POST", "/claims/{id}/copies/deciding"): EDITS,
    ("POST", "/claims/{id}/decision"): EDITS,
    ("POST", "/claims/{id}/reopen"): EDITS,
    ("POST", "/claims/{id}/comments"): REVIEWS,
    ("GET", "/claims/{id}/comments"): READS,
    ("GET", "/comments/{id}"): READS,
    ("PATCH", "/comments/{id}"): REVIEWS,
    ("POST", "/comments/{id}/hide"): EDITS,
    ("POST", "/comments/{id}/unhide"): EDITS,
    ("POST", "/articles/{id}/editions"): EDITS,
    ("POST", "/editions/{sha256}/withdraw"): EDITS,
    ("POST", "/editions/{sha256}/put-back"): EDITS,
    ("POST", "/articles/{id}/withdraw"): EDITS,
    ("POST", "/articles/{id}/put-back"): EDITS,
    ("POST", "/claims/{id}/withdraw"): EDITS,
    ("POST", "/claims/{id}/put-back"): EDITS,
    ("POST", "/claims/{id}/mend"): EDITS,
    ("GET", "/articles/{id}/editions"): None,
    ("GET", "/editions/{sha256}"): None,
    ("GET", "/desk"): OVERSEES,
    ("GET", "/stuck"): OVERSEES,
    ("GET", "/search"): OVERSEES,
    ("GET", "/checks"): READS,
    ("POST", "/checks/import"): EDITS,
    ("POST", "/checks/{id}/remove"): EDITS,
    ("GET", "/claims/{id}/could-take"): OVERSEES,
    ("GET", "/articles/{id}/elsewhere"): OVERSEES,
    ("POST", "/articles/{id}/elsewhere"): EDITS,
    ("GET", "/lists"): OVERSEES,
    ("POST", "/lists"): EDITS,
    ("POST", "/lists/{id}/remove"): EDITS,
    ("GET", "/letters"): OVERSEES,
    ("POST", "/letters/{id}/answer"): EDITS,
    ("POST", "/letters/{id}/mend"): EDITS,
    ("GET", "/desk/sources"): OVERSEES,
    ("GET", "/desk/questions"): OVERSEES,
    ("GET", "/desk/corrections"): OVERSEES,
    ("GET", "/desk/leases"): OVERSEES,
    ("GET", "/desk/deadlines"): OVERSEES,
    ("GET", "/copies/{sha256}"): READS,
    ("GET", "/copies/{sha256}/file"): READS,
    ("GET", "/claims/{id}/decisions"): OVERSEES,
    ("GET", "/articles/{id}/editions/next"): OVERSEES,
    ("GET", "/source-notes"): OVERSEES,
    ("GET", "/source-notes/{id}"): OVERSEES,
    ("PATCH", "/source-notes/{id}"): EDITS,
    ("GET", "/notices"): READS,
    ("POST", "/notices/read"): REVIEWS,
    ("GET", "/jobs"): OVERSEES,
    ("POST", "/jobs/{id}/stop"): EDITS,
    ("GET", "/gold"): OVERSEES,
    ("POST", "/gold/rate"): ADMINISTERS,
    ("POST", "/claims/{id}/gold"): EDITS,
    ("POST", "/claims/{id}/gold/retire"): EDITS,
    ("GET", "/scales"): READS,
    ("GET", "/policies"): READS,
    ("POST", "/policies"): EDITS,
    ("POST", "/policies/{id}/retire"): EDITS,
    ("GET", "/me"): READS,
    ("PATCH", "/me"): REVIEWS,
    ("GET", "/sources"): READS,
    ("GET", "/users"): ADMINISTERS,
    ("POST", "/users"): ADMINISTERS,
    ("GET", "/users/{id}"): ADMINISTERS,
    ("PATCH", "/users/{id}"): ADMINISTERS,
    ("POST", "/users/{id}/reset-link"): ADMINISTERS,
    ("POST", "/users/{id}/sign-out"): ADMINISTERS,
    ("POST", "/users/{id}/second-factor-off"): ADMINISTERS,
    ("GET", "/users/{id}/decided-alone"): ADMINISTERS,
    ("GET", "/changes"): ADMINISTERS,
    ("POST", "/changes/{id}/drop"): ADMINISTERS,
    ("GET", "/registrations"): ADMINISTERS,
    ("POST", "/registrations/{id}/link"): ADMINISTERS,
    ("GET", "/events"): ADMINISTERS,
    ("GET", "/newcomers"): OVERSEES,
    ("POST", "/users/{id}/let-in"): EDITS,
    ("POST", "/users/{id}/turn-away"): EDITS,
    ("GET", "/me/tokens"): READS,
    ("POST", "/me/tokens/{id}/end"): REVIEWS,
    ("GET", "/me/sessions"): READS,
    ("POST", "/me/sessions/{id}/end"): REVIEWS,
    ("GET", "/me/notice-choices"): READS,
    ("POST", "/me/notice-choices"): REVIEWS,
    ("GET", "/site/pages"): ADMINISTERS,
    ("POST", "/site/pages/{id}"): ADMINISTERS,
    ("GET", "/site/look"): ADMINISTERS,
    ("POST", "/site/look"): ADMINISTERS,
    ("POST", "/users/{id}/messages"): EDITS,
    ("GET", "/jobs/{id}"): READS,
    ("POST", "/exports"): OVERSEES,
    ("GET", "/exports/{id}"): OVERSEES,
    ("GET", "/webhooks"): ADMINISTERS,
    ("POST", "/webhooks"): ADMINISTERS,
    ("GET", "/webhooks/{id}"): ADMINISTERS,
    ("PATCH", "/webhooks/{id}"): ADMINISTERS,
    ("DELETE", "/webhooks/{id}"): ADMINISTERS,
    ("POST", "/webhooks/{id}/ping"): ADMINISTERS,
    ("GET", "/webhooks/{id}/deliveries"): ADMINISTERS,
    ("POST", "/webhooks/deliveries/{id}/replay"): ADMINISTERS,
}


def test_every_call_needs_what_was_decided():
    table = {
        (call.method, call.path): call.needs and (call.needs.role.value, call.needs.scope.value)
        for call in CALLS
    }

    assert table == DECIDED
    assert len({call.name for call in CALLS}) == len(CALLS)


def test_each_role_and_scope_gets_what_is_for_it_and_nothing_else(app):
    client = app.test_client()
    tokens = {
        (role, scope): token_of(app, name, scope.value)
        for role, name in PEOPLE.items()
        for scope in Scope
        if HIGHEST_SCOPE[role].includes(scope)
    }
    wrong = []
    for (method, path), needs in DECIDED.items():
        address = ROOT + path.replace("{id}", "nothing").replace("{sha256}", "0" * 64)
        anonymous = client.open(address, method=method).status_code
        wrong += [] if (anonymous == 401) == bool(needs) else [(method, path, "nobody", anonymous)]
        for (role, scope), token in tokens.items():
            headers = {"Authorization": f"Bearer {token}"}
            answer = client.open(address, method=method, headers=headers)
            allowed = not needs or (
                role.includes(Role(needs[0])) and scope.includes(Scope(needs[1]))
            )
            if (answer.status_code == 403) == allowed or answer.status_code == 401:
                wrong.append((method, path, role.value, scope.value, answer.status_code))
            if answer.status_code == 403:
                assert answer.json["code"] == "forbidden"

    assert wrong == []


def test_a_role_that_was_taken_away_takes_the_token_s_rights_along(app, caller):
    from factcheck.accounts.actions import change_role
    from factcheck.accounts.queries import person_by_email
    from factcheck.db import writing
    from tests.conftest import NOW

    edith = caller("edith")
    assert edith.get("/desk").status_code == 200
    with app.app_context(), writing() as session:
        person = person_by_email(session, "edith@example.org")
        change_role(session, person, "reviewer", actor=None, now=NOW)

    assert edith.get("/desk").status_code == 403
