"""The Merkle tree: hashes, an append-only range, roots, proofs. Source: RFC 6962 section 2.1; RFC 9162 section 2.1.

Proofs are made from the hashes of complete subtrees: ``node(level, index)`` covers the leaves
``[index * 2**level, (index + 1) * 2**level)``. Whoever keeps these (memory, tiles) can prove.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

NodeReader = Callable[[int, int], bytes]
"""Gives the hash of a complete subtree by level (0 = leaves) and index within the level."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 over 0x00 and its bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256 over 0x01 and its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(peaks: Sequence[bytes]) -> bytes:
    """Return the root over complete subtrees, largest first; of none, the root of the empty tree."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


class CompactRange:
    """An append-only tree that remembers only its complete subtrees: at most 64 hashes for any size.

    Attributes:
        size: Leaves so far.
        peaks: Roots of the complete subtrees, largest first.
    """

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def append(self, hashed: bytes) -> None:
        """Add one leaf by its hash."""
        carry, bit = hashed, self.size
        while bit & 1:
            carry = node_hash(self.peaks.pop(), carry)
            bit >>= 1
        self.peaks.append(carry)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the leaves so far."""
        return fold(self.peaks)


def root_of(hashes: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes, in order."""
    tree = CompactRange()
    for hashed in hashes:
        tree.append(hashed)
    return tree.root()


class MemoryTree:
    """A tree that keeps every complete subtree in memory: for verifying and proving within one process."""

    def __init__(self, hashes: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [list(hashes)]
        while len(self._levels[-1]) > 1:
            row = self._levels[-1]
            self._levels.append([node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)])

    @property
    def size(self) -> int:
        """Leaves so far."""
        return len(self._levels[0])

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree; see `NodeReader`."""
        return self._levels[level][index]

    def row(self, level: int) -> Sequence[bytes]:
        """Return the hashes of all complete subtrees of ``2**level`` leaves, left to right."""
        return self._levels[level] if level < len(self._levels) else ()

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first ``size`` leaves, by default of all."""
        return range_hash(self.node, 0, self.size if size is None else size)


def _split(size: int) -> int:
    """Return the largest power of two smaller than ``size`` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def range_hash(node: NodeReader, start: int, end: int) -> bytes:
    """Return the hash over the leaves ``[start, end)`` of a tree, where ``start`` begins a subtree of that size.

    Args:
        node: Where complete subtrees are read.
        start: First leaf.
        end: After the last leaf; equal to ``start`` gives the root of the empty tree.

    Returns:
        32 bytes: MTH(D[start:end]) of RFC 6962.
    """
    size = end - start
    if size == 0:
        return EMPTY_ROOT
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(size)
    return node_hash(range_hash(node, start, middle), range_hash(node, middle, end))


def inclusion_proof(node: NodeReader, index: int, size: int) -> list[bytes]:
    """Return the proof that leaf ``index`` stands in the tree of ``size`` leaves.

    Args:
        node: Where complete subtrees are read.
        index: The leaf, from 0.
        size: The tree's leaves.

    Returns:
        Hashes from the leaf's sibling upward.

    Raises:
        ValueError: The leaf is not in that tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    start, end, proof = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(range_hash(node, middle, end))
            end = middle
        else:
            proof.append(range_hash(node, start, middle))
            start = middle
    return proof[::-1]


def consistency_proof(node: NodeReader, size1: int, size2: int) -> list[bytes]:
    """Return the proof that the tree of ``size1`` leaves is a prefix of the tree of ``size2``.

    Args:
        node: Where complete subtrees are read.
        size1: The older tree's leaves, at least 1.
        size2: The newer tree's leaves.

    Returns:
        Hashes, lowest first; empty where the sizes are equal.

    Raises:
        ValueError: ``size1`` is 0 or greater than ``size2``.
    """
    if not 0 < size1 <= size2:
        raise ValueError(f"no consistency proof goes from {size1} to {size2}")
    start, end, proof, is_whole = 0, size2, [], True
    while size1 != end:
        middle = start + _split(end - start)
        if size1 <= middle:
            proof.append(range_hash(node, middle, end))
            end = middle
        else:
            proof.append(range_hash(node, start, middle))
            start, is_whole = middle, False
    if not is_whole:
        proof.append(range_hash(node, start, end))
    return proof[::-1]


def _are_hashes(values: Iterable[bytes]) -> bool:
    return all(len(value) == HASH_SIZE for value in values)


def verify_inclusion(hashed: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether a proof shows that a leaf stands at ``index`` in the tree with this root.

    Args:
        hashed: The leaf's hash.
        index: Its place, from 0.
        size: The tree's leaves.
        proof: As `inclusion_proof` gives it.
        root: The tree's root.

    Returns:
        True only if every step holds; nothing is raised for a bad proof. Source: RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size or not _are_hashes([hashed, root, *proof]):
        return False
    place, last, result = index, size - 1, hashed
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            result = node_hash(step, result)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            result = node_hash(result, step)
        place >>= 1
        last >>= 1
    return last == 0 and result == root


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether a proof shows that one tree is a prefix of another.

    Args:
        size1: The older tree's leaves; 0 is refused: any tree continues the empty one, so it would prove nothing.
        size2: The newer tree's leaves.
        root1: The older root.
        root2: The newer root.
        proof: As `consistency_proof` gives it.

    Returns:
        True only if every step holds; nothing is raised for a bad proof. Source: RFC 9162 section 2.1.4.2.
    """
    if not 0 < size1 <= size2:
        return False
    if size1 == size2:
        return not proof and root1 == root2
    if not _are_hashes([root1, root2, *proof]):
        return False
    steps = [root1, *proof] if size1 & (size1 - 1) == 0 else list(proof)
    return bool(proof) and roots_of_prefix(size1, size2, steps) == (root1, root2)


def prefix_steps(node: NodeReader, size1: int, size2: int) -> list[bytes]:
    """Return the hashes from which the roots of a tree and of its prefix both follow: what shows a fork.

    Args:
        node: Where complete subtrees of the tree are read.
        size1: The prefix's leaves, at least 1.
        size2: The tree's leaves, more than that.

    Returns:
        A consistency proof; where that leaves out the prefix's root because its reader has it, the root goes before.
    """
    proof = consistency_proof(node, size1, size2)
    return [range_hash(node, 0, size1), *proof] if size1 & (size1 - 1) == 0 else proof


def roots_of_prefix(size1: int, size2: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Return the two roots that follow from the steps between a tree and its prefix.

    Args:
        size1: The prefix's leaves, at least 1.
        size2: The tree's leaves, more than that.
        steps: As `prefix_steps` gives them.

    Returns:
        The prefix's root and the tree's, or None where the steps are too few, too many or no hashes.
    """
    if not 0 < size1 < size2 or not steps or not _are_hashes(steps):
        return None
    place, last = size1 - 1, size2 - 1
    while place & 1:
        place >>= 1
        last >>= 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            new = node_hash(new, step)
        place >>= 1
        last >>= 1
    return (old, new) if last == 0 else None
