"""Who calls: the token's person, role and scope. A browser's sign-in counts for nothing here.

So no page of another site can make a signed-in browser call the API, and no call needs a
form token.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from factcheck.accounts.models import Person
from factcheck.accounts.queries import BadToken, token_person
from factcheck.api.calls import Needs
from factcheck.api.problems import Refusal


def caller(session: Session, authorization: str | None, needs: Needs, *, now: datetime) -> Person:
    """Return the person whose token the call carries; raise a 401 or 403 Refusal."""
    scheme, _blank, plain = (authorization or "").partition(" ")
    plain = plain.strip()
    if scheme.lower() != "bearer" or not plain:
        raise _unknown("token_needed", _("This call needs a token: “Authorization: Bearer …”."))
    try:
        person, scope = token_person(session, plain, now=now)
    except BadToken:
        raise _unknown("bad_token", _("This token is not known, has ended, or expired.")) from None
    if not person.is_at_least(needs.role):
        sentence = _("This call is for the role “%(role)s”.", role=needs.role)
        raise Refusal(403, "forbidden", sentence)
    if not scope.includes(needs.scope):
        sentence = _("This call needs a token with the scope “%(scope)s”.", scope=needs.scope)
        raise Refusal(403, "forbidden", sentence)
    return person


def _unknown(code: str, detail: str) -> Refusal:
    return Refusal(401, code, detail, headers={"WWW-Authenticate": "Bearer"})
