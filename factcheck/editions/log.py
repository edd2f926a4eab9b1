"""The transparency log's arithmetic: an append-only Merkle tree, its proofs, notes and tiles.

Pure. Tree and proofs follow RFC 6962, checkpoints C2SP's signed-note and tlog-checkpoint, files
C2SP's tlog-tiles, so that anybody's tools can check the log.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from factcheck.failures import Failure

TILE_WIDTH = 256
TILE_HEIGHT = 8
ALGORITHM = b"\x01"  # Ed25519, as signed notes number it
LONGEST_ENTRY = 65_535  # bytes: an entry bundle has 16 bits for a length


class BadProof(Failure):
    """A proof, note or bundle does not say what it should, or not in its only form."""


def leaf_digest(entry: bytes) -> bytes:
    """Return the tree's digest of an entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_digest(left: bytes, right: bytes) -> bytes:
    """Return the digest of a node over two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf digests; of none it is the digest of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        paired = [node_digest(*level[i : i + 2]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]


def complete_nodes(size: int) -> list[tuple[int, int]]:
    """Return (level, position) of the complete subtrees that make up a tree, largest first."""
    nodes, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            nodes.append((level, start >> level))
            start += 1 << level
    return nodes


def root_from(nodes: Sequence[bytes]) -> bytes:
    """Return the root over the digests of `complete_nodes`, in that order."""
    if not nodes:
        return root_of([])
    root = nodes[-1]
    for digest in reversed(nodes[:-1]):
        root = node_digest(digest, root)
    return root


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of the leaf at `index`, from the leaf up (RFC 6962, 2.1.1)."""
    if len(leaves) <= 1:
        return []
    half = _half(len(leaves))
    if index < half:
        return [*inclusion_proof(leaves[:half], index), root_of(leaves[half:])]
    return [*inclusion_proof(leaves[half:], index - half), root_of(leaves[:half])]


def _half(size: int) -> int:
    return int(1 << ((size - 1).bit_length() - 1))


def check_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise BadProof unless `proof` shows `leaf` at `index` of the tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or any(len(digest) != 32 for digest in proof):
        raise BadProof("the index lies outside the tree")
    at, last, found = index, size - 1, leaf
    for digest in proof:
        if last == 0:
            raise BadProof("the proof is too long")
        if at & 1 or at == last:
            found = node_digest(digest, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_digest(found, digest)
        at, last = at >> 1, last >> 1
    if last or found != root:
        raise BadProof("the proof does not lead to the root")


def consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """Return the proof that the tree over the first `first` leaves is a prefix of this one."""
    return _subproof(leaves, first, known=True) if 0 < first <= len(leaves) else []


def _subproof(leaves: Sequence[bytes], first: int, *, known: bool) -> list[bytes]:
    size = len(leaves)
    if first == size:
        return [] if known else [root_of(leaves)]
    half = _half(size)
    if first <= half:
        return [*_subproof(leaves[:half], first, known=known), root_of(leaves[half:])]
    rest = _subproof(leaves[half:], first - half, known=False)
    return [*rest, root_of(leaves[:half])]


def check_consistency(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> None:
    """Raise BadProof unless the second tree only adds to the first (RFC 9162, 2.1.4.2)."""
    if not 0 <= first <= second or any(len(digest) != 32 for digest in proof):
        raise BadProof("the sizes are not in order")
    if first in (0, second):
        if proof or (first == second and first_root != second_root):
            raise BadProof("equal trees have equal roots and no proof")
        return
    path = list(proof)
    if first & (first - 1) == 0:
        path = [first_root, *path]
    if not path:
        raise BadProof("the proof is empty")
    _walk(path, first - 1, second - 1, first_root, second_root)


def _walk(path: list[bytes], at: int, last: int, first_root: bytes, second_root: bytes) -> None:
    while at & 1:
        at, last = at >> 1, last >> 1
    one = two = path[0]
    for digest in path[1:]:
        if last == 0:
            raise BadProof("the proof is too long")
        if at & 1 or at == last:
            one, two = node_digest(digest, one), node_digest(digest, two)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            two = node_digest(two, digest)
        at, last = at >> 1, last >> 1
    if last or one != first_root or two != second_root:
        raise BadProof("the proof does not lead to both roots")


def key_id(name: str, public: bytes) -> bytes:
    """Return the four bytes by which a signed note names a key."""
    return hashlib.sha256(name.encode() + b"\n" + ALGORITHM + public).digest()[:4]


def verifier_key(name: str, private: bytes) -> str:
    """Return the public key as signed notes write it: name, id, key."""
    public = public_key(private)
    return f"{name}+{key_id(name, public).hex()}+{_b64(ALGORITHM + public)}"


def parsed_key(text: str) -> tuple[str, bytes]:
    """Return (name, public key) of a verifier key; raise BadProof for another form."""
    name, _, rest = text.partition("+")
    mark, _, key = rest.partition("+")
    data = _unb64(key)
    if data[:1] != ALGORITHM or len(data) != 33 or key_id(name, data[1:]).hex() != mark:
        raise BadProof("this is no Ed25519 verifier key")
    return name, data[1:]


def public_key(private: bytes) -> bytes:
    """Return the public half of a key."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def signed_note(name: str, private: bytes, text: str) -> str:
    """Return `text` (which ends in a line feed) as a note signed by one key."""
    key = Ed25519PrivateKey.from_private_bytes(private)
    mark = key_id(name, key.public_key().public_bytes_raw())
    return f"{text}\n— {name} {_b64(mark + key.sign(text.encode()))}\n"


def checked_note(note: str, name: str, public: bytes) -> str:
    """Return the text of a note that carries exactly one signature, by that key; BadProof else."""
    text, parted, signature = note.rpartition("\n\n")
    prefix = f"— {name} "
    if not parted or not signature.startswith(prefix) or signature.count("\n") != 1:
        raise BadProof("the note is not signed by this key alone")
    data = _unb64(signature.removeprefix(prefix).removesuffix("\n"))
    if data[:4] != key_id(name, public):
        raise BadProof("the note is signed by another key")
    check_signature(public, data[4:], f"{text}\n".encode())
    return f"{text}\n"


def sign(private: bytes, data: bytes) -> str:
    """Return the Ed25519 signature of `data`, in base64."""
    return _b64(Ed25519PrivateKey.from_private_bytes(private).sign(data))


def check_signature(public: bytes, signature: bytes | str, data: bytes) -> None:
    """Raise BadProof unless `signature` (bytes or base64) is of `data` by that key."""
    raw = _unb64(signature) if isinstance(signature, str) else signature
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(raw, data)
    except InvalidSignature:
        raise BadProof("the signature is not of this text by this key") from None


def checkpoint(origin: str, size: int, root: bytes) -> str:
    """Return the text of a checkpoint, to be signed as a note."""
    return f"{origin}\n{size}\n{_b64(root)}\n"


def parsed_checkpoint(text: str) -> tuple[str, int, bytes]:
    """Return (origin, size, root) of a checkpoint's text; raise BadProof for another form."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[1].isascii() or not lines[1].isdigit():
        raise BadProof("this is no checkpoint")
    origin, size, root = lines[0], int(lines[1]), _unb64(lines[2])
    if str(size) != lines[1] or len(root) != 32:
        raise BadProof("this is no checkpoint")
    return origin, size, root


def tile_paths(size: int) -> list[tuple[int, int, int]]:
    """Return (level, index, width) of every hash tile of a log of that size."""
    tiles, level, wide = [], 0, size
    while wide:
        full, rest = divmod(wide, TILE_WIDTH)
        tiles += [(level, index, TILE_WIDTH) for index in range(full)]
        tiles += [(level, full, rest)] if rest else []
        level, wide = level + 1, wide >> TILE_HEIGHT
    return tiles


def kept_tiles(size: int) -> list[tuple[int, int, int]]:
    """Return every hash tile that is served: those of the log, and what its last ones were before.

    A reader who holds an older checkpoint asks for the narrower tiles until the full one is there.
    """
    return [
        (level, index, narrower)
        for level, index, width in tile_paths(size)
        for narrower in (range(1, width + 1) if width < TILE_WIDTH else (width,))
    ]


def tile_name(level: int | str, index: int, width: int) -> str:
    """Return a tile's path below `log/`; level "entries" is that of the entry bundles."""
    parts = [f"{index % 1000:03}"]
    while index := index // 1000:
        parts.insert(0, f"x{index % 1000:03}")
    partial = "" if width == TILE_WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(parts)}{partial}"


def entry_bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries as a bundle: each after its length in 16 bits."""
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            raise BadProof("an entry of the log is too long")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundled(data: bytes) -> list[bytes]:
    """Return the entries of a bundle; raise BadProof where it breaks off."""
    entries, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        entry = data[at + 2 : at + 2 + length]
        if len(data) < at + 2 or len(entry) != length:
            raise BadProof("the bundle breaks off")
        entries.append(entry)
        at += 2 + length
    return entries


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unb64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise BadProof("this is not base64") from None
    if _b64(data) != text:
        raise BadProof("this is base64 in another form than its only one")
    return data
