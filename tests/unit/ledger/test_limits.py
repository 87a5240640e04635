"""Every limit of the record's formats holds exactly at its edge, and every constant is the one of its specification."""

from __future__ import annotations

import base64
import hashlib

import pytest

from truceline.core.errors import InputError
from truceline.core.release import Realm
from truceline.ledger import checkpoint, commitment, note, policy, tiles, tree, witness
from truceline.ledger.checkpoint import Checkpoint, format_checkpoint, parse_checkpoint, parse_count
from truceline.ledger.keys import Signer, derive_demo_cosigner
from truceline.ledger.note import NoteSignature, format_note, format_signatures, parse_note, sign_note
from truceline.ledger.policy import parse_policy
from truceline.ledger.tiles import decode_entries, encode_entries
from truceline.ledger.witness import Request, format_request, parse_request

A = Signer("example.test/a", b"a" * 32)


def test_the_constants_are_those_of_the_specifications() -> None:
    assert (note.MAX_NOTE_BYTES, note.MAX_SIGNATURES) == (1_000_000, 100)
    assert tree.HASH_SIZE == 32
    assert hashlib.sha256().digest() == tree.EMPTY_ROOT
    assert (tiles.HEIGHT, tiles.WIDTH, tiles.MAX_ENTRY_BYTES) == (8, 256, 65_535)
    assert (policy.NO_QUORUM, policy.MAX_NAMES) == ("none", 64)
    assert (witness.MAX_PROOF, witness.SIZE_TYPE) == (63, "text/x.tlog.size")
    assert witness.TEXT_TYPE == "text/plain; charset=utf-8"
    answers = (witness.OK, witness.BAD_REQUEST, witness.FORBIDDEN, witness.NOT_FOUND, witness.CONFLICT)
    assert (*answers, witness.UNPROCESSABLE) == (200, 400, 403, 404, 409, 422)
    assert (commitment.SALT_SIZE, checkpoint.MAX_SIZE) == (16, 9_223_372_036_854_775_807)


def test_a_note_of_a_million_bytes_is_read_and_one_of_a_byte_more_is_not() -> None:
    tail = format_note(sign_note("\n", [A]))
    text = "x" * (1_000_000 - len(tail)) + "\n"
    data = format_note(sign_note(text, [A]))
    assert len(data) == 1_000_000
    assert parse_note(data).text == text
    with pytest.raises(InputError, match="larger than 1000000"):
        parse_note(b"x" + data)


def test_a_hundred_signatures_are_read_and_one_more_is_not() -> None:
    (line,) = sign_note("x\n", [A]).signatures
    head = b"x\n\n"
    assert parse_note(head + format_signatures([line] * 100)).signatures == (line,) * 100
    with pytest.raises(InputError, match="more than 100"):
        parse_note(head + format_signatures([line] * 101))


def test_a_signature_line_is_dash_name_key_id_and_signature() -> None:
    line = NoteSignature("example.test/a", b"\x01\x02\x03\x04", b"\x05")
    written = f"\u2014 example.test/a {base64.b64encode(bytes([1, 2, 3, 4, 5])).decode()}\n".encode()
    assert format_signatures([line]) == written
    assert parse_note(b"x\n\n" + written).signatures == (line,)


@pytest.mark.parametrize("code", [n for n in range(0x20) if n != 0x0A])
def test_no_control_character_stands_anywhere_in_a_note(code: int) -> None:
    for text in (f"{chr(code)}x\n", f"x{chr(code)}\n", f"x\n{chr(code)}\n"):
        with pytest.raises(InputError, match="control"):
            sign_note(text, [A])


def test_what_is_no_control_character_stands_in_a_note() -> None:
    text = "\u0020\u007f\u0080\u009f\u2028\nx\n"
    assert parse_note(format_note(sign_note(text, [A]))).text == text


@pytest.mark.parametrize("number", [0, 1, 9, 10, 2**62, 10**18, 2**63 - 1])
def test_a_count_is_read_up_to_the_greatest(number: int) -> None:
    assert parse_count(str(number)) == number
    head = Checkpoint("o", number, bytes(32))
    assert parse_checkpoint(format_checkpoint(head)) == head


@pytest.mark.parametrize(
    "text", ["", "00", "01", "-1", "+1", " 1", "1 ", "1_0", "x", "\u00b2", str(2**63), "1" * 20]
)
def test_a_count_has_one_spelling_and_an_end(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_count(text)
    assert caught.value.code == "checkpoint.size"


def test_sixty_three_proof_lines_are_read_and_one_more_is_not() -> None:
    hashes = tuple(hashlib.sha256(b"%d" % n).digest() for n in range(64))
    made = Request(3, hashes[:63], b"note")
    assert parse_request(format_request(made)) == made
    with pytest.raises(InputError, match="at most 63"):
        parse_request(format_request(Request(3, hashes, b"note")))


def test_a_request_is_old_size_proof_and_note_and_nothing_else() -> None:
    made = format_request(Request(12, (bytes(32), bytes(32)), b"a\n\nb\n"))
    line = base64.b64encode(bytes(32)) + b"\n"
    assert made == b"old 12\n" + line + line + b"\na\n\nb\n"
    assert parse_request(made).note == b"a\n\nb\n"


VKEYS = [derive_demo_cosigner(Realm.DEMO, "m", f"w{n}").verifier.vkey for n in range(65)]
LOGS = [Signer(f"log{n}", n.to_bytes(32, "big")).verifier.vkey for n in range(1, 66)]
WITNESSES = [f"witness w{n} {vkey}\n" for n, vkey in enumerate(VKEYS)]
CHAIN = ["group g0 any w0\n", *(f"group g{n} any g{n - 1}\n" for n in range(1, 65))]


@pytest.mark.parametrize(
    ("before", "lines"),
    [("", [f"log {vkey}\n" for vkey in LOGS]), ("", WITNESSES), (WITNESSES[0], CHAIN)],
    ids=["logs", "witnesses", "groups"],
)
def test_sixty_four_of_a_kind_stand_in_a_policy_and_one_more_does_not(before: str, lines: list[str]) -> None:
    found = parse_policy(f"{before}{''.join(lines[:64])}quorum none\n".encode())
    assert max(len(found.logs), len(found.witnesses), len(found.groups)) == 64
    with pytest.raises(InputError, match="at most 64") as caught:
        parse_policy(f"{before}{''.join(lines)}quorum none\n".encode())
    assert caught.value.where == f"policy line {65 + before.count(chr(10))}"


@pytest.mark.parametrize("least", [1, 9, 10, 20, 63, 64])
def test_a_threshold_is_any_number_up_to_the_members(least: int) -> None:
    names = " ".join(f"w{n}" for n in range(64))
    text = f"{''.join(WITNESSES[:64])}group g {least} {names}\nquorum g\n"
    found = parse_policy(text.encode())
    keys = [one.key for one in found.witnesses]
    assert found.groups[0].threshold == least
    assert found.is_met(keys[:least])
    assert not found.is_met(keys[: least - 1])


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_535])
def test_an_entry_of_any_size_stands_behind_its_length(size: int) -> None:
    entry = b"x" * size
    data = encode_entries([entry, b"y"])
    assert data == size.to_bytes(2, "big") + entry + b"\x00\x01y"
    assert decode_entries(data) == ([entry, b"y"], True)
    assert decode_entries(data[:-1]) == ([entry], False)
    assert decode_entries(data[:-2]) == ([entry], False)
    assert decode_entries(data[:-3]) == ([entry], True)
