"""Proofs that somebody said two things that can not both be so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.errors import InputError, IntegrityError, TrucelineError
from truceline.core.release import Realm
from truceline.ledger.canonical import canonical_bytes, parse_canonical
from truceline.ledger.checkpoint import Checkpoint, sign_checkpoint
from truceline.ledger.entry import Statement
from truceline.ledger.fork import check_fork, prove_equivocation, prove_fork
from truceline.ledger.keys import Signer, derive_demo_key
from truceline.ledger.signing import sign_statement
from truceline.ledger.tree import EMPTY_ROOT, MemoryTree, leaf_hash, prefix_steps

LOG = derive_demo_key(Realm.DEMO, "m")
A = derive_demo_key(Realm.DEMO, "m", "A/duty")
KEYS = [LOG.verifier, A.verifier]


def tree(size: int, changed: int | None = None) -> MemoryTree:
    return MemoryTree(leaf_hash(b"%d" % n + (b"!" if n == changed else b"")) for n in range(size))


def head(of: MemoryTree, size: int | None = None, key: Signer = LOG) -> bytes:
    at = of.size if size is None else size
    return sign_checkpoint(Checkpoint(key.name, at, of.root(at)), key)


def statement(body: str, round_: int = 0, id_: str = "x", key: Signer = A) -> bytes:
    made = Statement("position", id_, "m", Realm.DEMO, {"happened": body}, owner="A", round=round_)
    return sign_statement(made, [key], Checkpoint(LOG.name, 0, EMPTY_ROOT)).note


def test_two_histories_of_one_size_are_a_fork() -> None:
    proof = prove_fork(head(tree(9)), head(tree(9, changed=3)), KEYS)
    fork = check_fork(proof, KEYS)
    assert (fork.kind, fork.signer) == ("checkpoints", LOG.name)
    assert "two histories of 9 entries" in fork.what


@settings(max_examples=60)
@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_a_history_that_does_not_continue_an_older_one_is_a_fork(
    size1: int, more: int, data: st.DataObject
) -> None:
    size2 = size1 + more
    changed = data.draw(st.integers(0, size1 - 1))
    other = tree(size2, changed)
    proof = prove_fork(head(tree(size1)), head(other), KEYS, lambda a, b: prefix_steps(other.node, a, b))
    assert "do not continue" in check_fork(proof, KEYS).what
    assert proof == prove_fork(
        head(other), head(tree(size1)), KEYS, lambda a, b: prefix_steps(other.node, a, b)
    )


@settings(max_examples=40)
@given(st.integers(1, 30), st.integers(0, 30))
def test_an_honest_log_is_never_shown_to_fork(size1: int, more: int) -> None:
    whole = tree(size1 + more)
    with pytest.raises(InputError, match="go together"):
        prove_fork(head(whole, size1), head(whole), KEYS, lambda a, b: prefix_steps(whole.node, a, b))


def test_checkpoints_of_two_sizes_need_the_larger_ones_history() -> None:
    with pytest.raises(InputError, match="name its bundle"):
        prove_fork(head(tree(3)), head(tree(5, changed=1)), KEYS)


def test_a_checkpoint_of_a_stranger_proves_nothing() -> None:
    stranger = Signer(LOG.name, b"\x05" * 32)
    with pytest.raises(IntegrityError):
        prove_fork(head(tree(3)), head(tree(3, changed=1), key=stranger), KEYS)
    other = derive_demo_key(Realm.DEMO, "another")
    with pytest.raises(InputError, match="two logs"):
        prove_fork(head(tree(3)), head(tree(3, changed=1), key=other), [*KEYS, other.verifier])


def test_two_statements_of_one_round_are_an_equivocation() -> None:
    fork = check_fork(prove_equivocation(statement("yes"), statement("no"), KEYS), KEYS)
    assert (fork.kind, fork.signer) == ("statements", A.name)
    assert "position x round 0" in fork.what


@pytest.mark.parametrize("second", [statement("yes"), statement("no", round_=1), statement("no", id_="y")])
def test_statements_that_go_together_are_no_equivocation(second: bytes) -> None:
    with pytest.raises(InputError, match="go together"):
        prove_equivocation(statement("yes"), second, KEYS)


def test_two_signers_do_not_equivocate() -> None:
    other = derive_demo_key(Realm.DEMO, "m", "B/duty")
    with pytest.raises(IntegrityError, match="nobody known signed both"):
        prove_equivocation(statement("yes"), statement("no", key=other), [A.verifier, other.verifier])


def test_every_field_of_a_proof_is_held_to() -> None:
    other = tree(7, changed=1)
    proof = prove_fork(head(tree(4)), head(other), KEYS, lambda a, b: prefix_steps(other.node, a, b))
    good = parse_canonical(proof)
    steps = good["steps"]
    for wrong in (
        {"schema": "fork/2"},
        {"kind": "rumour"},
        {"kind": "statements"},
        {"first": 1},
        {"first": good["second"]},
        {"steps": {}},
        {"steps": []},
        {"steps": steps[:-1]},
        {"steps": [*steps, steps[0]]},
        {"steps": [1]},
        {"steps": list(reversed(steps))},
    ):
        with pytest.raises(TrucelineError):
            check_fork(canonical_bytes({**good, **wrong}), KEYS)
    with pytest.raises(TrucelineError):
        check_fork(canonical_bytes({**good, "more": 1}), KEYS)
    with pytest.raises(TrucelineError):
        check_fork(proof, [A.verifier])


@given(st.binary(max_size=80))
def test_any_bytes_are_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(TrucelineError):
        check_fork(data, KEYS)
    with pytest.raises(TrucelineError):
        prove_equivocation(data, data, KEYS)


def test_a_checkpoint_alone_proves_nothing() -> None:
    with pytest.raises(InputError):
        prove_fork(head(tree(3)), head(tree(3)), KEYS)
