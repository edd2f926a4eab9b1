"""Whatever a person can do in the browser, a program can do: each form with its call.

A form that is new stands in `BY_API` with the call that does the same, or in `PAGES_ALONE` with the
reason why no program does it. Who may send the form may make the call.
"""

from __future__ import annotations

import pytest

from tests.api.test_access import DECIDED
from tests.web.access_table import ACCESS

pytestmark = pytest.mark.one_database
Calls = tuple[tuple[str, str], ...]
_CLAIM, _ARTICLE = "/work/claims/<public_id>", "/work/articles/<slug>"
_COMMENT, _DESK = f"{_CLAIM}/comments/<comment_id>", "/desk"

BY_API: dict[str, Calls] = {
    "/queue/next": (("POST", "/queue/next"),),
    _CLAIM: (("PATCH", "/claims/{id}/draft"), ("POST", "/claims/{id}/reviews")),
    f"{_CLAIM}/seat": (("POST", "/claims/{id}/seat"),),
    f"{_CLAIM}/renew": (("POST", "/leases/{id}/renew"),),
    f"{_CLAIM}/skip": (("DELETE", "/leases/{id}"),),
    f"{_CLAIM}/withdraw": (("POST", "/reviews/{id}/withdraw"),),
    f"{_CLAIM}/confirm": (("POST", "/claims/{id}/confirm"),),
    f"{_CLAIM}/pool": (("POST", "/claims/{id}/pool"), ("POST", "/claims/{id}/pool/take-out")),
    f"{_CLAIM}/copies": (("POST", "/claims/{id}/copies"),),
    f"{_CLAIM}/copies/deciding": (("POST", "/claims/{id}/copies/deciding"),),
    f"{_CLAIM}/comments": (("POST", "/claims/{id}/comments"),),
    _COMMENT: (("PATCH", "/comments/{id}"),),
    f"{_COMMENT}/hide": (("POST", "/comments/{id}/hide"),),
    f"{_COMMENT}/unhide": (("POST", "/comments/{id}/unhide"),),
    f"{_CLAIM}/decide": (("POST", "/claims/{id}/decision"),),
    f"{_CLAIM}/reopen": (("POST", "/claims/{id}/reopen"),),
    f"{_CLAIM}/reply": (("PATCH", "/claims/{id}"),),
    "/work/preview": (("POST", "/preview"),),
    "/work/import": (("POST", "/articles"),),
    f"{_ARTICLE}/accept": (("POST", "/articles/{id}/accept"),),
    f"{_ARTICLE}/claims": (("POST", "/articles/{id}/claims"),),
    f"{_ARTICLE}/claims/<claim_id>": (
        ("PATCH", "/claims/{id}"),
        ("POST", "/claims/{id}/split"),
        ("POST", "/claims/merge"),
    ),
    f"{_ARTICLE}/claims/<claim_id>/withdraw": (("POST", "/claims/{id}/withdraw"),),
    f"{_ARTICLE}/claims/<claim_id>/put-back": (("POST", "/claims/{id}/put-back"),),
    f"{_ARTICLE}/elsewhere/<claim_id>": (("POST", "/articles/{id}/elsewhere"),),
    f"{_ARTICLE}/mended/<claim_id>": (("POST", "/claims/{id}/mend"),),
    f"{_ARTICLE}/publish": (("POST", "/articles/{id}/editions"),),
    f"{_ARTICLE}/withdraw": (("POST", "/articles/{id}/withdraw"),),
    f"{_ARTICLE}/put-back": (("POST", "/articles/{id}/put-back"),),
    f"{_ARTICLE}/editions/<int:number>/put-back": (("POST", "/editions/{sha256}/put-back"),),
    "/work/editions/<sha256>/withdraw": (("POST", "/editions/{sha256}/withdraw"),),
    f"{_ARTICLE}/revise": (("POST", "/articles/{id}/revisions"),),
    f"{_ARTICLE}/steps/<step_id>": (("POST", "/steps/{id}/undo"), ("POST", "/steps/{id}/redo")),
    f"{_ARTICLE}/carried-over/<claim_id>": (
        ("POST", "/claims/{id}/confirm-words"),
        ("PATCH", "/claims/{id}"),
        ("POST", "/claims/{id}/mend"),
    ),
    f"{_ARTICLE}/settings": (("PATCH", "/articles/{id}"),),
    f"{_DESK}/bulk": (("POST", "/batches"),),
    f"{_DESK}/bulk/<public_id>": (("POST", "/batches/{id}/start"),),
    f"{_DESK}/bulk/<public_id>/undo": (("POST", "/batches/{id}/undo"),),
    f"{_DESK}/stuck/<public_id>": (("POST", "/batches"),),  # to assign, of one claim
    f"{_DESK}/people/<public_id>/message": (("POST", "/users/{id}/messages"),),
    f"{_DESK}/checks/import": (("POST", "/checks/import"),),
    f"{_DESK}/checks/<public_id>/remove": (("POST", "/checks/{id}/remove"),),
    f"{_DESK}/runs/<public_id>/stop": (("POST", "/jobs/{id}/stop"),),
    f"{_DESK}/gold": (("POST", "/claims/{id}/gold"),),
    f"{_DESK}/gold/<public_id>/retire": (("POST", "/claims/{id}/gold/retire"),),
    f"{_DESK}/exports": (("POST", "/exports"),),
    f"{_DESK}/policies": (("POST", "/policies"),),
    f"{_DESK}/policies/<key>/retire": (("POST", "/policies/{id}/retire"),),
    f"{_DESK}/lists": (("POST", "/lists"),),
    f"{_DESK}/lists/<public_id>/delete": (("POST", "/lists/{id}/remove"),),
    f"{_DESK}/sources/<public_id>": (("PATCH", "/source-notes/{id}"),),
    f"{_DESK}/inbox/<public_id>": (("POST", "/letters/{id}/answer"),),
    f"{_DESK}/inbox/<public_id>/mend": (("POST", "/letters/{id}/mend"),),
    "/notices/read": (("POST", "/notices/read"),),
}

ADMIN_SIDE: dict[str, Calls] = {
    "/account": (("PATCH", "/me"),),
    "/account/notices": (("POST", "/me/notice-choices"),),
    "/account/sessions/<int:session_id>/end": (("POST", "/me/sessions/{id}/end"),),
    "/account/tokens/<public_id>/end": (("POST", "/me/tokens/{id}/end"),),
    "/admin": (("POST", "/users"),),
    "/admin/changes/<public_id>/drop": (("POST", "/changes/{id}/drop"),),
    "/admin/look/language": (("POST", "/site/look"),),
    "/admin/look/logo": (("POST", "/site/look"),),
    "/admin/look/name": (("POST", "/site/look"),),
    "/admin/look/theme": (("POST", "/site/look"),),
    "/admin/pages/<slug>": (("POST", "/site/pages/{id}"),),
    "/admin/people/<public_id>/alone": (("POST", "/claims/{id}/reopen"),),
    "/admin/people/<public_id>/disable": (("PATCH", "/users/{id}"),),
    "/admin/people/<public_id>/enable": (("PATCH", "/users/{id}"),),
    "/admin/people/<public_id>/reset": (("POST", "/users/{id}/reset-link"),),
    "/admin/people/<public_id>/role": (("PATCH", "/users/{id}"),),
    "/admin/people/<public_id>/second-factor-off": (("POST", "/users/{id}/second-factor-off"),),
    "/admin/people/<public_id>/sign-out": (("POST", "/users/{id}/sign-out"),),
    "/admin/registrations/<int:registration_id>/link": (("POST", "/registrations/{id}/link"),),
    "/admin/webhooks": (("POST", "/webhooks"),),
    "/admin/webhooks/<public_id>": (("PATCH", "/webhooks/{id}"),),
    "/admin/webhooks/<public_id>/delete": (("DELETE", "/webhooks/{id}"),),
    "/admin/webhooks/<public_id>/disable": (("PATCH", "/webhooks/{id}"),),
    "/admin/webhooks/<public_id>/enable": (("PATCH", "/webhooks/{id}"),),
    "/admin/webhooks/<public_id>/ping": (("POST", "/webhooks/{id}/ping"),),
    "/admin/webhooks/deliveries/<public_id>/replay": (
        ("POST", "/webhooks/deliveries/{id}/replay"),
    ),
    f"{_DESK}/gold/rate": (("POST", "/gold/rate"),),
    f"{_DESK}/people/<public_id>/let-in": (("POST", "/users/{id}/let-in"),),
    f"{_DESK}/people/<public_id>/turn-away": (("POST", "/users/{id}/turn-away"),),
}

_GUARDS = "It guards an account: who has found a token gets no further with it than the token goes."
_SECRET = "The secret in a mailed link is what lets in; whoever has it has no token yet."
_READER = "Readers have no account and no token; the form's own limits hold off abuse."
_PURGE = "What a purge takes is gone for good: two admins type their passwords, each time."
PAGES_ALONE: dict[str, str] = {
    "/admin/purges": _PURGE,
    "/admin/purges/<public_id>/confirm": _PURGE,
    "/admin/purges/<public_id>/drop": "It lets be what pages alone asked for.",
    "/practice/<key>": "It teaches people before their first review; newcomers have no token.",
    "/sign-in": _GUARDS,
    "/sign-in/code": _GUARDS,
    "/sign-out": "It ends a session of a browser; a program has none.",
    "/account/password": _GUARDS,
    "/account/second-factor": _GUARDS,
    "/account/second-factor/codes": _GUARDS,
    "/account/second-factor/off": _GUARDS,
    "/account/second-factor/on": _GUARDS,
    "/account/tokens": "A token that makes tokens would outlive its own end.",
    "/invite/<secret>": _SECRET,
    "/register": _READER,
    "/register/<secret>": _SECRET,
    "/reset/<secret>": _SECRET,
    "/set-up/<secret>": _SECRET,
    "/appeal": _READER,
    "/mended": _READER,
    "/request": _READER,
    "/follow": _READER,
    "/follow/confirm/<token>": _SECRET,
    "/follow/stop/<token>": _SECRET,
    "/notices/stop/<token>": _SECRET,
}

CALLED_BY = {  # other people than the form is for
    "/admin/people/<public_id>/alone": "editor",  # who may open any claim again by itself
}


def test_each_form_has_a_call_or_a_reason_for_having_none():
    forms = {path for method, path in ACCESS if method == "POST"}
    tables = (BY_API, ADMIN_SIDE, PAGES_ALONE)

    assert forms - set().union(*tables) == set(), "new forms: add their call, or say why not"
    assert set().union(*tables) - forms == set(), "these forms are gone"
    assert sum(map(len, tables)) == len(forms), "each form stands in one table"


def test_who_may_send_a_form_may_make_its_call_and_nobody_else():
    wrong = []
    for form, calls in (BY_API | ADMIN_SIDE).items():
        role = CALLED_BY.get(form, ACCESS["POST", form])
        needed = "reviewer" if role == "newcomer" else role  # newcomers have no tokens
        for call in calls:
            needs = DECIDED.get(call)
            wrong += [] if needs and needs[0] == needed else [(form, role, call, needs)]

    assert wrong == []
