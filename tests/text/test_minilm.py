"""Vectors of sentences: pieces, a model of the same form but tiny, and the real one where it is."""

from __future__ import annotations

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from factcheck.cli.text_documents import match
from factcheck.text.match import Check, Checks
from factcheck.text.minilm import PACKAGE, Minilm, NoEmbedding
from factcheck.text.nearness import Nearness, NearnessOfFew, installed
from factcheck.text.wordpiece import WordPiece

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "bees", "die", "##d", "tax", "##es", ".", "rise", "e"]
needs_numpy = pytest.mark.skipif(find_spec("numpy") is None, reason="numpy is not installed")
needs_extra = pytest.mark.skipif(
    find_spec("numpy") is None or find_spec(PACKAGE) is None,
    reason="the extra “embedding” is not installed",
)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Bees died.", ["bees", "die", "##d", "."]),
        ("  TÁXES\trise\x00 ", ["tax", "##es", "rise"]),
        ("taxi é 中", ["[UNK]", "e", "[UNK]"]),
        ("e" * 101, ["[UNK]"]),
        ("", []),
    ],
)
def test_words_are_cut_into_known_pieces(text: str, pieces: list[str]):
    ids = WordPiece(PIECES).ids(text, 256)

    assert [PIECES[one] for one in ids] == ["[CLS]", *pieces, "[SEP]"]


def test_no_more_pieces_are_read_than_asked_for():
    ids = WordPiece(PIECES).ids("bees " * 50, 10)

    assert len(ids) == 10
    assert PIECES[ids[-1]] == "[SEP]"


def tiny_model(folder: Path) -> dict[str, str]:
    """Write a model of one layer and eight numbers, and return the digests of its files."""
    import numpy as np

    dice = np.random.default_rng(3)
    layer = "encoder.layer.0"
    shapes = {"embeddings.word_embeddings.weight": (len(PIECES), 8)}
    shapes |= {"embeddings.position_embeddings.weight": (256, 8)}
    shapes |= {"embeddings.token_type_embeddings.weight": (2, 8)}
    for name, (out, into) in {
        **{f"{layer}.attention.self.{part}": (8, 8) for part in ("query", "key", "value")},
        f"{layer}.attention.output.dense": (8, 8),
        f"{layer}.intermediate.dense": (16, 8),
        f"{layer}.output.dense": (8, 16),
    }.items():
        shapes |= {f"{name}.weight": (out, into), f"{name}.bias": (out,)}
    for name in ("embeddings", f"{layer}.attention.output", f"{layer}.output"):
        shapes |= {f"{name}.LayerNorm.weight": (8,), f"{name}.LayerNorm.bias": (8,)}
    head, data = {"__metadata__": {"format": "pt"}}, b""
    for name, shape in shapes.items():
        numbers = dice.normal(size=shape).astype(np.float32).tobytes()
        offsets = [len(data), len(data) + len(numbers)]
        head[name] = {"dtype": "F32", "shape": shape, "data_offsets": offsets}
        data += numbers
    about = json.dumps(head).encode()
    folder.joinpath("model.safetensors").write_bytes(
        len(about).to_bytes(8, "little") + about + data
    )
    folder.joinpath("vocab.txt").write_text("\n".join(PIECES) + "\n", encoding="utf-8")
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("model.safetensors", "vocab.txt")
    }


@needs_numpy
def test_vectors_have_length_1_and_do_not_depend_on_what_is_computed_with_them(tmp_path: Path):
    model = Minilm.read(tmp_path, tiny_model(tmp_path), heads=2)
    texts = ["bees died.", "taxes rise . " * 20, ""]
    together = model.vectors(texts)

    assert together.shape == (3, 8)
    assert abs((together**2).sum(axis=1) - 1).max() < 1e-5
    for text, vector in zip(texts, together, strict=True):
        assert abs(model.vectors([text])[0] - vector).max() < 1e-5


@needs_numpy
def test_a_file_that_is_not_the_pinned_one_is_refused(tmp_path: Path):
    digests = tiny_model(tmp_path)
    (tmp_path / "vocab.txt").write_text("other", encoding="utf-8")

    with pytest.raises(NoEmbedding, match=r"vocab\.txt"):
        Minilm.read(tmp_path, digests)


@needs_numpy
def test_vectors_of_checks_are_kept_and_read_again(tmp_path: Path):
    model = Minilm.read(tmp_path, tiny_model(tmp_path), heads=2)
    checks = [Check("bees", "Bees died.", "Bees"), Check("tax", "Taxes rise.")]
    told: list[str] = []

    def asked(given: list[Check]):
        folder = tmp_path / "kept"
        return Nearness.of(given, model, folder=folder, computing=lambda: told.append("computed"))

    for _ in range(2):
        found = Checks(checks, asked(checks)).like("Bees died.")
        assert found[0].id == "bees"
    assert told == ["computed"]
    asked(checks[:1])
    assert told == ["computed"] * 2


@needs_numpy
def test_of_few_checks_no_vector_is_made_before_it_is_read_nor_twice(tmp_path: Path, monkeypatch):
    model = Minilm.read(tmp_path, tiny_model(tmp_path), heads=2)
    checks = [Check("bees", "Bees died."), Check("tax", "Taxes rise."), Check("e", "e")]
    made: list[str] = []
    vectors = model.vectors
    monkeypatch.setattr(model, "vectors", lambda texts: made.extend(texts) or vectors(texts))

    few = NearnessOfFew(model, checks)
    found = Checks(checks, few).like("Bees died here.", before="Taxes rise.")

    assert found[0].id == "bees"
    assert set(made) == {
        "Bees died here.", "Taxes rise. Bees died here.", "Bees died.", "Taxes rise.",
    }  # fmt: skip
    assert len(made) == len(set(made))
    whole = Nearness.of(checks, model).nearness("Bees died here.", "Taxes rise.")
    lazily = few.nearness("Bees died here.", "Taxes rise.")
    assert len(lazily) == 3
    assert all(abs(lazily[place] - whole[place]) < 0.01 for place in range(3))


def test_what_is_not_the_pinned_package_is_as_if_it_were_not_there(monkeypatch, caplog):
    def refuse():
        raise NoEmbedding("not the file that was pinned")

    monkeypatch.setattr(Minilm, "is_installed", lambda: True)
    monkeypatch.setattr(Minilm, "installed", refuse)
    installed.cache_clear()
    try:
        assert installed() is None
        assert "pinned" in caplog.text
    finally:
        installed.cache_clear()


@needs_extra
def test_the_real_model_says_what_its_publishers_say():
    vectors = Minilm.installed().vectors(["This is an example sentence"])

    published = [0.0676569, 0.0634959, 0.0487131, 0.0793049, 0.0374480]
    assert abs(vectors[0][:5] - published).max() < 1e-4


@pytest.mark.skipif(find_spec(PACKAGE) is not None, reason="the extra “embedding” is installed")
def test_without_the_extra_the_command_says_how_to_get_it(tmp_path: Path):
    checks = tmp_path / "checks.jsonl"
    checks.write_text('{"id":"a","text":"Bees died."}\n', encoding="utf-8")
    result = CliRunner().invoke(match, ["--embedding", "--checks", str(checks)])

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "make embedding" in result.stderr
    assert result.stderr.count("\n") == 1
