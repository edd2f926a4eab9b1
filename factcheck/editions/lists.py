"""The files outside articles: list of editions, corrections, feeds, sitemaps, look-ups, own pages.

Lists are numbered from the oldest, so that a page never changes once it is full; `/` and
`/corrections/` show the newest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from factcheck.articles.models import Article
from factcheck.editions import queries, render
from factcheck.editions import site_pages as texts
from factcheck.editions.article_site import DISMISSALS, Published, Site, standfirst
from factcheck.editions.canonical import canonical, sha256
from factcheck.editions.files import Files
from factcheck.editions.models import Edition
from factcheck.editions.overlay import claims_path
from factcheck.editions.shown import ShownEdition
from factcheck.markup import page_html
from factcheck.methods import queries as methods
from factcheck.methods.rules import DISAGREE

A_PAGE = 20  # editions
A_SITEMAP = 250  # articles
NOT_FOR_ENGINES = (
    "/account", "/admin", "/api/", "/desk", "/letters/", "/notices", "/practice", "/queue",
    "/search", "/sign-in", "/work/",
)  # fmt: skip
Reader = Callable[[Edition], Published]


def files_touched_by(session: Session, article: Article, site: Site, read: Reader) -> Files:
    """Return the numbered pages, the sitemap and the look-ups that an article's editions are in."""
    files: Files = {}
    editions = queries.editions_of(session, article)
    for number in sorted({one.place // A_PAGE + 1 for one in editions}):
        files |= _list_page(session, site, read, number)
    corrected = [one.correction_place for one in editions if one.correction_place is not None]
    for number in sorted({place // A_PAGE + 1 for place in corrected}):
        files |= _corrections_page(session, site, read, number)
    files |= _sitemap(session, site, queries.place_of(session, article) // A_SITEMAP + 1)
    return files | lookups(session, addresses(session, article, read), read)


def every_list(session: Session, site: Site, read: Reader) -> Iterator[Files]:
    """Yield every numbered page of the lists and every sitemap."""
    for number in range(1, _pages(queries.editions_published(session)) + 1):
        yield _list_page(session, site, read, number)
    for number in range(1, _pages(queries.corrections_published(session)) + 1):
        yield _corrections_page(session, site, read, number)
    for number in _sitemap_numbers(session):
        yield _sitemap(session, site, number)


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
    return site.page("index.html", entries=entries, here=here, **where)


def _corrections_page(session: Session, site: Site, read: Reader, number: int) -> Files:
    editions = queries.corrections_between(session, (number - 1) * A_PAGE, number * A_PAGE)
    older = _older("/corrections/page/", number)
    body = _corrections(editions, site, read, number=number, older=older, newer="/corrections/")
    return {f"corrections/page/{number}/index.html": body}


def _corrections(editions: list[Edition], site: Site, read: Reader, **where: Any) -> bytes:
    shown = [read(one) for one in reversed(editions)]
    entries = [one.shown for one in shown if one.withdrawn is None]
    here = "" if where.get("number") else "/corrections/"
    return site.page("corrections.html", entries=entries, here=here, **where)


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
        "robots.txt": _robots(site),
    }  # fmt: skip


def _newest_of_each(editions: list[Edition]) -> list[Edition]:
    newest = {one.article_id: one for one in editions if one.withdrawn_at is None}
    return sorted(newest.values(), key=lambda one: one.log_position)


def _atom(editions: list[ShownEdition], site: Site) -> bytes:
    updated = editions[0].record["published_at"] if editions else "1970-01-01T00:00:00Z"
    return site.page("feed.atom", editions=editions, updated=updated, standfirst=standfirst)


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
        "title": site.name,
        "home_page_url": f"{site.base}/",
        "feed_url": f"{site.base}/feed.json",
        "items": items,
    }
    return canonical(feed).encode()


def _sitemap_index(session: Session, site: Site) -> bytes:
    return render.page("sitemap_index.xml", base=site.base, numbers=_sitemap_numbers(session))


def _robots(site: Site) -> bytes:
    """Return what search engines are asked: to take what is published, not what is made anew."""
    closed = [f"Disallow: {path}" for path in NOT_FOR_ENGINES]
    lines = ["User-agent: *", *closed, "", f"Sitemap: {site.base}/sitemap.xml"]
    return "\n".join([*lines, ""]).encode()


def _sitemap_numbers(session: Session) -> range:
    return range(1, -(-queries.articles_published(session) // A_SITEMAP) + 1)


def _sitemap(session: Session, site: Site, number: int) -> Files:
    rows = queries.addresses_of_claims(session, (number - 1) * A_SITEMAP, number * A_SITEMAP)
    return {f"sitemaps/{number}.xml": render.page("sitemap.xml", base=site.base, rows=rows)}


def addresses(session: Session, article: Article, read: Reader) -> set[str]:
    """Return every address that a look-up may know the article under, or may have known."""
    found = queries.addresses_of(session, article)
    for edition in queries.editions_of(session, article):
        found |= _addresses_in(read(edition).shown)
    return found


def _addresses_in(edition: ShownEdition) -> set[str]:
    return {url for digest in edition.article["addresses"] if (url := edition.words(digest))}


def lookups(session: Session, urls: Collection[str], read: Reader) -> Files:
    """Return a look-up for each address that the newest edition of an article gives."""
    files: Files = {}
    for url, articles in sorted(queries.articles_at(session, urls).items()):
        slugs = [one.slug for one in articles if url in _published_at(session, one, read)]
        if slugs:
            found = [
                {"slug": slug, "path": f"/articles/{slug}/", "overlay": claims_path(slug)}
                for slug in slugs
            ]
            files[lookup_path(url)] = canonical({"url": url, "articles": found}).encode()
    return files


def lookup_path(url: str) -> str:
    """Return the path of the look-up of a canonical address."""
    return f"by-url/{sha256(url)}.json"


def _published_at(session: Session, article: Article, read: Reader) -> set[str]:
    try:
        return _addresses_in(read(queries.newest_standing(session, article)).shown)
    except queries.EditionMissing:
        return set()


def site_pages(session: Session, site: Site) -> Files:
    """Return the site's own pages: as an admin wrote them, else as they ship; and that of a 404."""
    written = {page.slug: (page.title, page.markdown) for page in queries.site_pages(session)}
    made = partial(
        site.page, "page.html", scales=methods.scales(), policies=methods.policies(),
        dismissals=DISMISSALS, disagree=DISAGREE,
    )  # fmt: skip
    pages = {
        f"{slug}/index.html": made(title=title, body=page_html(markdown), here=f"/{slug}/")
        for slug, (title, markdown) in (texts.DEFAULTS | written).items()
    }
    return pages | {"404.html": site.page("not_found.html", here="")}
