"""What is said with each file of the public site, and what a caller's headers ask for. Pure.

Everything is revalidated by its ETag at each use, so that a correction is seen at once; only what
carries its own digest in its name may be kept for ever.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import PurePosixPath

from factcheck.editions.policy import CONTENT_POLICY

PREFERENCE = ("br", "gzip", "identity")  # ours, where a caller likes several equally

_TEXT = "; charset=utf-8"
_TYPES = {
    ".html": "text/html" + _TEXT,
    ".css": "text/css" + _TEXT,
    ".js": "text/javascript" + _TEXT,
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".jsonld": "application/ld+json",
    ".atom": "application/atom+xml" + _TEXT,
    ".xml": "application/xml" + _TEXT,
    ".txt": "text/plain" + _TEXT,
    ".svg": "image/svg+xml" + _TEXT,
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".pdf": "application/pdf",
    ".gz": "application/gzip",
}
_BY_PATH = {
    "/feed.json": "application/feed+json",
    "/log/checkpoint": "text/plain" + _TEXT,
    "/log/key": "text/plain" + _TEXT,
}
_COMPRESSIBLE = {
    ".html",
    ".css",
    ".js",
    ".json",
    ".jsonl",
    ".jsonld",
    ".atom",
    ".xml",
    ".txt",
    ".svg",
}
_SHARED = {".json", ".jsonl", ".jsonld", ".js", ".atom", ".css"}  # pages elsewhere may read them

_EVERYWHERE = "public, max-age=31536000, immutable"
_DIGEST = re.compile(r"(?<![0-9a-z])[0-9a-f]{16,64}(?![0-9a-z])")
_FRAMED = re.compile(r"/articles/[^/]+/(?:embed|claims/[^/]+/card)/(?:index\.html)?")
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_FULL_TILE = re.compile(r"/log/tile/(?:[0-9]+|data|entries)/(?:x[0-9]{3}/)*[0-9]{3}")


def headers_of(path: str, file: str, *, https: bool) -> list[tuple[str, str]]:
    """Return the headers of a file at `path`, without those of one encoding."""
    suffix = PurePosixPath(file).suffix
    headers = [
        ("Content-Type", content_type(path, file)),
        ("Cache-Control", _EVERYWHERE if is_immutable(path) else "no-cache"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ]
    if suffix in _COMPRESSIBLE:
        headers.append(("Vary", "Accept-Encoding"))
    if suffix in _SHARED:
        headers.append(("Access-Control-Allow-Origin", "*"))
    if policy := content_policy(path, suffix):
        headers.append(("Content-Security-Policy", policy))
    if https:
        headers.append(("Strict-Transport-Security", "max-age=31536000"))
    return headers


def content_type(path: str, file: str) -> str:
    """Return the media type of a file by its address, else by its name."""
    if path.startswith("/archive/"):
        return "text/plain" + _TEXT
    by_name = _TYPES.get(PurePosixPath(file).suffix, "application/octet-stream")
    return _BY_PATH.get(path, by_name)


def content_policy(path: str, suffix: str) -> str:
    """Return the Content-Security-Policy of a page, "" for what a browser does not show."""
    if path.startswith("/archive/"):
        return "sandbox; default-src 'none'; frame-ancestors 'none'"
    if suffix not in {".html", ".svg"}:
        return ""
    ancestors = "*" if _FRAMED.fullmatch(path) else "'none'"
    return f"{CONTENT_POLICY}; frame-ancestors {ancestors}"


def is_immutable(path: str) -> bool:
    """Whether what lies at `path` never changes: its name holds its digest, or a tile is full."""
    if _FULL_TILE.fullmatch(path):
        return True
    name = path.rpartition("/")[2]
    return not path.startswith("/by-url/") and _DIGEST.search(name) is not None


class OutOfRange(ValueError):
    """A caller asks for bytes that the body does not have."""


def range_of(asked: str, if_range: str, etag: str, size_bytes: int) -> tuple[int, int] | None:
    """Return first and last byte of the one range that a caller asks for, None for the whole body.

    The whole goes out as well where the range cannot be read, where several are asked for, and
    where the caller has a part of another body. Raises OutOfRange.
    """
    found = _RANGE.fullmatch(asked.strip())
    if found is None or (if_range and if_range != etag):
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    if not first:
        start, end = max(size_bytes - int(last), 0), size_bytes - 1
    else:
        start, end = int(first), min(int(last or size_bytes), size_bytes - 1)
        if last and int(last) < start:
            return None
    if start >= size_bytes or end < start:
        raise OutOfRange
    return start, end


def is_compressible(file: str) -> bool:
    """Whether a file is sent compressed to those who take it."""
    return PurePosixPath(file).suffix in _COMPRESSIBLE


def matches(if_none_match: str, etag: str) -> bool:
    """Whether a caller already has the body of that `etag` (compared weakly, as RFC 9110 says)."""
    if if_none_match == etag or if_none_match.strip() == "*":
        return True
    return etag in (part.strip().removeprefix("W/") for part in if_none_match.split(","))


@lru_cache(maxsize=256)
def encodings(accepted: str) -> tuple[str, ...]:
    """Return the encodings that an Accept-Encoding takes, the best liked first, never none.

    Where a caller refuses them all, the body goes out as it is.
    """
    weights = _weights(accepted)
    others = weights.get("*", 0.0)
    identity = weights.get("identity", weights.get("*", 0.0001))  # taken unless it is refused
    liked = {name: weights.get(name, others) for name in ("br", "gzip")} | {"identity": identity}
    found = [name for name in PREFERENCE if liked[name] > 0]
    found.sort(key=lambda name: -liked[name])
    return tuple(found) or ("identity",)


def _weights(accepted: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in accepted[:1000].lower().split(","):
        name, _, parameters = part.partition(";")
        coding = {"x-gzip": "gzip"}.get(name.strip(), name.strip())
        if coding:
            weights[coding] = _quality(parameters)
    return weights


def _quality(parameters: str) -> float:
    """Return the q of an encoding, 1 where it is not given, 0 where it cannot be read."""
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    if not re.fullmatch(r"[01](?:\.[0-9]{0,3})?", value.strip()):
        return 0.0
    return min(float(value), 1.0)
