"""The public vectors: Merkle proofs, JCS, Ed25519, signed notes."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from truceline.core.errors import InputError
from truceline.ledger.canonical import canonical_bytes, jcs_bytes, parse_canonical
from truceline.ledger.keys import Verifier, parse_vkey
from truceline.ledger.note import format_note, parse_note, verified_by
from truceline.ledger.tree import verify_consistency, verify_inclusion

pytestmark = pytest.mark.shared

EXAMPLE_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


@pytest.fixture
def vectors(shared: Path) -> Path:
    return shared / "vectors"


def hashes(values: list[str] | None) -> list[bytes]:
    return [base64.b64decode(value) for value in values or []]


def cases(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_bytes()) for path in sorted(folder.rglob("*.json"))]


def test_every_inclusion_vector_is_judged_as_it_wants(vectors: Path) -> None:
    found = cases(vectors / "merkle" / "inclusion")
    wrong = [
        case["desc"]
        for case in found
        if verify_inclusion(
            *hashes([case["leafHash"]]),
            case["leafIdx"],
            case["treeSize"],
            hashes(case["proof"]),
            *hashes([case["root"]]),
        )
        is case["wantErr"]
    ]
    assert wrong == []
    assert len(found) == 98
    assert not all(case["wantErr"] for case in found)


def test_every_consistency_vector_is_judged_as_it_wants(vectors: Path) -> None:
    found = cases(vectors / "merkle" / "consistency")
    wrong = [
        case["desc"]
        for case in found
        if verify_consistency(
            case["size1"], case["size2"], *hashes([case["root1"], case["root2"]]), hashes(case["proof"])
        )
        is case["wantErr"]
    ]
    assert wrong == []
    assert len(found) == 98
    assert any(case["size1"] == 0 for case in found)


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_jcs_vectors_come_out_byte_for_byte(vectors: Path, name: str) -> None:
    value = json.loads((vectors / "jcs" / "input" / f"{name}.json").read_bytes())
    wanted = (vectors / "jcs" / "output" / f"{name}.json").read_bytes()
    assert jcs_bytes(value) == wanted
    in_hex = "".join((vectors / "jcs" / "outhex" / f"{name}.txt").read_text().split())
    assert bytes.fromhex(in_hex) == wanted


@pytest.mark.parametrize("name", ["arrays", "french", "unicode", "weird"])
def test_jcs_vectors_without_floats_are_payloads(vectors: Path, name: str) -> None:
    wanted = (vectors / "jcs" / "output" / f"{name}.json").read_bytes()
    assert canonical_bytes(parse_canonical(wanted)) == wanted


def test_jcs_vectors_with_floats_are_refused_as_payloads(vectors: Path) -> None:
    with pytest.raises(InputError, match="not a whole number"):
        parse_canonical((vectors / "jcs" / "output" / "values.json").read_bytes())


def test_every_ed25519_vector_is_judged_as_it_wants(vectors: Path) -> None:
    groups = json.loads((vectors / "ed25519" / "wycheproof.json").read_bytes())["testGroups"]
    wrong, n_cases = [], 0
    for group in groups:
        key = Verifier("vector", bytes.fromhex(group["publicKey"]["pk"]))
        for case in group["tests"]:
            n_cases += 1
            is_signed = key.is_signed(bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            if is_signed is not (case["result"] == "valid"):
                wrong.append(case["tcId"])
    assert wrong == []
    assert n_cases == 151


def test_the_example_note_verifies_under_its_key(vectors: Path) -> None:
    data = (vectors / "signed_note" / "example.note").read_bytes()
    note = parse_note(data)
    assert note.text == "This is an example message.\n"
    assert [key.name for key in verified_by(note, [parse_vkey(EXAMPLE_VKEY)])] == ["example.com/foo"]
    assert format_note(note) == data
