"""A position signed in a browser is byte for byte what one signed by the command line would be, and counts the same."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from truceline.adapters.keyring import decrypt_with, escrow_key
from truceline.core.determinations import read_form
from truceline.core.release import Realm
from truceline.determine.events import opened_form, round_id, side_id
from truceline.ledger.canonical import canonical_bytes
from truceline.ledger.commitment import open_commitments, read_disclosure
from truceline.ledger.keys import derive_demo_key, derive_demo_seed, encode_base64
from truceline.ledger.note import parse_note, verified_by
from truceline.ledger.signing import OpenedStatement, SignedStatement, open_statement

ROOT = Path(__file__).resolve().parents[2]
MISSION, REALM = "karabakh-2020", Realm.DEMO
SEED = derive_demo_seed(REALM, MISSION, "escrow/observer")
SUBJECT = round_id("incident_x", 0)
ID = side_id(SUBJECT, "A")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, need: Callable[[str], str]) -> dict[str, Any]:
    """What the page's code makes, run by node."""
    node = need("node")
    found = sorted((ROOT / "console" / "node_modules" / "@esbuild").glob("*/bin/esbuild"))
    if not found:
        need("console packages")
    bundle = tmp_path_factory.mktemp("bundle") / "statement.mjs"
    source = ROOT / "console" / "src" / "statement.ts"
    words = [found[0], source, "--bundle", "--format=esm", "--platform=node", f"--outfile={bundle}"]
    subprocess.run([*words, "--log-level=error"], check=True)
    desk = {
        "mission": MISSION, "realm": REALM.value, "origin": f"truceline/{MISSION}/{REALM}", "size": 71,
        "root": encode_base64(bytes(range(32))), "escrow": escrow_key(SEED), "letter": "A",
    }  # fmt: skip
    script = Path(__file__).with_name("browser_key.mjs")
    told = subprocess.run(
        [node, script, bundle, json.dumps(desk), SUBJECT], check=True, capture_output=True, text=True
    )
    return dict(json.loads(told.stdout))


def opened(signed: dict[str, str]) -> OpenedStatement:
    """Open a statement, after checking its author's signature."""
    note, payload = (base64.b64decode(signed[name]) for name in ("note", "payload"))
    author = derive_demo_key(REALM, MISSION, "A/duty").verifier
    assert verified_by(parse_note(note), [author]) == (author,)
    return open_statement(SignedStatement(note, payload))


def test_the_key_is_the_one_that_the_record_names(made: dict[str, Any]) -> None:
    assert made["vkey"] == derive_demo_key(REALM, MISSION, "A/duty").verifier.vkey


def test_a_seal_holds_ten_digests_that_its_disclosures_open(made: dict[str, Any]) -> None:
    seal = opened(made["sealed"]["signed"])
    assert (seal.leaf.type, seal.leaf.id, seal.leaf.round, seal.leaf.seen_size) == ("commitment", ID, 0, 71)
    digests = seal.payload["body"]["digests"]
    assert digests == sorted(digests) == made["sealed"]["digests"]
    shown = open_commitments(digests, map(read_disclosure, made["sealed"]["disclosures"]))
    assert shown == made["fields"] == read_form(made["fields"], "happening").fields()


def test_the_opening_counts_as_the_form_that_was_sealed(made: dict[str, Any]) -> None:
    body = opened(made["opened"]).payload["body"]
    form = opened_form(made["sealed"]["digests"], body, "happening")
    assert form == read_form(made["fields"], "happening")


def test_the_escrow_reads_what_was_sealed_and_its_length_says_nothing(made: dict[str, Any]) -> None:
    data = base64.b64decode(opened(made["sealed"]["signed"]).payload["body"]["escrow"])
    assert json.loads(decrypt_with(SEED, data, ID)) == made["sealed"]["disclosures"]
    assert len(data) % 8192 == 32 + 16


def test_a_recall_says_why(made: dict[str, Any]) -> None:
    recall = opened(made["recalled"])
    assert (recall.leaf.round, recall.payload["body"]) == (
        1,
        {"step": "recall", "reason": "a second report came in"},
    )


def test_keys_of_any_script_are_ordered_as_the_standard_asks(made: dict[str, Any]) -> None:
    assert made["odd"].encode() == canonical_bytes(json.loads(made["odd"]))
