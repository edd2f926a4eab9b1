"""Taking from readers what was published, and putting it back: an edition, a claim, an article.

One editor is enough to withdraw, at once; to put back takes another one. Nothing is destroyed by
either (that is a purge, see `purging.py`): the words stay in the database, out of reach for
readers, and each act is an entry of the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from factcheck.accounts.events import record as write_event
from factcheck.accounts.models import Person
from factcheck.articles.actions import set_state
from factcheck.articles.models import Article
from factcheck.articles.queries import lock_article
from factcheck.articles.rules import check_characters
from factcheck.claims.models import Claim
from factcheck.editions import queries, told_verdicts
from factcheck.editions.actions import LONGEST_NOTE, append
from factcheck.editions.assembling import moment
from factcheck.editions.models import Edition
from factcheck.editions.rules import Record
from factcheck.editions.second_editor import check_is_another, last_withdrawal
from factcheck.failures import Conflict, Invalid


class AlreadyWithdrawn(Conflict):
    """It was withdrawn before."""


class NotWithdrawn(Conflict):
    """It stands, or never stood, so there is nothing to withdraw or to put back."""


class OnlyClaim(Conflict):
    """Readers are told of this claim alone: without it nothing of the article is left."""


class WordsGone(Conflict):
    """The words are gone for good."""


def withdraw_edition(
    session: Session, edition: Edition, *, reason: str, actor: Person | None, now: datetime
) -> None:
    """Leave a tombstone where an edition was; its record and its leaf stay.

    Raises Invalid without a reason, AlreadyWithdrawn.
    """
    why = _checked(reason)
    article = lock_article(session, edition.article_id)
    if edition.withdrawn_at is not None:
        raise AlreadyWithdrawn("This edition was withdrawn before.")
    _bury(session, edition, why, actor=actor, now=now)
    if all(one.withdrawn_at for one in queries.editions_of(session, article)):
        set_state(session, article, "withdrawn", actor=actor, now=now)
    _follow(session, article, now=now)
    write_event(session, "edition.withdrawn", edition.sha256, actor=actor, now=now, why=why)


def _follow(session: Session, article: Article, *, now: datetime) -> None:
    told_verdicts.follow(session, article, told_verdicts.hold(session, article), now=now)


def _checked(reason: str) -> str:
    check_characters(reason, "reason")
    if not reason.strip() or len(reason) > LONGEST_NOTE:
        raise Invalid("reason", "Say why, in 1 to %(longest)s characters.", longest=LONGEST_NOTE)
    return reason.strip()


def _bury(
    session: Session, edition: Edition, why: str, *, actor: Person | None, now: datetime
) -> None:
    edition.withdrawn_at, edition.withdrawn_because = now, why
    edition.withdrawn_by_id = actor.id if actor else None
    edition.written_at = None
    append(session, _entry("withdrawal", edition, now), now=now)
    session.flush()


def _entry(kind: str, edition: Edition, now: datetime) -> Record:
    return {
        "kind": kind, "article": edition.article.public_id, "slug": edition.article.slug,
        "number": edition.number, "sha256": edition.sha256, "at": moment(now),
    }  # fmt: skip


def withdraw_article(
    session: Session, article: Article, *, reason: str, actor: Person | None, now: datetime
) -> None:
    """Withdraw every edition that stands; put an article that was never published aside.

    Its claims are dealt to nobody from now on. Raises Invalid without a reason, AlreadyWithdrawn.
    """
    why = _checked(reason)
    article = lock_article(session, article.id)
    if article.state == "withdrawn":
        raise AlreadyWithdrawn("This article was withdrawn before.")
    standing = [one for one in queries.editions_of(session, article) if one.withdrawn_at is None]
    for edition in standing:
        _bury(session, edition, why, actor=actor, now=now)
    before, article.state = article.state, "withdrawn"
    _follow(session, article, now=now)
    write_event(
        session, "article.withdrawn", article.public_id, actor=actor, now=now,
        moved=(before, "withdrawn"), why=why,
    )  # fmt: skip
    if standing:  # followers are told once, of the newest
        write_event(
            session, "edition.withdrawn", standing[-1].sha256, actor=actor, now=now, why=why
        )


def put_back_article(
    session: Session, article: Article, *, reason: str, actor: Person | None, now: datetime
) -> None:
    """Undo the withdrawal of an article: the editions that went with it stand again.

    Raises Invalid without a reason, NotWithdrawn, AnotherEditor, WordsGone.
    """
    why = _checked(reason)
    article = lock_article(session, article.id)
    editions = queries.editions_of(session, article)
    if article.state != "withdrawn":
        raise NotWithdrawn("This article is not withdrawn.")
    event = last_withdrawal(session, article)
    check_is_another(session, event.actor_id if event else None, actor)
    for edition in editions:
        if event and edition.withdrawn_at == event.at:
            _unbury(session, edition, now=now)
    before = event.from_state if event and event.from_state else "review"
    set_state(session, article, "published" if editions else before, actor=actor, now=now)
    _follow(session, article, now=now)
    write_event(
        session, "article.put-back", article.public_id, actor=actor, now=now, why=why
    )  # fmt: skip


def put_back_edition(
    session: Session, edition: Edition, *, reason: str, actor: Person | None, now: datetime
) -> None:
    """Have an edition stand again; raises Invalid, NotWithdrawn, AnotherEditor, WordsGone."""
    why = _checked(reason)
    article = lock_article(session, edition.article_id)
    if edition.withdrawn_at is None:
        raise NotWithdrawn("This edition is not withdrawn.")
    check_is_another(session, edition.withdrawn_by_id, actor)
    _unbury(session, edition, now=now)
    set_state(session, article, "published", actor=actor, now=now)
    _follow(session, article, now=now)
    write_event(session, "edition.put-back", edition.sha256, actor=actor, now=now, why=why)


def _unbury(session: Session, edition: Edition, *, now: datetime) -> None:
    if not queries.kept_contents(edition):
        raise WordsGone("The words of this edition are gone for good.")
    edition.withdrawn_at = edition.withdrawn_because = edition.withdrawn_by_id = None
    edition.written_at = None
    append(session, _entry("restoration", edition, now), now=now)
    session.flush()


def withdraw_claim(
    session: Session, claim: Claim, *, reason: str, actor: Person | None, now: datetime
) -> None:
    """Take what every edition says of a claim from readers; a tombstone stands at its address.

    The author's words stay where they are, unmarked, and no later edition says anything of it.
    Raises Invalid without a reason, AlreadyWithdrawn, NotWithdrawn where nothing was published of
    it, OnlyClaim.
    """
    why = _checked(reason)
    article = lock_article(session, claim.article_id)
    editions = queries.editions_with(session, claim)
    if claim.public_id in withdrawn_claims(queries.editions_of(session, article)):
        raise AlreadyWithdrawn("This claim was withdrawn before.")
    if not editions:
        raise NotWithdrawn("Nothing was published of this claim.")
    _check_others_are_left(session, article, claim)
    by = actor.id if actor else None
    said = {"because": why, "at": moment(now), "by": by}
    _mark(editions, claim, said)
    _log_claim(session, "withdrawal", article, claim, now)
    _follow(session, article, now=now)
    write_event(session, "claim.withdrawn", claim.public_id, actor=actor, now=now, why=why)


def withdrawn_claims(editions: Sequence[Edition]) -> dict[str, Record]:
    """Return the claims withdrawn from some editions, by public id: why, when and by whom."""
    return {key: said for one in editions for key, said in one.claims_withdrawn.items()}


def _check_others_are_left(session: Session, article: Article, claim: Claim) -> None:
    try:
        newest = queries.newest_standing(session, article)
    except queries.EditionMissing:
        return
    shown = {one["id"] for one in queries.record_of(newest)["claims"]}
    if shown - set(newest.claims_withdrawn) == {claim.public_id}:
        raise OnlyClaim("It is the only claim that readers are told of: withdraw the article.")


def _mark(editions: Sequence[Edition], claim: Claim, said: Record | None) -> None:
    for edition in editions:
        rest = {k: v for k, v in edition.claims_withdrawn.items() if k != claim.public_id}
        edition.claims_withdrawn = {**rest, claim.public_id: said} if said else rest
        edition.written_at = None


def _log_claim(session: Session, kind: str, article: Article, claim: Claim, now: datetime) -> None:
    append(session, {
        "kind": kind, "article": article.public_id, "slug": article.slug,
        "claim": claim.public_id, "at": moment(now),
    }, now=now)  # fmt: skip


def put_back_claim(
    session: Session, claim: Claim, *, reason: str, actor: Person | None, now: datetime
) -> None:
    """Have editions say again what they said of a claim.

    Raises Invalid without a reason, NotWithdrawn, AnotherEditor.
    """
    why = _checked(reason)
    article = lock_article(session, claim.article_id)
    editions = queries.editions_with(session, claim)
    said = withdrawn_claims(editions).get(claim.public_id)
    if said is None:
        raise NotWithdrawn("This claim is not withdrawn.")
    check_is_another(session, said["by"], actor)
    _mark(editions, claim, None)
    _log_claim(session, "restoration", article, claim, now)
    _follow(session, article, now=now)
    write_event(session, "claim.put-back", claim.public_id, actor=actor, now=now, why=why)
