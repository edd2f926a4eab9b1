"""How near in meaning a claim is to earlier checks: their vectors, kept, against its own.

To compute a check's vector takes some hundredths of a second, so those of a set of checks are
kept in the user's cache folder, two bytes a number, under a digest of all that went into them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from factcheck.text.match import Check
from factcheck.text.minilm import DIGESTS, Minilm
from factcheck.text.words import ADDRESS, CAMEL

_CONTEXT_SHARE = 0.3  # of the vector with what stood before, beside the claim's own
_SETS_KEPT = 4  # in the cache folder, the newest
_RECIPE = "1"  # how a vector is made of a check; another one makes other vectors


class Nearness:
    """The vectors of checks, in their order."""

    def __init__(self, model: Minilm, vectors: Any) -> None:
        self._model = model
        self._vectors = vectors

    @classmethod
    def of(
        cls, checks: Sequence[Check], model: Minilm, *, folder: Path | None = None,
        computing: Callable[[], None] = lambda: None,
    ) -> Nearness:  # fmt: skip
        """Return the vectors of checks, from the cache `folder` where they are kept.

        `computing` is called before they are computed, which may take minutes.
        """
        import numpy as np  # noqa: PLC0415  part of the optional extra

        path = folder / f"{_digest(checks)}.f16" if folder else None
        width = model.width
        if path and path.is_file() and path.stat().st_size == 2 * width * len(checks):
            kept = np.fromfile(path, np.float16).reshape(-1, width)
            return cls(model, kept.astype(np.float32))
        computing()
        vectors = model.vectors([_plain(check.text) for check in checks]).astype(np.float16)
        if path:
            with suppress(OSError):  # a cache that cannot be written is none
                _keep(path, vectors)
        return cls(model, vectors.astype(np.float32))

    def nearness(self, text: str, before: str) -> Sequence[float]:
        """Return the cosine of the angle between a claim and each check."""
        texts = [_plain(text), _plain(f"{before} {text}")] if before else [_plain(text)]
        vectors = self._model.vectors(texts)
        vector = vectors[0] + _CONTEXT_SHARE * vectors[-1]
        found: Sequence[float] = self._vectors @ (vector / ((vector @ vector) ** 0.5 or 1.0))
        return found  # an array, which is read like a list

    def best(self, nearness: Sequence[float], most: int) -> Iterable[int]:
        """Return the places of the `most` nearest checks."""
        import numpy as np  # noqa: PLC0415

        if len(nearness) <= most:
            return range(len(nearness))
        places: list[int] = np.argpartition(nearness, -most)[-most:].tolist()
        return places


def _plain(text: str) -> str:
    """Return a text without addresses and signs of the net, hashtags as words."""
    return re.sub(r"[#@]", " ", CAMEL.sub(" ", ADDRESS.sub(" ", text)))


def _digest(checks: Sequence[Check]) -> str:
    digest = hashlib.sha256("\0".join([_RECIPE, *DIGESTS.values()]).encode())
    for check in checks:
        data = check.text.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:32]


def _keep(path: Path, vectors: Any) -> None:
    """Write vectors beside their place and move them there; forget the oldest sets."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".new", delete=False) as file:
        file.write(vectors.tobytes())
    Path(file.name).replace(path)
    kept = sorted(path.parent.glob("*.f16"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in kept[_SETS_KEPT:]:
        old.unlink(missing_ok=True)
