"""Reading editions, the log and the site's own pages."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, defer, joinedload

from factcheck.articles.models import Article, ArticleAddress
from factcheck.claims.models import Claim
from factcheck.editions.log import TILE_HEIGHT, TILE_WIDTH, complete_nodes, root_from
from factcheck.editions.look import NAME, Logo, Look, Theme
from factcheck.editions.models import (
    Edition,
    EditionClaim,
    LogLeaf,
    LogNode,
    SiteLook,
    SitePage,
)
from factcheck.editions.rules import Contents, Record, digests_of_claims, words_of
from factcheck.failures import Missing
from factcheck.languages import ENGLISH


class EditionMissing(Missing):
    """No edition has that digest or number."""


def edition_by_sha256(session: Session, sha256: str) -> Edition:
    """Return the edition with that digest, its article loaded; raise EditionMissing."""
    found = session.scalar(
        sa.select(Edition).where(Edition.sha256 == sha256).options(joinedload(Edition.article))
    )
    if found is None:
        raise EditionMissing("There is no such edition.")
    return found


def edition_numbered(session: Session, article: Article, number: int) -> Edition:
    """Return an article's edition by its number; raise EditionMissing."""
    query = sa.select(Edition).where(Edition.article_id == article.id, Edition.number == number)
    found = session.scalar(query)
    if found is None:
        raise EditionMissing("There is no such edition.")
    return found


def editions_of(session: Session, article: Article) -> list[Edition]:
    """Return the article's editions, the first first."""
    query = sa.select(Edition).where(Edition.article_id == article.id).order_by(Edition.number)
    return list(session.scalars(query.options(joinedload(Edition.article))))


def record_of(edition: Edition) -> Record:
    """Return an edition's record."""
    record: Record = json.loads(edition.record)
    return record


def kept_contents(edition: Edition) -> Contents:
    """Return the words of an edition as they are kept, withdrawn or not, by their digest."""
    contents: Contents = json.loads(edition.content)
    return contents


def contents_of(edition: Edition) -> Contents:
    """Return the words of an edition that readers may have, by their digest: of what stands."""
    if edition.withdrawn_at is not None:
        return {}
    contents = kept_contents(edition)
    if edition.claims_withdrawn:
        for digest in digests_of_claims(record_of(edition), edition.claims_withdrawn):
            contents.pop(digest, None)
    return contents


def editions_published(session: Session) -> int:
    """Return how many editions there are."""
    return _after(session.scalar(sa.select(sa.func.max(Edition.place))))


def _after(place: int | None) -> int:
    return 0 if place is None else place + 1


def editions_between(session: Session, first: int, last: int) -> list[Edition]:
    """Return the editions from place `first` to before `last`, counted from 0 as published."""
    return _between(session, Edition.place, first, last)


def _between(
    session: Session, place: Mapped[int] | Mapped[int | None], first: int, last: int
) -> list[Edition]:
    query = sa.select(Edition).options(joinedload(Edition.article)).order_by(place)
    return list(session.scalars(query.where(place >= first, place < last)))


def corrections_between(session: Session, first: int, last: int) -> list[Edition]:
    """Return the editions that corrected one before, by a counting of their own."""
    return _between(session, Edition.correction_place, first, last)


def corrections_published(session: Session) -> int:
    """Return how many editions corrected one before."""
    return _after(session.scalar(sa.select(sa.func.max(Edition.correction_place))))


def published_articles(session: Session, first: int, last: int) -> list[Article]:
    """Return articles in the order of their first edition, from place `first` to before `last`."""
    return list(
        session.scalars(
            sa.select(Article)
            .join(Edition, Edition.article_id == Article.id)
            .where(Edition.article_place >= first, Edition.article_place < last)
            .order_by(Edition.article_place)
        )
    )


def place_of(session: Session, article: Article) -> int:
    """Return how many articles were first published before this one."""
    query = sa.select(Edition.article_place).where(
        Edition.article_id == article.id, Edition.number == 1
    )
    return session.scalar(query) or 0


def articles_published(session: Session) -> int:
    """Return how many articles have been published."""
    return _after(session.scalar(sa.select(sa.func.max(Edition.article_place))))


def addresses_of(session: Session, article: Article) -> set[str]:
    """Return the addresses that an article has now, published or not."""
    query = sa.select(ArticleAddress.url).where(ArticleAddress.article_id == article.id)
    return set(session.scalars(query))


def articles_at(session: Session, spellings: Collection[str]) -> list[Article]:
    """Return the articles that have one of these addresses now, those once published, in order."""
    rows = session.scalars(
        sa.select(Article)
        .join(ArticleAddress, ArticleAddress.article_id == Article.id)
        .join(Edition, sa.and_(Edition.article_id == Article.id, Edition.number == 1))
        .where(ArticleAddress.url.in_(spellings))
        .order_by(Edition.log_position)
    )
    return list(dict.fromkeys(rows))


def newest_standing(session: Session, article: Article) -> Edition:
    """Return the article's newest edition that was not withdrawn; raise EditionMissing."""
    found = session.scalar(
        sa.select(Edition)
        .where(Edition.article_id == article.id, Edition.withdrawn_at.is_(None))
        .order_by(Edition.number.desc())
        .limit(1)
    )
    if found is None:
        raise EditionMissing("No edition of this article stands.")
    return found


def published_after(session: Session, article_id: int, most: int) -> list[int]:
    """Return the keys of the next articles behind one that have an edition, in their order."""
    found = sa.select(Edition.article_id).where(Edition.article_id > article_id).distinct()
    return list(session.scalars(found.order_by(Edition.article_id).limit(most)))


def titles_told(session: Session, article_ids: Collection[int]) -> dict[int, str]:
    """Return by article the title that its newest edition gives; one that has none is left out."""
    newest = (
        sa.select(sa.func.max(Edition.id))
        .where(Edition.article_id.in_(article_ids), Edition.withdrawn_at.is_(None))
        .group_by(Edition.article_id)
    )
    found = session.scalars(sa.select(Edition).where(Edition.id.in_(newest)))
    titles = {
        one.article_id: words_of(contents_of(one), record_of(one)["article"]["title"])
        for one in found
    }
    return {article_id: title for article_id, title in titles.items() if title}


def standing_editions(session: Session) -> list[tuple[str, str]]:
    """Return for each published article its slug and the digest of its newest edition that stands.

    Withdrawn ones do not stand; an article with nothing else is left out.
    """
    newest = (
        sa.select(Edition.article_id, sa.func.max(Edition.number).label("number"))
        .where(Edition.withdrawn_at.is_(None))
        .group_by(Edition.article_id)
        .subquery()
    )
    query = (
        sa.select(Article.slug, Edition.sha256)
        .join(Edition, Edition.article_id == Article.id)
        .join(newest, sa.and_(newest.c.article_id == Edition.article_id,
                              newest.c.number == Edition.number))
        .order_by(Article.slug)
    )  # fmt: skip
    return [(slug, sha256) for slug, sha256 in session.execute(query)]


def unwritten_editions(session: Session) -> list[Edition]:
    """Return the editions whose pages are not all on disk, the oldest first."""
    query = sa.select(Edition).where(Edition.written_at.is_(None)).order_by(Edition.log_position)
    return list(session.scalars(query.options(joinedload(Edition.article))))


def log_size(session: Session) -> int:
    """Return how many entries the log has."""
    last = session.scalar(sa.select(sa.func.max(LogLeaf.position)))
    return 0 if last is None else last + 1


def log_root(session: Session, size: int) -> bytes:
    """Return the root of the log's first `size` entries, from the nodes that are kept."""
    wanted = complete_nodes(size)
    nodes = _nodes(session, wanted)
    return root_from([nodes[key] for key in wanted])


def _nodes(session: Session, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    if not wanted:
        return {}
    keys = sa.or_(*(sa.and_(LogNode.level == a, LogNode.position == b) for a, b in wanted))
    return {(n.level, n.position): bytes.fromhex(n.digest) for n in session.scalars(
        sa.select(LogNode).where(keys))}  # fmt: skip


def tile_digests(session: Session, level: int, index: int, width: int) -> bytes:
    """Return a hash tile: the digests of `width` nodes, one after the other."""
    first = index * TILE_WIDTH
    rows = session.scalars(
        sa.select(LogNode.digest)
        .where(
            LogNode.level == level * TILE_HEIGHT,
            LogNode.position >= first,
            LogNode.position < first + width,
        )
        .order_by(LogNode.position)
    )
    return b"".join(bytes.fromhex(digest) for digest in rows)


def entries_between(session: Session, first: int, last: int) -> list[bytes]:
    """Return the log's entries from position `first` to before `last`."""
    query = (
        sa.select(LogLeaf.entry)
        .where(LogLeaf.position >= first, LogLeaf.position < last)
        .order_by(LogLeaf.position)
    )
    return [entry.encode() for entry in session.scalars(query)]


def site_pages(session: Session) -> list[SitePage]:
    """Return the site's own pages in the order of their links."""
    return list(session.scalars(sa.select(SitePage).order_by(SitePage.position, SitePage.slug)))


def name_and_language(session: Session) -> tuple[str, str]:
    """Return what the site is called, and the key of the language that it is made in."""
    found = session.execute(sa.select(SiteLook.name, SiteLook.language)).one_or_none()
    return (found.name or NAME, found.language) if found else (NAME, ENGLISH)


def look(session: Session) -> Look:
    """Return what an admin chose of the site's looks, or how it ships."""
    row = session.get(SiteLook, 1)
    if row is None:
        return Look()
    logo = None
    if row.logo is not None:
        logo = Logo(row.logo, row.logo_width or 1, row.logo_height or 1, row.logo_has_name)
    theme = Theme(**row.theme) if row.theme else None
    return Look(row.name or NAME, theme, logo, row.language)


def editions_listed(session: Session, article: Article) -> list[Edition]:
    """Return the article's editions, newest first, without their records and words."""
    return list(
        session.scalars(
            sa.select(Edition)
            .where(Edition.article_id == article.id)
            .options(defer(Edition.record), defer(Edition.content))
            .order_by(Edition.number.desc())
        )
    )


def addresses_of_claims(session: Session, first: int, last: int) -> list[tuple[str, list[str]]]:
    """Return (slug, ids of every claim ever published) of articles, by their first edition.

    Withdrawn ones are left out.
    """
    articles = published_articles(session, first, last)
    rows = session.execute(
        sa.select(Edition.article_id, Claim.public_id)
        .join(EditionClaim, EditionClaim.edition_id == Edition.id)
        .join(Claim, Claim.id == EditionClaim.claim_id)
        .where(Edition.article_id.in_([one.id for one in articles]))
        .order_by(Claim.id)
        .distinct()
        .add_columns(Claim.id)
    )
    gone = claims_withdrawn(session, [one.id for one in articles])
    ids: dict[int, list[str]] = {article.id: [] for article in articles}
    for article_id, public_id, _ in rows:
        if public_id not in ids[article_id] and (article_id, public_id) not in gone:
            ids[article_id].append(public_id)
    return [(article.slug, ids[article.id]) for article in articles if article.state != "withdrawn"]


def editions_by_id(session: Session, edition_ids: Sequence[int]) -> list[Edition]:
    """Return the editions with these keys."""
    return list(session.scalars(sa.select(Edition).where(Edition.id.in_(edition_ids))))


def claims_withdrawn(session: Session, article_ids: Sequence[int]) -> set[tuple[int, str]]:
    """Return (article's key, claim's public id) of the claims withdrawn from these articles."""
    rows = session.execute(
        sa.select(Edition.article_id, Edition.claims_withdrawn).where(
            Edition.article_id.in_(article_ids)
        )
    )
    return {(article_id, one) for article_id, withdrawn in rows for one in withdrawn}


def every_claim_withdrawn(session: Session) -> set[str]:
    """Return the public ids of all claims that were withdrawn by themselves."""
    withdrawn = Edition.claims_withdrawn
    rows = session.scalars(sa.select(withdrawn).where(sa.cast(withdrawn, sa.Text) != "[]"))
    return {one for some in rows for one in some}


def editions_with(session: Session, claim: Claim) -> list[Edition]:
    """Return the editions that say something of a claim, the first first."""
    said = sa.select(EditionClaim.edition_id).where(EditionClaim.claim_id == claim.id)
    query = sa.select(Edition).where(Edition.id.in_(said)).order_by(Edition.number)
    return list(session.scalars(query))


def claims_published(session: Session, article_id: int) -> set[int]:
    """Return the ids of the claims of an article that an edition told readers of."""
    told = sa.select(EditionClaim.claim_id).join(EditionClaim.edition)
    return set(session.scalars(told.where(Edition.article_id == article_id)))


def mends_published(session: Session) -> int:
    """Return of how many claims an edition told first that the author mended the words."""
    return _after(session.scalar(sa.select(sa.func.max(EditionClaim.mend_place))))


def mends_between(session: Session, first: int, last: int) -> list[EditionClaim]:
    """Return mends from place `first` to before `last`, their claim and edition loaded."""
    query = (
        sa.select(EditionClaim)
        .where(EditionClaim.mend_place >= first, EditionClaim.mend_place < last)
        .options(
            joinedload(EditionClaim.claim),
            joinedload(EditionClaim.edition).joinedload(Edition.article),
        )
        .order_by(EditionClaim.mend_place)
    )
    return list(session.scalars(query))


def mend_places_of(session: Session, article: Article) -> list[int]:
    """Return the places that mends of an article's claims have among all."""
    query = (
        sa.select(EditionClaim.mend_place)
        .join(Edition, Edition.id == EditionClaim.edition_id)
        .where(Edition.article_id == article.id, EditionClaim.mend_place.is_not(None))
    )
    return [place for place in session.scalars(query) if place is not None]
