"""The public site's files, answered before Flask is reached.

A page view costs a look into a dictionary and one `stat`: bodies lie in memory as they are sent,
one for each encoding, and are read anew when the file's time, size or inode has changed. What
surprises: a compressed file beside a page counts only if it unpacks to that very page, so that a
page that was just replaced is never answered with the compressed copy of the one before it.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import threading
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import brotli

from factcheck.readers.headers import (
    OutOfRange,
    encodings,
    headers_of,
    is_compressible,
    matches,
    range_of,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_CACHED_BYTES = 24 * 1024 * 1024  # of bodies kept in memory, all encodings together
LARGEST_CACHED_BYTES = 2 * 1024 * 1024  # a larger file is read for each answer
LONGEST_PATH = 1024
NOT_FOUND = "/404.html"
_OF_A_WHOLE = {"ETag", "Accept-Ranges"}  # not said of the page that stands for a missing one
_SUFFIXES = {"gzip": ".gz", "br": ".br"}

Headers = list[tuple[str, str]]
Signature = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Variant:
    """A body in one encoding, with all headers of its 200 and of its 304."""

    etag: str
    body: bytes
    headers: Headers
    unchanged: Headers
    is_plain: bool  # not compressed; parts are sent of these alone, as nginx does


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as it was read: from where, its signature then, and its body in each encoding.

    `copy` is the signature of the `.br` beside it, which may be written after the page.
    """

    file: str
    signature: Signature | None
    copy: Signature | None
    variants: dict[str, Variant]
    size_bytes: int

    def is_fresh(self) -> bool:
        """Whether the file is still the one that was read."""
        return _signature(self.file) == self.signature

    def is_whole(self) -> bool:
        """Whether its `.br` copy is still as it was, there or not there."""
        return _signature(self.file + _SUFFIXES["br"]) == self.copy


class SiteFiles:
    """A WSGI layer: files of `folder` for GET and HEAD, everything else from the application."""

    def __init__(self, application: WSGIApplication, folder: Path, *, https: bool) -> None:
        self._application = application
        self._folder = folder
        self._https = https
        self._entries: dict[str, Entry] = {}
        self._cached_bytes = 0
        self._guard = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request from the folder, or hand it on."""
        method = environ["REQUEST_METHOD"]
        if method not in {"GET", "HEAD"}:
            return self._application(environ, start_response)
        path = environ["PATH_INFO"]
        entry = self._entry(path)
        if entry is None:
            return self._elsewhere(path, environ, start_response)
        variant = self._choose(path, entry, environ.get("HTTP_ACCEPT_ENCODING", ""))
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and matches(known, variant.etag):
            start_response("304 Not Modified", variant.unchanged)
            return [b""]
        if method == "GET" and "HTTP_RANGE" in environ and variant.is_plain:
            return _part(variant, environ, start_response)
        start_response("200 OK", variant.headers)
        return [variant.body if method == "GET" else b""]

    def _entry(self, path: str) -> Entry | None:
        entry = self._entries.get(path)
        return entry if entry is not None and entry.is_fresh() else self._read(path)

    def _choose(self, path: str, entry: Entry, accepted: str) -> Variant:
        """Return the body in the encoding that the caller likes best."""
        liked = encodings(accepted)
        if liked[0] not in entry.variants and not entry.is_whole():
            entry = self._read(path) or entry
        for encoding in liked:
            if encoding in entry.variants:
                return entry.variants[encoding]
        return entry.variants["identity"]

    def _read(self, path: str) -> Entry | None:
        """Read the file behind `path` into memory and return it; None where there is none."""
        file = self._file(path)
        entry = None if file is None else _read_entry(path, file, https=self._https)
        with self._guard:
            old = self._entries.pop(path, None)
            self._cached_bytes -= old.size_bytes if old else 0
            if entry is not None and entry.size_bytes <= LARGEST_CACHED_BYTES:
                self._make_room(entry.size_bytes)
                self._entries[path] = entry
                self._cached_bytes += entry.size_bytes
        return entry

    def _make_room(self, size_bytes: int) -> None:
        """Forget those read longest ago until `size_bytes` more may be kept."""
        while self._entries and self._cached_bytes + size_bytes > MOST_CACHED_BYTES:
            oldest = next(iter(self._entries))
            self._cached_bytes -= self._entries.pop(oldest).size_bytes

    def _file(self, path: str) -> str | None:
        """Return the file that `path` names, its folder's index for a folder; None outside."""
        segments = _segments(path)
        if segments is None:
            return None
        if segments[-1] == "":
            segments[-1] = "index.html"
        file = os.path.realpath(self._folder.joinpath(*segments))
        root = os.path.realpath(self._folder)
        return file if file.startswith(root + os.sep) and Path(file).is_file() else None

    def _elsewhere(
        self, path: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Send the caller of a folder without its slash to it; ask the application for the rest."""
        if path.endswith("/") or self._file(path + "/") is None:
            return self._asked(environ, start_response)
        query = environ.get("QUERY_STRING")
        place = quote(path.encode("latin-1")) + "/" + (f"?{query}" if query else "")
        start_response(
            "301 Moved Permanently",
            [("Location", place), ("Content-Length", "0"), ("Cache-Control", "no-cache")],
        )
        return [b""]

    def _asked(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Ask the application. A reader whom it has nothing for gets the site's page that says so.

        Who sends a cookie works here and keeps the application's own page.
        """
        if "HTTP_COOKIE" in environ:
            return self._application(environ, start_response)
        page: Variant | None = None

        def start(status: str, headers: Headers, *failure: Any) -> Any:
            nonlocal page
            if status.startswith("404") and _is_page(headers):
                page = self._not_found(environ)
            if page is not None:
                headers = [header for header in page.headers if header[0] not in _OF_A_WHOLE]
            return start_response(status, headers, *failure)

        answer = self._application(environ, start)
        if page is None:
            return answer
        if callable(close := getattr(answer, "close", None)):
            close()
        return [page.body if environ["REQUEST_METHOD"] == "GET" else b""]

    def _not_found(self, environ: WSGIEnvironment) -> Variant | None:
        entry = self._entry(NOT_FOUND)
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        return None if entry is None else self._choose(NOT_FOUND, entry, accepted)


def _part(
    variant: Variant, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Answer with the bytes that are asked for."""
    size_bytes, if_range = len(variant.body), environ.get("HTTP_IF_RANGE", "")
    try:
        asked = range_of(environ["HTTP_RANGE"], if_range, variant.etag, size_bytes)
    except OutOfRange:
        start_response(
            "416 Range Not Satisfiable",
            [("Content-Range", f"bytes */{size_bytes}"), ("Content-Length", "0")],
        )
        return [b""]
    if asked is None:
        start_response("200 OK", variant.headers)
        return [variant.body]
    first, last = asked
    headers = [one for one in variant.headers if one[0] not in {"Content-Length", "Accept-Ranges"}]
    headers.append(("Content-Length", str(last - first + 1)))
    headers.append(("Content-Range", f"bytes {first}-{last}/{size_bytes}"))
    start_response("206 Partial Content", headers)
    return [variant.body[first : last + 1]]


def _is_page(headers: Headers) -> bool:
    return any(name == "Content-Type" and value.startswith("text/html") for name, value in headers)


def _segments(path: str) -> list[str] | None:
    """Return the names in a path, the last one empty for a folder; None for one we never have."""
    if not path.startswith("/") or len(path) > LONGEST_PATH:
        return None
    try:
        segments = path.encode("latin-1").decode("utf-8")[1:].split("/")
    except UnicodeError:
        return None
    if any(name == "" or name.startswith(".") for name in segments[:-1]):
        return None
    if segments[-1].startswith(".") or "\0" in path or "\\" in path:
        return None
    return segments


def _read_entry(path: str, file: str, *, https: bool) -> Entry | None:
    """Return the file with its copies; None when it went away meanwhile."""
    signature, copy = _signature(file), _signature(file + _SUFFIXES["br"])
    try:
        body = Path(file).read_bytes()
    except OSError:
        return None
    bodies = {"identity": body}
    if is_compressible(file):
        bodies.update(_compressed(file, body))
    variants = {
        encoding: _variant(path, file, encoding, packed, https=https)
        for encoding, packed in bodies.items()
    }
    size_bytes = sum(len(packed) for packed in bodies.values())
    return Entry(file, signature, copy, variants, size_bytes)


def _compressed(file: str, body: bytes) -> dict[str, bytes]:
    """Return the body as the copies beside it hold it; gzip is made here where it is missing."""
    found: dict[str, bytes] = {}
    for encoding, suffix in _SUFFIXES.items():
        try:
            packed = Path(file + suffix).read_bytes()
        except OSError:
            continue
        if _unpacks_to(packed, encoding, body):
            found[encoding] = packed
    found.setdefault("gzip", gzip.compress(body, 6, mtime=0))
    return found


def _unpacks_to(packed: bytes, encoding: str, body: bytes) -> bool:
    try:
        unpacked = gzip.decompress(packed) if encoding == "gzip" else brotli.decompress(packed)
    except (OSError, EOFError, zlib.error, brotli.error):
        return False
    return bool(unpacked == body)


def _variant(path: str, file: str, encoding: str, body: bytes, *, https: bool) -> Variant:
    mark = {"identity": "", "gzip": "-gz", "br": "-br"}[encoding]
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}{mark}"'
    headers = [*headers_of(path, file, https=https), ("ETag", etag)]
    unchanged = list(headers)
    headers.append(("Content-Length", str(len(body))))
    is_plain = encoding == "identity"
    headers.append(("Accept-Ranges", "bytes") if is_plain else ("Content-Encoding", encoding))
    return Variant(etag, body, headers, unchanged, is_plain)


def _signature(file: str) -> Signature | None:
    """Return what tells a file from the one that replaces it; None where there is none."""
    try:
        found = os.stat(file)  # noqa: PTH116 - the hot path
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
