"""The public site: which files there are, and how they are brought onto the disk.

Publishing touches the article's own files, the last page of each list, one sitemap, the look-ups of
its addresses and the end of the log; `build_site` makes all of it anew from the database, byte for
byte the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from factcheck.articles.models import Article
from factcheck.config import Settings
from factcheck.editions import lists, log, manifests, overlay, queries
from factcheck.editions.article_site import Published, Site, article_files
from factcheck.editions.assembling import moment
from factcheck.editions.canonical import canonical, sha256
from factcheck.editions.files import (
    Files,
    SiteNotWritable,
    clear,
    clear_halves,
    remove,
    with_copies,
    write_files,
)
from factcheck.editions.language import speaking
from factcheck.editions.log_files import log_files, write_checkpoint, write_log
from factcheck.editions.look import Look, style_sheet
from factcheck.editions.manifests import is_sharded
from factcheck.editions.models import Edition
from factcheck.editions.shown import ShownEdition
from factcheck.folders import PACKAGE
from factcheck.languages import language
from factcheck.methods import queries as methods
from factcheck.reviews import archive

THEME = "theme.css"  # what an admin chose; its name stays, so that no page changes with it
ASSETS = ("tokens.css", "public.css", "icon.svg", "look-up.js")
BATCH = 100  # articles read at once when all of the site is made
Told = Callable[[int], None]


def site_of(session: Session, settings: Settings) -> Site:
    """Return what all pages of this installation's site share."""
    name, key = queries.name_and_language(session)
    return Site(
        base=settings.public_url, name=name, key=settings.log_key, language=language(key),
        assets={name: f"/{path}" for name, path in asset_paths().items()} | {THEME: f"/{THEME}"},
        zone=settings.zone,
    )  # fmt: skip


def published(session: Session, article: Article) -> list[Published]:
    """Return every edition of an article as its files are made from them, the first first."""
    return [as_published(one) for one in queries.editions_of(session, article)]


def _read_once() -> lists.Reader:
    """Return what reads each edition once, however many files are made from it."""
    known: dict[int, Published] = {}

    def read(edition: Edition) -> Published:
        if edition.id not in known:
            known[edition.id] = as_published(edition)
        return known[edition.id]

    return read


def as_published(edition: Edition) -> Published:
    """Return an edition as its files are made from it."""
    record, contents = queries.record_of(edition), queries.contents_of(edition)
    withdrawn = edition.claims_withdrawn.items()
    shown = ShownEdition(
        edition.sha256, record, contents, methods.scale(record["scale"]["key"]),
        withdrawn={claim: (said["because"], said["at"]) for claim, said in withdrawn},
        purged=edition.purged,
    )  # fmt: skip
    at = moment(edition.withdrawn_at) if edition.withdrawn_at else ""
    return Published(
        shown, edition.record, canonical(contents), edition.log_position,
        (edition.withdrawn_because or "", at) if edition.withdrawn_at else None,
    )  # fmt: skip


def write_article(session: Session, article: Article, settings: Settings) -> None:
    """Bring an article's files, and everything that lists it, up to date; the checkpoint last.

    Of its editions' own folders, those that wait to be written or are not whole: nothing else
    changes what stands in them but the site's look, which has all of them made anew.
    """
    site, read = site_of(session, settings), _read_once()
    with speaking(site.language):
        editions = queries.editions_of(session, article)
        due = _due(editions, settings.site / "articles" / article.slug / "editions")
        write_files(settings.site, article_files([read(one) for one in editions], site, due))
        _write_lists_of(session, [article], site, settings, read)


def _due(editions: Sequence[Edition], folder: Path) -> set[int]:
    def is_whole(one: Edition) -> bool:
        return (folder / str(one.number) / "manifest.json").exists()  # it is written last

    return {one.number for one in editions if one.written_at is None or not is_whole(one)}


def write_article_anew(session: Session, article: Article, settings: Settings) -> None:
    """Make all of an article's own files again, and nothing that lists it."""
    site = site_of(session, settings)
    with speaking(site.language):
        editions = published(session, article)
        due = {one.shown.number for one in editions}
        write_files(settings.site, article_files(editions, site, due))


def write_lists_of(session: Session, articles: Sequence[Article], settings: Settings) -> None:
    """Bring all up to date that lists these articles, once for all of them; the checkpoint last."""
    site = site_of(session, settings)
    with speaking(site.language):
        _write_lists_of(session, articles, site, settings, _read_once())


def _write_lists_of(
    session: Session, articles: Sequence[Article], site: Site, settings: Settings,
    read: lists.Reader,
) -> None:  # fmt: skip
    touched = lists.files_touched_by(session, articles, site, read)
    known: set[str] = set()
    for article in articles:
        editions = [read(one) for one in queries.editions_of(session, article)]
        touched |= copies_of_sources(editions, settings.archive)
        known |= {f"archive/{digest}" for digest in digests_of_copies(editions)}
        for spellings in lists.addresses(session, article, read).values():
            known |= set(map(lists.lookup_path, spellings))
    files = with_copies(touched | common_files(session, settings, read))
    gone = set(with_copies(dict.fromkeys(known, b""))) - set(files)
    write_lists(settings.site, files, settings, gone=gone)
    write_log(session, settings.site, settings)


def write_after_purge(session: Session, look_ups: Collection[str], settings: Settings) -> None:
    """Bring up to date what is no article's, and remove look-ups by the paths of their files.

    What a killed publisher left of a file is removed too: the words may be in it.
    """
    files = with_copies(common_files(session, settings))
    gone = with_copies(dict.fromkeys(look_ups, b""))
    write_lists(settings.site, files, settings, gone=gone.keys() - files.keys())
    clear_halves(settings.site)


def copies_of_sources(editions: Iterable[Published], folder: Path) -> Files:
    """Return the copies that editions rest on, as far as they lie in the archive in `folder`.

    Those of a withdrawn edition too: they are the words of others, and other editions cite them.
    """
    found = {
        f"archive/{digest}": archive.read(folder, digest)
        for digest in sorted(digests_of_copies(editions))
    }
    return {path: data for path, data in found.items() if data is not None}


def digests_of_copies(editions: Iterable[Published]) -> set[str]:
    """Return the digests of the copies that editions rest on."""
    return {
        copy["sha256"]
        for edition in editions
        for claim in edition.shown.record["claims"]
        for source in claim["sources"]
        if (copy := source.get("copy"))
    }


def common_files(session: Session, settings: Settings, read: lists.Reader | None = None) -> Files:
    """Return the files that do not grow with the site: first pages, feeds, own pages, styles.

    `read` is what has read editions before, so that none is read twice.
    """
    site = site_of(session, settings)
    with speaking(site.language):
        files = lists.first_pages(session, site, read or _read_once())
        files |= lists.site_pages(session, site)
    files |= {path: _asset(name) for name, path in asset_paths().items()}
    return files | look_files(queries.look(session)) | overlay.script_files()


def write_common_files(session: Session, settings: Settings, *, outdated: str = "logo.*") -> None:
    """Bring up to date what belongs to no article.

    Assets with names of the pattern `outdated` go where they are not of today: a logo that is
    another one's now; all of them once every page asks for today's.
    """
    files = with_copies(common_files(session, settings))
    write_lists(settings.site, files, settings)
    for asset in (settings.site / "assets").glob(outdated):
        if (path := asset.relative_to(settings.site).as_posix()) not in files:
            remove(settings.site, path)


def look_files(look: Look) -> Files:
    """Return the style sheet of what an admin chose, and the logo if there is one."""
    logo = {look.logo.path: look.logo.png} if look.logo else {}
    return {THEME: style_sheet(look), **logo}


def asset_paths() -> dict[str, str]:
    """Return the path in the site of each style sheet and the icon; its digest is in the path."""
    return {
        name: f"assets/{Path(name).stem}.{sha256(_asset(name))[:16]}{Path(name).suffix}"
        for name in ASSETS
    }


def is_in_todays_look(folder: Path) -> bool:
    """Whether the style sheets, the icon, the script and the data feed of today are on the site."""
    paths = [*asset_paths().values(), overlay.newest_script().path]
    return all((folder / path).exists() for path in (*paths, lists.CLAIM_REVIEWS))


def _asset(name: str) -> bytes:
    if name.endswith(".js"):
        return overlay.script_bytes(name)
    return (PACKAGE / "static" / name).read_bytes()


def write_lists(
    folder: Path, files: Mapping[str, bytes], settings: Settings, *,
    gone: Collection[str] = (),
) -> None:  # fmt: skip
    """Write files outside articles, then the shards and the root manifest that list them.

    `files` are all that stand in no shard, and those of the others that may have changed; `gone`
    are paths of the others that are there no longer. What the manifests on disk list besides is
    signed again, so each of them has to be signed by us: raises SiteNotWritable.
    """
    write_files(folder, files)
    changed = digests(files.items())
    touched = {manifests.shard_of(path) for path in (*changed, *gone) if is_sharded(path)}
    shards = {
        name: {
            path: sha
            for path, sha in _listed(folder, name, settings.log_key).items()
            if path not in gone
        }
        | {path: sha for path, sha in changed.items() if _is_in(path, name)}
        for name in touched
    }
    untouched = _shards_listed(folder, touched, settings.log_key)
    _write_manifests(folder, changed, shards, untouched, settings.log_key)
    for path in (*gone, *(name for name, found in shards.items() if not found)):
        remove(folder, path)


def digests(files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Return the SHA-256 of each file, by its path."""
    return {path: sha256(data) for path, data in files}


def _is_in(path: str, shard: str) -> bool:
    return is_sharded(path) and manifests.shard_of(path) == shard


def _listed(folder: Path, name: str, key: bytes) -> dict[str, str]:
    """Return what a manifest on disk lists, if it is there; SiteNotWritable unless we signed it."""
    file = folder / name
    if not file.exists():
        return {}
    try:
        return manifests.checked(file.read_bytes(), log.public_key(key))
    except log.BadProof as error:
        raise SiteNotWritable(
            f"{file}: {error}; somebody else wrote it: run `factcheck site build {folder}`"
        ) from error


def _shards_listed(folder: Path, touched: Collection[str], key: bytes) -> dict[str, str]:
    """Return the digests of the shards that stay as they are, as the root manifest has them.

    One that it has not was written by a publisher who was stopped before it, and is signed too.
    """
    known = _listed(folder, "manifest.json", key)
    names = {f"manifests/{file.name}" for file in (folder / "manifests").glob("??.json")}
    new = names - set(touched) - set(known)
    found = {name: manifests.signed(_listed(folder, name, key), key) for name in sorted(new)}
    return digests(found.items()) | {name: known[name] for name in names - set(touched) - new}


def _write_manifests(
    folder: Path, changed: Mapping[str, str], shards: Mapping[str, dict[str, str]],
    untouched: dict[str, str], key: bytes,
) -> Files:  # fmt: skip
    """Write the shards, then the root manifest; return them."""
    signed = {name: manifests.signed(found, key) for name, found in sorted(shards.items()) if found}
    root = {path: sha for path, sha in changed.items() if not is_sharded(path)}
    root |= digests(signed.items()) | untouched
    signed["manifest.json"] = manifests.signed(root, key)
    write_files(folder, signed)
    return signed


def build_site(
    session: Session, folder: Path, settings: Settings, told: Told = lambda _articles: None
) -> None:
    """Make the whole public site in `folder`; what does not belong into it is removed.

    `told` hears of each article whose pages were made.
    """
    site = site_of(session, settings)
    with speaking(site.language):
        _build_site(session, folder, site, settings, told)


def _build_site(session: Session, folder: Path, site: Site, settings: Settings, told: Told) -> None:
    made: set[str] = set()
    outside: dict[str, str] = {}
    for files in _articles_anew(session, folder, site):
        made |= files
        told(1)
    for written in _lists_anew(session, settings, site):
        copies = with_copies(written)
        write_files(folder, copies)
        outside |= digests(copies.items())
    shards: dict[str, dict[str, str]] = {}
    for path, sha in outside.items():
        if is_sharded(path):
            shards.setdefault(manifests.shard_of(path), {})[path] = sha
    made |= set(outside) | set(_write_manifests(folder, outside, shards, {}, settings.log_key))
    size = queries.log_size(session)
    logged = log_files(session, log.kept_tiles(size), settings)
    write_files(folder, logged)
    write_checkpoint(session, folder, size, settings)
    clear(folder, made | set(logged) | {"log/checkpoint"})


def _articles_anew(session: Session, folder: Path, site: Site) -> Iterator[set[str]]:
    for article in _every_article(session):
        editions = published(session, article)
        files = article_files(editions, site, {one.shown.number for one in editions})
        write_files(folder, files)
        yield set(files)


def _lists_anew(session: Session, settings: Settings, site: Site) -> Iterator[Files]:
    yield from lists.every_list(session, site, as_published)
    for article in _every_article(session):
        known = lists.addresses(session, article, as_published)
        yield lists.lookups(session, known, as_published)
        yield copies_of_sources(published(session, article), settings.archive)
    yield common_files(session, settings)


def _every_article(session: Session) -> Iterator[Article]:
    for first in range(0, queries.articles_published(session), BATCH):
        yield from queries.published_articles(session, first, first + BATCH)
