"""What stands at the very edge of the kernel's rules: one more, one less, nothing at all."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.core.release import Realm
from truceline.ledger.checkpoint import Checkpoint, sign_checkpoint
from truceline.ledger.commitment import Disclosure, open_commitments, read_disclosure
from truceline.ledger.keys import derive_demo_cosigner, derive_demo_key
from truceline.ledger.note import parse_note
from truceline.ledger.policy import PolicyWitness, format_policy, parse_policy, require_all
from truceline.ledger.tiles import decode_entries, encode_entries
from truceline.ledger.tree import EMPTY_ROOT, MemoryTree, leaf_hash, roots_of_prefix
from truceline.ledger.witness import (
    MAX_PROOF,
    SIZE_TYPE,
    Answer,
    Request,
    Witness,
    ask,
    format_request,
    parse_request,
)
from truceline.testing.ledger_store import MISSION, MemoryWitnessStore

LOG = derive_demo_key(Realm.DEMO, MISSION)
KEY = derive_demo_cosigner(Realm.DEMO, MISSION, "A")
TREE = MemoryTree(leaf_hash(b"%d" % n) for n in range(300))


def head(size: int) -> bytes:
    return sign_checkpoint(Checkpoint(LOG.name, size, TREE.root(size)), LOG)


class Link:
    """A witness that answers what it is told to, and remembers what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.asked = list(answers), list[Request]()

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer the next thing."""
        self.asked.append(parse_request(body))
        return self.answers.pop(0)

    def latest(self, _origin: str) -> bytes | None:
        """Show nothing."""
        return None


def refused(*answers: Answer, old_size: int | None = None, size: int = 8) -> tuple[Exception, Link]:
    """Ask a witness that refuses; what was raised, and what it had been asked."""
    link, said = Link(*answers), {} if old_size is None else {"old_size": old_size}

    def prove(old: int, new: int) -> Sequence[bytes]:
        assert 0 < old < new, "a proof is asked for where there is none"
        return [bytes([old])] * 2 if old < 32 else [bytes(32)]

    with pytest.raises((ConflictError, IntegrityError, InputError)) as error:
        ask(
            link,
            KEY.verifier,
            parse_note(head(size)),
            prove=lambda a, b: [h.ljust(32, b"0") for h in prove(a, b)],
            **said,
        )
    return error.value, link


def test_whoever_says_nothing_of_what_was_cosigned_begins_from_nothing() -> None:
    _, link = refused(Answer(403, b"no\n"))
    assert [(one.old_size, one.proof) for one in link.asked] == [(0, ())]


def test_a_proof_goes_along_from_the_first_entry_on_and_never_to_the_same_size() -> None:
    _, link = refused(Answer(409, b"1\n", SIZE_TYPE), Answer(422, b"no\n"))
    assert [(one.old_size, len(one.proof)) for one in link.asked] == [(0, 0), (1, 2)]
    _, link = refused(Answer(409, b"8\n", SIZE_TYPE), Answer(422, b"no\n"))
    assert [(one.old_size, len(one.proof)) for one in link.asked] == [(0, 0), (8, 0)]


def test_errors_of_witnesses_name_their_kind_the_log_and_what_to_do() -> None:
    behind, _ = refused(Answer(409, b"9\n", SIZE_TYPE))
    assert isinstance(behind, ConflictError)
    assert (behind.code, behind.where) == ("record.behind", LOG.name)
    assert behind.todo == "heal the store from a mirror before anything is written"
    fork, _ = refused(Answer(422, b"no\n"))
    assert isinstance(fork, ConflictError)
    assert (fork.code, fork.where) == ("record.fork", LOG.name)
    assert fork.todo == "compare both with truceline record prove-fork"


def test_what_a_witness_says_is_shown_cut_to_two_hundred_bytes_whatever_they_are() -> None:
    error, _ = refused(Answer(500, b"\xff" + b"x" * 400))
    assert isinstance(error, IntegrityError)
    assert (error.code, error.what) == ("witness.refused", f"{KEY.name} answers 500: \ufffd{'x' * 199}")


@pytest.mark.parametrize("body", [b"many\n", b"\xff\n", b"", b"01\n"])
def test_a_conflict_without_a_size_is_no_answer(body: bytes) -> None:
    error, _ = refused(Answer(409, body, SIZE_TYPE))
    assert isinstance(error, IntegrityError)
    assert error.code == "witness.answer"


def test_every_conflict_of_a_witness_is_a_size_of_its_own_kind() -> None:
    store = MemoryWitnessStore()
    witness = Witness(KEY, {LOG.name: [LOG.verifier]}, store, lambda: 1)
    other = sign_checkpoint(Checkpoint(LOG.name, 8, bytes(32)), LOG)
    unknown = witness.add_checkpoint(format_request(Request(3, (), head(8))))
    assert (unknown.status, unknown.body, unknown.media_type) == (409, b"0\n", SIZE_TYPE)
    assert witness.add_checkpoint(format_request(Request(0, (), head(8)))).status == 200
    fork = witness.add_checkpoint(format_request(Request(8, (), other)))
    assert (fork.status, fork.body, fork.media_type) == (409, b"8\n", SIZE_TYPE)


def test_whoever_is_overtaken_is_told_the_size_that_came_between_or_none() -> None:
    class Overtaken(MemoryWitnessStore):
        def advance(self, *_words: object) -> bool:
            return False

    witness = Witness(KEY, {LOG.name: [LOG.verifier]}, Overtaken(), lambda: 1)
    answer = witness.add_checkpoint(format_request(Request(0, (), head(8))))
    assert (answer.status, answer.body, answer.media_type) == (409, b"0\n", SIZE_TYPE)


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"nonsense", 400, b"a request begins with 'old', a size and proof lines\n"),
        (format_request(Request(9, (), head(8))), 400, b"the old size is greater than the new one\n"),
        (format_request(Request(0, (bytes(32),), head(8))), 422, b"this proof must be empty\n"),
    ],
)
def test_a_witness_says_in_one_line_why_it_refuses(body: bytes, status: int, says: bytes) -> None:
    witness = Witness(KEY, {LOG.name: [LOG.verifier]}, MemoryWitnessStore(), lambda: 1)
    answer = witness.add_checkpoint(body)
    assert (answer.status, answer.body) == (status, says)


def test_a_proof_of_the_greatest_length_is_read_and_one_line_more_is_not() -> None:
    longest = Request(1, (bytes(32),) * MAX_PROOF, head(8))
    assert parse_request(format_request(longest)) == longest
    with pytest.raises(InputError, match=f"at most {MAX_PROOF} lines") as error:
        parse_request(format_request(Request(1, (bytes(32),) * (MAX_PROOF + 1), head(8))))
    assert error.value.code == "witness.request"


def test_a_policy_of_all_says_all_and_names_its_group() -> None:
    named = [
        PolicyWitness(name, derive_demo_cosigner(Realm.DEMO, MISSION, name).verifier) for name in ("A", "B")
    ]
    policy = require_all(LOG.verifier, named)
    lines = format_policy(policy).decode().splitlines()
    assert lines[-2:] == ["group everyone all A B", "quorum everyone"]
    assert lines[0] == f"log {LOG.verifier.vkey}"
    assert parse_policy(format_policy(policy)) == policy


def test_a_policy_says_where_it_is_wrong_and_how_to_write_it() -> None:
    with pytest.raises(InputError, match="the name is taken") as error:
        parse_policy(f"log {LOG.verifier.vkey}\nwitness none {KEY.verifier.vkey}\nquorum none\n".encode())
    assert (error.value.code, error.value.where) == ("policy.malformed", "policy line 2")
    assert error.value.todo


@pytest.mark.parametrize(("size1", "size2"), [(0, 5), (5, 5), (6, 5), (-1, 5)])
def test_a_prefix_is_neither_nothing_nor_the_whole(size1: int, size2: int) -> None:
    assert roots_of_prefix(size1, size2, [bytes(32)] * 3) is None
    assert roots_of_prefix(1, 1, [bytes(32)]) is None


def test_above_its_top_a_tree_holds_nothing() -> None:
    assert [len(TREE.row(level)) for level in (0, 1, 8, 9, 60)] == [300, 150, 1, 0, 0]
    assert [len(MemoryTree().row(level)) for level in (0, 1)] == [0, 0]
    assert MemoryTree().root(0) == EMPTY_ROOT


def test_a_long_entry_reads_back_by_the_length_before_it() -> None:
    entries = [b"x" * 300, b"", b"y"]
    assert decode_entries(encode_entries(entries)) == (entries, True)
    assert decode_entries(encode_entries(entries)[:-1]) == (entries[:-1], False)


@pytest.mark.parametrize(
    "text", ["", "!", "W10", "WyJhIiwiYiJd", "AA\n", "WyJhIiwgImIiLCAxXQ", "WzEsImIiLDFd"]
)
def test_what_is_no_disclosure_is_refused_by_one_code(text: str) -> None:
    with pytest.raises(InputError) as error:
        read_disclosure(text)
    assert error.value.code == "seal.disclosure"


@pytest.mark.parametrize("tail", ["=", "==", "\n", " "])
def test_a_disclosure_has_one_spelling(tail: str) -> None:
    made = Disclosure("c2FsdHNhbHRzYWx0c2FsdA", "reasons", "yes?>~")
    assert read_disclosure(made.encode()) == made
    assert not set(made.encode() + made.digest()) & set("+/=")
    with pytest.raises(InputError):
        read_disclosure(made.encode() + tail)


def test_what_was_not_sealed_is_named() -> None:
    made = Disclosure("c2FsdHNhbHRzYWx0c2FsdA", "reasons", "yes")
    with pytest.raises(IntegrityError, match="is not what was sealed") as other:
        open_commitments([], [made])
    assert (other.value.code, other.value.where) == ("seal.other", "reasons")
    with pytest.raises(IntegrityError, match="is shown twice") as twice:
        open_commitments([made.digest()], [made, made])
    assert (twice.value.code, twice.value.where) == ("seal.twice", "reasons")
