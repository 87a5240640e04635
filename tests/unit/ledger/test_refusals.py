"""Each refusal of the record's core is of its kind, bears its code, and says what is wrong and where."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from truceline.core.errors import ConflictError, InputError, IntegrityError, TrucelineError
from truceline.core.release import Realm
from truceline.ledger.checkpoint import (
    Checkpoint,
    cosigners_of,
    parse_checkpoint,
    parse_hash,
    sign_checkpoint,
)
from truceline.ledger.commitment import Disclosure, open_commitments, read_disclosure
from truceline.ledger.keys import Cosigner, Signer, derive_demo_cosigner, derive_demo_key
from truceline.ledger.note import (
    Note,
    NoteSignature,
    format_note,
    format_signatures,
    parse_note,
    parse_signatures,
    sign_note,
    verified_by,
)
from truceline.ledger.policy import Policy, PolicyWitness, format_policy, parse_policy, require_all
from truceline.ledger.tiles import encode_entries
from truceline.ledger.witness import Answer, ask, parse_request

A = Signer("example.test/a", b"a" * 32)
W = Cosigner("example.test/w", b"w" * 32)
DASH = "\u2014"
NOTE = sign_note("x\n", [A])
LINE = format_signatures(NOTE.signatures).decode()
ROOT = base64.b64encode(bytes(32)).decode()
LOG = derive_demo_key(Realm.DEMO, "m").verifier
KEYS = {name: derive_demo_cosigner(Realm.DEMO, "m", name).verifier for name in "ABC"}
THREE = "".join(f"witness {name} {key.vkey}\n" for name, key in KEYS.items())
HEAD = parse_note(sign_checkpoint(Checkpoint("example.test/a", 7, bytes(32)), A))


def refusal(do: Callable[[], object]) -> TrucelineError:
    with pytest.raises(TrucelineError) as caught:
        do()
    return caught.value


def holds(error: TrucelineError, kind: type[TrucelineError], code: str, what: str, where: str = "") -> None:
    assert (type(error), error.code, error.what, error.where) == (kind, code, what, where)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"x" * 1_000_001, "the note is larger than 1000000 bytes"),
        (b"\xff\n\n" + LINE.encode(), "the note is not UTF-8"),
        (b"x", "a note is a text, an empty line and signature lines"),
        (LINE.encode(), "a note is a text, an empty line and signature lines"),
        (f"x\n\n{LINE[:-1]}".encode(), "a note is a text, an empty line and signature lines"),
        (f"x\x00\n\n{LINE}".encode(), "a note holds no control characters"),
        (f"x\n\n{LINE * 101}".encode(), "the note has more than 100 signatures"),
        (f"x\n\n- a{LINE}".encode(), "a signature line begins with an em dash and a space"),
        (f"x\n\n{LINE[2:]}".encode(), "a signature line begins with an em dash and a space"),
        (f"x\n\n{DASH} a\n".encode(), "a signature line holds a key name and a signature"),
        (f"x\n\n{DASH} a AAAAAA==\n".encode(), "a signature is longer than its key id"),
    ],
)  # fmt: skip
def test_a_note_is_refused_for_the_rule_that_it_breaks(data: bytes, what: str) -> None:
    holds(refusal(lambda: parse_note(data)), InputError, "note.malformed", what)


def test_a_note_is_not_written_against_a_rule() -> None:
    for do, what in (
        (lambda: sign_note("x", [A]), "a note's text ends in a newline"),
        (lambda: sign_note("\x1f\n", [A]), "a note holds no control characters"),
        (lambda: format_note(Note("x", NOTE.signatures)), "a note's text ends in a newline"),
        (lambda: format_note(Note("x\n", ())), "a note has at least one signature"),
    ):
        holds(refusal(do), InputError, "note.malformed", what)
    nameless = NoteSignature("a b", bytes(4), bytes(64))
    assert refusal(lambda: format_signatures([nameless])).code == "note.key_name"
    assert refusal(lambda: parse_note(f"x\n\n{DASH} a+b AAAAAAA=\n".encode())).code == "note.key_name"
    # A name ends at the first space: what stands behind it is the signature.
    assert refusal(lambda: parse_note(f"x\n\n{DASH} a b AAAAAAA=\n".encode())).code == "note.base64"


def test_a_signature_that_does_not_hold_and_none_at_all_are_told_apart() -> None:
    (line,) = NOTE.signatures
    wrong = Note("x\n", (NoteSignature(line.name, line.key_id, bytes(64)),))
    error = refusal(lambda: verified_by(wrong, [A.verifier]))
    holds(error, IntegrityError, "note.signature", "the signature of example.test/a is wrong")
    error = refusal(lambda: verified_by(NOTE, []))
    holds(error, IntegrityError, "note.unsigned", "no known key signed the note")


@pytest.mark.parametrize(
    ("text", "code", "what"),
    [
        ("o\n7\n", "checkpoint.lines", "a checkpoint has an origin, a size and a root, each on its line"),
        (f"o\n7\n{ROOT}", "checkpoint.lines", "a checkpoint has an origin, a size and a root, each on its line"),
        (f"\n7\n{ROOT}\n", "checkpoint.lines", "a checkpoint has an origin, a size and a root, each on its line"),
        (f"o\n07\n{ROOT}\n", "checkpoint.size", "'07' is no whole number as checkpoints write it"),
        (f"o\n\u0667\n{ROOT}\n", "checkpoint.size", "'\u0667' is no whole number as checkpoints write it"),
        (f"o\n{'9' * 5000}\n{ROOT}\n", "checkpoint.size", f"'{'9' * 30}' is no whole number as checkpoints write it"),
        ("o\n7\nAAAA\n", "checkpoint.hash", "a hash has 32 bytes, not 3"),
    ],
)  # fmt: skip
def test_a_checkpoint_is_refused_for_the_rule_that_it_breaks(text: str, code: str, what: str) -> None:
    holds(refusal(lambda: parse_checkpoint(text)), InputError, code, what)


def test_a_hash_is_refused_by_its_length_and_by_its_spelling() -> None:
    assert parse_hash(ROOT) == bytes(32)
    assert refusal(lambda: parse_hash(ROOT[:-1])).code == "note.base64"
    assert refusal(lambda: parse_hash(base64.b64encode(bytes(33)).decode())).code == "checkpoint.hash"


def test_a_cosignature_is_refused_by_the_witness_and_by_its_time() -> None:
    policy = require_all(A.verifier, [PolicyWitness("w", W.verifier)])
    line = NoteSignature(W.name, W.verifier.key_id, W.cosign(HEAD.text.encode(), 8))
    late = Note(HEAD.text, (line,))
    assert cosigners_of(late, policy) == cosigners_of(late, policy, latest_s=8) == {"w": 8}
    error = refusal(lambda: cosigners_of(late, policy, latest_s=7))
    holds(error, IntegrityError, "note.future", "the cosignature of w bears a time to come")
    wrong = Note(HEAD.text, (NoteSignature(W.name, W.verifier.key_id, bytes(72)),))
    error = refusal(lambda: cosigners_of(wrong, policy))
    holds(error, IntegrityError, "note.signature", "the cosignature of w is wrong")


LINES = "a policy names at most 64 of a kind"
PLACE = "a member does not stand on a line before, or counts in two places"


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("quorum none\n\r\n", "a policy holds no control characters", 0),
        ("quorum none\n#\x7f\n", "a policy holds no control characters", 0),
        ("quorum none\n#\x00\n", "a policy holds no control characters", 0),
        ("quorum none\n#\x1f\n", "a policy holds no control characters", 0),
        ("quorum none", "the last line has no newline", 0),
        ("\n", "a policy has exactly one quorum line", 0),
        ("quorum none\nquorum none\n", "a policy has exactly one quorum line", 0),
        ("quorum none\nlogs x\n", "this is no line of a policy", 5),
        ("Xquorum none\n", "this is no line of a policy", 4),
        ("quorum\n", "this is no line of a policy", 4),
        ("group g all\n", "this is no line of a policy", 4),
        (f"log {LOG.vkey} url more\n", "this is no line of a policy", 4),
        (f"witness E {LOG.vkey} url more\n", "this is no line of a policy", 4),
        ("log nonsense\n", "this is no Ed25519 verifier key", 4),
        (f"log {KEYS['A'].vkey}\n", "the key is of another kind than the line wants", 4),
        (f"witness E {LOG.vkey}\n", "the key is of another kind than the line wants", 4),
        (f"witness E {KEYS['A'].vkey}\n", "a key stands twice", 4),
        (f"log {LOG.vkey}\nlog {LOG.vkey}\n", "a key stands twice", 5),
        ("group A any B\n", "the name is taken", 4),
        ("group none any B\n", "the name is taken", 4),
        ("\n# all\ngroup g all A E\n", PLACE, 6),
        ("group g all A A\n", PLACE, 4),
        ("group g any A\ngroup h any A\n", PLACE, 5),
        ("group g 0 A B\n", "no 2 members can be 0", 4),
        ("group g 3 A B\n", "no 2 members can be 3", 4),
        ("group g some A B\n", "no 2 members can be some", 4),
        ("group g \u0661 A B\n", "no 2 members can be \u0661", 4),
        ("group g \u00b2 A B\n", "no 2 members can be \u00b2", 4),
        ("group g 01 A B\n", "no 2 members can be 01", 4),
        (f"group g {'9' * 5000} A B\n", f"no 2 members can be {'9' * 20}", 4),
        ("quorum g\ngroup g any A\n", "the quorum names nobody of the lines before it", 4),
    ],
)  # fmt: skip
def test_a_policy_is_refused_for_the_rule_that_it_breaks_at_its_line(text: str, what: str, line: int) -> None:
    where = f"policy line {line}" if line else "policy"
    error = refusal(lambda: parse_policy((THREE + text).encode()))
    holds(error, InputError, "policy.malformed", what, where)
    assert error.todo == "export the record again, or take the policy from whoever gave you the first copy"


def test_a_policy_that_would_not_read_back_is_not_written() -> None:
    spaced = Policy((LOG,), (PolicyWitness("A", KEYS["A"], "http://localhost:1 "),), (), "A")
    holds(refusal(lambda: format_policy(spaced)), InputError, "policy.malformed",
          "a name in it does not come back as it went in", "policy")  # fmt: skip


def test_an_entry_too_long_for_a_bundle_is_refused() -> None:
    error = refusal(lambda: encode_entries([b"x" * 65_536]))
    holds(error, InputError, "entry.size", "an entry of 65536 bytes is longer than 65535")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"\xff\n\n", "the lines before the checkpoint are ASCII"),
        (b"old 0\n", "a request begins with 'old', a size and proof lines"),
        (b"old 0", "a request begins with 'old', a size and proof lines"),
        (b"new 0\n\n", "a request begins with 'old', a size and proof lines"),
        (b"\nold 0\n\n", "a request begins with 'old', a size and proof lines"),
        (b"old 0\n" + f"{ROOT}\n".encode() * 64 + b"\n", "a proof has at most 63 lines"),
    ],
)
def test_a_request_to_a_witness_is_refused_for_the_rule_that_it_breaks(body: bytes, what: str) -> None:
    holds(refusal(lambda: parse_request(body)), InputError, "witness.request", what)


def test_the_old_size_of_a_request_is_all_that_stands_behind_the_word() -> None:
    for size in (b"3 4", b"", b"03", b" 3"):
        assert refusal(lambda size=size: parse_request(b"old " + size + b"\n\n")).code == "checkpoint.size"


class Says:
    """A witness that always says the same."""

    def __init__(self, status: int, body: bytes) -> None:
        self.answer = Answer(status, body)

    def add_checkpoint(self, body: bytes) -> Answer:
        assert body
        return self.answer

    def latest(self, origin: str) -> bytes | None:
        assert origin


NO_LINES = "example.test/w answers no signature lines"
OTHER = "example.test/w has cosigned another history than this one"
BEHIND = "example.test/w has cosigned 8 entries, this store holds 7"


@pytest.mark.parametrize(
    ("status", "body", "kind", "code", "what", "where"),
    [
        (409, b"8\n", ConflictError, "record.behind", BEHIND, HEAD.text.split("\n")[0]),
        (409, b"7\n", ConflictError, "record.fork", OTHER, HEAD.text.split("\n")[0]),
        (422, b"", ConflictError, "record.fork", OTHER, HEAD.text.split("\n")[0]),
        (409, b"08\n", IntegrityError, "witness.answer", "example.test/w names no size", ""),
        (409, b"8\n\n", IntegrityError, "witness.answer", "example.test/w names no size", ""),
        (409, b"\xff\n", IntegrityError, "witness.answer", "example.test/w names no size", ""),
        (403, b" no\n", IntegrityError, "witness.refused", "example.test/w answers 403: no", ""),
        (500, b"\xff" + b"n" * 300, IntegrityError, "witness.refused", f"example.test/w answers 500: \ufffd{'n' * 199}", ""),
        (200, b"\xff\n", IntegrityError, "witness.answer", NO_LINES, ""),
        (200, b"no lines\n", IntegrityError, "witness.answer", NO_LINES, ""),
        (200, LINE.encode(), IntegrityError, "note.unsigned", "no known key signed the note", ""),
    ],
)  # fmt: skip
def test_what_a_witness_answers_is_told_for_what_it_is(
    status: int, body: bytes, kind: type[TrucelineError], code: str, what: str, where: str
) -> None:
    error = refusal(lambda: ask(Says(status, body), W.verifier, HEAD, prove=lambda _a, _b: ()))
    holds(error, kind, code, what, where)


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        ("?", "this is no disclosure", ""),
        ("AA", "this is no disclosure", ""),
        (encoded('["s","n",1]') + "!!!!", "this is no disclosure", ""),
        (
            encoded('["s","n","?\u00ff\u00ff"]').replace("_", "/"),
            "the disclosure is not in canonical form",
            "n",
        ),
        (encoded("null"), "a disclosure is a salt, a name and a value", ""),
        (encoded("{}"), "a disclosure is a salt, a name and a value", ""),
        (encoded('{"a":1,"b":2,"c":3}'), "a disclosure is a salt, a name and a value", ""),
        (encoded('"abc"'), "a disclosure is a salt, a name and a value", ""),
        (encoded('["s","n"]'), "a disclosure is a salt, a name and a value", ""),
        (encoded('["s","n",1,2]'), "a disclosure is a salt, a name and a value", ""),
        (encoded('[1,"n",1]'), "a disclosure is a salt, a name and a value", ""),
        (encoded('["s",1,"v"]'), "a disclosure is a salt, a name and a value", ""),
        (encoded('["s","n", 1]'), "the disclosure is not in canonical form", "n"),
        (encoded('["s","n",1]') + "=", "the disclosure is not in canonical form", "n"),
    ],
)
def test_a_disclosure_is_refused_for_the_rule_that_it_breaks(text: str, what: str, where: str) -> None:
    holds(refusal(lambda: read_disclosure(text)), InputError, "seal.disclosure", what, where)


def test_what_was_not_sealed_and_what_is_shown_twice_are_told_apart() -> None:
    one = Disclosure("c2FsdA", "happened", "yes")
    error = refusal(lambda: open_commitments([], [one]))
    holds(error, IntegrityError, "seal.other", "'happened' is not what was sealed", "happened")
    error = refusal(lambda: open_commitments([one.digest()], [one, one]))
    holds(error, IntegrityError, "seal.twice", "'happened' is shown twice", "happened")


def test_signature_lines_end_in_a_newline_each() -> None:
    assert parse_signatures(LINE * 100) == NOTE.signatures * 100
    for block in ("", LINE[:-1], LINE + "\n"):
        assert refusal(lambda block=block: parse_signatures(block)).code == "note.malformed"
