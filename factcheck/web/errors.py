"""Failures turned into pages, in one place. It knows no room; the API answers for itself.

What surprises: a page about a broken database must not ask it who is signed in, and what somebody
typed into a form that is refused is shown to them again, so that nothing is lost.
"""

from __future__ import annotations

import errno
import logging
import secrets

from flask import Flask, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError

from factcheck.failures import Conflict, Failure, Forbidden, Invalid, Missing
from factcheck.web.wording import worded

STATUS = {Missing: 404, Conflict: 409, Invalid: 422, Forbidden: 403}
TITLES = {
    400: lazy_gettext("That form did not arrive whole"),
    401: lazy_gettext("Please sign in"),
    403: lazy_gettext("Not for you"),
    404: lazy_gettext("Nothing here"),
    405: lazy_gettext("Not this way"),
    409: lazy_gettext("That cannot be done now"),
    413: lazy_gettext("Too much at once"),
    422: lazy_gettext("That cannot be taken"),
    500: lazy_gettext("Something broke"),
    503: lazy_gettext("Not now"),
}
SENTENCES = {
    401: lazy_gettext("Your session is over. Sign in again, go back, and do it anew."),
    403: lazy_gettext("This page is not for your role. An admin can tell you whose it is."),
    404: lazy_gettext("There is nothing at this address."),
    405: lazy_gettext("This address cannot be used in that way."),
    413: lazy_gettext("That is more than one form can hold. Send less, or in parts."),
}
WORTH_KEEPING = 20  # characters from which on what was typed into a field is shown again
_SECRET_FIELDS = {
    "csrf_token", "password", "present", "code", "confirming-present", "confirming-code",
}  # fmt: skip
OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
_log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Answer every failure with a page that says what happened and how to go on."""
    app.register_error_handler(Failure, failed)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(DataError, unkeepable)
    app.register_error_handler(OperationalError, unavailable)
    app.register_error_handler(PoolTimeout, unavailable)
    app.register_error_handler(OSError, unwritable)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(InternalServerError, broken)


def failed(failure: Failure) -> ResponseReturnValue:
    """Answer a room's failure by its kind."""
    status = next(status for kind, status in STATUS.items() if isinstance(failure, kind))
    return _page(status, worded(failure))


def forged(_error: CSRFError) -> ResponseReturnValue:
    """Answer a form without its token: the session ended, or another site sent it."""
    return _page(400, _("This form was too old. Go back, load the page again, and send it anew."))


def unkeepable(error: DataError) -> ResponseReturnValue:
    """Answer text that the database cannot hold, such as with a NUL in it."""
    _log.info("the database cannot hold what was sent: %s", type(error.orig).__name__)
    return _page(422, _("This holds a character or a number that cannot be kept."))


def unavailable(error: OperationalError | PoolTimeout) -> ResponseReturnValue:
    """Answer when the database cannot be written to or reached, as with a full disk."""
    _log.error("the database does not answer: %s", error)
    return _page(503, _("The database does not answer. Nothing was changed; try again later."))


def unwritable(error: OSError) -> ResponseReturnValue:
    """Answer when something outside failed; the disk is blamed where it said so itself.

    As when an edition's pages find no room on it, or one of them could not be made.
    """
    _log.error("something outside failed: %s", error, exc_info=error)
    first: BaseException = error
    while first.__cause__ is not None:
        first = first.__cause__
    if isinstance(first, OSError) and first.errno in OF_THE_DISK:
        sentence = _(
            "The server’s disk cannot be written to now. What was decided is kept; the public "
            "pages follow once there is room."
        )
    else:
        sentence = _(
            "This could not be carried through now; why stands in the server’s log. Look whether "
            "it was done before you try again; public pages that lack it follow by themselves."
        )
    return _page(503, sentence)


def refused(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask itself refuses: an unknown address, a body that is too large."""
    code = error.code or 500
    if error.response is not None or code < 400:
        return error
    sentence = str(SENTENCES.get(code, error.description or ""))
    page, status = _page(code, sentence)
    return page, status, {name: value for name, value in error.get_headers() if name == "Allow"}


def broken(error: InternalServerError) -> ResponseReturnValue:
    """Answer a defect without a word of it, and log it under the mark that is shown."""
    mark = secrets.token_hex(6)
    _log.error("defect %s", mark, exc_info=error.original_exception or error)
    return _page(500, _("The operator finds the reason in the log, under %(mark)s.", mark=mark))


def _page(status: int, sentence: str) -> tuple[str, int]:
    given = {"signed_in": AnonymousUserMixin()} if status >= 500 else {}
    page = render_template(
        "errors.html",
        title=TITLES.get(status, TITLES[400]), sentence=sentence, status=status,
        typed=_typed(status), **given,
    )  # fmt: skip
    return page, status


def _typed(status: int) -> list[tuple[str, str]]:
    """Return the longer texts of the refused form, if it came from a page of ours.

    Our cookie is not sent with another site's form, so nobody puts words into our mouth.
    """
    if request.method != "POST" or status == 413 or "csrf_token" not in session:
        return []
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if len(value) >= WORTH_KEEPING and name not in _SECRET_FIELDS
    ]
