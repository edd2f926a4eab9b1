"""Who may call what: closed to everybody unless a view says otherwise.

A view declares its callers with `@access(...)`; one that does not is refused to all, and a test
that walks the URL map fails. The API's calls declare a scope of their own kind with the same mark.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])


class Caller(StrEnum):
    """Whom a route is for; the roles each include the ones before them."""

    ANYONE = "anyone"
    NEWCOMER = "newcomer"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMIN = "admin"
    TOKEN = "token"  # noqa: S105 - the API checks the token's scope and role by itself


def access(caller: Caller, *, confirmed: bool = False) -> Callable[[View], View]:
    """Mark a view as open to `caller` and whoever includes it.

    `confirmed`: who calls it has to have proven who they are a short while ago.
    """

    def mark(view: View) -> View:
        view.__access__ = caller  # type: ignore[attr-defined]
        view.__confirmed__ = confirmed  # type: ignore[attr-defined]
        return view

    return mark


def declared(app: Flask, endpoint: str) -> Caller | None:
    """Return whom the view behind `endpoint` is for, or None where it does not say."""
    if endpoint == "static":
        return Caller.ANYONE
    return getattr(app.view_functions[endpoint], "__access__", None)


def is_to_be_confirmed(app: Flask, endpoint: str | None) -> bool:
    """Whether who calls the view behind `endpoint` has to prove who they are once more."""
    return getattr(app.view_functions.get(endpoint or ""), "__confirmed__", False)


def guard() -> ResponseReturnValue | None:
    """Before each request: turn away who may not call the view; ask strangers to sign in."""
    if request.endpoint is None:
        return None  # no such address, or not this method: Flask answers
    caller = declared(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]  # noqa: SLF001
    if caller in {Caller.ANYONE, Caller.TOKEN}:
        return None
    if caller is None:
        abort(403)
    if not current_user.is_authenticated:
        if request.method == "GET":
            return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
        abort(401)
    if not current_user.is_at_least(caller.value):
        abort(403)
    return None
