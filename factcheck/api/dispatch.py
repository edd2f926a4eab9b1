"""How a call runs: who asks, what was sent, the view, the answer, in this order for every call.

A call that writes runs in one transaction, tried again when another was quicker (on PostgreSQL two
may write at once); its answer is made inside it, so a 2xx is sent only after the commit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import msgspec
from flask import Response, request
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.wsgi import FileWrapper

from factcheck import clock
from factcheck.accounts.models import Person
from factcheck.api import bodies, idempotency
from factcheck.api.calls import Answer, Asked, Call, Work
from factcheck.api.limits import Limiter
from factcheck.api.models import KeptAnswer
from factcheck.api.problems import Refusal, problem
from factcheck.api.tokens import caller
from factcheck.api.versions import etag, is_known
from factcheck.db import current_session, writing
from factcheck.failures import Failure

_TRIES = 4
_PLACE = re.compile(r"\{\w+\}")
_LONGEST_ID = 120  # code points; no id, slug or digest is longer

limiter = Limiter()


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """What a call is sent that takes neither body nor query."""


def run(call: Call, path_id: str = "") -> Response:
    """Make a call and return its answer, or the problem that says why not."""
    now = clock.now()
    request.max_content_length = call.largest_mib * 1024 * 1024  # before anything reads the body
    if call.needs is None:
        return _run(call, path_id, _asked(call, path_id, None))
    person = caller(current_session(), request.headers.get("Authorization"), call.needs, now=now)
    with limiter.counted(person.id, now=now):
        return _run(call, path_id, _asked(call, path_id, person))


def _asked(call: Call, path_id: str, person: Person | None) -> Asked[Any]:
    if request.method in {"GET", "HEAD"}:
        given = bodies.query(request.args, call.query or Nothing)
    else:
        bodies.query(request.args, Nothing)
        given = bodies.json_body(request, call.body or Nothing)
    if len(path_id) > _LONGEST_ID or "\0" in path_id:
        raise Refusal(404, "missing", gettext("Nothing is there under that address."))
    return Asked(
        given=given,
        id=path_id,
        person=person,  # type: ignore[arg-type]  # calls for anyone do not look at it
        now=clock.now(),
        if_match=request.headers.get("If-Match"),
    )


def _run(call: Call, path_id: str, asked: Asked[Any]) -> Response:
    key = request.headers.get("Idempotency-Key")
    if call.method != "POST" or key is None:
        return _made(call, asked, None)
    name = f"POST {_PLACE.sub(lambda _found: path_id, call.path)}"
    known = idempotency.repeatable(asked.person.id, name, key, msgspec.to_builtins(asked.given))
    row = idempotency.reserve(known, now=clock.now)
    if isinstance(row, Response):
        return row
    try:
        return _made_or_refused(call, asked, row)
    except BaseException:
        idempotency.release(row)
        raise


def _made_or_refused(call: Call, asked: Asked[Any], row: KeptAnswer) -> Response:
    """Make the call under a key; a refusal is kept as its answer too."""
    try:
        return _made(call, asked, row)
    except (Failure, Refusal, IntegrityError) as error:
        response = problem(error)
        if response.status_code >= 500:
            raise
        with writing() as session:
            idempotency.keep(session, row, response)
        return response


def _made(call: Call, asked: Asked[Any], row: KeptAnswer | None) -> Response:
    if call.prepare is not None:
        asked = replace(asked, prepared=call.prepare(asked))
    if call.work is Work.WRITE:
        return _written(call, asked, row)
    response = _answered(call, call.view(current_session(), asked))
    if row is not None:
        with writing() as session:
            idempotency.keep(session, row, response)
    return response


def _written(call: Call, asked: Asked[Any], row: KeptAnswer | None) -> Response:
    """Make a call that writes; when another transaction was quicker, make it again on what is now.

    Raises IntegrityError or OperationalError where that happens again and again.
    """
    for _ in range(_TRIES - 1):
        with suppress(_Overtaken):
            return _written_once(call, asked, row)
    try:
        return _written_once(call, asked, row)
    except _Overtaken as overtaken:
        raise overtaken.error from None


def _written_once(call: Call, asked: Asked[Any], row: KeptAnswer | None) -> Response:
    try:
        with writing() as session:
            response = _answered(call, call.view(session, asked))
            if row is not None:
                idempotency.keep(session, row, response)
    except DBAPIError as error:
        if _was_quicker(error):
            raise _Overtaken(error) from error
        raise
    return response


class _Overtaken(Exception):
    """Another transaction changed the same rows first."""

    def __init__(self, error: DBAPIError) -> None:
        super().__init__(str(error))
        self.error = error


def _was_quicker(error: DBAPIError) -> bool:
    if isinstance(error, IntegrityError):
        return True
    return getattr(error.orig, "sqlstate", None) in {"40001", "40P01"}


def _answered(call: Call, given: Answer | msgspec.Struct) -> Response:
    """Return a view's value as the HTTP answer, 304 where the caller has it already."""
    answer = given if isinstance(given, Answer) else Answer(given)
    status = answer.status or call.status
    response = Response(_body(answer), status, content_type=answer.media)
    response.headers["Cache-Control"] = "private, no-cache" if call.needs else "public, no-cache"
    if call.needs is None:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if {"id", "version"} <= set(getattr(answer.value, "__struct_fields__", ())):
        response.headers["ETag"] = etag(answer.value)  # type: ignore[arg-type]
    response.headers.update(answer.headers)
    tag = response.headers.get("ETag")
    if call.method == "GET" and tag and is_known(request.headers.get("If-None-Match"), tag):
        response.status_code = 304
        response.set_data(b"")
    if response.status_code in {204, 304}:
        del response.headers["Content-Type"]
    return response


def _body(answer: Answer) -> bytes | Iterable[bytes]:
    if answer.file is not None:
        return FileWrapper(answer.file.open("rb"))
    if answer.raw is not None:
        return answer.raw
    return b"" if answer.value is None else msgspec.json.encode(answer.value)
