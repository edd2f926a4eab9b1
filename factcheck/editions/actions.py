"""The verbs of publishing, as far as the database goes; the files follow in `publishing.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.events import record as write_event
from factcheck.accounts.models import Person
from factcheck.articles.actions import set_state
from factcheck.articles.models import Article
from factcheck.articles.queries import lock_article
from factcheck.articles.rules import check_characters
from factcheck.claims.actions.days import note_published
from factcheck.claims.models import Claim
from factcheck.editions import queries, rules, told_verdicts
from factcheck.editions.assembling import Before, assemble, moment
from factcheck.editions.canonical import canonical
from factcheck.editions.log import LONGEST_ENTRY, BadProof, leaf_digest, node_digest
from factcheck.editions.models import Edition, EditionClaim, LogLeaf, LogNode, SitePage
from factcheck.editions.rules import Change, Contents, Record
from factcheck.editions.second_editor import check_is_another, last_withdrawal
from factcheck.failures import Conflict, Invalid

LONGEST_NOTE = 2_000  # code points


class NothingReady(Conflict):
    """No claim of the article is ready, so there is nothing to tell readers."""


class NothingNew(Conflict):
    """The newest edition says all that there is to say."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the next edition of an article would be.

    `pages`: the claims of which a source's page is not what the edition before said; `mends`: those
    of which it is told newly that their author mended the words; `replies`: those of which
    something else became, such as a reply. `decisions`: by claim the key of the verdict that it
    tells, but for what is said as before.
    """

    number: int
    record: Record
    contents: Contents
    changes: list[Change]
    is_new: bool
    pages: list[str]
    mends: list[str]
    replies: list[str]
    decisions: dict[str, int]


def next_edition(session: Session, article: Article, *, note: str | None, now: datetime) -> Draft:
    """Return what would be published now; raise NothingReady."""
    editions = queries.editions_of(session, article)
    last = next((one for one in reversed(editions) if one.withdrawn_at is None), None)
    before = queries.record_of(last) if last else None
    published = Before(
        before, queries.contents_of(last) if last else {},
        withdrawn={key for one in editions for key in one.claims_withdrawn},
        editions=len(editions), newest=editions[-1].sha256 if editions else None,
    )  # fmt: skip
    record, contents, decisions = assemble(session, article, published, note=note, now=now)
    if not decisions:
        raise NothingReady("No claim of this article is ready to be published.")
    return Draft(
        number=record["number"], record=record, contents=contents,
        changes=rules.changes(before, record), is_new=rules.is_new(before, record),
        pages=rules.pages_differ(before, record), mends=rules.mends_differ(before, record),
        replies=rules.replies_differ(before, record), decisions=decisions,
    )  # fmt: skip


def publish_edition(
    session: Session, article: Article, *, note: str | None, actor: Person | None, now: datetime
) -> Edition:
    """Add the article's next edition and its entry in the log, and return it.

    Raises NothingReady, NothingNew, Invalid for a note that is too long, and AnotherEditor for who
    withdrew the article: publishing puts it before readers again.
    """
    check_characters(note or "", "note")
    if note and len(note) > LONGEST_NOTE:
        raise Invalid("note", "Use at most %(longest)s characters.", longest=LONGEST_NOTE)
    article = lock_article(session, article.id)
    if article.state == "withdrawn" and (withdrawal := last_withdrawal(session, article)):
        check_is_another(session, withdrawal.actor_id, actor)
    draft = next_edition(session, article, note=note, now=now)
    if not draft.is_new:
        raise NothingNew("Nothing has changed since the newest edition.")
    found = [change.as_json() for change in draft.changes]
    text, sha256 = rules.sealed({**draft.record, "changes": found})
    is_correction = any(change.is_correction for change in draft.changes)
    log_position = append(session, _entry("edition", article, draft, sha256, now), now=now)
    edition = Edition(
        article_id=article.id, number=draft.number, sha256=sha256, record=text,
        content=canonical(draft.contents), changes=found,
        is_correction=is_correction, note=note or None, published_at=now,
        published_by_id=actor.id if actor else None, log_position=log_position,
        place=queries.editions_published(session),
        correction_place=queries.corrections_published(session) if is_correction else None,
        article_place=queries.articles_published(session) if draft.number == 1 else None,
    )  # fmt: skip
    session.add(edition)
    session.flush()
    if article.state != "published":
        set_state(session, article, "published", actor=actor, now=now)
    claims = told_verdicts.hold(session, article)
    new = _add_claims(session, edition, draft, claims)
    told_verdicts.follow(session, article, claims, now=now)
    note_published(session, article.id, new, now=now)
    write_event(session, "edition.published", sha256, actor=actor, now=now, number=draft.number)
    return edition


def _entry(kind: str, article: Article, draft: Draft, sha256: str, now: datetime) -> Record:
    return {
        "kind": kind, "article": article.public_id, "slug": article.slug,
        "number": draft.number, "sha256": sha256, "previous": draft.record["previous"],
        "at": moment(now),
    }  # fmt: skip


def _add_claims(session: Session, edition: Edition, draft: Draft, claims: Sequence[Claim]) -> int:
    """Note what the edition says of each claim; return of how many no edition did before.

    New mends get the next places among all of them. What is said as before rests on the verdict
    that it rested on.
    """
    said = {claim["id"]: claim for claim in draft.record["claims"]}
    mended = [key for key in draft.mends if said[key][rules.MENDED]]
    first = queries.mends_published(session) if mended else 0
    places = {key: first + place for place, key in enumerate(mended)}
    found = [one for one in claims if one.public_id in said]
    before = queries.claims_published(session, edition.article_id)
    session.add_all(
        EditionClaim(
            edition_id=edition.id, claim_id=one.id, rating=said[one.public_id]["rating"],
            decision_id=draft.decisions.get(one.public_id, one.told_decision_id),
            mend_place=places.get(one.public_id),
            mended_on=date.fromisoformat(said[one.public_id][rules.MENDED])
            if one.public_id in places else None,
        )
        for one in found
    )  # fmt: skip
    session.flush()
    return len({one.id for one in found} - before)


def append(session: Session, entry: Record, *, now: datetime) -> int:
    """Add an entry to the log, with the nodes that it completes; return its position.

    Raises BadProof for one that is longer than the log's files can hold.
    """
    text = canonical(entry)
    if len(text.encode()) > LONGEST_ENTRY:
        raise BadProof("an entry of the log is too long")
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
        session.execute(sa.text("LOCK TABLE log_leaves IN EXCLUSIVE MODE"))
    position = queries.log_size(session)
    session.add(LogLeaf(position=position, entry=text, at=now))
    digest, level, at = leaf_digest(text.encode()), 0, position
    session.add(LogNode(level=0, position=at, digest=digest.hex()))
    while at & 1:
        left = session.get_one(LogNode, (level, at - 1))
        digest = node_digest(bytes.fromhex(left.digest), digest)
        level, at = level + 1, at >> 1
        session.add(LogNode(level=level, position=at, digest=digest.hex()))
    session.flush()
    return position


def edit_site_page(
    session: Session, slug: str, title: str, markdown: str, *, actor: Person | None, now: datetime
) -> SitePage:
    """Write one of the site's own pages, and return it; raise Invalid for what cannot be kept."""
    if not title.strip() or len(title) > 200:
        raise Invalid("title", "Give the page a title of 1 to 200 characters.")
    check_characters(title, "title")
    check_characters(markdown, "markdown")
    page = session.scalar(sa.select(SitePage).where(SitePage.slug == slug))
    if page is None:
        page = SitePage(slug=slug, edited_at=now, version=0)
        session.add(page)
    page.title, page.markdown, page.edited_at = title.strip(), markdown, now
    page.edited_by_id = actor.id if actor else None
    page.version += 1
    session.flush()
    write_event(session, "page.edited", slug, actor=actor, now=now)
    return page
