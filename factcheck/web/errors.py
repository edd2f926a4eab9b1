"""Failures turned into pages, in one place. It knows no room; the API answers for itself."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from factcheck.failures import Conflict, Failure, Forbidden, Invalid, Missing

STATUS = {Missing: 404, Conflict: 409, Invalid: 422, Forbidden: 403}
_log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Answer every failure with a page that says what happened and how to go on."""
    app.register_error_handler(Failure, failed)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(OperationalError, unwritable)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(InternalServerError, broken)


def failed(failure: Failure) -> ResponseReturnValue:
    """Answer a room's failure by its kind."""
    status = next(status for kind, status in STATUS.items() if isinstance(failure, kind))
    return _page(status, failure.message)


def forged(_error: CSRFError) -> ResponseReturnValue:
    """Answer a form without its token: the session ended, or another site sent it."""
    return _page(400, _("This form was too old. Go back, load the page again, and send it anew."))


def unwritable(error: OperationalError) -> ResponseReturnValue:
    """Answer when the database cannot be written or reached, as with a full disk."""
    _log.error("the database refused: %s", error.orig)
    return _page(503, _("The database cannot be written to now. Nothing was changed; try later."))


def refused(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask itself refuses: an unknown address, a body that is too large."""
    sentences = {
        401: _("Please sign in first."),
        403: _("This page is not for your role."),
        404: _("There is nothing at this address."),
        405: _("This address does not take that."),
        413: _("That is too much for one form: 2 MiB at most."),
    }
    code = error.code or 500
    if error.response is not None or code < 400:
        return error
    page, status = _page(code, sentences.get(code, error.description or ""))
    headers = {key: value for key, value in error.get_headers() if key == "Allow"}
    return page, status, headers


def broken(error: InternalServerError) -> ResponseReturnValue:
    """Answer a defect without a word of it, and log it under the mark that is shown."""
    mark = secrets.token_hex(6)
    _log.error("defect %s", mark, exc_info=error.original_exception or error)
    return _page(
        500, _("Something broke. The operator finds the reason under %(mark)s.", mark=mark)
    )


def _page(status: int, sentence: str) -> tuple[str, int]:
    title = HTTPStatus(status).phrase
    return render_template("errors.html", title=title, sentence=sentence), status
