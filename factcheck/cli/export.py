"""Data out, as streams: what was published, in the shapes that others read, and rows of it all."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterator
from typing import Any

import click
from sqlalchemy.orm import Session

from factcheck.articles.models import Article
from factcheck.articles.queries import article as article_at
from factcheck.cli.installation import (
    csv_out,
    failing_in_words,
    installation,
    print_json,
    progress,
)
from factcheck.cli.sentences import refuse
from factcheck.config import Settings
from factcheck.db import current_session
from factcheck.editions import json_ld, queries
from factcheck.editions.shown import ShownEdition
from factcheck.editions.site import as_published
from factcheck.exchange import formats, rows
from factcheck.exchange.rows import What

COLUMNS = ("article", "edition", "claim", "number", "quote", "restated", "claimant", "rating",
           "ratings", "summary", "sources", "decided_at")  # fmt: skip
_AT_ONCE = 100


@click.command()
@click.option(
    "--format", "form", required=True,
    type=click.Choice(["jsonl", "csv", "claimreview", "annotations"]), help="The shape.",
)  # fmt: skip
@click.option("--article", "slug", help="Of this article alone.")
@click.option(
    "--what", type=click.Choice([str(one) for one in What]),
    help="Rows of the work itself, published or not, as jsonl or csv.",
)  # fmt: skip
@failing_in_words
def export(form: str, slug: str | None, what: str | None) -> None:
    """Print what was published: one claim, ClaimReview or annotation collection a line.

    With --what, rows of the work itself: nothing of an open round is among them, nor anything that
    was withdrawn. Everything at once, for another installation, is `factcheck instance export`.
    """
    if what and form not in formats.FORMATS:
        refuse("rows are printed as jsonl or csv.")
    with installation() as app:
        if what:
            _print_rows(What(what), form, slug)
            return
        session, chosen = current_session(), app.extensions["factcheck"]
        site, _language = queries.name_and_language(session)
        editions = _editions(session, slug)
        if form == "csv":
            _print_csv(editions)
        else:
            shape = _shapes(chosen, site)[form]
            for edition in editions:
                for value in shape(edition):
                    print_json(value)


def _print_rows(what: What, form: str, slug: str | None) -> None:
    """Print rows as they are read, with a bar on stderr where that is a terminal."""
    session, out = current_session(), sys.stdout.buffer
    article = article_at(session, slug) if slug else None
    total = rows.count(session, what, article)
    out.write(formats.head(form, rows.COLUMNS[what]))
    with progress(total) as told:
        for part in rows.parts(session, what, secrets.token_bytes(16), article):
            out.write(formats.body(form, rows.COLUMNS[what], part.rows))
            told(part.seen)
    out.flush()


def _editions(session: Session, slug: str | None) -> Iterator[ShownEdition]:
    for article in _articles(session, slug):
        standing = [one for one in queries.editions_of(session, article) if not one.withdrawn_at]
        if standing:
            yield as_published(standing[-1]).shown


def _articles(session: Session, slug: str | None) -> Iterator[Article]:
    if slug:
        yield article_at(session, slug)
        return
    for first in range(0, queries.articles_published(session), _AT_ONCE):
        yield from queries.published_articles(session, first, first + _AT_ONCE)


def _shapes(
    chosen: Settings, site: str
) -> dict[str, Callable[[ShownEdition], list[dict[str, Any]]]]:
    base, zone = chosen.public_url, chosen.zone
    return {
        "jsonl": _rows,
        "claimreview": lambda edition: json_ld.claim_reviews(edition, base, site, zone),
        "annotations": lambda edition: [json_ld.web_annotations(edition, base)],
    }


def _rows(edition: ShownEdition) -> list[dict[str, Any]]:
    return [
        {
            "article": edition.slug,
            "edition": edition.number,
            "claim": claim.id,
            "number": claim.number,
            "quote": claim.quote,
            "restated": claim.restated,
            "claimant": claim.claimant,
            "rating": claim.rating.key,
            "ratings": claim.record["ratings"],
            "summary": claim.summary,
            "sources": [source.url for source in claim.sources],
            "decided_at": claim.record["decided_at"],
        }
        for claim in edition.claims
    ]


def _print_csv(editions: Iterator[ShownEdition]) -> None:
    with csv_out() as write:
        write(COLUMNS)
        for edition in editions:
            for row in _rows(edition):
                row |= {name: " ".join(row[name]) for name in ("ratings", "sources")}
                write(row[name] for name in COLUMNS)
