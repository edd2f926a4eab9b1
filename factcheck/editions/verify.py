"""Checking a public site without trusting who runs it: the log, each edition's digest, each file.

Needs the site's files and nothing else: no database, no settings. The core is this file with `log`,
`canonical`, `manifests` and what `rules` says of where a record has words; whatever differs is
named by its path. Words may be missing only where the log says that they were withdrawn or removed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from factcheck.editions import log, manifests
from factcheck.editions.canonical import salted_digest, sha256
from factcheck.editions.log import BadProof
from factcheck.editions.rules import digests_of_claims, word_digests

Read = Callable[[str], bytes]
"""Path in the site → bytes; raises FileNotFoundError."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be: where, and what."""

    path: str
    sentence: str
    values: Mapping[str, str | int] = field(default_factory=dict)


class _Broken(Exception):
    """A problem of the log; everything else hangs on it, so that the check ends there."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class _Log:
    name: str
    public: bytes
    entries: list[dict[str, Any]]


def folder_reader(folder: Path) -> Read:
    """Return how to read the files of a folder; a link or a path out of it is not followed."""
    root = folder.resolve()

    def read(path: str) -> bytes:
        file = (root / path).resolve()
        if not file.is_relative_to(root) or not file.is_file():
            raise FileNotFoundError(path)
        return file.read_bytes()

    return read


@dataclass(slots=True)
class _Gone:
    """What the log says of an article that readers are not to find any more."""

    editions: set[str] = field(default_factory=set)  # digests of records
    claims: set[str] = field(default_factory=set)  # ids
    words: set[str] = field(default_factory=set)  # digests of words, removed for good


def verify(
    read: Read, present: set[str] | None = None, removed: list[Problem] | None = None
) -> Iterator[Problem]:
    """Yield every problem of a site; none means that it is as it was signed.

    `present` are the paths of all its files where they can be listed, as in a folder: those that
    no manifest lists are named then. What the log says was withdrawn or removed is no problem, and
    added to `removed`.
    """
    try:
        found = _checked_log(read)
    except _Broken as broken:
        yield broken.problem
        return
    except (BadProof, FileNotFoundError, ValueError) as error:
        yield _problem("log/checkpoint", error)
        return
    listed = {"log/key", "log/checkpoint", *_log_files(len(found.entries))}
    by_slug: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in found.entries:
        by_slug[str(entry["slug"])].append(entry)
    for slug, entries in by_slug.items():
        gone = _gone(entries)
        if removed is not None:
            removed += _said_removed(slug, entries, gone)
        yield from _article(read, slug, entries, gone, found.public, listed)
    yield from _root(read, found.public, listed)
    for path in sorted((present or set()) - listed):
        yield Problem(path, "no manifest lists this file")


def _problem(path: str, error: Exception) -> Problem:
    """Return what an error in reading or checking a file says of it."""
    if isinstance(error, FileNotFoundError):
        return Problem(str(error.args[0]), "this file is missing")
    if isinstance(error, BadProof):
        return Problem(path, error.sentence, error.values)
    return Problem(path, "this file is damaged: what is in it cannot be read")


def _checked_log(read: Read) -> _Log:
    try:
        key = read("log/key").decode()
        name, public = log.parsed_key(key[:-1])
    except (BadProof, ValueError) as error:
        raise _Broken(_problem("log/key", error)) from None
    if key != f"{key[:-1]}\n":
        raise _Broken(Problem("log/key", "it does not end in a line feed"))
    note = read("log/checkpoint").decode()
    origin, size, root = log.parsed_checkpoint(log.checked_note(note, name, public))
    if origin != name:
        raise BadProof("the checkpoint is of another log")
    leaves, entries = _entries(read, size)
    if log.root_of(leaves) != root:
        raise BadProof("its root is not that of the entries")
    _check_tiles(read, leaves)
    return _Log(name, public, entries)


def _entries(read: Read, size: int) -> tuple[list[bytes], list[dict[str, Any]]]:
    leaves, entries = [], []
    for level, index, width in log.tile_paths(size):
        if level:
            continue
        path = f"log/{log.tile_name('entries', index, width)}"
        try:
            bundle = log.unbundled(read(path))
            entries += [json.loads(entry) for entry in bundle]
        except (BadProof, ValueError) as error:
            raise _Broken(_problem(path, error)) from None
        if len(bundle) != width:
            held = {"entries": len(bundle), "width": width}
            raise _Broken(Problem(path, "it has %(entries)s entries, not %(width)s", held))
        leaves += [log.leaf_digest(entry) for entry in bundle]
        _check_narrower(read, bundle, index)
    return leaves, entries


def _check_narrower(read: Read, bundle: list[bytes], index: int) -> None:
    """Check what was served of a bundle that is not full while it had fewer entries."""
    for width in range(1, len(bundle) if len(bundle) < log.TILE_WIDTH else 1):
        path = f"log/{log.tile_name('entries', index, width)}"
        if read(path) != log.entry_bundle(bundle[:width]):
            raise _Broken(Problem(path, "it does not hold the first entries of the bundle"))


def _check_tiles(read: Read, leaves: list[bytes]) -> None:
    level_nodes = leaves
    level = 0
    for tile_level, index, width in log.kept_tiles(len(leaves)):
        while level < tile_level:
            level_nodes = _parents(level_nodes)
            level += 1
        path = f"log/{log.tile_name(tile_level, index, width)}"
        first = index * log.TILE_WIDTH
        if read(path) != b"".join(level_nodes[first : first + width]):
            raise _Broken(Problem(path, "it does not hold the digests of the entries"))


def _parents(nodes: list[bytes]) -> list[bytes]:
    """Return the nodes one tile level up: the roots of full runs of 256."""
    full = len(nodes) // log.TILE_WIDTH
    return [log.root_of(nodes[i * log.TILE_WIDTH : (i + 1) * log.TILE_WIDTH]) for i in range(full)]


def _log_files(size: int) -> Iterator[str]:
    for level, index, width in log.kept_tiles(size):
        yield f"log/{log.tile_name(level, index, width)}"
        if level == 0:
            yield f"log/{log.tile_name('entries', index, width)}"


def _gone(entries: list[dict[str, Any]]) -> _Gone:
    gone = _Gone()
    for entry in entries:
        if entry["kind"] == "purge":
            gone.words |= set(entry["digests"])
        elif entry["kind"] in {"withdrawal", "restoration"}:
            kept, key = (
                (gone.claims, str(entry["claim"])) if "claim" in entry
                else (gone.editions, str(entry["sha256"]))
            )  # fmt: skip
            (kept.add if entry["kind"] == "withdrawal" else kept.discard)(key)
    return gone


def _said_removed(slug: str, entries: list[dict[str, Any]], gone: _Gone) -> Iterator[Problem]:
    """Yield what the log says is withdrawn by now, or was removed for good."""
    for entry in entries:
        path = f"articles/{slug}/"
        if entry["kind"] == "purge":
            path += f"editions/{entry['number']}/content.json"
            told: dict[str, str | int] = {
                "count": len(entry["digests"]),
                "day": str(entry["at"])[:10],
            }
            yield Problem(path, "pieces of text removed for good on %(day)s: %(count)s", told)
        elif entry["kind"] == "edition" and entry["sha256"] in gone.editions:
            yield Problem(f"{path}editions/{entry['number']}/", "this edition is withdrawn")
    for claim in sorted(gone.claims):
        yield Problem(f"articles/{slug}/claims/{claim}/", "this claim is withdrawn")


def _article(
    read: Read, slug: str, entries: list[dict[str, Any]], gone: _Gone, public: bytes,
    listed: set[str],
) -> Iterator[Problem]:  # fmt: skip
    previous = None
    for entry in entries:
        if entry["kind"] != "edition":
            continue
        folder = f"articles/{slug}/editions/{entry['number']}/"
        if entry["previous"] != previous:
            yield Problem(f"{folder}edition.json", "the log's chain of editions is broken here")
        previous = str(entry["sha256"])
        yield from _edition(read, folder, previous, gone)
        yield from _files_of(read, folder, public, listed)
    yield from _newest(read, slug, entries, gone.editions)
    yield from _files_of(read, f"articles/{slug}/", public, listed)


def _newest(
    read: Read, slug: str, entries: list[dict[str, Any]], withdrawn: set[str]
) -> Iterator[Problem]:
    """Check that an article shows the newest of its editions that was not withdrawn."""
    published = [str(entry["sha256"]) for entry in entries if entry["kind"] == "edition"]
    standing = [digest for digest in published if digest not in withdrawn] or published
    path = f"articles/{slug}/edition.json"
    try:
        if sha256(read(path)) != standing[-1]:
            yield Problem(path, "this is not the newest edition in the log")
    except FileNotFoundError:
        return  # its manifest names it


def _edition(read: Read, folder: str, digest: str, gone: _Gone) -> Iterator[Problem]:
    try:
        data = read(f"{folder}edition.json")
        contents = _contents(read(f"{folder}content.json"))
    except FileNotFoundError as error:
        yield _problem(folder, error)
        return
    except ValueError:
        yield Problem(f"{folder}content.json", "this is not what holds an edition's words")
        return
    if sha256(data) != digest:
        yield Problem(f"{folder}edition.json", "its digest is not the one in the log")
        return
    for name, kept in contents.items():
        is_kept = "text" not in kept or salted_digest(kept["salt"], kept["text"]) == name
        if not is_kept or f'"{name}"'.encode() not in data:
            behind = {"digest": name[:16]}
            yield Problem(
                f"{folder}content.json", "the words behind %(digest)s… were changed", behind
            )
    yield from _left(f"{folder}content.json", json.loads(data), set(contents), digest, gone)


def _left(
    path: str, record: dict[str, Any], names: set[str], digest: str, gone: _Gone
) -> Iterator[Problem]:
    """Check that an edition's words are all there, but for what the log says is gone."""
    if digest in gone.editions:
        if names:
            yield Problem(path, "the edition was withdrawn and its words are here")
        return
    withdrawn = digests_of_claims(record, gone.claims)
    if names & withdrawn:
        yield Problem(path, "a claim was withdrawn and its words are here")
    if names & gone.words:
        yield Problem(path, "words that were removed for good are here")
    for name in sorted(set(word_digests(record)) - names - withdrawn - gone.words):
        behind = {"digest": name[:16]}
        yield Problem(path, "the words behind %(digest)s… are missing", behind)


def _contents(data: bytes) -> dict[str, dict[str, str]]:
    """Return the words of an edition by their digest; raise ValueError for another shape."""
    contents = json.loads(data)
    if not isinstance(contents, dict):
        raise ValueError("no object")  # noqa: TRY004 - bad data, as where it is no JSON at all
    for kept in contents.values():
        is_known = isinstance(kept, dict) and set(kept) in ({"salt"}, {"salt", "text"})
        if not is_known or not all(isinstance(value, str) for value in kept.values()):
            raise ValueError("no words with their salt")
    return contents


def _files_of(read: Read, folder: str, public: bytes, listed: set[str]) -> Iterator[Problem]:
    """Check the files that the manifest of a folder lists, and note that they are listed."""
    path = f"{folder}manifest.json"
    listed.add(path)
    try:
        digests = manifests.checked(read(path), public)
    except (BadProof, FileNotFoundError) as error:
        yield _problem(path, error)
        return
    yield from _listed_files(read, folder, digests, listed)


def _listed_files(
    read: Read, folder: str, digests: dict[str, str], listed: set[str]
) -> Iterator[Problem]:
    for name, digest in digests.items():
        listed.add(f"{folder}{name}")
        try:
            if sha256(read(f"{folder}{name}")) != digest:
                yield Problem(f"{folder}{name}", "its digest is not the one in the manifest")
        except FileNotFoundError:
            yield Problem(f"{folder}{name}", "this file is missing")


def _root(read: Read, public: bytes, listed: set[str]) -> Iterator[Problem]:
    yield from _files_of(read, "", public, listed)
    for shard in sorted(path for path in listed if path.startswith("manifests/")):
        try:
            digests = manifests.checked(read(shard), public)
        except (BadProof, FileNotFoundError) as error:
            yield _problem(shard, error)
            continue
        yield from _listed_files(read, "", digests, listed)
