"""The OpenAPI 3.1 document, made from the table of calls and the shapes that they take and give."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from typing import Any

import msgspec

from factcheck.api.calls import CALLS, Call, Work
from factcheck.api.problems import CONTENT_TYPE, Problem

_REF = "#/components/schemas/{name}"
INTRODUCTION = """\
The JSON door to the whole path: from a pasted post to a published article with its verdicts.

A token goes into `Authorization: Bearer TOKEN`. Spans are [start, end) in code points of the
revision's text, moments RFC 3339 in UTC, ids opaque. What can be edited has a `version` and an
`ETag`: an edit names one of them, a stale one is refused with what is there now. A POST may
carry an `Idempotency-Key`: however often it is sent, it takes effect once. While a round of
reviews is open, no answer tells a reviewer what others rated, or that they did.\
"""
_GROUPS = {
    "articles": "Articles", "claims": "Claims", "queue": "Queue and leases", "reviews": "Reviews",
    "drafts": "Drafts", "pool": "Pools of sources", "copies": "Copies of sources",
    "talk": "Talk", "batches": "Batches", "lists": "Saved lists",
    "decisions": "Decisions", "editions": "Editions",
    "elsewhere": "Verdicts used elsewhere", "letters": "Letters of readers", "notices": "Notices",
    "source_notes": "Notes on sources", "waiting": "What waits for an editor",
    "overview": "Desk", "methods": "Scales and policies", "people": "People",
    "search": "Search", "sources": "Sources", "checks": "Earlier checks of others",
    "exports": "Exports", "jobs": "Jobs", "steps": "Undoing", "webhooks": "Webhooks",
    "stuck": "Who could take what", "gold": "Gold claims", "accounts": "Accounts",
    "own": "One’s own", "site": "The public site",
}  # fmt: skip
WHY = {
    400: "not JSON, not UTF-8, or too deep",
    401: "no token, or one that is not known",
    403: "the token or its person may not do that",
    404: "nothing is there under that id",
    409: "its state does not allow it, or `version` is stale",
    412: "`If-Match` is not its ETag",
    413: "the body is too large: over 2 MiB where nothing else is said",
    415: "the body is not application/json",
    422: "a field cannot be taken; `errors` names it",
    428: "neither `If-Match` nor `version`",
    429: "too many calls; see Retry-After",
    503: "the database cannot be written to now",
}


@cache
def document() -> dict[str, Any]:
    """Return the document as a JSON value."""
    paths: dict[str, dict[str, Any]] = {}
    for call in CALLS:
        paths.setdefault(call.path, {})[call.method.lower()] = _operation(call)
    return {
        "openapi": "3.1.0",
        "info": {"title": "factcheck", "version": "1", "description": INTRODUCTION},
        "servers": [{"url": "/api/v1"}],
        "tags": [{"name": name} for name in groups()],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


@cache
def groups() -> dict[str, list[Call]]:
    """Return the calls by the title of their group, in the order in which they are shown."""
    found: dict[str, list[Call]] = {title: [] for title in _GROUPS.values()}
    for call in CALLS:
        found[_GROUPS[call.group]].append(call)
    return {title: calls for title, calls in found.items() if calls}


def good_statuses(call: Call) -> dict[int, str]:
    """Return the statuses of answers that are no refusals, each with when it is given."""
    statuses = {call.status: HTTPStatus(call.status).phrase, **call.also}
    if call.versioned or _is_versioned(call):
        statuses |= {304: "you have it already"} if call.method == "GET" else {}
    return statuses


def refusals(call: Call) -> list[int]:
    """Return the statuses that the call can be refused with."""
    found = {422}
    found |= {401, 403, 429} if call.needs else set()
    found |= {400, 413, 415} if call.method != "GET" else set()
    names_something = "{" in call.path or call.body is not None or call.group == "sources"
    asked = getattr(call.query, "__struct_fields__", ())
    found |= {404} if names_something or "article" in asked else set()
    found |= {503} if call.work is not Work.READ else set()
    found |= {409} if call.method != "GET" else set()  # a key whose first call still runs too
    found |= {412, 428} if call.versioned else set()
    return sorted(found)


def _is_versioned(call: Call) -> bool:
    fields = set(getattr(call.answer, "__struct_fields__", ()))
    return {"id", "version"} <= fields or call.name == "edition_record"


def _operation(call: Call) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": call.name,
        "summary": call.summary,
        "description": f"{call.description} {_who(call)}".strip(),
        "tags": [_GROUPS[call.group]],
        "parameters": [*_path_parameters(call), *_query_parameters(call), *_headers(call)],
        "responses": _responses(call),
        "security": [{"token": []}] if call.needs else [],
    }
    if call.body is not None:
        needed = any(field.required for field in msgspec.structs.fields(call.body))
        content = {"application/json": {"schema": _ref(call.body)}}
        operation["requestBody"] = {"required": needed, "content": content}
    return operation


def _who(call: Call) -> str:
    if call.needs is None:
        return "For anyone, without a token."
    return f"For {call.needs.role}s, with a token of scope {call.needs.scope}."


def _responses(call: Call) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, when in good_statuses(call).items():
        responses[str(status)] = {"description": when}
        if status not in {204, 304} and call.answer is not None:
            content = {"application/json": {"schema": _ref(call.answer)}}
            responses[str(status)]["content"] = content
        if status == call.status and call.media:
            text = {"schema": {"type": "string"}}
            responses[str(status)]["content"] = dict.fromkeys(call.media, text)
    for status in refusals(call):
        content = {CONTENT_TYPE: {"schema": _ref(Problem)}}
        responses[str(status)] = {"description": WHY[status], "content": content}
    if call.needs is not None:
        responses["401"]["headers"] = {"WWW-Authenticate": {"schema": {"const": "Bearer"}}}
    return responses


def _path_parameters(call: Call) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", call.path)
    ]


def _query_parameters(call: Call) -> list[dict[str, Any]]:
    if call.query is None:
        return []
    schema = _all_schemas()[call.query.__name__]
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema["required"],
            "description": inner.get("description", ""),
            "schema": {key: value for key, value in inner.items() if key != "description"},
        }
        for name, inner in schema["properties"].items()
    ]


def _headers(call: Call) -> list[dict[str, Any]]:
    found = {}
    if call.method == "POST":
        found["Idempotency-Key"] = "makes any number of equal calls one; kept for 48 hours"
    if call.versioned:
        found["If-Match"] = "the ETag of what is edited; * is not taken"
    elif 304 in good_statuses(call):
        found["If-None-Match"] = "the ETag of the answer that you have"
    return [
        {"name": name, "in": "header", "required": False, "description": why,
         "schema": {"type": "string"}}
        for name, why in found.items()
    ]  # fmt: skip


def _ref(shape: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": _REF.format(name=shape.__name__)}


@cache
def _all_schemas() -> dict[str, Any]:
    shapes = {
        shape for call in CALLS for shape in (call.body, call.query, call.answer) if shape
    } | {Problem}
    ordered = sorted(shapes, key=lambda shape: shape.__name__)
    _refs, components = msgspec.json.schema_components(ordered, ref_template=_REF)
    return components


def _schemas() -> dict[str, Any]:
    """Return the schemas of bodies and answers; a query's is spread over its parameters."""
    queries = {call.query.__name__ for call in CALLS if call.query}
    return {name: schema for name, schema in _all_schemas().items() if name not in queries}
