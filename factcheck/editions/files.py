"""Writing the public site's files so that each is whole or not there, also after a crash.

A file is written aside, synced and renamed over the old one. Compressed copies are made with it:
the same bytes give the same copies, so that a site can be made again byte for byte.

What surprises: a file's time is not that of its writing. Web servers make their ETag of its whole
seconds and the size, so each file is given a second that the one before it did not have, and that
its compressed copies cannot have.
"""

from __future__ import annotations

import fcntl
import gzip
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import brotli

from factcheck import clock
from factcheck.editions import unsent
from factcheck.editions.durable import sync_folder

COMPRESSED = {".html", ".json", ".jsonld", ".atom", ".xml", ".js", ".css", ".txt", ".svg"}
ASIDE = ".aside-"  # what a file is called until it is whole; see `clear_halves`
ENCODINGS = ("", ".gz", ".br")  # a file's second, divided by three, leaves its place here
Files = dict[str, bytes]
"""Path below the site's folder, with forward slashes → bytes."""


class SiteNotWritable(OSError):
    """The site's folder cannot be written; the message says where and why."""


def with_copies(files: Mapping[str, bytes]) -> Files:
    """Return the files with a `.gz` and a `.br` beside each that compresses."""
    found: Files = {}
    for path, data in files.items():
        found[path] = data
        if os.path.splitext(path)[1] in COMPRESSED:  # noqa: PTH122 - a site path, not a file's
            found[f"{path}.gz"] = gzip.compress(data, 9, mtime=0)
            found[f"{path}.br"] = brotli.compress(data, quality=9)
    return found


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files in their order; those that are there with the same bytes stay untouched.

    Raises SiteNotWritable, the old file still whole.
    """
    touched: set[Path] = set()
    target = folder
    try:
        changed = {path: data for path, data in files.items() if not _holds(folder / path, data)}
        unsent.note(folder, changed)
        for path, data in changed.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(target, data)
            touched.add(target.parent)
    except OSError as error:
        raise SiteNotWritable(f"{target}: {error.strerror or error}") from error
    for parent in touched:
        sync_folder(parent)


def _holds(file: Path, data: bytes) -> bool:
    return file.is_file() and file.read_bytes() == data


def _write(target: Path, data: bytes) -> None:
    aside, second = target.with_name(f"{ASIDE}{target.name}"), _second_for(target)
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.utime(file.fileno(), (second, second))
            os.fsync(file.fileno())
        aside.replace(target)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def _second_for(target: Path) -> int:
    """Return the time to give to a file: now or a little later, and later than the one before."""
    second = int(clock.now().timestamp())
    if target.exists():
        second = max(second, int(target.stat().st_mtime) + 1)
    place = ENCODINGS.index(target.suffix) if target.suffix in ENCODINGS else 0
    return second + (place - second) % len(ENCODINGS)


def remove(folder: Path, path: str) -> None:
    """Remove a file of the site, or a folder with all in it, if it is there."""
    target = folder / path
    if target.is_dir():
        unsent.note(folder, (f"{path}/{inside}" for inside in sorted(paths_in(target))))
        shutil.rmtree(target)
    elif target.exists():
        unsent.note(folder, [path])
        target.unlink()


def is_here(folder: Path) -> bool:
    """Whether the public site was made in this folder."""
    return (folder / "log" / "checkpoint").exists()


def paths_in(folder: Path) -> set[str]:
    """Return the paths of all files in the site's folder."""
    return {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.startswith(ASIDE)
    }


def paths_after(folder: Path, after: str) -> Iterator[str]:
    """Yield the paths of all files in the site's folder behind `after`, in order.

    Only folders that may hold such a path are looked into.
    """
    return _paths_after(folder, "", after)


def _paths_after(folder: Path, prefix: str, after: str) -> Iterator[str]:
    if not folder.is_dir():
        return  # it went meanwhile
    for name in sorted(f"{one.name}/" if one.is_dir() else one.name for one in folder.iterdir()):
        path = f"{prefix}{name}"
        if name.endswith("/"):
            if path > after or after.startswith(path):
                yield from _paths_after(folder / name, path, after)
        elif path > after and not name.startswith(ASIDE):
            yield path


def clear(folder: Path, keep: Collection[str]) -> None:
    """Remove every file of the site's folder that is not in `keep`, halves of files too."""
    unsent.note(folder, sorted(paths_in(folder) - set(keep)))
    for file in sorted(folder.rglob("*"), reverse=True):
        if file.is_dir() and not file.is_symlink():
            if not any(file.iterdir()):
                file.rmdir()
        elif file.relative_to(folder).as_posix() not in keep:
            file.unlink()


def clear_halves(folder: Path) -> None:
    """Remove what publishers who were killed left of files; for who publishes alone.

    A half file is written over with the next writing of the same path, else it stays until all of
    the site is made again or words are removed for good.
    """
    for half in folder.rglob(f"{ASIDE}*"):
        half.unlink()


@contextmanager
def only_publisher(folder: Path) -> Iterator[None]:
    """Wait until nobody else publishes to this folder, and keep others out for the block."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = folder.parent / f".{folder.name}.lock"
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
