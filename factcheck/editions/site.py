"""The public site: which files there are, and how they are brought onto the disk.

Publishing touches the article's own files, the last page of each list, one sitemap, the look-ups of
its addresses and the end of the log; `build_site` makes all of it anew from the database, byte for
byte the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from factcheck.articles.models import Article
from factcheck.config import Settings
from factcheck.editions import lists, log, manifests, queries
from factcheck.editions.article_site import Published, Site, article_files
from factcheck.editions.canonical import sha256
from factcheck.editions.files import Files, paths_in, remove, with_copies, write_files
from factcheck.editions.models import Edition
from factcheck.editions.reading import ShownEdition
from factcheck.folders import PACKAGE
from factcheck.methods import queries as methods

STYLES = ("tokens.css", "public.css")


def site_of(settings: Settings) -> Site:
    """Return what all pages of this installation's site share."""
    return Site(
        base=settings.public_url, key=settings.log_key,
        assets={name: f"/{path}" for name, path in _asset_paths().items()},
        policies={policy.key: policy for policy in methods.policies()},
    )  # fmt: skip


def origin(settings: Settings) -> str:
    """Return the name of the log: the public address without its scheme."""
    parts = urlsplit(settings.public_url)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def published(session: Session, article: Article) -> list[Published]:
    """Return every edition of an article as its files are made from them, the first first."""
    return [as_published(one) for one in queries.editions_of(session, article)]


def as_published(edition: Edition) -> Published:
    """Return an edition as its files are made from it."""
    record = queries.record_of(edition)
    shown = ShownEdition(
        edition.sha256, record, queries.contents_of(edition), methods.scale(record["scale"]["key"])
    )
    at = edition.withdrawn_at.isoformat() if edition.withdrawn_at else ""
    return Published(
        shown, edition.record, edition.content, edition.log_position,
        (edition.withdrawn_because or "", at) if edition.withdrawn_at else None,
    )  # fmt: skip


def write_article(session: Session, article: Article, settings: Settings) -> None:
    """Bring an article's files, and everything that lists it, up to date; the checkpoint last."""
    site = site_of(settings)
    found = published(session, article)
    write_files(settings.site, article_files(found, site))
    touched = lists.files_touched_by(session, article, site, as_published)
    write_lists(settings.site, with_copies(touched | common_files(session, settings)), settings)
    write_log(session, settings.site, settings)


def common_files(session: Session, settings: Settings) -> Files:
    """Return the files that do not grow with the site: first pages, feeds, own pages, styles."""
    site = site_of(settings)
    files = lists.first_pages(session, site, as_published)
    files |= lists.own_pages(session, site)
    files |= {path: _asset(name) for name, path in _asset_paths().items()}
    return files


def _asset_paths() -> dict[str, str]:
    return {
        name: f"assets/{name.partition('.')[0]}.{sha256(_asset(name))[:16]}.css" for name in STYLES
    }


def _asset(name: str) -> bytes:
    return (PACKAGE / "static" / name).read_bytes()


def write_lists(folder: Path, files: Mapping[str, bytes], settings: Settings) -> None:
    """Write files outside articles, then the shards and the root manifest that list them."""
    write_files(folder, files)
    shards: dict[str, dict[str, str]] = {}
    for path, data in files.items():
        if manifests.is_sharded(path):
            name = manifests.shard_of(path)
            shards.setdefault(name, _listed(folder / name))[path] = sha256(data)
    signed = {name: manifests.signed(found, settings.log_key) for name, found in shards.items()}
    write_files(folder, signed)
    root = {path: sha256(data) for path, data in files.items() if not manifests.is_sharded(path)}
    for name in sorted(path for path in _shards_on_disk(folder)):
        root[name] = sha256((folder / name).read_bytes())
    write_files(folder, {"manifest.json": manifests.signed(root, settings.log_key)})


def _listed(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    digests: dict[str, str] = json.loads(file.read_bytes())["files"]
    return digests


def _shards_on_disk(folder: Path) -> Iterable[str]:
    return (f"manifests/{file.name}" for file in (folder / "manifests").glob("??.json"))


def write_log(session: Session, folder: Path, settings: Settings, *, since: int = 0) -> None:
    """Write the log's tiles and entries from entry `since` on, its key, and the checkpoint last."""
    size = queries.log_size(session)
    files: Files = {}
    for level, index, width in log.tile_paths(size):
        is_settled = width == log.TILE_WIDTH and (folder / _log_path(level, index, width)).exists()
        if is_settled and since:
            continue
        files[_log_path(level, index, width)] = queries.tile_digests(session, level, index, width)
        if level == 0:
            first = index * log.TILE_WIDTH
            entries = queries.entries_between(session, first, first + width)
            files[_log_path("entries", index, width)] = log.entry_bundle(entries)
    name = origin(settings)
    files["log/key"] = f"{log.verifier_key(name, settings.log_key)}\n".encode()
    text = log.checkpoint(name, size, queries.log_root(session, size))
    note = log.signed_note(name, settings.log_key, text).encode()
    write_files(folder, files)
    write_files(folder, {"log/checkpoint": note})
    _drop_old_partials(folder, set(files))


def _log_path(level: int | str, index: int, width: int) -> str:
    return f"log/{log.tile_name(level, index, width)}"


def _drop_old_partials(folder: Path, now: set[str]) -> None:
    for partial in (folder / "log" / "tile").rglob("*.p"):
        for file in partial.iterdir():
            if file.relative_to(folder).as_posix() not in now:
                file.unlink()
        if not any(partial.iterdir()):
            partial.rmdir()


def build_site(session: Session, folder: Path, settings: Settings) -> None:
    """Make the whole public site in `folder`; what does not belong into it is removed."""
    site = site_of(settings)
    made: set[str] = set()
    outside: Files = {}
    for first in range(0, queries.articles_published(session), 100):
        for article in queries.published_articles(session, first, first + 100):
            files = article_files(published(session, article), site)
            write_files(folder, files)
            made |= set(files)
            outside |= lists.files_touched_by(session, article, site, as_published)
    outside |= lists.every_page(session, site, as_published)
    outside = with_copies(outside | common_files(session, settings))
    for stale in paths_in(folder) - made - set(outside):
        remove(folder, stale)
    write_lists(folder, outside, settings)
    write_log(session, folder, settings)
