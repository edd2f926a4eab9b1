"""Manifests: the SHA-256 of every file, signed with the log's key. Pure.

An article's manifest lists its files, an edition's its own. The files outside articles that grow
with the site (numbered pages, sitemaps, look-ups, copies of sources) are listed in 256 shards by
the digest of their path; the root manifest lists the rest, and the shards, so that publishing
touches a few of them only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from factcheck.editions.canonical import canonical, sha256
from factcheck.editions.log import BadProof, check_signature, sign

SHARDED = (
    "page/", "corrections/page/", "corrections/at-source/page/", "sitemaps/", "claimreviews/",
    "by-url/", "archive/",
)  # fmt: skip


def manifest(files: Mapping[str, bytes], key: bytes) -> bytes:
    """Return the signed manifest of `files`, by their paths below the manifest's folder."""
    return signed({path: sha256(data) for path, data in files.items()}, key)


def signed(digests: Mapping[str, str], key: bytes) -> bytes:
    """Return a manifest of these digests."""
    listed = dict(digests)
    signature = sign(key, canonical({"files": listed}).encode())
    return canonical({"files": listed, "signature": signature}).encode()


def checked(data: bytes, public: bytes) -> dict[str, str]:
    """Return the digests that a manifest lists; raise BadProof unless it is whole and signed."""
    try:
        value: Any = json.loads(data)
        digests, signature = dict(value["files"]), str(value["signature"])
        is_canonical = canonical(value).encode() == data
    except (ValueError, TypeError, KeyError):
        raise BadProof("this is no manifest") from None
    if not is_canonical or set(value) != {"files", "signature"}:
        raise BadProof("the manifest is not written in its only form")
    check_signature(public, signature, canonical({"files": digests}).encode())
    return digests


def shard_of(path: str) -> str:
    """Return the path of the shard that lists a sharded file and its compressed copies."""
    return f"manifests/{sha256(path.removesuffix('.gz').removesuffix('.br'))[:2]}.json"


def is_sharded(path: str) -> bool:
    """Whether a file outside articles is listed in a shard."""
    return path.startswith(SHARDED)
