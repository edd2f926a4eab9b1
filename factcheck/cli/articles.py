"""An article in, an edition out."""

from __future__ import annotations

from collections.abc import Iterable

import click

from factcheck import clock
from factcheck.articles.intake import Details, from_document
from factcheck.claims.actions import import_article as take_in
from factcheck.claims.posted_again import posted_before
from factcheck.claims.queries import counts_of
from factcheck.cli.installation import failing_in_words, installation, print_json
from factcheck.cli.sentences import note, say
from factcheck.cli.split import read_source
from factcheck.db import current_session, writing
from factcheck.editions import publishing


@click.command("import")
@click.argument("source")
@click.option("--title", help="Else the document's own.")
@click.option("--url", "source_url", help="Where it was published.")
@click.option("--author", "authors", multiple=True, help="Who wrote it; may be repeated.")
@click.option("--published", help='When: "2007-05-03", "2007-05" or "2007".')
@click.option("--language", help='As a code, such as "en".')
@click.option("--deadline", help='By the end of which day it is to be reviewed: "2026-11-29".')
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@failing_in_words
def import_article(as_json: bool, source: str, **given: object) -> None:  # noqa: FBT001
    """Take SOURCE (a file, - or an address) in, with the claims that are proposed for it."""
    details: Details = {  # type: ignore[assignment]  # click gives what the options say
        name: value for name, value in given.items() if value
    }
    read = read_source(source)
    if read.url and "source_url" not in details:
        details["source_url"] = source
    intake = from_document(read.data, read.content_type, url=read.url, **details)
    with installation() as app:
        earlier = posted_before(current_session(), intake)
        with writing() as session:
            article = take_in(session, intake, actor=None, now=clock.now())
        proposed = counts_of(current_session(), article)["proposed"]
        address = f"{app.extensions['factcheck'].public_url}/work/articles/{article.slug}"
        if as_json:
            print_json({
                "article": article.public_id, "slug": article.slug,
                "revision": article.current_revision, "claims": proposed, "url": address,
                "posted_before": [
                    {"article": earlier.public_id, "slug": earlier.slug, "share": earlier.share}
                ] if earlier else [],
            })  # fmt: skip
        else:
            say(
                "%(title)s. Claims proposed: %(proposed)s. %(address)s",
                title=article.title, proposed=proposed, address=address,
            )  # fmt: skip
        if earlier:
            note(
                "The same or nearly the same text is here already, as %(slug)s (%(percent)s %%).",
                slug=earlier.slug, percent=round(100 * earlier.share),
            )  # fmt: skip


@click.command()
@click.argument("slug")
@click.option("--note", help="What readers are told of the changes.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@failing_in_words
def publish(slug: str, note: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Publish the next edition of the article SLUG; refuse when there is nothing new."""
    with installation() as app:
        done = publishing.publish(
            slug, note=note, actor_id=None, settings=app.extensions["factcheck"]
        )
    if as_json:
        print_json({
            "number": done.number, "url": done.url, "sha256": done.sha256, "changes": done.changes,
            "pages_missing": done.pages_missing,
        })  # fmt: skip
    else:
        say(
            "Edition %(number)s: %(url)s. Changes: %(changes)s.",
            number=done.number, url=done.url, changes=len(done.changes),
        )  # fmt: skip
    _warn_of(done.pages_missing)


def _warn_of(pages_missing: Iterable[str]) -> None:
    for slug in pages_missing:
        note("Nobody has written /%(slug)s/ yet: readers find the text that ships.", slug=slug)
