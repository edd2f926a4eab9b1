"""The log as files: its tiles and entries, its key, and the signed note of how far it goes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from factcheck.config import Settings
from factcheck.editions import log, queries
from factcheck.editions.files import Files, remove, write_files


def origin(settings: Settings) -> str:
    """Return the name of the log: the public address without its scheme."""
    parts = urlsplit(settings.public_url)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def write_log(session: Session, folder: Path, settings: Settings) -> None:
    """Write what the log has more than its files, its key, and the checkpoint last."""
    size = queries.log_size(session)
    tiles = log.kept_tiles(size)
    write_files(folder, log_files(session, [
        tile for tile in tiles if not (folder / _log_path(*tile)).exists()
    ], settings))  # fmt: skip
    write_checkpoint(session, folder, size, settings)
    _drop_filled_partials(folder, tiles)


def log_files(session: Session, tiles: Iterable[tuple[int, int, int]], settings: Settings) -> Files:
    """Return these tiles of the log with their entries, and the key that its notes are read by."""
    files: Files = {}
    for level, index, width in tiles:
        files[_log_path(level, index, width)] = queries.tile_digests(session, level, index, width)
        if level == 0:
            first = index * log.TILE_WIDTH
            entries = queries.entries_between(session, first, first + width)
            files[_log_path("entries", index, width)] = log.entry_bundle(entries)
    files["log/key"] = f"{log.verifier_key(origin(settings), settings.log_key)}\n".encode()
    return files


def write_checkpoint(session: Session, folder: Path, size: int, settings: Settings) -> None:
    """Write the signed note of the log at that size."""
    name = origin(settings)
    text = log.checkpoint(name, size, queries.log_root(session, size))
    note = log.signed_note(name, settings.log_key, text).encode()
    write_files(folder, {"log/checkpoint": note})


def _log_path(level: int | str, index: int, width: int) -> str:
    return f"log/{log.tile_name(level, index, width)}"


def _drop_filled_partials(folder: Path, tiles: Iterable[tuple[int, int, int]]) -> None:
    """Remove the narrower tiles of the newest full one of each level: nobody needs them now."""
    newest = {level: index for level, index, width in tiles if width == log.TILE_WIDTH}
    for level, index in newest.items():
        for kind in (level, "entries") if level == 0 else (level,):
            remove(folder, f"{_log_path(kind, index, log.TILE_WIDTH)}.p")
