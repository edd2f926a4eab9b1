"""A whole installation as one archive: every row that is kept, copies of sources, a signed list.

A packed tar: `instance.json` (what it is), `tables/NAME.jsonl`, `archive/SHA256`, with secrets
`keys/NAME`, and last `manifest.json`, the digest of each file signed with the log's key. The same
rows give the same files, on either database.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy.orm import Session

from factcheck import clock, schema
from factcheck.config import Settings
from factcheck.db import db
from factcheck.editions import log, manifests, queries
from factcheck.editions.durable import sync_folder
from factcheck.editions.files import paths_in
from factcheck.exchange import tables
from factcheck.reviews import archive

FORMAT = "factcheck-instance/1"
KEYS = ("log-key", "secret-key")
_CHUNK = 1024 * 1024
_COPY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}")
Told = Callable[[int], None]


def size_of(session: Session, settings: Settings, *, with_secrets: bool) -> int:
    """Return how many rows and files go along, for saying how far it is."""
    counted = (
        tables.count(session, one, with_secrets=with_secrets)
        for one in tables.tables(with_secrets=with_secrets)
    )
    return sum(counted) + len(copies(settings))


def copies(settings: Settings) -> list[str]:
    """Return the digests of what is kept of sources, in order."""
    folder = settings.archive
    found = paths_in(folder) if folder.is_dir() else set()
    return sorted(path[3:] for path in found if _COPY.fullmatch(path))


def write(
    session: Session, target: Path, settings: Settings, *, with_secrets: bool,
    told: Told = lambda _number: None,
) -> list[str]:  # fmt: skip
    """Write the archive, all or nothing; return the digests of copies that are damaged, left out.

    Everything is as it stood at one moment. `told` hears how many rows and files more are done.
    """
    aside = target.with_name(f".{target.name}.aside")
    try:
        aside.touch(mode=0o600)
        with tarfile.open(aside, "w:gz", compresslevel=6) as file, _at_one_moment(session):
            damaged = _write(session, _Members(file), settings, with_secrets, told)
        with aside.open("rb") as written:
            os.fsync(written.fileno())
        aside.replace(target)
        sync_folder(target.absolute().parent)
    finally:
        aside.unlink(missing_ok=True)
    return damaged


@contextmanager
def _at_one_moment(session: Session) -> Iterator[None]:
    """Have the block read what was committed before it, and nothing later."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield
    finally:
        session.rollback()


class _Members:
    """The files of an archive, as they are written, and the digest of each."""

    def __init__(self, file: tarfile.TarFile) -> None:
        self._file = file
        self.digests: dict[str, str] = {}

    def add(self, name: str, data: IO[bytes]) -> None:
        """Add what a file holds from its beginning on."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = data.seek(0, io.SEEK_END), 0o600
        data.seek(0)
        self.digests[name] = _digest(data)
        data.seek(0)
        self._file.addfile(entry, data)


def _digest(data: IO[bytes]) -> str:
    made = hashlib.sha256()
    while part := data.read(_CHUNK):
        made.update(part)
    return made.hexdigest()


def _write(
    session: Session, members: _Members, settings: Settings, with_secrets: bool,  # noqa: FBT001
    told: Told,
) -> list[str]:  # fmt: skip
    members.add("instance.json", io.BytesIO(_about(session, settings, with_secrets=with_secrets)))
    for table in tables.tables(with_secrets=with_secrets):
        with tempfile.TemporaryFile(dir=settings.data) as file:
            for part in tables.rows(session, table, with_secrets=with_secrets):
                file.writelines(part)
                told(len(part))
            members.add(f"tables/{table.name}.jsonl", file)
    damaged = []
    for digest in copies(settings):
        data = archive.read(settings.archive, digest)
        if data is None:
            damaged.append(digest)
        else:
            members.add(f"archive/{digest}", io.BytesIO(data))
        told(1)
    if with_secrets:
        for name, key in keys_of(settings).items():
            members.add(f"keys/{name}", io.BytesIO(key.encode()))
    signed = manifests.signed(members.digests, settings.log_key)
    members.add("manifest.json", io.BytesIO(signed))
    return damaged


def keys_of(settings: Settings) -> dict[str, str]:
    """Return the keys of an installation, as the files of its data folder have them."""
    return dict(zip(KEYS, (settings.log_key.hex(), settings.secret_key), strict=True))


def _about(session: Session, settings: Settings, *, with_secrets: bool) -> bytes:
    size = queries.log_size(session)
    about: dict[str, Any] = {
        "format": FORMAT,
        "schema": schema.current(db.engine),
        "public_url": settings.public_url,
        "timezone": settings.timezone,
        "log_key": log.public_key(settings.log_key).hex(),
        "log_size": size,
        "log_root": queries.log_root(session, size).hex(),
        "size": size_of(session, settings, with_secrets=with_secrets),
        "with_secrets": with_secrets,
        "left_out": tables.left_out(with_secrets=with_secrets),
        "written_at": clock.now().isoformat(),
    }
    return json.dumps(about, indent=1, sort_keys=True).encode()
