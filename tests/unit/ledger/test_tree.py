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
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
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
