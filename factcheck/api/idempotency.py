"""One effect for any number of equal POSTs under one Idempotency-Key, also across a crash.

A row reserves the key in a transaction of its own; the unique key of the table is the judge between
callers. The answer is written to it in the same transaction as the effect, so there is no moment
at which one is on disk without the other. It is sealed: a new token stands in it, and whoever reads
the database must not find one there. Defects (5xx) are not kept.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Response
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from factcheck.accounts.browser_session import service_key
from factcheck.accounts.secrets import BrokenSeal, sealed, unsealed
from factcheck.api.models import KeptAnswer
from factcheck.api.problems import Refusal, unprocessable
from factcheck.db import current_session, writing
from factcheck.failures import Conflict

KEPT_FOR = timedelta(hours=48)
GIVEN_UP_AFTER = timedelta(seconds=60)  # a call that has not ended by then was killed
WAIT_S = 5.0
_STEP_S = 0.05
_KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")
_SEAL = "kept-answer"
_KEPT_HEADERS = ("Content-Type", "ETag", "Location", "Cache-Control")


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A call under a key: who makes it, which, with what body."""

    person_id: int
    call: str  # method and path
    key: str
    body_sha256: str


class TakenOver(Conflict):
    """The call took so long that a repeat has taken its key over; it must not take effect."""


def repeatable(person_id: int, call: str, key: str, body: Any) -> Repeatable:
    """Return the call as it is remembered; raise a 422 Refusal for a key that cannot be one.

    Two bodies are the same if they are the same JSON value, whatever the order of names.
    """
    if not _KEY.fullmatch(key):
        sentence = _("A key is 1 to 255 printable ASCII characters.")
        raise unprocessable("Idempotency-Key", sentence)
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=True).encode()
    return Repeatable(person_id, call, key, hashlib.sha256(canonical).hexdigest())


def reserve(asked: Repeatable, *, now: Callable[[], datetime]) -> KeptAnswer | Response:
    """Return the reserved row, or the answer that an earlier call under the key was given.

    While the earlier one still runs, this waits for it WAIT_S seconds at most, then raises a 409
    Refusal, and it is a 409 too where the answer cannot be read any more; another body under the
    key is a 422.
    """
    waited_s = 0.0
    while True:
        kept = _existing(asked)
        if kept is None or _is_given_up(kept, asked, now()):
            row = _reserved(asked, now=now())
            if row is not None:
                return row
        elif kept.body_sha256 != asked.body_sha256:
            sentence = _("This key was used with another body.")
            raise unprocessable("Idempotency-Key", sentence, code="key_reused")
        elif kept.status is not None:
            return _again(kept)
        if waited_s >= WAIT_S:
            sentence = _("The first call under this key still runs. Ask again.")
            raise Refusal(409, "still_running", sentence, headers={"Retry-After": "1"})
        time.sleep(_STEP_S)
        waited_s += _STEP_S


def keep(session: Session, row: KeptAnswer, response: Response) -> None:
    """Write the answer beside the effect; raise TakenOver if the row is somebody else's now."""
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    body = sealed(service_key(), _SEAL, response.get_data(as_text=True))
    done = session.execute(
        sa.update(KeptAnswer)
        .where(*_still_mine(row))
        .values(status=response.status_code, headers=headers, body=body)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise TakenOver("This call took so long that a repeat of it runs instead.")


def release(row: KeptAnswer) -> None:
    """Forget a reservation whose call failed by a defect, so that it can be tried again."""
    with writing() as session:
        session.execute(sa.delete(KeptAnswer).where(*_still_mine(row)))


def _still_mine(row: KeptAnswer) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        KeptAnswer.id == row.id,
        KeptAnswer.created_at == row.created_at,
        KeptAnswer.status.is_(None),
    )


def _reserved(asked: Repeatable, *, now: datetime) -> KeptAnswer | None:
    """Return a new row, or an old one whose call was killed; None if the key is taken."""
    try:
        with writing() as session:
            session.execute(sa.delete(KeptAnswer).where(KeptAnswer.created_at < now - KEPT_FOR))
            row = session.scalar(_row_of(asked).with_for_update())
            if row is None:
                row = KeptAnswer(
                    person_id=asked.person_id, call=asked.call, key=asked.key,
                    body_sha256=asked.body_sha256, created_at=now,
                )  # fmt: skip
                session.add(row)
            elif not _is_given_up(row, asked, now):
                return None
            row.created_at = now
            session.flush()
            session.expunge(row)
    except IntegrityError:
        return None
    return row


def _is_given_up(row: KeptAnswer, asked: Repeatable, now: datetime) -> bool:
    return (
        row.status is None
        and row.body_sha256 == asked.body_sha256
        and row.created_at <= now - GIVEN_UP_AFTER
    )


def _existing(asked: Repeatable) -> KeptAnswer | None:
    session = current_session()
    session.rollback()  # a new transaction sees what others have committed since
    return session.scalar(_row_of(asked).execution_options(populate_existing=True))


def _row_of(asked: Repeatable) -> sa.Select[KeptAnswer]:
    return sa.select(KeptAnswer).where(
        KeptAnswer.person_id == asked.person_id,
        KeptAnswer.call == asked.call,
        KeptAnswer.key == asked.key,
    )


def _again(kept: KeptAnswer) -> Response:
    try:
        body = unsealed(service_key(), _SEAL, kept.body or "")
    except BrokenSeal:  # words were purged since, or the service has another key
        sentence = _("This call was made, but its answer is not kept any more. Read what it made.")
        raise Refusal(409, "answer_gone", sentence) from None
    response = Response(body, kept.status)
    response.headers.update(kept.headers)
    response.headers["Idempotent-Replay"] = "true"
    return response
