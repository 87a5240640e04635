"""Our tree beside pymerkle's, which runs in an environment of its own: append, root, and proofs made and checked."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

from _row import row

from truceline.ledger.tiles import TileTree
from truceline.ledger.tree import MemoryTree, inclusion_proof, leaf_hash, verify_inclusion

N, PROOFS = 50_000, 300
RIVAL = Path(__file__).resolve().parents[1] / ".build" / "rival" / "bin" / "python"
PROGRAM = """
import hashlib, json, sys, time
from pymerkle import InmemoryTree, verify_inclusion
n, proofs = int(sys.argv[1]), int(sys.argv[2])
data = [hashlib.sha256(b"%d" % k).digest() for k in range(n)]
tree = InmemoryTree(algorithm="sha256")
began = time.perf_counter()
for one in data:
    tree.append_entry(one)
root = tree.get_state()
appended = time.perf_counter() - began
began = time.perf_counter()
for k in range(proofs):
    at = k * n // proofs + 1
    proof = tree.prove_inclusion(at, n)
    verify_inclusion(tree.get_leaf(at), root, proof)
print(json.dumps({"append": appended, "prove": (time.perf_counter() - began) / proofs, "root": root.hex()}))
"""


def ours(n: int, proofs: int) -> dict[str, object]:
    """Do the same with our trees."""
    data = [hashlib.sha256(b"%d" % k).digest() for k in range(n)]
    began = time.perf_counter()
    tree = TileTree()
    for one in data:
        tree, _ = tree.grow([leaf_hash(one)])
    root = tree.root()
    appended = time.perf_counter() - began
    held = MemoryTree(leaf_hash(one) for one in data)
    began = time.perf_counter()
    for k in range(proofs):
        at = k * n // proofs
        verify_inclusion(leaf_hash(data[at]), at, n, inclusion_proof(held.node, at, n), root)
    return {"append": appended, "prove": (time.perf_counter() - began) / proofs, "root": root.hex()}


def main() -> int:
    """Print one line a figure; arguments: leaves, proofs."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else N
    proofs = int(sys.argv[2]) if len(sys.argv) > 2 else PROOFS
    if not RIVAL.exists():
        print("the rival is not installed: make proof installs it", file=sys.stderr)
        return 1
    done = subprocess.run(
        [str(RIVAL), "-c", PROGRAM, str(n), str(proofs)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return 1
    theirs, mine = json.loads(done.stdout), ours(n, proofs)
    row("leaves appended one at a time, tiles kept up", n / float(str(mine["append"])), "leaves/s")
    row("beside it: pymerkle, in memory", n / float(str(theirs["append"])), "leaves/s")
    row("an inclusion proof made and checked", float(str(mine["prove"])) * 1e6, "µs")
    row("beside it: pymerkle", float(str(theirs["prove"])) * 1e6, "µs")
    row("roots that differ", int(mine["root"] != theirs["root"]), "roots", "==", 0)
    return int(mine["root"] != theirs["root"])


if __name__ == "__main__":
    raise SystemExit(main())
