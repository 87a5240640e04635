"""Signed notes, checkpoints, keys and policies: what is well formed is read, everything else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.errors import ConflictError, InputError, IntegrityError, TrucelineError
from truceline.core.release import Realm
from truceline.ledger.checkpoint import (
    Checkpoint,
    format_checkpoint,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from truceline.ledger.keys import (
    Signer,
    check_key_name,
    decode_base64,
    derive_demo_key,
    parse_vkey,
    refuse_published_key,
)
from truceline.ledger.note import Note, NoteSignature, format_note, parse_note, sign_note, verified_by
from truceline.ledger.policy import Policy, format_policy, parse_policy

A = Signer("example.test/a", b"a" * 32)
B = Signer("example.test/b", b"b" * 32)
DASH = "\u2014"
LINE = format_note(sign_note("x\n", [A])).decode().split("\n\n")[1]
HEAD = Checkpoint("example.test/a", 7, bytes(range(32)))


def lines_of(text: str, extra: str = "") -> bytes:
    return f"{text}\n{LINE}{extra}".encode()


@given(st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]) | st.just("\n")))
def test_a_signed_text_reads_back_and_verifies(text: str) -> None:
    note = sign_note(text + "\n", [A, B])
    read = parse_note(format_note(note))
    assert read == note
    assert verified_by(read, [B.verifier, A.verifier]) == (A.verifier, B.verifier)


def test_the_text_ends_at_the_last_empty_line() -> None:
    text = "first\n\nsecond\n\n\nthird\n"
    assert parse_note(format_note(sign_note(text, [A]))).text == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"x\n",
        b"x\n\n",
        lines_of("x"),
        lines_of("x\n")[:-1],
        lines_of("x\n", "\n"),
        lines_of("x\r\n"),
        lines_of("x\x00\n"),
        lines_of("x\ty\n"),
        lines_of("x\n", "- example.test/a AAAAAAA=\n"),
        lines_of("x\n", f"{DASH} example.test/a\n"),
        lines_of("x\n", f"{DASH}  AAAAAAA=\n"),
        lines_of("x\n", f"{DASH} a+b AAAAAAA=\n"),
        lines_of("x\n", f"{DASH} a AAAAAA==\n"),
        lines_of("x\n", f"{DASH} a AAAAAAA\n"),
        lines_of("x\n", f"{DASH} a AAAAAAB=\n"),
        lines_of("x\n", f"{DASH} a AAAA AAA=\n"),
        lines_of("x\n", f"{DASH} a\u00a0b AAAAAAA=\n"),
        lines_of("x\n", LINE * 100),
        lines_of("x" * 1_000_001 + "\n"),
        b"\xff" + lines_of("x\n"),
    ],
)
def test_a_note_that_breaks_a_rule_of_the_format_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        parse_note(data)


def test_unknown_signatures_are_passed_over_even_with_a_known_name_or_id() -> None:
    note = sign_note("x\n", [A])
    wrong = b"\x00" * 64
    strangers = (
        NoteSignature("example.test/a", b"\x00\x00\x00\x00", wrong),
        NoteSignature("example.test/z", A.verifier.key_id, wrong),
    )
    assert verified_by(Note(note.text, (*strangers, *note.signatures)), [A.verifier]) == (A.verifier,)
    with pytest.raises(IntegrityError, match="no known key"):
        verified_by(Note(note.text, strangers), [A.verifier])


def test_one_wrong_signature_of_a_known_key_rejects_the_note() -> None:
    good, other = sign_note("x\n", [A, B]), sign_note("y\n", [B])
    mixed = Note(good.text, (good.signatures[0], other.signatures[0]))
    with pytest.raises(IntegrityError, match=r"example\.test/b is wrong"):
        verified_by(mixed, [A.verifier, B.verifier])
    assert verified_by(mixed, [A.verifier]) == (A.verifier,)


def test_a_verifier_key_string_reads_back_and_only_in_its_one_spelling() -> None:
    vkey = A.verifier.vkey
    assert parse_vkey(vkey) == A.verifier
    name, key_id, key = vkey.split("+", 2)
    for bad in (
        f"{name}+{key_id.upper() if key_id.upper() != key_id else '00000000'}+{key}",
        f"{name}x+{key_id}+{key}",
        f"{name}+{key_id}+{key[:-1]}",
        f"{name}+{key_id}",
        f"{name}+{key_id}+",
        f"{name}+{key_id}+{key}\n",
        f"+{key_id}+{key}",
        "",
    ):
        with pytest.raises(InputError):
            parse_vkey(bad)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\nb", "a\x01", "a\ud800"])
def test_a_key_name_holds_no_spaces_no_plus_no_control_characters(name: str) -> None:
    with pytest.raises(InputError):
        check_key_name(name)


@pytest.mark.parametrize("text", ["A", "AA", "AA=", "AB==", "AA==\n", "AA==AA==", "A-__", " AA=="])
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(InputError):
        decode_base64(text)


def test_demo_keys_follow_from_realm_and_mission_and_are_refused_for_live() -> None:
    demo = derive_demo_key(Realm.DEMO, "karabakh-2020")
    assert demo.verifier == derive_demo_key(Realm.DEMO, "karabakh-2020").verifier
    assert demo.is_derived
    others = [derive_demo_key(Realm.EXERCISE, "karabakh-2020"), derive_demo_key(Realm.DEMO, "blank")]
    assert len({key.verifier.public_key for key in [demo, *others]}) == 3
    with pytest.raises(ConflictError):
        derive_demo_key(Realm.LIVE, "karabakh-2020")
    with pytest.raises(ConflictError):
        refuse_published_key(demo, "karabakh-2020")
    refuse_published_key(A, "karabakh-2020")


def test_a_key_does_not_show_its_secret() -> None:
    assert repr(A) == "Signer('example.test/a')"
    with pytest.raises(InputError):
        Signer("short", b"x" * 31)


def test_a_checkpoint_reads_back_under_its_logs_key_alone() -> None:
    data = sign_checkpoint(HEAD, A)
    assert open_checkpoint(data, [B.verifier, A.verifier]) == HEAD
    with pytest.raises(IntegrityError):
        open_checkpoint(data, [B.verifier])
    foreign = sign_checkpoint(Checkpoint("example.test/b", 7, HEAD.root), A)
    with pytest.raises(IntegrityError):
        open_checkpoint(foreign, [A.verifier, B.verifier])


def test_extension_lines_are_kept() -> None:
    head = Checkpoint("o", 0, HEAD.root, ("more", "lines"))
    assert parse_checkpoint(format_checkpoint(head)) == head


ROOT = format_checkpoint(HEAD).split("\n")[2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "o\n7\n",
        f"\n7\n{ROOT}\n",
        f"o\n07\n{ROOT}\n",
        f"o\n+7\n{ROOT}\n",
        f"o\n-7\n{ROOT}\n",
        f"o\n\u0667\n{ROOT}\n",
        f"o\n{2**63}\n{ROOT}\n",
        f"o\n7\n{ROOT}",
        f"o\n7\n{ROOT}\n\n",
        f"o\n7\n{ROOT}\n\nmore\n",
        f"o\n7\n{ROOT[:-4]}\n",
        "o\n7\nAAAA\n",
        f"o\n\n{ROOT}\n",
    ],
)
def test_a_checkpoint_that_breaks_a_rule_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_checkpoint(text)


def test_a_policy_reads_back() -> None:
    policy = Policy((A.verifier, B.verifier))
    assert parse_policy(format_policy(policy)) == policy
    assert format_policy(Policy(())) == b"quorum none\n"
    spaced = f"# ours \xe9\n\n \tlog\t {A.verifier.vkey}  https://example.test/a \n quorum\tnone\n"
    assert parse_policy(spaced.encode("latin-1")) == Policy((A.verifier,))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum none",
        "log x\nquorum none\n",
        f"log {A.verifier.vkey}\n",
        f"log {A.verifier.vkey}\nlog {A.verifier.vkey}\nquorum none\n",
        "quorum none\nquorum none\n",
        "quorum W\n",
        f"witness W {A.verifier.vkey}\nquorum W\n",
        f"witness W {A.verifier.vkey}\nquorum none\n",
        "group G any W\nquorum none\n",
        "quorum none\r\n",
        "logs x\nquorum none\n",
        "quorum none \x0b\n",
        "log \u00e9+00000000+AAAA\nquorum none\n",
    ],
)
def test_a_policy_that_we_can_not_hold_to_is_refused(text: str) -> None:
    with pytest.raises(TrucelineError):
        parse_policy(text.encode())


def test_a_text_that_does_not_end_its_last_line_is_not_signed() -> None:
    with pytest.raises(InputError, match="ends in a newline"):
        sign_note("no end", [A])


def test_a_note_without_a_signature_is_not_written() -> None:
    with pytest.raises(InputError, match="at least one signature"):
        format_note(Note("text\n", ()))
