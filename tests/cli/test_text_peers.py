"""Other splitters beside ours: where their sentences stand, and what is said without them."""

import sys
from types import SimpleNamespace

from factcheck.cli.text_peers import peers, placed


def test_sentences_are_placed_one_behind_the_other_and_a_changed_one_is_left_out():
    text = "No. It rose.\n\nNo.  It fell."

    spans = placed(text, ["No. ", "It rose.\n\n", "No.", "It  fell.", " "])

    assert [text[start:end] for start, end in spans] == ["No.", "It rose.", "No."]
    assert spans[2] == (14, 17)


def test_a_peer_that_is_not_installed_has_no_splitter(monkeypatch):
    for name in ("pysbd", "sentencex", "nupunkt", "blingfire", "spacy"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(
        sys.modules, "sentencex", SimpleNamespace(segment=lambda _language, text: text.split("|"))
    )

    found = dict(peers(None))

    assert [name for name, split in found.items() if split] == ["sentencex"]
    assert found["sentencex"]("It rose.| It fell.") == [(0, 8), (10, 18)]
    assert len(found) == 5
