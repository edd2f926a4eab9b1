"""What of the public site an object store does not have yet; on disk beside the site's folder.

A file's path is noted before the file is written, so that whatever dies, and when, nothing that
changed is forgotten. Who sends takes a batch: hard links to the files as they stand together at one
moment, so that sending needs no lock and what is published meanwhile waits for the next one. Each
link goes when its file was sent: what was begun is gone on with, not begun again.

The state lies in `.NAME.store` beside the folder NAME, and only where the site goes to a store:
`address`, `unsent` (a path a line), `batch/`, and, while all is to be held against what the store
lists, `compare` (the path up to which that was done) and `differing` (what was found so far).
All but `note` and `owed` is called by one at a time.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from factcheck.editions.durable import sync_folder


@dataclass(frozen=True, slots=True)
class Batch:
    """Files as they stood together, below `folder`, and the paths that were there no longer."""

    folder: Path
    gone: list[str]

    def paths(self) -> list[str]:
        """Return the paths of the files that were not sent yet."""
        files = self.folder / "files"
        return sorted(
            file.relative_to(files).as_posix() for file in files.rglob("*") if file.is_file()
        )

    def read(self, path: str) -> bytes:
        """Return a file as it stood when the batch was taken."""
        return (self.folder / "files" / path).read_bytes()

    def sent(self, path: str) -> None:
        """Leave a file out from now on."""
        (self.folder / "files" / path).unlink(missing_ok=True)

    def done(self) -> None:
        """Forget the batch: all of it was sent."""
        shutil.rmtree(self.folder)


def follow(folder: Path, address: str) -> None:
    """Note from now on what changes in the site's `folder`, for the store at `address`.

    Everything is to be compared where that is another store than before.
    """
    state = _state(folder)
    file = state / "address"
    if file.exists() and file.read_text(encoding="utf-8") == address:
        return
    state.mkdir(parents=True, exist_ok=True)
    ask_to_compare(folder)
    file.write_text(address, encoding="utf-8")


def forget(folder: Path) -> None:
    """Note nothing any more: the site goes to no store."""
    if _state(folder).exists():
        shutil.rmtree(_state(folder))


def ask_to_compare(folder: Path) -> None:
    """Have all of the site compared with what the store lists, from the beginning."""
    (_state(folder) / "differing").unlink(missing_ok=True)
    (_state(folder) / "compare").write_text("", encoding="utf-8")


def is_to_compare(folder: Path) -> bool:
    """Whether all of the site is to be compared with what the store lists."""
    return (_state(folder) / "compare").exists()


def compared_to(folder: Path) -> str:
    """Return the path up to which the site was compared, while it is to be."""
    return (_state(folder) / "compare").read_text(encoding="utf-8")


def compared(folder: Path, differing: Iterable[str], to: str) -> None:
    """Note what differs from the store, and that all was compared up to the path `to`."""
    _append(_state(folder) / "differing", differing)
    (_state(folder) / "compare").write_text(to, encoding="utf-8")


def all_compared(folder: Path) -> None:
    """Have sent what was found to differ, now that all of it is known."""
    state = _state(folder)
    note(folder, _lines(state / "differing"))
    (state / "compare").unlink(missing_ok=True)
    (state / "differing").unlink(missing_ok=True)


def note(folder: Path, paths: Iterable[str]) -> None:
    """Note that these files are about to change; nothing where the site goes to no store."""
    if _state(folder).exists():
        _append(_state(folder) / "unsent", paths)


def _append(target: Path, paths: Iterable[str]) -> None:
    lines = "".join(f"{path}\n" for path in paths)
    if not lines:
        return
    with target.open("a", encoding="utf-8") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(target.parent)


def owed(folder: Path) -> int:
    """Return how many files the store is behind by, as far as that is known here."""
    state = _state(folder)
    batch = state / "batch"
    begun = Batch(batch, _lines(batch / "gone"))
    sending = {*begun.paths(), *begun.gone} if batch.exists() else set()
    return len(sending | set(_lines(state / "unsent")))


def take(folder: Path) -> Batch | None:
    """Return the batch that was begun, else one of all that is unsent; None for nothing."""
    state = _state(folder)
    batch, unsent = state / "batch", state / "unsent"
    if not batch.exists():
        paths = sorted(set(_lines(unsent)))
        if not paths:
            return None
        _gather(folder, paths, state / "gathering").rename(batch)
        sync_folder(state)
        unsent.unlink()
    return Batch(batch, _lines(batch / "gone"))


def _gather(folder: Path, paths: Iterable[str], target: Path) -> Path:
    if target.exists():  # somebody died over it
        shutil.rmtree(target)
    (target / "files").mkdir(parents=True)
    gone = []
    for path in paths:
        if (folder / path).is_file():
            copy = target / "files" / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            _link(folder / path, copy)
        else:
            gone.append(f"{path}\n")
    with (target / "gone").open("w", encoding="utf-8") as file:
        file.write("".join(gone))
        file.flush()
        os.fsync(file.fileno())  # what is only named here would stay in the store for good
    sync_folder(target)
    return target


def _link(file: Path, target: Path) -> None:
    """Give a file a second name, which keeps its bytes when it is replaced; copy where none can."""
    try:
        target.hardlink_to(file)
    except OSError:
        shutil.copyfile(file, target)


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def _state(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.store"
