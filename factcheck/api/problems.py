"""Every refusal of the API as problem+json (RFC 9457): one place, one shape.

`code` is a short key for programs, `detail` a sentence for people, `errors` the fields at fault. A
stale edit also carries `current` and `sent`, so that nothing anybody typed is lost.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from flask import Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from msgspec import UNSET, UnsetType
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from factcheck.failures import Conflict, Failure, Forbidden, Invalid, Missing
from factcheck.web.wording import worded

CONTENT_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)

_STATUSES: tuple[tuple[type[Failure], int], ...] = (
    (Missing, 404), (Conflict, 409), (Invalid, 422), (Forbidden, 403),
)  # fmt: skip
_SENTENCES = {
    405: lazy_gettext("This address does not take that method; Allow names those that it does."),
}


class FieldError(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One field at fault, named as the caller wrote it, and a sentence that says why."""

    field: str
    message: str


class Problem(msgspec.Struct, forbid_unknown_fields=True):
    """Why a call was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError]
    current: Any | UnsetType = UNSET
    sent: Any | UnsetType = UNSET
    id: str | UnsetType = UNSET


class Refusal(Exception):
    """The call is refused by the door itself, before or without a room being asked."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: tuple[FieldError, ...] = (),
        headers: Mapping[str, str] | None = None,
        current: Any = UNSET,
        sent: Any = UNSET,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})
        self.current = current
        self.sent = sent


def unprocessable(field: str, message: str, *, code: str = "invalid") -> Refusal:
    """Return the refusal of one field's value: 422."""
    return Refusal(422, code, message, errors=(FieldError(field, message),))


def problem(error: Exception) -> Response:
    """Return the answer to any failure: a room's, the door's own, the web server's, a defect."""
    if isinstance(error, Failure):
        return _answer(_of_failure(error))
    if isinstance(error, Refusal):
        return _answer(error)
    if isinstance(error, IntegrityError):
        return _answer(Refusal(409, "conflict", _("Somebody changed the same thing. Ask again.")))
    if isinstance(error, OperationalError):
        _log.error("The database refused: %s", error.orig)
        sentence = _("The database cannot be written to now. Nothing was changed; ask again later.")
        return _answer(Refusal(503, "unavailable", sentence, headers={"Retry-After": "5"}))
    if isinstance(error, HTTPException) and not isinstance(error, InternalServerError):
        return _answer(_of_http(error))
    return _defect(error)


def _of_failure(failure: Failure) -> Refusal:
    status = next(status for kind, status in _STATUSES if isinstance(failure, kind))
    fields = (FieldError(failure.field, worded(failure)),) if isinstance(failure, Invalid) else ()
    return Refusal(status, failure.code, worded(failure), errors=fields)


def _of_http(error: HTTPException) -> Refusal:
    status = error.code or 500
    headers = {}
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    phrase = HTTPStatus(status).phrase
    code = phrase.lower().replace(" ", "_").replace("-", "_")
    sentence = str(_SENTENCES.get(status) or error.description or phrase)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and request.max_content_length:
        most = request.max_content_length // (1024 * 1024)
        sentence = _("The body is over %(most)s MiB.", most=most)
    return Refusal(status, code, sentence, headers=headers)


def _defect(error: Exception) -> Response:
    """Answer 500 without a word of what happened, and log it under the id that is answered."""
    mark = secrets.token_hex(6)
    cause = error.original_exception if isinstance(error, InternalServerError) else error
    _log.error("defect %s", mark, exc_info=cause or error)
    sentence = _("The service failed. The operator finds the reason under %(mark)s.", mark=mark)
    return _answer(Refusal(500, "internal", sentence), mark=mark)


def _answer(refusal: Refusal, mark: str | UnsetType = UNSET) -> Response:
    body = Problem(
        type="about:blank",
        title=HTTPStatus(refusal.status).phrase,
        status=refusal.status,
        detail=refusal.detail,
        code=refusal.code,
        errors=list(refusal.errors),
        current=refusal.current,
        sent=refusal.sent,
        id=mark,
    )
    response = Response(msgspec.json.encode(body), refusal.status, content_type=CONTENT_TYPE)
    response.headers.update(refusal.headers)
    response.headers["Cache-Control"] = "no-store"
    return response
