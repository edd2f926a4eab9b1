"""From the rooms' rows to an edition's record: the one place where work in progress is read.

What is taken is what is *ready*, and what the edition before said of claims that are under review
again. Nothing else of a claim leaves here but its number.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from factcheck.articles.models import Article, ArticleAddress, Revision
from factcheck.articles.queries import revision as current_revision
from factcheck.articles.rules import plain_day
from factcheck.claims.models import Claim
from factcheck.claims.queries import claims_of, standing
from factcheck.claims.rules import State
from factcheck.decisions import queries as deciding
from factcheck.decisions.models import Decision, DecisionSource, PinnedCopy
from factcheck.editions.queries import titles_told
from factcheck.editions.rules import FORMAT, MENDED, Contents, Record, Words, word_digests
from factcheck.methods import queries as methods
from factcheck.reviews.captures import captured_on
from factcheck.reviews.models import Snapshot
from factcheck.reviews.snapshots import drift_since, newest_looks
from factcheck.site_days import day_in, zone_of

OPEN = (State.ACCEPTED, State.DECIDED, State.DISPUTED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands behind a ready claim. `looks` are the newest at the pages of its sources.

    `names` are those of who gave each of the `ratings`, None where they do not want to be named;
    `elsewhere` are (slug, title) of other published articles in which the same claim was found;
    days of it are those of the `zone`.
    """

    decision: Decision
    sources: list[DecisionSource]
    ratings: list[str]
    rounds: int
    looks: Mapping[int, Snapshot]
    names: list[str | None]
    elsewhere: list[tuple[str, str]]
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Before:
    """What was published of an article: the newest edition that stands, and how many there were.

    `withdrawn`: the claims, by id, that readers are not to be told of; `newest`: the digest of the
    last edition, withdrawn or not.
    """

    record: Record | None
    contents: Contents
    withdrawn: Collection[str]
    editions: int
    newest: str | None


def assemble(
    session: Session, article: Article, last: Before, *, note: str | None, now: datetime
) -> tuple[Record, Contents, dict[str, int]]:
    """Return the record of the next edition, its contents, and the verdicts of what is ready.

    These are by claim, as the keys of decisions.
    """
    before, kept, withdrawn = last.record, last.contents, last.withdrawn
    words = Words(kept, lambda: secrets.token_hex(16))
    revision = current_revision(session, article)
    every = claims_of(session, article)
    claims = [one for one in every if one.merged_into_id is None]
    claims = [one for one in claims if one.public_id not in withdrawn]
    verdicts = _verdicts(session, [one for one in claims if one.state == State.READY])
    old = {one["id"]: one for one in before["claims"]} if before else {}
    said = [
        _claim(one, verdicts[one.id], words) if one.id in verdicts else
        _as_before(one, old[one.public_id], kept, words)
        for one in claims
        if one.id in verdicts or (one.public_id in old and one.state != State.DISMISSED)
    ]  # fmt: skip
    scale = methods.scale(article.scale_key)
    record = {
        "format": FORMAT,
        "number": last.editions + 1,
        "previous": last.newest,
        "published_at": moment(now),
        "article": _article(session, article, revision, words)
        | _text(article, revision, said, words),
        "scale": {"key": scale.key, "version": scale.version},
        "claims": said,
        "merged": _merged(every, before, said),
        "counts": _counts(claims, said),
        "note": words.digest(note or None),
    }
    decisions = {
        one.public_id: verdicts[one.id].decision.id for one in claims if one.id in verdicts
    }
    return record, words.contents, decisions


def moment(at: datetime) -> str:
    """Return a moment as RFC 3339 in UTC, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _verdicts(session: Session, ready: list[Claim]) -> dict[int, Verdict]:
    decisions = deciding.decisions_by_claim(session, [one.id for one in ready])
    newest = {claim_id: found[-1] for claim_id, found in decisions.items() if found}
    sources = deciding.sources_by_decision(session, [one.id for one in newest.values()])
    ratings = deciding.ratings_by_round(session, [one.round_id for one in newest.values()])
    shown = {one.source_id for every in sources.values() for one in every}
    looks, zone = newest_looks(session, shown), zone_of(session)
    names = deciding.names_by_round(session, [one.round for one in newest.values()])
    elsewhere = _elsewhere(session, newest)
    return {
        claim_id: Verdict(
            one, sources[one.id], ratings[one.round_id], one.round.number, looks,
            names[one.round_id], elsewhere[claim_id], zone,
        )
        for claim_id, one in newest.items()
    }  # fmt: skip


def _elsewhere(session: Session, claim_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """Return in which other published articles a claim was put aside as the same as each.

    Each with its slug, and its title as readers know it.
    """
    found: dict[int, list[tuple[str, str]]] = {one: [] for one in claim_ids}
    own = aliased(Claim)
    rows = session.execute(
        select(own.id, Article.id, Article.slug)
        .join(Claim, Claim.same_as_id == own.id)
        .join(Article, Article.id == Claim.article_id)
        .where(own.id.in_(claim_ids), Article.id != own.article_id, Article.state == "published")
        .distinct()
        .order_by(Article.slug)
    ).all()
    titles = titles_told(session, {article_id for _, article_id, _ in rows})
    for claim_id, article_id, slug in rows:
        if article_id in titles:
            found[claim_id].append((slug, titles[article_id]))
    return found


def _article(session: Session, article: Article, revision: Revision, words: Words) -> Record:
    query = select(ArticleAddress.url).where(ArticleAddress.article_id == article.id)
    addresses = sorted(set(session.scalars(query)))
    return {
        "id": article.public_id,
        "slug": article.slug,
        "title": words.digest(article.title),
        "authors": [words.digest(name) for name in article.authors],
        "site": words.digest(article.site),
        "source_url": words.digest(article.source_url),
        "addresses": [words.digest(url) for url in addresses],
        "published_on": article.published,
        "published_about": article.published_about,
        "place": words.digest(article.place),
        "language": article.language,
        "display": article.display,
        "ground": article.ground,
        "revision": revision.number,
        "taken_at": moment(revision.created_at),
        "length": revision.length,
        "units": [[unit[0], unit[1], unit[2]] for unit in revision.units],
    }


def _text(article: Article, revision: Revision, said: list[Record], words: Words) -> Record:
    """Return the text's digest, and what of the text may be shown, as `display` says."""
    if article.display == "full":
        return {"text": words.digest(revision.text), "excerpts": []}
    withheld = words.withheld(revision.text)
    if article.display == "claims":
        return {"text": withheld, "excerpts": []}
    spans = [(one["start"], one["end"]) for one in said if one["start"] is not None]
    shown = [
        [start, end, words.digest(revision.text[start:end])]
        for start, end, *_ in revision.units
        if any(start < last and end > first for first, last in spans)
    ]
    return {"text": withheld, "excerpts": shown}


def _claim(claim: Claim, verdict: Verdict, words: Words) -> Record:
    decision = verdict.decision
    return {
        "id": claim.public_id,
        **_place(claim, words),
        "restated": words.digest(claim.restated),
        "claimant": words.digest(claim.claimant),
        "rating": decision.rating,
        "group": decision.group,
        "decided_by": "an editor" if decision.kind == "adjudication" else "agreement",
        "decided_at": moment(decision.decided_at),
        "summary": words.digest(decision.summary),
        "reasons": words.digest(decision.reasons),
        "as_of": decision.as_of,
        "since_then": words.digest(decision.since_then),
        "policy": decision.round.policy_key,
        "round": verdict.rounds,
        "ratings": verdict.ratings,
        "sources": [_source(one, verdict, words) for one in verdict.sources],
        MENDED: plain_day(claim.corrected_at_source_on),
        "under_review": False,
    } | _beside(claim, verdict, words)


def _beside(claim: Claim, verdict: Verdict, words: Words) -> Record:
    """Return what stands beside a verdict where there is any: names, a reply, other places."""
    reply = {
        "text": words.digest(claim.reply), "by": words.digest(claim.reply_by),
        "on": plain_day(claim.replied_on),
    }  # fmt: skip
    found = {
        "reviewers": [words.digest(name) for name in verdict.names] if any(verdict.names) else None,
        "reply_asked_on": plain_day(claim.reply_asked_on),
        "reply": reply if claim.reply else None,
        "elsewhere": [
            {"slug": slug, "title": words.digest(title)} for slug, title in verdict.elsewhere
        ],
    }
    return {key: value for key, value in found.items() if value}


def _place(claim: Claim, words: Words) -> Record:
    gone = claim.anchor == "gone"
    return {
        "start": None if gone else claim.start,
        "end": None if gone else claim.end,
        "quote": words.digest(claim.quote),
        "prefix": words.digest(claim.prefix),
        "suffix": words.digest(claim.suffix),
        "anchor": claim.anchor,
    }


def _source(shown: DecisionSource, verdict: Verdict, words: Words) -> Record:
    page = _page(shown, verdict, words)
    return {
        "url": words.digest(shown.source.url),
        "title": words.digest(_title(shown)),
        "stance": shown.stance,
        "quote": words.digest(shown.quote),
        "archive_url": words.digest(shown.archive_url),
        "copy": _copy(shown.pinned),
    } | ({"page": page} if page else {})


def _page(shown: DecisionSource, verdict: Verdict, words: Words) -> Record | None:
    """Return how a source's page differs by now from the copy that the verdict rests on."""
    newest = verdict.looks.get(shown.source_id)
    kept = shown.pinned.snapshot if shown.pinned else None
    if kept is None or kept.given or newest is None or newest.id <= kept.id:
        return None
    drift = drift_since(kept, newest)
    if drift is None or newest.tried_at is None:
        return None
    moved = {"at": words.digest(newest.final_url)} if drift == "moved" else {}
    seen_on = day_in(verdict.zone, newest.tried_at)
    return {"is": drift, "seen_on": plain_day(seen_on)} | moved


def _title(shown: DecisionSource) -> str | None:
    """Return what people called a source, else what its page calls itself."""
    own = shown.pinned.snapshot.title if shown.pinned else None
    return shown.title or shown.source.title or own


def _copy(pinned: PinnedCopy | None) -> Record | None:
    """Return which copy the verdict rests on, and how the quoted words stand in it."""
    if pinned is None or pinned.snapshot.sha256 is None or pinned.snapshot.tried_at is None:
        return None
    given, archived_on = pinned.snapshot.given, captured_on(pinned.snapshot.final_url)
    return (
        {
            "sha256": pinned.snapshot.sha256,
            "page_sha256": pinned.snapshot.page_sha256,
            "taken_at": moment(pinned.snapshot.tried_at),
            "quote": pinned.quote,
        }
        | ({"given_as": given.kind} if given else {})
        | ({"given_by": "an editor"} if given and given.as_editor else {})
        | ({"quote_page": pinned.quote_page} if pinned.quote_page else {})
        | ({"archived_on": archived_on} if archived_on else {})
    )


def _as_before(claim: Claim, old: Record, kept: Contents, words: Words) -> Record:
    """Return what the edition before said of a claim, at the place where its words are now."""
    for digest in word_digests(old):
        if digest in kept:
            words.carry(digest, kept[digest])
    return {
        **old,
        **_place(claim, words),
        MENDED: plain_day(claim.corrected_at_source_on),
        "under_review": True,
    }


def _merged(claims: list[Claim], before: Record | None, said: list[Record]) -> dict[str, str]:
    """Return where the address of each claim that readers knew leads, now that it is merged."""
    known = {one["id"] for one in before["claims"]} | set(before["merged"]) if before else set()
    shown = {one["id"] for one in said}
    return {
        one.public_id: standing(one).public_id
        for one in claims
        if one.public_id in known and one.merged_into_id and standing(one).public_id in shown
    }


def _counts(claims: list[Claim], said: list[Record]) -> Record:
    shown = {one["id"] for one in said}
    rest = [one for one in claims if one.public_id not in shown]
    dismissed = Counter(one.dismissal for one in rest if one.state == State.DISMISSED)
    return {
        "found": len(claims),
        "checked": len(said),
        "open": sum(one.state in OPEN for one in rest),
        "not_taken_up": sum(one.state == State.PROPOSED for one in rest),
        "not_checked": {str(reason): count for reason, count in sorted(dismissed.items())},
    }
