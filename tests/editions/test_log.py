"""The log's arithmetic, against vectors and by properties."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.editions import log
from factcheck.editions.log import BadProof

KEY = b"\x07" * 32
PUBLIC = log.parsed_key(log.verifier_key("log.example", KEY))[1]
ENTRIES = st.lists(st.binary(max_size=8), min_size=1, max_size=40)


@given(ENTRIES, st.data())
def test_every_entry_has_a_proof_that_leads_to_the_root_and_no_other_does(entries, data):
    leaves = [log.leaf_digest(entry) for entry in entries]
    index = data.draw(st.integers(0, len(entries) - 1))
    proof, root = log.inclusion_proof(leaves, index), log.root_of(leaves)

    log.check_inclusion(leaves[index], index, len(leaves), proof, root)
    with pytest.raises(BadProof):
        log.check_inclusion(log.leaf_digest(b"another one"), index, len(leaves), proof, root)
    with pytest.raises(BadProof):
        log.check_inclusion(leaves[index], index, len(leaves), [*proof, root], root)


@given(ENTRIES, st.data())
def test_a_longer_log_proves_that_it_only_added(entries, data):
    leaves = [log.leaf_digest(entry) for entry in entries]
    first = data.draw(st.integers(1, len(leaves)))
    proof = log.consistency_proof(leaves, first)
    roots = log.root_of(leaves[:first]), log.root_of(leaves)

    log.check_consistency(first, len(leaves), proof, *roots)
    if first < len(leaves):
        with pytest.raises(BadProof):
            log.check_consistency(first, len(leaves), proof, hashlib.sha256(b"").digest(), roots[1])


@given(ENTRIES)
def test_the_root_from_complete_subtrees_is_the_root(entries):
    leaves = [log.leaf_digest(entry) for entry in entries]
    nodes = [
        log.root_of(leaves[at << level : (at + 1) << level])
        for level, at in log.complete_nodes(len(leaves))
    ]

    assert log.root_from(nodes) == log.root_of(leaves)


def test_shared_vectors_of_roots_and_proofs(shared):
    file = shared / "data" / "hostile" / "integrity_vectors.json"
    judge = {"inclusion": included, "consistency": consistent}
    for case in json.loads(file.read_text())["cases"]:
        if case["kind"] in judge:
            assert judge[case["kind"]](case) == case["valid"], case["id"]


def included(case) -> bool:
    leaf = log.leaf_digest(bytes.fromhex(case["leaf"]))
    return holds(
        lambda: log.check_inclusion(
            leaf, case["index"], case["size"], raw(case["proof"]), bytes.fromhex(case["root"])
        )
    )


def consistent(case) -> bool:
    roots = bytes.fromhex(case["first_root"]), bytes.fromhex(case["second_root"])
    return holds(
        lambda: log.check_consistency(case["first"], case["second"], raw(case["proof"]), *roots)
    )


def raw(digests):
    return [bytes.fromhex(digest) for digest in digests]


def holds(check) -> bool:
    try:
        check()
    except BadProof:
        return False
    return True


def test_a_note_is_taken_only_as_it_was_signed_and_only_in_its_one_form():
    note = log.signed_note("log.example", KEY, "log.example\n1\nAAAA\n")

    assert log.checked_note(note, "log.example", PUBLIC) == "log.example\n1\nAAAA\n"
    twice = note + note.split("\n\n")[1]
    other = note.replace("log.example ", "other.example ")
    for bad in (note.replace("1", "2", 1), note + "\n", note[:-1], twice, other):
        with pytest.raises(BadProof):
            log.checked_note(bad, "log.example", PUBLIC)


@pytest.mark.parametrize("size", ["01", "-1", "1.0", "", "\u0661"])
def test_a_checkpoint_in_another_form_is_refused(size):
    good = log.checkpoint("a", 1, b"r" * 32)
    assert log.parsed_checkpoint(good) == ("a", 1, b"r" * 32)

    for bad in (good.replace("1", size, 1), good + "more\n", good[:-2], good.replace("=", "")):
        with pytest.raises(BadProof):
            log.parsed_checkpoint(bad)


def test_tiles_are_named_as_the_specification_says():
    assert log.tile_name(0, 0, 256) == "tile/0/000"
    assert log.tile_name(0, 1234067, 256) == "tile/0/x001/x234/067"
    assert log.tile_name("entries", 5, 7) == "tile/entries/005.p/7"
    assert log.tile_paths(70_000)[-4:] == [(0, 273, 112), (1, 0, 256), (1, 1, 17), (2, 0, 1)]
    assert log.tile_paths(256) == [(0, 0, 256), (1, 0, 1)]


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_unpacks_to_its_entries(entries):
    assert log.unbundled(log.entry_bundle(entries)) == entries


def test_a_bundle_that_breaks_off_is_refused():
    with pytest.raises(BadProof):
        log.unbundled(log.entry_bundle([b"abc"])[:-1])
