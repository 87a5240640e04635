"""Timestamped cosignatures. Source: C2SP tlog-cosignature, the Ed25519 type."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.core.release import Realm
from truceline.ledger.checkpoint import (
    Checkpoint,
    cosigners_of,
    format_checkpoint,
    missing_cosigners,
)
from truceline.ledger.keys import (
    COSIGNATURE,
    ED25519,
    MAX_TIME,
    Cosigner,
    Signer,
    Verifier,
    cosigned_at,
    derive_demo_cosigner,
    parse_vkey,
)
from truceline.ledger.note import Note, NoteSignature, sign_note
from truceline.ledger.policy import Policy, PolicyGroup, PolicyWitness, require_all

LOG = Signer("log.example/x", b"\x01" * 32)
W = Cosigner("witness.example/w", b"\x02" * 32)
V = Cosigner("witness.example/v", b"\x03" * 32)
TEXT = format_checkpoint(Checkpoint(LOG.name, 7, b"\x09" * 32))
POLICY = require_all(LOG.verifier, [PolicyWitness("w", W.verifier), PolicyWitness("v", V.verifier)])


def cosigned(*lines: tuple[Cosigner, int]) -> Note:
    note = sign_note(TEXT, [LOG])
    more = [NoteSignature(key.name, key.verifier.key_id, key.cosign(TEXT.encode(), at)) for key, at in lines]
    return Note(note.text, (*note.signatures, *more))


def test_the_signed_bytes_are_header_time_and_checkpoint() -> None:
    signature = W.cosign(TEXT.encode(), 1_679_315_147)
    assert (len(signature), cosigned_at(signature)) == (72, 1_679_315_147)
    message = f"cosignature/v1\ntime 1679315147\n{TEXT}".encode()
    Ed25519PublicKey.from_public_bytes(W.verifier.public_key).verify(signature[8:], message)


def test_the_key_id_is_that_of_type_four() -> None:
    data = W.name.encode() + b"\n\x04" + W.verifier.public_key
    assert W.verifier.key_id == hashlib.sha256(data).digest()[:4]
    assert parse_vkey(W.verifier.vkey) == W.verifier
    assert parse_vkey(W.verifier.vkey).kind == COSIGNATURE


def test_the_same_key_signs_nothing_as_a_log() -> None:
    as_log = Verifier(W.name, W.verifier.public_key, ED25519)
    signature = W.cosign(TEXT.encode(), 5)
    assert not as_log.is_signed(TEXT.encode(), signature)
    assert not as_log.is_signed(TEXT.encode(), signature[8:])
    assert as_log != W.verifier


@pytest.mark.parametrize(
    "signature", [b"", b"\x00" * 8, b"\x00" * 72, b"\xff" * 72, b"\x00" * 71, b"\x00" * 73]
)
def test_other_bytes_are_no_cosignature(signature: bytes) -> None:
    assert not W.verifier.is_signed(TEXT.encode(), signature)


def test_a_time_moved_by_a_second_is_noticed() -> None:
    signature = W.cosign(TEXT.encode(), 5)
    assert W.verifier.is_signed(TEXT.encode(), signature)
    assert not W.verifier.is_signed(TEXT.encode(), (6).to_bytes(8, "big") + signature[8:])


@pytest.mark.parametrize("at_s", [-1, MAX_TIME + 1])
def test_a_time_that_can_not_be_written_is_refused(at_s: int) -> None:
    with pytest.raises(InputError):
        W.cosign(TEXT.encode(), at_s)
    assert W.verifier.is_signed(TEXT.encode(), W.cosign(TEXT.encode(), MAX_TIME))


def test_who_cosigned_and_who_is_missing_is_said() -> None:
    assert cosigners_of(cosigned((W, 5), (V, 6)), POLICY) == {"w": 5, "v": 6}
    assert missing_cosigners(POLICY, {"w", "v"}) == ()
    assert missing_cosigners(POLICY, {"w"}) == ("v",)
    assert cosigners_of(cosigned(), POLICY) == {}
    assert missing_cosigners(require_all(LOG.verifier, []), ()) == ()


def test_nobody_is_missing_where_the_policy_is_content_with_some() -> None:
    group = PolicyGroup("one", 1, ("w", "v"))
    either = Policy(POLICY.logs, POLICY.witnesses, (group,), "one")
    assert missing_cosigners(either, {"v"}) == ()
    assert missing_cosigners(either, {"somebody else"}) == ("w", "v")
    assert missing_cosigners(either, ()) == ("w", "v")


def test_a_wrong_cosignature_spoils_the_checkpoint() -> None:
    note = cosigned((W, 5))
    line = note.signatures[-1]
    bad = Note(note.text, (NoteSignature(line.name, line.key_id, bytes(72)),))
    with pytest.raises(IntegrityError, match="cosignature of w is wrong"):
        cosigners_of(bad, POLICY)


def test_a_cosignature_of_the_future_is_refused_where_there_is_a_clock() -> None:
    assert cosigners_of(cosigned((W, 100)), POLICY, latest_s=100) == {"w": 100}
    with pytest.raises(IntegrityError, match="time to come"):
        cosigners_of(cosigned((W, 101)), POLICY, latest_s=100)


def test_lines_of_strangers_are_passed_over() -> None:
    stranger = Cosigner("witness.example/z", b"\x04" * 32)
    assert cosigners_of(cosigned((stranger, 5)), POLICY) == {}


def test_live_takes_no_published_witness() -> None:
    with pytest.raises(ConflictError):
        derive_demo_cosigner(Realm.LIVE, "m", "A")
    assert derive_demo_cosigner(Realm.DEMO, "m", "A").is_derived
    assert "witness/A" in repr(derive_demo_cosigner(Realm.DEMO, "m", "A"))
