"""How near in meaning a claim is to earlier checks: their vectors, kept, against its own.

To compute a check's vector takes some hundredths of a second. Those of a whole set of checks are
kept in the user's cache folder, two bytes a number, under a digest of all that went into them;
those of the few that a page compares, in the memory of the process.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from factcheck.text.match import Check
from factcheck.text.minilm import DIGESTS, Minilm, NoEmbedding
from factcheck.text.words import ADDRESS, CAMEL

_log = logging.getLogger(__name__)
_CONTEXT_SHARE = 0.3  # of the vector with what stood before, beside the claim's own
_SETS_KEPT = 4  # in the cache folder, the newest
_KEPT = 10_000  # vectors in the memory of a process: 15 MB
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


class NearnessOfFew:
    """How near those checks are that words have found already: no other is computed."""

    def __init__(self, model: Minilm, checks: Sequence[Check]) -> None:
        self._model = model
        self._checks = checks

    def nearness(self, text: str, before: str) -> Sequence[float]:
        """Return the cosine of the angle between a claim and each check, computed when read."""
        vector = _vector(self._model, _plain(text))
        whole = _vector(self._model, _plain(f"{before} {text}")) if before else vector
        mean = vector + _CONTEXT_SHARE * whole
        return _Nearness(self._model, self._checks, mean / ((mean @ mean) ** 0.5 or 1.0))

    def best(self, nearness: Sequence[float], most: int) -> Iterable[int]:  # noqa: ARG002
        """Return no place: what shares no word with a claim is not looked for."""
        return ()


class _Nearness(Sequence[float]):
    """A number for each check that is made when it is asked for."""

    def __init__(self, model: Minilm, checks: Sequence[Check], vector: Any) -> None:
        self._model = model
        self._checks = checks
        self._own = vector

    def __len__(self) -> int:
        return len(self._checks)

    def __getitem__(self, place: Any) -> Any:
        return float(_vector(self._model, _plain(self._checks[place].text)) @ self._own)


@lru_cache(maxsize=_KEPT)
def _vector(model: Minilm, text: str) -> Any:
    return model.vectors([text])[0]


@cache
def installed() -> Minilm | None:
    """Return the model of the optional extra, read once in a process; None where there is none."""
    if not Minilm.is_installed():
        return None
    try:
        return Minilm.installed()
    except NoEmbedding as refused:  # words alone then, as without it
        _log.warning("%s", refused)
        return None


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
