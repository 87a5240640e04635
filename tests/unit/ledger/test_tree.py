"""The tree: every proof of every size verifies, and nothing else does."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.ledger.tree import (
    EMPTY_ROOT,
    CompactRange,
    MemoryTree,
    consistency_proof,
    fold,
    inclusion_proof,
    leaf_hash,
    node_hash,
    prefix_steps,
    range_hash,
    root_of,
    roots_of_prefix,
    verify_consistency,
    verify_inclusion,
)

N = 70
HASHES = [leaf_hash(b"%d" % n) for n in range(N)]
TREE = MemoryTree(HASHES)


def plain_root(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962 word by word, as the second opinion."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(plain_root(hashes[:split]), plain_root(hashes[split:]))


def test_the_root_of_every_size_is_the_one_of_the_definition() -> None:
    compact = CompactRange()
    for size in range(N + 1):
        wanted = plain_root(HASHES[:size])
        assert compact.root() == TREE.root(size) == root_of(HASHES[:size]) == wanted
        if size < N:
            compact.append(HASHES[size])
    assert TREE.root(0) == EMPTY_ROOT
    assert len(compact.peaks) == N.bit_count()


def test_every_inclusion_proof_of_every_size_verifies_and_no_other_place_does() -> None:
    for size in range(1, N + 1):
        root = TREE.root(size)
        for index in range(size):
            proof = inclusion_proof(TREE.node, index, size)
            assert verify_inclusion(HASHES[index], index, size, proof, root)
            assert not verify_inclusion(HASHES[index], (index + 1) % size, size, proof, root) or size == 1
            assert not verify_inclusion(HASHES[index], index, size, [*proof, root], root)
            assert not proof or not verify_inclusion(HASHES[index], index, size, proof[:-1], root)


def test_every_consistency_proof_of_every_pair_of_sizes_verifies() -> None:
    for size2 in range(1, N + 1):
        root2 = TREE.root(size2)
        for size1 in range(1, size2 + 1):
            root1 = TREE.root(size1)
            proof = consistency_proof(TREE.node, size1, size2)
            assert verify_consistency(size1, size2, root1, root2, proof)
            assert not verify_consistency(size1, size2, root1, root2, [*proof, root1])
            if size1 < size2:
                assert not verify_consistency(size1, size2, root2, root2, proof)
                assert not verify_consistency(size1, size2, root1, root1, proof)


def test_consistency_with_the_empty_tree_is_refused() -> None:
    assert not verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    assert not verify_consistency(0, 5, EMPTY_ROOT, TREE.root(5), [])
    with pytest.raises(ValueError, match="no consistency proof"):
        consistency_proof(TREE.node, 0, 5)
    with pytest.raises(ValueError, match="no consistency proof"):
        consistency_proof(TREE.node, 6, 5)


@pytest.mark.parametrize(("index", "size"), [(5, 5), (-1, 5), (0, 0)])
def test_no_proof_is_made_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        inclusion_proof(TREE.node, index, size)
    assert not verify_inclusion(HASHES[0], index, size, [], HASHES[0])


@settings(max_examples=60)
@given(st.data())
def test_one_bit_turned_anywhere_in_a_proof_breaks_it(data: st.DataObject) -> None:
    size2 = data.draw(st.integers(2, N))
    size1 = data.draw(st.integers(1, size2 - 1))
    index = data.draw(st.integers(0, size2 - 1))
    bit = data.draw(st.integers(0, 255))

    def turned(proof: list[bytes]) -> list[bytes]:
        at = data.draw(st.integers(0, len(proof) - 1))
        number = int.from_bytes(proof[at], "big") ^ (1 << bit)
        return [*proof[:at], number.to_bytes(32, "big"), *proof[at + 1 :]]

    inclusion = turned(inclusion_proof(TREE.node, index, size2))
    assert not verify_inclusion(HASHES[index], index, size2, inclusion, TREE.root(size2))
    consistency = turned(consistency_proof(TREE.node, size1, size2))
    assert not verify_consistency(size1, size2, TREE.root(size1), TREE.root(size2), consistency)


def test_a_leaf_is_hashed_behind_a_zero_and_a_node_behind_a_one() -> None:
    assert leaf_hash(b"abc") == hashlib.sha256(b"\x00abc").digest()
    assert leaf_hash(b"") == hashlib.sha256(b"\x00").digest()
    assert node_hash(b"ab", b"c") == hashlib.sha256(b"\x01abc").digest()
    assert node_hash(b"c", b"ab") != node_hash(b"ab", b"c")


def test_peaks_fold_from_the_right() -> None:
    a, b, c = HASHES[:3]
    assert fold([]) == EMPTY_ROOT
    assert fold([a]) == a
    assert fold([a, b, c]) == node_hash(a, node_hash(b, c))


def test_a_tree_in_memory_keeps_a_row_for_every_level_and_none_above() -> None:
    tree = MemoryTree(HASHES[:5])
    assert [len(tree.row(level)) for level in range(5)] == [5, 2, 1, 0, 0]
    assert tree.row(2) == [root_of(HASHES[:4])]
    assert tree.row(3) == ()
    assert tree.size == 5
    assert (MemoryTree().size, MemoryTree().root()) == (0, EMPTY_ROOT)


def test_the_hash_of_a_range_reads_complete_subtrees_alone_and_each_once() -> None:
    read: list[tuple[int, int]] = []

    def node(level: int, index: int) -> bytes:
        read.append((level, index))
        return TREE.node(level, index)

    assert range_hash(node, 0, 0) == range_hash(node, 8, 8) == EMPTY_ROOT
    assert read == []
    assert range_hash(node, 8, 15) == plain_root(HASHES[8:15])
    assert read == [(2, 2), (1, 6), (0, 14)]


def test_a_proof_is_as_long_as_the_path() -> None:
    assert inclusion_proof(TREE.node, 0, 1) == []
    assert inclusion_proof(TREE.node, 2, 3) == [TREE.node(1, 0)]
    assert inclusion_proof(TREE.node, 0, 3) == [HASHES[1], HASHES[2]]
    assert consistency_proof(TREE.node, 4, 4) == []
    assert consistency_proof(TREE.node, 4, 7) == [range_hash(TREE.node, 4, 7)]
    assert consistency_proof(TREE.node, 3, 4) == [HASHES[2], HASHES[3], TREE.node(1, 0)]


def chained(start: bytes, *steps: bytes) -> bytes:
    """The root that a forger would name, had each step been taken from the left."""
    for step in steps:
        start = node_hash(step, start)
    return start


def test_no_step_is_taken_beyond_the_root() -> None:
    leaf, *steps = HASHES[:4]
    for size in (1, 2, 3, 4, 5, 8):
        for index in range(size):
            proof = inclusion_proof(TREE.node, index, size)
            for n in range(1, 3):
                forged = chained(TREE.root(size), *steps[:n])
                assert verify_inclusion(HASHES[index], index, size, [*proof, *steps[:n]], forged) is False
    assert verify_inclusion(leaf, 0, 1, steps, chained(leaf, *steps)) is False
    assert verify_inclusion(leaf, 1, 1, [], leaf) is False
    for size1, size2 in ((1, 2), (2, 3), (3, 4), (3, 7), (4, 8), (6, 9)):
        proof = consistency_proof(TREE.node, size1, size2)
        roots = chained(TREE.root(size1), steps[0]), chained(TREE.root(size2), steps[0])
        assert verify_consistency(size1, size2, *roots, [*proof, steps[0]]) is False
        assert roots_of_prefix(size1, size2, [*prefix_steps(TREE.node, size1, size2), steps[0]]) is None


def test_a_proof_that_ends_below_the_root_shows_nothing() -> None:
    leaf = HASHES[0]
    assert verify_inclusion(leaf, 0, 2, [], leaf) is False
    assert verify_inclusion(leaf, 0, 4, [HASHES[1]], node_hash(leaf, HASHES[1])) is False
    root1 = TREE.root(4)
    assert verify_consistency(4, 8, root1, root1, []) is False
    assert verify_consistency(1, 2, leaf, leaf, []) is False
    steps = prefix_steps(TREE.node, 3, 7)
    assert roots_of_prefix(3, 7, steps) == (TREE.root(3), TREE.root(7))
    for n in range(len(steps)):
        assert roots_of_prefix(3, 7, steps[:n]) is None


def test_what_is_no_hash_proves_nothing_however_it_folds() -> None:
    leaf, step = HASHES[:2]
    for bad in (b"", leaf[:31], leaf + b"x"):
        assert verify_inclusion(bad, 0, 1, [], bad) is False
        assert verify_inclusion(bad, 0, 2, [step], node_hash(bad, step)) is False
        assert verify_inclusion(leaf, 0, 2, [bad], node_hash(leaf, bad)) is False
        assert verify_consistency(1, 2, bad, node_hash(bad, step), [step]) is False
        assert verify_consistency(1, 2, leaf, node_hash(leaf, bad), [bad]) is False
        assert verify_consistency(1, 3, leaf, node_hash(node_hash(leaf, bad), step), [bad, step]) is False
        assert roots_of_prefix(1, 2, [leaf, bad]) is None
        assert roots_of_prefix(1, 2, [bad, step]) is None


def test_the_same_size_is_consistent_with_the_same_root_alone() -> None:
    a, b = HASHES[:2]
    assert verify_consistency(5, 5, a, a, []) is True
    assert verify_consistency(5, 5, a, b, []) is False
    assert verify_consistency(5, 5, a, a, [b]) is False
    assert verify_consistency(1, 1, a, a, []) is True


@pytest.mark.parametrize(("size1", "size2"), [(0, 0), (0, 3), (4, 3), (-1, 3)])
def test_no_two_roots_follow_for_sizes_of_no_prefix(size1: int, size2: int) -> None:
    assert verify_consistency(size1, size2, HASHES[0], HASHES[0], []) is False
    assert verify_consistency(size1, size2, HASHES[0], HASHES[0], [HASHES[0]]) is False
    assert roots_of_prefix(size1, size2, HASHES[:1]) is None
    assert roots_of_prefix(size1, size2, HASHES[:3]) is None
    assert roots_of_prefix(3, 3, HASHES[:1]) is None
    with pytest.raises(ValueError, match="no consistency proof"):
        consistency_proof(TREE.node, size1, size2)


def test_the_steps_of_every_prefix_give_both_roots() -> None:
    for size2 in range(2, 20):
        for size1 in range(1, size2):
            steps = prefix_steps(TREE.node, size1, size2)
            assert roots_of_prefix(size1, size2, steps) == (TREE.root(size1), TREE.root(size2))
            for at in range(len(steps)):
                swapped = [*steps[:at], leaf_hash(b"other"), *steps[at + 1 :]]
                assert roots_of_prefix(size1, size2, swapped) != (TREE.root(size1), TREE.root(size2))
