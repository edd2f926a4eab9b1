"""Takes the demo's article down the real path by the real functions, to a corrected edition.

Its people get random passwords; those stand in a file of the data folder that its owner alone can
read.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts.actions import add_person
from factcheck.accounts.models import Person
from factcheck.articles.intake import from_document
from factcheck.articles.models import Article
from factcheck.articles.queries import revision
from factcheck.claims.actions import (
    accept_claim,
    dismiss_claim,
    edit_claim,
    import_article,
    propose_claim,
)
from factcheck.claims.models import Claim
from factcheck.claims.queries import claims_of
from factcheck.claims.rules import preselected
from factcheck.config import Settings
from factcheck.db import writing
from factcheck.decisions import evidence
from factcheck.decisions.actions import decide_claim, reopen_claim, submit_review
from factcheck.decisions.rules import VerdictWords
from factcheck.editions import publishing
from factcheck.fetch.client import Fetched
from factcheck.reviews import snapshots
from factcheck.reviews.copying import Taken, store
from factcheck.reviews.models import Snapshot, Source
from factcheck.reviews.rules import Answer, Cited
from factcheck.text.extract import extract

PEOPLE_FILE = "first-sign-in.txt"
_HERE = Path(__file__).parent

People = Mapping[str, Person]


def is_new(session: Session) -> bool:
    """Return whether nobody and nothing is there yet."""
    nobody = session.scalar(select(Person.id).limit(1)) is None
    return nobody and session.scalar(select(Article.id).limit(1)) is None


def load(settings: Settings) -> None:
    """Load the demo into an empty installation, publish it, and write how to sign in."""
    script = json.loads((_HERE / "demo.json").read_text(encoding="utf-8"))
    now = clock.now()
    with writing() as session:
        people = _add_people(session, script["people"], settings.data, now)
        slug = _review(session, script, people, now)
    _keep_copies(settings, now - timedelta(days=3))
    publishing.publish(slug, note=None, actor_id=people["editor"].id, settings=settings)
    with writing() as session:
        _correct(session, slug, script, people, now)
    _keep_copies(settings, now)
    note = script["correction"]["note"]
    publishing.publish(slug, note=note, actor_id=people["editor"].id, settings=settings)


def _add_people(
    session: Session, given: Iterable[Mapping[str, str]], folder: Path, now: datetime
) -> dict[str, Person]:
    people, lines = {}, []
    for one in given:
        email = f"{one['name'].split()[0].lower()}@factcheck.example"
        password = secrets.token_urlsafe(12)
        people[one["key"]] = add_person(
            session, email, role=one["role"], name=one["name"], actor=None, now=now,
            password=password,
        )  # fmt: skip
        lines.append(f"{one['role']:<9} {email:<24} {password}")
    descriptor = os.open(folder / PEOPLE_FILE, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode=0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return people


def _review(session: Session, script: Mapping[str, Any], people: People, now: datetime) -> str:
    intake = from_document((_HERE / "article.txt").read_bytes(), "text/plain", **script["details"])
    begun = now - timedelta(days=5)
    article = import_article(session, intake, actor=people["editor"], now=begun)
    for told in script["claims"]:
        claim = _accepted(session, article, told, people["editor"], begun)
        _decide(session, claim, told, people, now - timedelta(days=2))
    disputed = script["disputed"]
    claim = _accepted(session, article, disputed, people["editor"], begun)
    _answer(session, claim, disputed, people, now - timedelta(days=1))
    for quote in script["open"]:
        _accepted(session, article, {"quote": quote}, people["editor"], now - timedelta(days=4))
    for quote, reason in script["dismissed"]:
        found = _claim(session, article, quote, begun)
        dismiss_claim(session, found, reason, actor=people["editor"], now=begun)
    _put_aside(session, article, people["editor"], begun)
    return article.slug


def _accepted(
    session: Session, article: Article, told: Mapping[str, Any], editor: Person, now: datetime
) -> Claim:
    claim = _claim(session, article, told["quote"], now)
    words = {name: told[name] for name in ("restated", "claimant") if name in told}
    if words:
        edit_claim(session, claim, words, version=claim.version, actor=editor, now=now)
    accept_claim(session, claim, actor=editor, now=now)
    return claim


def _claim(session: Session, article: Article, quote: str, now: datetime) -> Claim:
    """Return the claim of these words: a proposal, its edges moved where need be, or a new one."""
    text = revision(session, article).text
    start = text.index(quote)
    end = start + len(quote)
    for claim in claims_of(session, article):
        if claim.start is None or claim.end is None:
            continue
        if (claim.start, claim.end) == (start, end):
            return claim
        if claim.state == "proposed" and claim.start <= start and end <= claim.end:
            edges = {"start": start, "end": end}
            edit_claim(session, claim, edges, version=claim.version, actor=None, now=now)
            return claim
    return propose_claim(session, article, start, end, actor=None, now=now)


def _put_aside(session: Session, article: Article, editor: Person, now: datetime) -> None:
    """Dismiss the proposals that hardly anybody would want checked."""
    for claim in claims_of(session, article):
        if claim.state == "proposed" and not preselected(claim.score):
            dismiss_claim(session, claim, "not-worth-checking", actor=editor, now=now)


def _decide(
    session: Session, claim: Claim, told: Mapping[str, Any], people: People, now: datetime
) -> None:
    _answer(session, claim, told, people, now)
    words = VerdictWords(told["rating"], told["summary"], sources=_sources(told))
    decide_claim(session, claim, words, actor=people["editor"], now=now)


def _answer(
    session: Session, claim: Claim, told: Mapping[str, Any], people: People, now: datetime
) -> None:
    for key, rating, rationale in told["reviews"]:
        answer = Answer(rating=rating, rationale=rationale, sources=_sources(told))
        submit_review(session, claim, people[key], answer, now=now)


def _sources(told: Mapping[str, Any]) -> tuple[Cited, ...]:
    return tuple(
        Cited(url=url, stance=stance, quote=quote, title=title)
        for url, stance, quote, title in told["sources"]
    )


def _keep_copies(settings: Settings, now: datetime) -> None:
    """Keep copies of the sources, which stand nowhere else than in the demo, and pin them."""
    pages = json.loads((_HERE / "sources.json").read_text(encoding="utf-8"))
    with writing() as session:
        waiting = select(Snapshot).where(Snapshot.tried_at.is_(None)).order_by(Snapshot.id)
        for snapshot in session.scalars(waiting).all():
            page = _page_of(snapshot.source, pages[snapshot.source.url], now)
            snapshots.settle(session, snapshot, store(page, settings.archive), now=now)
        sources = session.scalars(select(Source.id).order_by(Source.id)).all()
        for source_id in sources:
            evidence.pin(session, source_id)
    for source_id in sources:
        evidence.look_for_quotes(source_id, settings)


def _page_of(source: Source, paragraphs: list[str], now: datetime) -> Taken:
    body = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    title = escape(source.title or "")
    page = f"<!doctype html><title>{title}</title><main><h1>{title}</h1>{body}</main>".encode()
    kind = "text/html; charset=utf-8"
    fetched = Fetched(
        source.url, source.url, 200, kind, {"content-type": kind}, page, (source.url,)
    )
    return Taken(fetched, extract(page, kind, url=source.url), now)


def _correct(
    session: Session, slug: str, script: Mapping[str, Any], people: People, now: datetime
) -> None:
    told = script["correction"]
    article = session.scalars(select(Article).where(Article.slug == slug)).one()
    claim = _claim(session, article, told["quote"], now)
    reopen_claim(session, claim, told["reason"], actor=people["editor"], now=now)
    _decide(session, claim, told, people, now)
