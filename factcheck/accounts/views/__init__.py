"""Pages of signing in and of one's own account."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from factcheck.accounts.views import (  # noqa: E402, F401 - they add to `bp`
    account,
    confirming,
    registering,
    second_factor,
    signing_in,
)
