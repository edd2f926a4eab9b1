"""Making a claim of some words, and changing what a claim says or how it is handled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import record
from factcheck.accounts.models import Person
from factcheck.articles.models import Article, Revision
from factcheck.articles.queries import lock_article
from factcheck.articles.queries import revision as current_revision
from factcheck.articles.rules import check_day, plain_day
from factcheck.claims.actions.counters import added, count_key, move_counts
from factcheck.claims.actions.states import ask_for_panel, check_version, hold
from factcheck.claims.facets import file_under_language
from factcheck.claims.models import Claim
from factcheck.claims.queries import CountKey
from factcheck.claims.rules import (
    LONGEST_CLAIMANT,
    LONGEST_REPLY,
    LONGEST_RESTATED,
    PRIORITIES,
    State,
    check_words,
    restated_from,
    trimmed_span,
)
from factcheck.failures import Conflict, Invalid
from factcheck.methods.queries import check_offered, policy
from factcheck.site_days import day_of
from factcheck.text.checkworthiness import check_worthiness
from factcheck.text.selectors import quote_at

WORDING = frozenset({"start", "end", "restated"})
"""What tells a reviewer what is claimed; changed under review, its authors are asked again."""


REPLY = ("reply_asked_on", "reply", "reply_by", "replied_on")
"""The right of reply of who made a claim; none of it is a correction of ours."""


class AlreadyClaimed(Conflict):
    """These very words are a claim already."""


class NotInText(Conflict):
    """The claim's words are gone from the newest revision, so it has no edges to move."""


class NothingToConfirm(Conflict):
    """No revision changed the claim's words, or somebody confirmed them already."""


def propose_claim(
    session: Session,
    article: Article,
    start: int,
    end: int,
    *,
    restated: str | None = None,
    claimant: str | None = None,
    actor: Person | None,
    now: datetime,
) -> Claim:
    """Add a proposed claim over `[start, end)` of the current revision, white space trimmed.

    Raises Invalid for a span that is not inside the text, AlreadyClaimed where the very same words
    are a claim that is not dismissed.
    """
    article = lock_article(session, article.id)
    revision = current_revision(session, article)
    start, end = trimmed_span(revision.text, start, end)
    check_free(session, article.id, start, end)
    words = revision.text[start:end]
    score = check_worthiness(words)
    claim = Claim(
        article_id=article.id,
        restated=_restated(restated or "") or restated_from(words),
        claimant=_claimant(claimant),
        score=score.value,
        reasons=list(score.reasons),
        proposed_by_id=actor.id if actor else None,
        state=State.PROPOSED.value,
        state_since_at=now,
        since_on=day_of(session, now),
        article_withdrawn=article.state == "withdrawn",
        created_at=now,
    )
    put_at(claim, revision, start, end)
    add_claim(session, claim, actor=actor, now=now)
    return claim


def edit_claim(
    session: Session,
    claim: Claim,
    changes: Mapping[str, Any],
    *,
    version: int | None,
    actor: Person | None,
    now: datetime,
) -> frozenset[str]:
    """Change a claim; return the names of what is different now (see `WORDING`).

    Keys of `changes`: start, end, restated, claimant, priority, policy (None: the article's),
    sensitive, and what came of it (`REPLY`). What already is stays without a new version.
    Raises StaleVersion when `version` is given and is not the claim's, Invalid, AlreadyClaimed,
    NotInText. Where a round may be open, the caller tells `reviews.actions.mark_wording_changed`.
    """
    hold(session, claim)
    check_version(claim, version)
    before = {key: getattr(claim, _COLUMNS.get(key, key)) for key in changes}
    old_key = count_key(claim)
    wanted = {key: _checked(key, value) for key, value in changes.items()}
    if wanted.get("policy") and wanted["policy"] != claim.policy_key:
        check_offered(session, wanted["policy"])
    _move_edges(session, claim, wanted)
    for key, value in wanted.items():
        setattr(claim, _COLUMNS.get(key, key), value)
    after = {key: getattr(claim, _COLUMNS.get(key, key)) for key in changes}
    different = frozenset(key for key in changes if before[key] != after[key])
    if not different:
        return different
    claim.version += 1
    moves: Counter[CountKey] = Counter({old_key: -1})
    moves[count_key(claim)] += 1
    move_counts(session, moves, now=now)
    record(session, "claim.edited", claim.public_id, actor=actor, now=now,
           before={key: plain_day(before[key]) for key in sorted(different)},
           after={key: plain_day(after[key]) for key in sorted(different)})  # fmt: skip
    if "policy" in different:
        ask_for_panel(session, claim, now=now)
    return different


def confirm_words(
    session: Session, claim: Claim, *, version: int | None, actor: Person | None, now: datetime
) -> None:
    """Say that a claim whose words a new revision changed claims the same still.

    Raises StaleVersion, and NothingToConfirm where its words are as they were, or gone.
    """
    hold(session, claim)
    check_version(claim, version)
    if claim.anchor != "changed":
        raise NothingToConfirm("The words of this claim were not changed by a new revision.")
    claim.anchor = "unchanged"
    claim.version += 1
    record(session, "claim.confirmed", claim.public_id, actor=actor, now=now, quote=claim.quote)


def add_claim(session: Session, claim: Claim, *, actor: Person | None, now: datetime) -> None:
    """Store a new claim, count it and write its event."""
    session.add(claim)
    session.flush()
    file_under_language(session, [claim])
    move_counts(session, added([claim]), now=now)
    record(session, "claim.proposed", claim.public_id, actor=actor, now=now,
           moved=(None, claim.state), start=claim.start, end=claim.end)  # fmt: skip
    ask_for_panel(session, claim, now=now)


def put_at(claim: Claim, revision: Revision, start: int, end: int) -> None:
    """Set the claim's span and quote to `[start, end)` of a revision: they always agree."""
    quote = quote_at(revision.text, start, end)
    claim.revision_id, claim.revision_length = revision.id, revision.length
    claim.start, claim.end = start, end
    claim.quote, claim.prefix, claim.suffix = quote.exact, quote.prefix, quote.suffix


def rewrite(claim: Claim, revision: Revision, start: int, end: int) -> None:
    """Put a claim over other words, restated and scored from them."""
    put_at(claim, revision, start, end)
    score = check_worthiness(claim.quote)
    claim.restated = restated_from(claim.quote)
    claim.score, claim.reasons = score.value, list(score.reasons)


def check_free(
    session: Session, article_id: int, start: int, end: int, *, but: Claim | None = None
) -> None:
    """Raise AlreadyClaimed where these very words are another claim that is not dismissed."""
    same = sa.select(Claim.id).where(
        Claim.article_id == article_id,
        Claim.start == start,
        Claim.end == end,
        Claim.state != State.DISMISSED,
    )
    if but is not None:
        same = same.where(Claim.id != but.id)
    if session.scalars(same.limit(1)).first() is not None:
        raise AlreadyClaimed("These very words are a claim already.")


def _move_edges(session: Session, claim: Claim, wanted: dict[str, Any]) -> None:
    """Take `start` and `end` out of `wanted` and move the claim there if it is elsewhere.

    It is scored anew; a restated form that nobody wrote follows the words, one that somebody
    wrote stays.
    """
    start, end = wanted.pop("start", claim.start), wanted.pop("end", claim.end)
    if (start, end) == (claim.start, claim.end):
        return
    if start is None or end is None:
        raise NotInText("These words are gone from the text; make a new claim of the new words.")
    revision = session.get_one(Revision, claim.revision_id)
    start, end = trimmed_span(revision.text, start, end)
    if claim.state != State.DISMISSED:
        check_free(session, claim.article_id, start, end, but=claim)
    kept = wanted.get("restated", claim.restated)
    is_derived = kept == restated_from(claim.quote)
    rewrite(claim, revision, start, end)
    wanted["restated"] = claim.restated if is_derived else kept
    claim.anchor = "unchanged"


def _checked(key: str, value: Any) -> Any:
    """Return the value as the column keeps it; raise Invalid for what cannot be edited."""
    check = _CHECKS.get(key)
    if check is None:
        raise Invalid(key, "This cannot be changed here.")
    return check(value)


def _restated(value: str) -> str:
    return check_words(value, "restated", longest=LONGEST_RESTATED)


def _needed_restated(value: str) -> str:
    words = _restated(value)
    if not words:
        raise Invalid("restated", "Say the claim in words that stand by themselves.")
    return words


def _claimant(value: str | None) -> str | None:
    return check_words(value or "", "claimant", longest=LONGEST_CLAIMANT) or None


def _reply(value: str) -> str | None:
    """Return a reply with its paragraphs; None for nothing."""
    parts = re.split(r"\n\s*\n", value.replace("\r\n", "\n"))
    words = (check_words(part, "reply", longest=LONGEST_REPLY) for part in parts)
    found = "\n\n".join(filter(None, words))
    if len(found) > LONGEST_REPLY:
        raise Invalid("reply", "Use at most %(longest)s characters.", longest=LONGEST_REPLY)
    return found or None


def _priority(value: int) -> int:
    if value not in PRIORITIES:
        raise Invalid(
            "priority",
            "It is a number from %(lowest)s to %(highest)s.",
            lowest=PRIORITIES[0],
            highest=PRIORITIES[-1],
        )
    return value


_COLUMNS = {"policy": "policy_key"}
_CHECKS: dict[str, Callable[[Any], Any]] = {
    "start": int,
    "end": int,
    "restated": _needed_restated,
    "claimant": _claimant,
    "priority": _priority,
    "policy": lambda value: policy(value).key if value else None,
    "sensitive": bool,
    "reply_asked_on": partial(check_day, field="reply_asked_on"),
    "reply": lambda value: _reply(value or ""),
    "reply_by": lambda value: (
        check_words(value or "", "reply_by", longest=LONGEST_CLAIMANT) or None
    ),
    "replied_on": partial(check_day, field="replied_on"),
}
