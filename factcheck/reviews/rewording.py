"""The job that asks for confirmation after a new revision of an article changed claims' words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from factcheck import clock
from factcheck.claims.queries import claim as claim_of
from factcheck.claims.queries import lock_claims
from factcheck.claims.rules import State
from factcheck.config import Settings
from factcheck.db import writing
from factcheck.reviews.actions import mark_wording_changed


def ask_to_confirm(payload: Mapping[str, Any], _settings: Settings) -> None:
    """Ask those at work on each of the claims, each in a transaction of its own."""
    for public_id in payload["claims"]:
        with writing() as session:
            claim = claim_of(session, str(public_id))
            lock_claims(session, [claim])
            if claim.state == State.ACCEPTED:
                mark_wording_changed(session, claim, clock.now())
