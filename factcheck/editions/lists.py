"""The files outside articles: lists of editions and corrections, feeds, sitemaps, look-ups, pages.

Lists are numbered from the oldest, so that a page never changes once it is full; `/` and
`/corrections/` show the newest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from factcheck.articles.models import Article
from factcheck.editions import feeds, json_ld, queries, render
from factcheck.editions import site_pages as texts
from factcheck.editions.article_site import DISMISSALS, Published, Site, standfirst
from factcheck.editions.assembling import moment
from factcheck.editions.canonical import canonical, sha256
from factcheck.editions.files import Files
from factcheck.editions.models import Edition, EditionClaim
from factcheck.editions.overlay import bookmarklet, claims_path
from factcheck.editions.rules import MENDED
from factcheck.editions.shown import ShownEdition
from factcheck.editions.standing import Standing, standing_of
from factcheck.fetch import FetchRefused, canonical_address
from factcheck.markup import page_html
from factcheck.methods import queries as methods
from factcheck.methods.rules import DISAGREE

A_PAGE = 20  # editions
MENDS = "corrections/at-source"
A_SITEMAP = 250  # articles
A_FEED = 10  # articles with all their ClaimReviews in a part of that feed
CLAIM_REVIEWS = "claimreviews.jsonld"
Addresses = dict[str, set[str]]  # canonical address: the ways in which it is written
NOT_FOR_ENGINES = (
    "/account", "/admin", "/api/", "/desk", "/letters/", "/notices", "/practice", "/queue",
    "/search", "/sign-in", "/work/",
)  # fmt: skip
Reader = Callable[[Edition], Published]


def files_touched_by(
    session: Session, articles: Collection[Article], site: Site, read: Reader
) -> Files:
    """Return what the articles' editions are in: pages, sitemaps, ClaimReviews, look-ups."""
    files: Files = {}
    editions = [one for article in articles for one in queries.editions_of(session, article)]
    mends = [place for article in articles for place in queries.mend_places_of(session, article)]
    corrected = [one.correction_place for one in editions if one.correction_place is not None]
    for number in _numbers(one.place for one in editions):
        files |= _list_page(session, site, read, number)
    for number in _numbers(corrected):
        files |= _corrections_page(session, site, read, number)
    for number in _numbers(mends):
        files |= _mends_page(session, site, read, number)
    places = [queries.place_of(session, one) for one in articles]
    for number in sorted({place // A_SITEMAP + 1 for place in places}):
        files |= _sitemap(session, site, number)
    for number in sorted({place // A_FEED + 1 for place in places}):
        files |= _reviews_page(session, site, read, number)
    for article in articles:
        files |= lookups(session, addresses(session, article, read), read)
    return files


def _numbers(places: Iterable[int]) -> list[int]:
    """Return the numbers of the pages that hold these places."""
    return sorted({place // A_PAGE + 1 for place in places})


def every_list(session: Session, site: Site, read: Reader) -> Iterator[Files]:
    """Yield every numbered page of the lists, every sitemap and every part of the ClaimReviews."""
    for number in range(1, _pages(queries.editions_published(session)) + 1):
        yield _list_page(session, site, read, number)
    for number in range(1, _pages(queries.corrections_published(session)) + 1):
        yield _corrections_page(session, site, read, number)
    for number in range(1, _pages(queries.mends_published(session)) + 1):
        yield _mends_page(session, site, read, number)
    for number in _sitemap_numbers(session):
        yield _sitemap(session, site, number)
    for number in range(1, _feed_pages(session) + 1):
        yield _reviews_page(session, site, read, number)


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


def _mends_page(session: Session, site: Site, read: Reader, number: int) -> Files:
    mends = queries.mends_between(session, (number - 1) * A_PAGE, number * A_PAGE)
    older = _older(f"/{MENDS}/page/", number)
    body = _mends(session, mends, site, read, number=number, older=older, newer=f"/{MENDS}/")
    return {f"{MENDS}/page/{number}/index.html": body}


def _mends(
    session: Session, mends: list[EditionClaim], site: Site, read: Reader, **where: Any
) -> bytes:
    """Return a page of the claims whose words their author mended, as the edition that says so.

    One that a later edition takes back, or tells with another day, is left out.
    """
    articles = {one.edition.article_id: one.edition.article for one in mends}
    newest = {key: _standing(session, article, read) for key, article in articles.items()}
    editions = {one.edition_id: read(one.edition) for one in mends}
    entries = [
        (edition.shown, edition.shown.by_id[one.claim.public_id], one.mended_on)
        for one in reversed(mends)
        if (edition := editions[one.edition_id]).withdrawn is None
        and one.claim.public_id in edition.shown.by_id
        and _still_says(newest[one.edition.article_id], one)
    ]
    return site.page("mends.html", entries=entries, here="/corrections/", **where)


def _still_says(newest: ShownEdition | None, mend: EditionClaim) -> bool:
    told = newest.by_id.get(mend.claim.public_id) if newest else None
    return told is None or told.record[MENDED] == (mend.mended_on or date.max).isoformat()


def _first_mends(session: Session, site: Site, read: Reader) -> bytes:
    count = queries.mends_published(session)
    mends = queries.mends_between(session, max(0, count - A_PAGE), count)
    last = _pages(count - A_PAGE) if count > A_PAGE else None
    return _mends(session, mends, site, read, number=None, newer=None,
                  older=f"/{MENDS}/page/{last}/" if last else None)  # fmt: skip


def first_pages(session: Session, site: Site, read: Reader) -> Files:
    """Return `/`, `/corrections/`, what authors mended, the feeds and the index of sitemaps."""
    count, corrected = queries.editions_published(session), queries.corrections_published(session)
    newest = queries.editions_between(session, max(0, count - A_PAGE), count)
    corrections = queries.corrections_between(session, max(0, corrected - A_PAGE), corrected)
    once = _newest_of_each(newest)
    last = _pages(count - A_PAGE) if count > A_PAGE else None
    last_corrected = _pages(corrected - A_PAGE) if corrected > A_PAGE else None
    told = [read(one) for one in reversed(newest)]
    return {
        "index.html": _list(once, site, read, number=None, newer=None,
                            older=f"/page/{last}/" if last else None),
        "corrections/index.html": _corrections(
            corrections, site, read, number=None, newer=None,
            older=f"/corrections/page/{last_corrected}/" if last_corrected else None),
        f"{MENDS}/index.html": _first_mends(session, site, read),
        **feeds.feeds(told, site),
        CLAIM_REVIEWS: _newest_reviews(session, newest[-A_FEED:], site, read),
        "sitemap.xml": _sitemap_index(session, site),
        "robots.txt": _robots(site),
    }  # fmt: skip


def _newest_of_each(editions: list[Edition]) -> list[Edition]:
    newest = {one.article_id: one for one in editions if one.withdrawn_at is None}
    return sorted(newest.values(), key=lambda one: one.log_position)


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


def _feed_pages(session: Session) -> int:
    return -(-queries.articles_published(session) // A_FEED)


def _reviews_path(number: int) -> str | None:
    return f"claimreviews/{number}.jsonld" if number else None


def _newest_reviews(session: Session, editions: list[Edition], site: Site, read: Reader) -> bytes:
    """Return the feed of all ClaimReviews: the articles of the newest editions, and where all are.

    Other parts are counted by articles, so that each changes only with an article of its own.
    """
    articles = list(dict.fromkeys(one.article for one in reversed(editions)))
    older = _reviews_path(_feed_pages(session))
    return _reviews(session, articles, site, read, path=CLAIM_REVIEWS, older=older)


def _reviews_page(session: Session, site: Site, read: Reader, number: int) -> Files:
    articles = queries.published_articles(session, (number - 1) * A_FEED, number * A_FEED)
    path, older = f"claimreviews/{number}.jsonld", _reviews_path(number - 1)
    return {path: _reviews(session, articles, site, read, path=path, older=older)}


def _reviews(
    session: Session, articles: list[Article], site: Site, read: Reader, *, path: str,
    older: str | None,
) -> bytes:  # fmt: skip
    items = [_feed_item(one, site, read) for one in standing_of(session, articles)]
    feed = json_ld.data_feed(items, site.base, site.name, path=path, older=older)
    return canonical(feed).encode()


def _feed_item(standing: Standing, site: Site, read: Reader) -> dict[str, Any]:
    told = read(standing.edition) if standing.edition else None
    moments = [feeds.updated(told)] if told else []
    moments += [moment(standing.withdrawn_at)] if standing.withdrawn_at else []
    reviews = None
    if told:
        reviews = json_ld.claim_reviews(told.shown, site.base, site.name, site.zone)
    return json_ld.feed_item(
        standing.article.slug, reviews, site.base, created=moment(standing.first_at),
        modified=max(moments),
    )  # fmt: skip


def addresses(session: Session, article: Article, read: Reader) -> Addresses:
    """Return every address that a look-up may know the article under, or may have known.

    Each with its spellings: editions made before there was one form have others. What is no
    address, as one of which words were struck out, nobody can look up.
    """
    written = queries.addresses_of(session, article)
    for edition in queries.editions_of(session, article):
        written |= _addresses_in(read(edition).shown)
    return _by_form(written)


def _by_form(urls: Collection[str]) -> Addresses:
    """Return addresses by their one form; what is none, as a struck one, is left out."""
    found: Addresses = {}
    for url in urls:
        with suppress(FetchRefused):
            form = canonical_address(url)
            found.setdefault(form, {form}).add(url)
    return found


def _addresses_in(edition: ShownEdition) -> set[str]:
    return {url for digest in edition.article["addresses"] if (url := edition.words(digest))}


def lookups(session: Session, known: Addresses, read: Reader) -> Files:
    """Return a look-up for each address that the newest edition of an article gives.

    Under its canonical form, and as it is written for who does not know that form.
    """
    files: Files = {}
    for url, spellings in sorted(known.items()):
        articles = queries.articles_at(session, spellings)
        standing = (_standing(session, one, read) for one in articles)
        # An edition from before there was one form keeps its spelling for ever.
        found = [_looked_up(one) for one in standing if one and url in _by_form(_addresses_in(one))]
        if found:
            made = canonical({"url": url, "articles": found}).encode()
            files |= dict.fromkeys(map(lookup_path, spellings), made)
    return files


def _looked_up(edition: ShownEdition) -> dict[str, str]:
    return {
        "slug": edition.slug,
        "path": f"/articles/{edition.slug}/",
        "overlay": claims_path(edition.slug),
        "title": edition.title,
        "language": edition.article["language"],
    }


def lookup_path(url: str) -> str:
    """Return the path of the look-up of a canonical address."""
    return f"by-url/{sha256(url)}.json"


def _standing(session: Session, article: Article, read: Reader) -> ShownEdition | None:
    try:
        return read(queries.newest_standing(session, article)).shown
    except queries.EditionMissing:
        return None


def site_pages(session: Session, site: Site) -> Files:
    """Return the site's own pages, as an admin wrote them, else as they ship.

    And those of a 404 and of the look-up by address.
    """
    written = {page.slug: (page.title, page.markdown) for page in queries.site_pages(session)}
    made = partial(
        site.page, "page.html", scales=methods.scales(), policies=methods.policies(session),
        dismissals=DISMISSALS, disagree=DISAGREE,
    )  # fmt: skip
    pages = {
        f"{slug}/index.html": made(title=title, body=page_html(markdown), here=f"/{slug}/")
        for slug, (title, markdown) in (texts.defaults() | written).items()
    }
    look_up = site.page("look_up.html", here="/look-up/", bookmarklet=bookmarklet(site.base))
    return pages | {
        "404.html": site.page("not_found.html", here=""),
        "look-up/index.html": look_up,
    }
