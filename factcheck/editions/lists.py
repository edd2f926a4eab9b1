"""The files outside articles: list of editions, corrections, feeds, sitemaps, look-ups, own pages.

Lists are numbered from the oldest, so that a page never changes once it is full; `/` and
`/corrections/` show the newest.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from factcheck.articles.models import Article
from factcheck.editions import own_pages as texts
from factcheck.editions import queries, render
from factcheck.editions.article_site import DISMISSALS, Published, Site, standfirst
from factcheck.editions.canonical import canonical, sha256
from factcheck.editions.files import Files
from factcheck.editions.models import Edition
from factcheck.editions.reading import ShownEdition
from factcheck.markup import page_html
from factcheck.methods import queries as methods

A_PAGE = 20  # editions
A_SITEMAP = 1000  # articles
Reader = Callable[[Edition], Published]


def files_touched_by(session: Session, article: Article, site: Site, read: Reader) -> Files:
    """Return the numbered pages, the sitemap and the look-ups that an article's editions are in."""
    files: Files = {}
    shown = [read(one) for one in queries.editions_of(session, article)]
    for one in shown:
        files |= _list_page(session, site, read, _page_of(one.position, session))
    corrected = queries.corrections_published(session)
    if corrected and any(one.shown.corrections for one in shown):
        files |= _corrections_page(session, site, read, (corrected - 1) // A_PAGE + 1)
    files |= _sitemap(session, site, queries.place_of(session, article) // A_SITEMAP + 1)
    return files | _lookups(session, shown[-1].shown)


def _page_of(position: int, session: Session) -> int:
    return queries.editions_before(session, position) // A_PAGE + 1


def every_page(session: Session, site: Site, read: Reader) -> Files:
    """Return every numbered page of the lists."""
    files: Files = {}
    for number in range(1, _pages(queries.editions_published(session)) + 1):
        files |= _list_page(session, site, read, number)
    for number in range(1, _pages(queries.corrections_published(session)) + 1):
        files |= _corrections_page(session, site, read, number)
    return files


def _pages(count: int) -> int:
    return -(-count // A_PAGE)


def _list_page(session: Session, site: Site, read: Reader, number: int) -> Files:
    editions = queries.editions_between(session, (number - 1) * A_PAGE, number * A_PAGE)
    older = _older("/page/", number)
    body = _list(editions, site, read, number=number, older=older, newer="/")
    return {f"page/{number}/index.html": body}


def _older(folder: str, number: int) -> str | None:
    return f"{folder}{number - 1}/" if number > 1 else None


def _list(editions: list[Edition], site: Site, read: Reader, **where: Any) -> bytes:
    shown = [read(one) for one in reversed(editions)]
    entries = [(one.shown, standfirst(one.shown)) for one in shown if one.withdrawn is None]
    here = "" if where.get("number") else "/"
    return render.page("index.html", entries=entries, assets=site.assets, here=here, **where)


def _corrections_page(session: Session, site: Site, read: Reader, number: int) -> Files:
    editions = queries.corrections_between(session, (number - 1) * A_PAGE, number * A_PAGE)
    older = _older("/corrections/page/", number)
    body = _corrections(editions, site, read, number=number, older=older, newer="/corrections/")
    return {f"corrections/page/{number}/index.html": body}


def _corrections(editions: list[Edition], site: Site, read: Reader, **where: Any) -> bytes:
    shown = [read(one) for one in reversed(editions)]
    entries = [one.shown for one in shown if one.withdrawn is None]
    here = "" if where.get("number") else "/corrections/"
    return render.page("corrections.html", entries=entries, assets=site.assets, here=here, **where)


def first_pages(session: Session, site: Site, read: Reader) -> Files:
    """Return `/`, `/corrections/`, the feeds and the index of sitemaps."""
    count, corrected = queries.editions_published(session), queries.corrections_published(session)
    newest = queries.editions_between(session, max(0, count - A_PAGE), count)
    corrections = queries.corrections_between(session, max(0, corrected - A_PAGE), corrected)
    once = _newest_of_each(newest)
    last = _pages(count - A_PAGE) if count > A_PAGE else None
    last_corrected = _pages(corrected - A_PAGE) if corrected > A_PAGE else None
    shown = [read(one) for one in reversed(newest) if one.withdrawn_at is None]
    return {
        "index.html": _list(once, site, read, number=None, newer=None,
                            older=f"/page/{last}/" if last else None),
        "corrections/index.html": _corrections(
            corrections, site, read, number=None, newer=None,
            older=f"/corrections/page/{last_corrected}/" if last_corrected else None),
        "feed.atom": _atom([one.shown for one in shown], site),
        "feed.json": _json_feed([one.shown for one in shown], site),
        "sitemap.xml": _sitemap_index(session, site),
    }  # fmt: skip


def _newest_of_each(editions: list[Edition]) -> list[Edition]:
    newest = {one.article_id: one for one in editions if one.withdrawn_at is None}
    return sorted(newest.values(), key=lambda one: one.log_position)


def _atom(editions: list[ShownEdition], site: Site) -> bytes:
    updated = editions[0].record["published_at"] if editions else "1970-01-01T00:00:00Z"
    return render.page("feed.atom", editions=editions, base=site.base, updated=updated,
                       standfirst=standfirst)  # fmt: skip


def _json_feed(editions: list[ShownEdition], site: Site) -> bytes:
    items = [
        {
            "id": f"{site.base}/articles/{one.slug}/editions/{one.number}/",
            "url": f"{site.base}/articles/{one.slug}/",
            "title": one.title,
            "content_text": standfirst(one),
            "date_published": one.record["published_at"],
        }
        for one in editions
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": render.SITE_NAME,
        "home_page_url": f"{site.base}/",
        "feed_url": f"{site.base}/feed.json",
        "items": items,
    }
    return canonical(feed).encode()


def _sitemap_index(session: Session, site: Site) -> bytes:
    count = -(-queries.articles_published(session) // A_SITEMAP)
    return render.page("sitemap_index.xml", base=site.base, numbers=range(1, count + 1))


def _sitemap(session: Session, site: Site, number: int) -> Files:
    rows = queries.addresses_of_claims(session, (number - 1) * A_SITEMAP, number * A_SITEMAP)
    return {f"sitemaps/{number}.xml": render.page("sitemap.xml", base=site.base, rows=rows)}


def _lookups(session: Session, edition: ShownEdition) -> Files:
    """Return a look-up for each address that the article is known under."""
    urls = [url for digest in edition.article["addresses"] if (url := edition.words(digest))]
    return {
        f"by-url/{sha256(url)}.json": canonical({
            "url": url,
            "articles": [{"slug": one.slug, "path": f"/articles/{one.slug}/"} for one in articles],
        }).encode()
        for url, articles in queries.articles_at(session, urls).items()
    }  # fmt: skip


def own_pages(session: Session, site: Site) -> Files:
    """Return the site's own pages: those an admin wrote, else the ones that ship with it."""
    written = {page.slug: (page.title, page.markdown) for page in queries.site_pages(session)}
    made = partial(
        render.page, "page.html", assets=site.assets, scales=methods.scales(),
        policies=methods.policies(), dismissals=DISMISSALS,
    )  # fmt: skip
    return {
        f"{slug}/index.html": made(title=title, body=page_html(markdown), here=f"/{slug}/")
        for slug, (title, markdown) in (texts.DEFAULTS | written).items()
    }
