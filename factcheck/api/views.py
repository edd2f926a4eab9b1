"""The routes below /api/v1: one for each call of the table, the document, the page, the rest.

What surprises: an address or method that no call has is a route too, so that its refusal is
problem+json like every other and the site's own error pages stay out of it.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from factcheck.api import docs_page, resources  # noqa: F401 - fills the table of calls
from factcheck.api.calls import CALLS, Call
from factcheck.api.dispatch import run
from factcheck.api.openapi import INTRODUCTION, WHY, document
from factcheck.api.problems import Refusal, problem
from factcheck.failures import Failure
from factcheck.web.access import Caller, access

bp = Blueprint("api", __name__, url_prefix="/api/v1")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@bp.get("/openapi.json")
@access(Caller.ANYONE)
def openapi() -> ResponseReturnValue:
    """Send the OpenAPI document."""
    response = Response(msgspec.json.encode(document()), content_type="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@bp.get("/docs")
@access(Caller.ANYONE)
def docs() -> ResponseReturnValue:
    """Show the calls as a page to read."""
    base = current_app.extensions["factcheck"].public_url + "/api/v1"
    return render_template(
        "api/docs.html",
        introduction=INTRODUCTION.split("\n\n"),
        chapters=docs_page.chapters(base),
        shapes=docs_page.shapes(),
        why=WHY,
    )


@bp.route("/", defaults={"rest": ""}, methods=_METHODS, provide_automatic_options=False)
@bp.route("/<path:rest>", methods=_METHODS, provide_automatic_options=False)
@access(Caller.ANYONE)
def elsewhere(rest: str) -> ResponseReturnValue:
    """Refuse an address that no call has (404), or a method that its calls do not have (405)."""
    if not rest and request.method == "GET":  # who looks at the API's own address
        return redirect(url_for("api.docs"))
    allowed = sorted(_allowed_here())
    if allowed and request.method == "OPTIONS":
        return Response(status=204, headers={"Allow": ", ".join(allowed)})
    if allowed:
        raise MethodNotAllowed(allowed)
    raise Refusal(404, "not_found", _("The API has no such address. See /api/v1/docs."))


@bp.errorhandler(Failure)
@bp.errorhandler(Refusal)
@bp.errorhandler(DBAPIError)
@bp.errorhandler(HTTPException)
@bp.errorhandler(InternalServerError)
def refuse(error: Exception) -> ResponseReturnValue:
    """Answer any failure as problem+json."""
    return problem(error)


def _allowed_here() -> set[str]:
    """Return the methods that the calls at the request's address have."""
    adapter = request_ctx.url_adapter
    assert adapter is not None  # noqa: S101 - there is one in every request
    allowed = set()
    for method in _METHODS[:-2]:
        try:
            endpoint, _arguments = adapter.match(method=method)
        except HTTPException:
            continue
        if endpoint != "api.elsewhere":
            allowed.add(method)
    if "GET" in allowed:
        allowed.add("HEAD")
    return allowed


def _view(call: Call) -> Callable[..., ResponseReturnValue]:
    @access(Caller.ANYONE if call.needs is None else Caller.TOKEN)
    def view(**path: str) -> ResponseReturnValue:
        return run(call, next(iter(path.values()), ""))

    return view


for _call in CALLS:
    bp.add_url_rule(
        _call.rule, _call.name, _view(_call), methods=[_call.method],
        provide_automatic_options=False,
    )  # fmt: skip
