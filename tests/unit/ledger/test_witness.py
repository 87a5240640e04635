"""A witness: every answer of C2SP tlog-witness, and what a log makes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.errors import ConflictError, InputError, IntegrityError, UnavailableError
from truceline.core.release import Realm
from truceline.ledger.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from truceline.ledger.cosigning import collect_cosignatures, cosigned_checkpoint, standings
from truceline.ledger.keys import Cosigner, Signer, cosigned_at, derive_demo_cosigner, derive_demo_key
from truceline.ledger.note import (
    Note,
    NoteSignature,
    format_note,
    format_signatures,
    parse_note,
    parse_signatures,
    verified_by,
)
from truceline.ledger.policy import Policy, PolicyWitness, require_all
from truceline.ledger.tree import MemoryTree, consistency_proof, leaf_hash
from truceline.ledger.witness import SIZE_TYPE, Answer, Request, Witness, ask, format_request, parse_request
from truceline.testing.ledger_store import (
    MISSION,
    MemoryBlobs,
    MemoryLedgerStore,
    MemoryWitnessStore,
    make_statements,
    open_log,
)

LOG = derive_demo_key(Realm.DEMO, MISSION)
KEY = derive_demo_cosigner(Realm.DEMO, MISSION, "A")
TREE = MemoryTree(leaf_hash(b"%d" % n) for n in range(40))
OTHER = MemoryTree(leaf_hash(b"other %d" % n) for n in range(40))


def head(size: int, tree: MemoryTree = TREE, key: Signer = LOG) -> bytes:
    return sign_checkpoint(Checkpoint(LOG.name, size, tree.root(size)), key)


def request(old: int, size: int, tree: MemoryTree = TREE) -> bytes:
    proof = consistency_proof(tree.node, old, size) if 0 < old < size else []
    return format_request(Request(old, tuple(proof), head(size, tree)))


@pytest.fixture
def store() -> MemoryWitnessStore:
    return MemoryWitnessStore()


@pytest.fixture
def witness(store: MemoryWitnessStore) -> Witness:
    return Witness(KEY, {LOG.name: [LOG.verifier]}, store, lambda: 1_600_000_000)


def test_a_first_checkpoint_is_cosigned(witness: Witness, store: MemoryWitnessStore) -> None:
    answer = witness.add_checkpoint(request(0, 7))
    assert answer.status == 200
    (line,) = parse_signatures(answer.body.decode())
    assert cosigned_at(line.signature) == 1_600_000_000
    assert verified_by(Note(parse_note(head(7)).text, (line,)), [KEY.verifier]) == (KEY.verifier,)
    assert store.latest(LOG.name) == (7, TREE.root(7))


def test_a_checkpoint_that_continues_is_cosigned(witness: Witness) -> None:
    for old, size in ((0, 3), (3, 8), (8, 8), (8, 40)):
        assert witness.add_checkpoint(request(old, size)).status == 200, (old, size)


def test_an_empty_log_is_cosigned_and_goes_on(witness: Witness) -> None:
    assert witness.add_checkpoint(request(0, 0)).status == 200
    assert witness.add_checkpoint(request(0, 5)).status == 200


def test_another_old_size_is_answered_with_ours(witness: Witness, store: MemoryWitnessStore) -> None:
    witness.add_checkpoint(request(0, 8))
    for old in (0, 3, 9):
        answer = witness.add_checkpoint(request(old, 12))
        assert (answer.status, answer.body, answer.media_type) == (409, b"8\n", SIZE_TYPE)
    assert store.latest(LOG.name) == (8, TREE.root(8))


def test_another_root_of_the_same_size_is_a_conflict(witness: Witness, store: MemoryWitnessStore) -> None:
    witness.add_checkpoint(request(0, 8))
    assert witness.add_checkpoint(request(8, 8, OTHER)).status == 409
    assert store.latest(LOG.name) == (8, TREE.root(8))


def test_a_history_that_does_not_continue_is_never_cosigned(witness: Witness) -> None:
    witness.add_checkpoint(request(0, 8))
    assert witness.add_checkpoint(request(8, 12, OTHER)).status == 422
    short = format_request(Request(8, tuple(consistency_proof(TREE.node, 8, 12))[:-1], head(12)))
    assert witness.add_checkpoint(short).status == 422


@pytest.mark.parametrize("size", [5, 8])
def test_a_proof_where_none_belongs_is_refused(witness: Witness, size: int) -> None:
    if size == 8:
        witness.add_checkpoint(request(0, 8))
    old = 8 if size == 8 else 0
    assert witness.add_checkpoint(format_request(Request(old, (bytes(32),), head(size)))).status == 422


def test_an_empty_log_with_another_root_is_refused(witness: Witness) -> None:
    note = sign_checkpoint(Checkpoint(LOG.name, 0, bytes(32)), LOG)
    assert witness.add_checkpoint(format_request(Request(0, (), note))).status == 409


def test_an_old_size_beyond_the_checkpoint_is_bad(witness: Witness) -> None:
    assert witness.add_checkpoint(format_request(Request(9, (), head(8)))).status == 400


def test_an_unknown_log_and_an_unknown_key_are_told_apart(witness: Witness) -> None:
    stranger = derive_demo_key(Realm.DEMO, "another")
    note = sign_checkpoint(Checkpoint(stranger.name, 0, TREE.root(0)), stranger)
    assert witness.add_checkpoint(format_request(Request(0, (), note))).status == 404
    forged = head(8, key=Signer(LOG.name, b"\x05" * 32))
    assert witness.add_checkpoint(format_request(Request(0, (), forged))).status == 403


@pytest.mark.parametrize(
    "body",
    [b"", b"old 0\n", b"new 0\n\n", b"old 00\n\n", b"old -1\n\n", b"old 0\nAAAA\n\n", b"old 0\n\nno note", b"old\n\n", b"\xff\n\n",
     b"old 1\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 64 + b"\n"],
)  # fmt: skip
def test_a_request_that_breaks_the_grammar_is_bad(witness: Witness, body: bytes) -> None:
    assert witness.add_checkpoint(body + (head(8) if body.endswith(b"\n\n") else b"")).status == 400


def test_a_request_reads_back() -> None:
    made = Request(3, tuple(consistency_proof(TREE.node, 3, 9)), head(9))
    assert parse_request(format_request(made)) == made


def test_two_requests_at_once_advance_once(witness: Witness, store: MemoryWitnessStore) -> None:
    """The second request arrives between the first one's check and its write."""
    inner = Witness(KEY, {LOG.name: [LOG.verifier]}, store, lambda: 2)
    real = store.advance

    def advance(*args: object) -> bool:
        store.advance = real  # type: ignore[method-assign]
        assert inner.add_checkpoint(request(0, 12)).status == 200
        return real(*args)  # type: ignore[arg-type]

    store.advance = advance  # type: ignore[method-assign]
    answer = witness.add_checkpoint(request(0, 5))
    assert (answer.status, answer.body) == (409, b"12\n")
    assert store.latest(LOG.name) == (12, TREE.root(12))


@given(st.binary(max_size=100))
def test_no_bytes_make_a_witness_fall_over(data: bytes) -> None:
    one = Witness(KEY, {LOG.name: [LOG.verifier]}, MemoryWitnessStore(), lambda: 1)
    assert one.add_checkpoint(data).status == 400
    assert one.add_checkpoint(b"old 0\n\n" + data).status == 400


# ---- the log's side


def prove(tree: MemoryTree) -> Callable[[int, int], Sequence[bytes]]:
    return lambda old, new: consistency_proof(tree.node, old, new)


class Says:
    """A witness that always says the same."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers = list(answers)

    def add_checkpoint(self, body: bytes) -> Answer:
        assert body
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_log_that_lost_count_is_told_and_asks_again(witness: Witness) -> None:
    witness.add_checkpoint(request(0, 8))
    line = ask(witness, KEY.verifier, parse_note(head(12)), prove=prove(TREE), old_size=3)
    assert line.name == KEY.name


def test_a_witness_ahead_of_the_store_shows_a_restored_backup(witness: Witness) -> None:
    witness.add_checkpoint(request(0, 12))
    with pytest.raises(ConflictError, match="has cosigned 12 entries, this store holds 8") as caught:
        ask(witness, KEY.verifier, parse_note(head(8)), prove=prove(TREE))
    assert "mirror" in caught.value.todo


@pytest.mark.parametrize("size", [8, 12])
def test_a_witness_of_another_history_shows_a_fork(witness: Witness, size: int) -> None:
    witness.add_checkpoint(request(0, 8, OTHER))
    with pytest.raises(ConflictError, match="another history"):
        ask(witness, KEY.verifier, parse_note(head(size)), prove=prove(TREE), old_size=8)


@pytest.mark.parametrize(
    "answer",
    [Answer(500, b"no"), Answer(403, b"no"), Answer(200, b""), Answer(200, b"\xff"), Answer(200, b"nonsense\n"),
     Answer(409, b"many\n"), Answer(200, b"\xe2\x80\x94 x AAAAAAAAAAA=\n")],
)  # fmt: skip
def test_nonsense_is_no_cosignature(answer: Answer) -> None:
    with pytest.raises(IntegrityError):
        ask(Says(answer), KEY.verifier, parse_note(head(8)), prove=prove(TREE))


def test_a_cosignature_of_another_checkpoint_is_refused(witness: Witness) -> None:
    other = witness.add_checkpoint(request(0, 5))
    with pytest.raises(IntegrityError, match="wrong"):
        ask(Says(other), KEY.verifier, parse_note(head(8)), prove=prove(TREE))


def test_a_witness_that_is_away_stops_nobody_and_shows() -> None:
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    log = open_log(store, blobs)
    keys = {name: derive_demo_cosigner(Realm.DEMO, MISSION, name) for name in "ABC"}
    policy = require_all(LOG.verifier, [PolicyWitness(name, key.verifier) for name, key in keys.items()])

    def link(key: Cosigner, at_s: int) -> Witness:
        return Witness(key, {LOG.name: [LOG.verifier]}, memories[key.name], lambda: at_s)

    memories = {key.name: MemoryWitnessStore() for key in keys.values()}
    log.append(make_statements(0, 3))
    collect_cosignatures(store, policy, {name: link(key, 5) for name, key in keys.items()})
    log.append(make_statements(3, 5))
    away = Says(UnavailableError("witness.away", "no answer"))
    found = collect_cosignatures(store, policy, {"A": link(keys["A"], 9), "B": away})
    told = [(row.name, row.size, row.n_behind, row.cosigned_at_s, row.problem) for row in found]
    assert told == [("A", 5, 0, 9, ""), ("B", 3, 2, 5, "no answer"), ("C", 3, 2, 5, "")]
    note = parse_note(cosigned_checkpoint(store, policy))
    assert parse_checkpoint(note.text).size == 5
    assert [line.name for line in note.signatures] == [LOG.name, keys["A"].name]
    assert standings(store, Policy((LOG.verifier,))) == ()
    assert cosigned_checkpoint(MemoryLedgerStore(), policy) == b""
    assert format_note(note).startswith(LOG.name.encode())


def test_what_is_refused_is_told_in_one_line_of_plain_text(witness: Witness) -> None:
    for body, status, told in (
        (b"new", 400, b"a request begins with 'old', a size and proof lines\n"),
        (format_request(Request(9, (), head(8))), 400, b"the old size is greater than the new one\n"),
        (format_request(Request(0, (bytes(32),), head(8))), 422, b"this proof must be empty\n"),
    ):
        assert witness.add_checkpoint(body) == Answer(status, told, "text/plain; charset=utf-8")
    stranger = derive_demo_key(Realm.DEMO, "another")
    note = sign_checkpoint(Checkpoint(stranger.name, 0, TREE.root(0)), stranger)
    answer = witness.add_checkpoint(format_request(Request(0, (), note)))
    assert answer == Answer(404, b"this log is not known here\n")
    forged = head(8, key=Signer(LOG.name, b"\x05" * 32))
    answer = witness.add_checkpoint(format_request(Request(0, (), forged)))
    assert answer == Answer(403, b"no known key signed the note\n")
    witness.add_checkpoint(request(0, 8))
    answer = witness.add_checkpoint(format_request(Request(8, (bytes(32),), head(8))))
    assert answer == Answer(422, b"this proof must be empty\n")
    answer = witness.add_checkpoint(request(8, 12, OTHER))
    assert answer == Answer(422, b"the checkpoint does not continue the last one\n")
    answer = witness.add_checkpoint(request(8, 8, OTHER))
    assert answer == Answer(409, b"8\n", "text/x.tlog.size")


def test_what_was_cosigned_last_is_kept_as_the_log_signed_it(
    witness: Witness, store: MemoryWitnessStore
) -> None:
    assert witness.latest(LOG.name) is None
    witness.add_checkpoint(request(0, 8))
    witness.add_checkpoint(request(8, 12))
    assert witness.latest(LOG.name) == store.note(LOG.name) == head(12)
    assert witness.latest("another") is None


def test_a_store_that_keeps_nothing_gives_no_cosignature(witness: Witness, store: MemoryWitnessStore) -> None:
    store.advance = lambda *_: False  # type: ignore[method-assign]
    assert witness.add_checkpoint(request(0, 5)) == Answer(409, b"0\n", "text/x.tlog.size")


def test_no_proof_is_asked_for_where_none_belongs(witness: Witness) -> None:
    asked: list[tuple[int, int]] = []

    def prove_and_note(old: int, new: int) -> Sequence[bytes]:
        asked.append((old, new))
        return consistency_proof(TREE.node, old, new)

    for size, old in ((1, None), (1, 1), (8, 1), (8, 8), (12, 8)):
        known = {} if old is None else {"old_size": old}
        line = ask(witness, KEY.verifier, parse_note(head(size)), prove=prove_and_note, **known)
        assert (line.name, line.key_id) == (KEY.name, KEY.verifier.key_id)
    assert asked == [(1, 8), (8, 12)]


class Hears(Says):
    """A witness that remembers what it was asked."""

    def __init__(self, *answers: Answer | Exception) -> None:
        super().__init__(*answers)
        self.asked: list[Request] = []

    def add_checkpoint(self, body: bytes) -> Answer:
        self.asked.append(parse_request(body))
        return super().add_checkpoint(body)


def test_a_witness_is_first_asked_from_nothing_and_then_from_the_size_that_it_names() -> None:
    good = Witness(KEY, {LOG.name: [LOG.verifier]}, MemoryWitnessStore(), lambda: 1).add_checkpoint(
        request(0, 8)
    )
    link = Hears(Answer(409, b"3\n", SIZE_TYPE), good)
    line = ask(link, KEY.verifier, parse_note(head(8)), prove=prove(TREE))
    assert parse_signatures(good.body.decode()) == (line,)
    assert [one.old_size for one in link.asked] == [0, 3]
    assert [one.proof for one in link.asked] == [(), tuple(consistency_proof(TREE.node, 3, 8))]
    assert {one.note for one in link.asked} == {head(8)}


def test_a_witness_that_names_its_size_twice_has_another_history() -> None:
    link = Hears(Answer(409, b"3\n"), Answer(409, b"5\n"))
    with pytest.raises(ConflictError, match="another history"):
        ask(link, KEY.verifier, parse_note(head(8)), prove=prove(TREE))
    assert len(link.asked) == 2


def test_the_witness_is_found_among_lines_of_strangers(witness: Witness) -> None:
    own = witness.add_checkpoint(request(0, 8)).body
    stranger = Cosigner("witness.example/z", b"\x04" * 32)
    text = parse_note(head(8)).text
    line = NoteSignature(stranger.name, stranger.verifier.key_id, stranger.cosign(text.encode(), 5))
    renamed = NoteSignature(KEY.name, stranger.verifier.key_id, line.signature)
    alike = NoteSignature(stranger.name, KEY.verifier.key_id, line.signature)
    body = format_signatures([line, renamed, alike]) + own
    found = ask(Says(Answer(200, body)), KEY.verifier, parse_note(head(8)), prove=prove(TREE))
    assert (found,) == parse_signatures(own.decode())


def test_a_witness_does_not_take_a_request_without_its_parts() -> None:
    with pytest.raises(InputError):
        parse_request(b"old 0\n" + head(3))
