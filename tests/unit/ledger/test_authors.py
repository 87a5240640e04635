"""Whose key may sign what, and from which entry on; and statements that were signed elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from truceline.adapters.threads import share_out
from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.core.release import CENTRE, PUBLIC, Realm
from truceline.ledger.authors import AuthorKey, Authors, author_key
from truceline.ledger.checkpoint import Checkpoint, open_checkpoint
from truceline.ledger.entry import Statement, parse_payload, payload_bytes
from truceline.ledger.keys import Signer, derive_demo_cosigner, derive_demo_key, key_name
from truceline.ledger.log import Log
from truceline.ledger.policy import Policy
from truceline.ledger.signing import SignedStatement, founding_statement, sign_statement
from truceline.ledger.tree import EMPTY_ROOT
from truceline.testing.ledger_store import MISSION, MemoryBlobs, MemoryLedgerStore, make_statements, open_log

LOG = derive_demo_key(Realm.DEMO, MISSION)
A, A2, B = (derive_demo_key(Realm.DEMO, MISSION, name) for name in ("A/duty", "A/later", "B/duty"))
EMPTY = Checkpoint(LOG.name, 0, EMPTY_ROOT)


def founding(
    *signers: Signer, keys: tuple[tuple[Signer, str], ...] = ((A, "A"), (B, "B"))
) -> SignedStatement:
    named = [AuthorKey(key.verifier, owner, "duty", 0) for key, owner in keys]
    statement = founding_statement(MISSION, Realm.DEMO, Policy((LOG.verifier,)), named, {"kind": "two-key"})
    return sign_statement(statement, signers or (LOG, A, B), EMPTY)


@pytest.fixture(params=[map, share_out], ids=["one after the other", "shared out"])
def log(request: pytest.FixtureRequest) -> Log:
    log = Log.open(
        MemoryLedgerStore(), MemoryBlobs(), LOG, mission=MISSION, realm=Realm.DEMO, many=request.param
    )
    log.append_signed([founding()])
    return log


def seen(log: Log) -> Checkpoint:
    return open_checkpoint(log.checkpoint(), [LOG.verifier])


def position(owner: str = "A", type_: str = "position", round_: int = 0, **body: Any) -> Statement:
    id_ = f"position_{owner.lower()}"
    return Statement(type_, id_, MISSION, Realm.DEMO, body or {"happened": "yes"}, owner=owner, round=round_)


def key_change(action: str, owner: str = "A", round_: int = 0, **body: Any) -> Statement:
    content = {"action": action, **body}
    return Statement(
        "key", f"key:{owner.lower()}", MISSION, Realm.DEMO, content, owner=owner, release=PUBLIC, round=round_
    )


def test_an_author_states_in_the_owners_name(log: Log) -> None:
    signed = sign_statement(position(), [A], seen(log))
    assert log.append_signed([signed]) == [1]
    assert log.append_signed([signed]) == [1], "the same statement has the same place"
    assert log.size == 2


def test_a_batch_with_one_bad_statement_leaves_the_log_as_it_was(log: Log) -> None:
    before = log.checkpoint()
    good = sign_statement(position(), [A], seen(log))
    bad = sign_statement(position("B"), [A], seen(log))
    with pytest.raises(IntegrityError):
        log.append_signed([good, bad])
    assert (log.checkpoint(), log.size) == (before, 1)
    assert log.append_signed([good]) == [1]


@pytest.mark.parametrize("type_", ["position", "commitment"])
def test_nobody_states_a_position_for_somebody_else(log: Log, type_: str) -> None:
    for signers in ([B], [LOG], [A, B]):
        with pytest.raises(IntegrityError):
            log.append_signed([sign_statement(position(type_=type_), signers, seen(log))])
    with pytest.raises(ConflictError, match="never by the log alone"):
        log.append([replace(position(type_=type_), round=None)])
    assert log.size == 1


def test_what_the_centre_says_both_sides_may_sign(log: Log) -> None:
    joint = Statement(
        "determination", "determination_x", MISSION, Realm.DEMO, {"end": "agreed"}, owner=CENTRE, round=0
    )
    assert log.append_signed([sign_statement(joint, [A, B], seen(log))]) == [1]


def test_a_second_statement_of_a_round_is_refused_with_its_id(log: Log) -> None:
    log.append_signed([sign_statement(position(), [A], seen(log))])
    other = sign_statement(position(happened="no"), [A], seen(log))
    with pytest.raises(ConflictError, match="stated otherwise") as caught:
        log.append_signed([other])
    assert caught.value.where == "position_a"


@pytest.mark.parametrize("round_", [1, 7])
def test_a_round_that_does_not_follow_is_refused(log: Log, round_: int) -> None:
    with pytest.raises(InputError, match="the next is 0"):
        log.append_signed([sign_statement(position(round_=round_), [A], seen(log))])


def test_a_key_counts_only_within_its_interval(log: Log) -> None:
    change = key_change("rotate", ends=A.verifier.vkey, vkey=A2.verifier.vkey, role="duty")
    with pytest.raises(IntegrityError, match="no known key"):
        log.append_signed([sign_statement(change, [A2], seen(log))])
    assert log.append_signed([sign_statement(change, [A], seen(log))]) == [1]
    late = sign_statement(position(), [A], seen(log))
    with pytest.raises(IntegrityError, match="may sign entries 0 to 1, not 2"):
        log.append_signed([late])
    assert log.append_signed([sign_statement(position(), [A2], seen(log))]) == [2]
    told = [(key.owner, key.start, key.end) for key in log.authors().all()]
    assert told == [("A", 0, 2), ("B", 0, None), ("A", 2, None)]


def remarks(log: Log, first: int, count: int, signer: Signer) -> list[SignedStatement]:
    return [
        sign_statement(
            Statement("report", f"report_{n}", MISSION, Realm.DEMO, {"n": n}, owner="A", round=0), [signer], seen(log)
        )
        for n in range(first, first + count)
    ]  # fmt: skip


def test_a_key_counts_from_the_next_statement_of_the_same_hand_over_on(log: Log) -> None:
    change = key_change("rotate", ends=A.verifier.vkey, vkey=A2.verifier.vkey, role="duty")
    rotation = sign_statement(change, [A], seen(log))
    before, after = remarks(log, 0, 70, A), remarks(log, 70, 70, A2)
    assert log.append_signed([*before, rotation, *after]) == list(range(1, 142))
    with pytest.raises(IntegrityError, match="may sign entries 0 to 71, not 142"):
        log.append_signed(remarks(log, 140, 1, A))


def test_of_many_statements_the_first_bad_one_is_told_and_none_is_taken(log: Log) -> None:
    many = remarks(log, 0, 100, A)
    many[40] = sign_statement(position("B"), [A2], seen(log))
    forged = many[80].note.replace(b"report_80", b"report_81")
    many[80] = SignedStatement(forged, many[81].payload)
    with pytest.raises(IntegrityError, match="the payload is not the one") as told:
        log.append_signed(many)
    assert told.value.where == "report_81"
    with pytest.raises(IntegrityError, match="no known key signed"):
        log.append_signed(many[:80])
    broken = many[10].note.replace(b"report_10 0", b"report_x0 0")
    payload = many[10].payload.replace(b"report_10", b"report_x0")
    many[10] = SignedStatement(broken, payload)
    with pytest.raises(IntegrityError):
        log.append_signed(many[:80])
    assert log.size == 1
    assert log.append_signed(many[:10]) == list(range(1, 11))


def test_a_revoked_key_signs_no_more_and_never_comes_back(log: Log) -> None:
    log.append_signed([sign_statement(key_change("new", vkey=A2.verifier.vkey, role="head"), [A], seen(log))])
    log.append_signed([sign_statement(key_change("revoke", ends=A.verifier.vkey, round_=1), [A2], seen(log))])
    with pytest.raises(IntegrityError, match="may sign entries"):
        log.append_signed([sign_statement(position(), [A], seen(log))])
    again = key_change("new", vkey=A.verifier.vkey, role="duty", round_=2)
    with pytest.raises(IntegrityError, match="was there before"):
        log.append_signed([sign_statement(again, [A2], seen(log))])


@pytest.mark.parametrize(
    ("change", "signer"),
    [
        (key_change("new", vkey=A2.verifier.vkey, role="duty"), B),
        (key_change("new", vkey=A2.verifier.vkey, role="duty"), LOG),
        (key_change("revoke", ends=B.verifier.vkey), A),
        (key_change("revoke", ends="nobody"), A),
        (key_change("new", owner="B", vkey=A2.verifier.vkey, role="duty"), A),
    ],
)
def test_an_owners_keys_are_changed_by_that_owner_alone(log: Log, change: Statement, signer: Signer) -> None:
    with pytest.raises(IntegrityError):
        log.append_signed([sign_statement(change, [signer], seen(log))])
    assert log.size == 1


RANKED = {"kind": "two-key", "levels": {"preliminary": ["duty", "head"], "confirmed": ["head"]}}


@pytest.mark.parametrize(
    "change",
    [
        key_change("new", vkey=A2.verifier.vkey, role="head"),
        key_change("rotate", ends=A.verifier.vkey, vkey=A2.verifier.vkey, role="head"),
    ],
)
def test_a_watch_officer_makes_nobody_a_head(change: Statement) -> None:
    authors = ranked_authors()
    with pytest.raises(IntegrityError, match="of head is changed by such a key alone"):
        authors.copy().settle(1, "key", [A.verifier], payload_of(change), [])
    plain = key_change("rotate", ends=A.verifier.vkey, vkey=A2.verifier.vkey, role="duty")
    authors.settle(1, "key", [A.verifier], payload_of(plain), [])
    assert [key.role for key in authors.at(2)] == ["head", "duty"]


def test_a_watch_officer_ends_no_heads_key_and_a_head_ends_a_watch_officers() -> None:
    authors = ranked_authors()
    authors.settle(1, "key", [HEAD.verifier], payload_of(key_change("revoke", ends=A.verifier.vkey)), [])
    authors = ranked_authors()
    end = key_change("revoke", ends=HEAD.verifier.vkey)
    with pytest.raises(IntegrityError, match="changed by such a key alone"):
        authors.copy().settle(1, "key", [A.verifier], payload_of(end), [])
    authors.settle(1, "key", [HEAD.verifier], payload_of(end), [])
    assert [key.role for key in authors.at(2)] == ["duty"]


HEAD = derive_demo_key(Realm.DEMO, MISSION, "A/head")


def payload_of(statement: Statement) -> dict[str, Any]:
    return parse_payload(payload_bytes(statement))


def ranked_authors() -> Authors:
    """The keys of A: one of a watch officer, one of its head."""
    named = [AuthorKey(A.verifier, "A", "duty", 0), AuthorKey(HEAD.verifier, "A", "head", 0)]
    founded = founding_statement(MISSION, Realm.DEMO, Policy((LOG.verifier,)), named, RANKED)
    authors = Authors()
    authors.settle(
        0, "policy", [LOG.verifier, A.verifier, HEAD.verifier], payload_of(founded), [LOG.verifier]
    )
    return authors


@pytest.mark.parametrize("body", [{}, {"vkey": A2.verifier.vkey}, {"role": "duty"}])
def test_a_key_statement_without_its_parts_is_refused(log: Log, body: dict[str, str]) -> None:
    with pytest.raises(InputError, match="lacks"):
        log.append_signed([sign_statement(key_change("new", **body), [A], seen(log))])


def test_an_unknown_action_is_refused(log: Log) -> None:
    with pytest.raises(InputError, match="nothing that happens to a key"):
        log.append_signed([sign_statement(key_change("lend"), [A], seen(log))])


def test_a_witness_key_is_no_authors_key() -> None:
    with pytest.raises(InputError, match="signs no statements"):
        author_key(derive_demo_cosigner(Realm.DEMO, MISSION, "A").verifier.vkey)


@pytest.mark.parametrize("signers", [(LOG,), (LOG, A), (A,), (B, LOG)])
def test_a_record_is_founded_by_all_of_its_first_keys(signers: tuple[Signer, ...]) -> None:
    log = open_log(MemoryLedgerStore(), MemoryBlobs())
    with pytest.raises(IntegrityError, match="all of its first keys"):
        log.append_signed([founding(*signers)])
    assert log.size == 0


def test_a_policy_is_changed_by_all_owners_together(log: Log) -> None:
    second = replace(
        founding_statement(MISSION, Realm.DEMO, Policy((LOG.verifier,)), [], {"kind": "two-key"}), round=1
    )
    for signers in ([LOG], [A], [LOG, B]):
        with pytest.raises(IntegrityError, match="all owners together"):
            log.append_signed([sign_statement(second, signers, seen(log))])
    assert log.append_signed([sign_statement(second, [A, B], seen(log))]) == [1]
    assert len(log.authors().all()) == 2


def test_a_founding_without_its_parts_is_refused() -> None:
    log = open_log(MemoryLedgerStore(), MemoryBlobs())
    empty = Statement("policy", "policy:record", MISSION, Realm.DEMO, {}, release=PUBLIC, round=0)
    with pytest.raises(InputError, match="lacks"):
        log.append_signed([sign_statement(empty, [LOG], EMPTY)])


def test_a_signer_who_saw_another_record_is_told_so(log: Log) -> None:
    for checkpoint in (Checkpoint(LOG.name, 1, b"\x01" * 32), Checkpoint(LOG.name, 9, b"\x01" * 32)):
        with pytest.raises(IntegrityError, match="seen another record") as caught:
            log.append_signed([sign_statement(position(), [A], checkpoint)])
        assert "prove-fork" in caught.value.todo


def test_statements_of_another_record_are_refused(log: Log) -> None:
    foreign = Checkpoint("truceline/another/demo", 0, EMPTY_ROOT)
    for statement in (position(), replace(position(), mission="another")):
        with pytest.raises((ConflictError, IntegrityError)):
            log.append_signed([sign_statement(statement, [A], foreign)])
    exercise = replace(position(), realm=Realm.EXERCISE)
    with pytest.raises(IntegrityError, match="about something else"):
        log.append_signed([sign_statement(exercise, [A], seen(log))])


def test_a_payload_exchanged_on_the_way_is_refused_by_number(log: Log) -> None:
    signed = sign_statement(position(), [A], seen(log))
    other = sign_statement(position(happened="no"), [A], seen(log))
    with pytest.raises(IntegrityError, match="not the one that was signed"):
        log.append_signed([SignedStatement(signed.note, other.payload)])
    with pytest.raises(InputError) as caught:
        log.append_signed([SignedStatement(b"no note", other.payload)])
    assert "statement 0" in str(caught.value)


def test_the_keys_are_known_again_after_opening_anew() -> None:
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    log = open_log(store, blobs)
    log.append_signed([founding()])
    log.append(make_statements(0, 3))
    log.append_signed([sign_statement(key_change("revoke", owner="B", ends=B.verifier.vkey), [B], seen(log))])
    again = open_log(store, blobs)
    assert again.authors().all() == log.authors().all()
    with pytest.raises(IntegrityError, match="may sign entries"):
        again.append_signed([sign_statement(position("B"), [B], seen(again))])


def test_a_key_is_named_after_record_and_holder() -> None:
    assert A.name == key_name(MISSION, Realm.DEMO, "A/duty") == "truceline/suite/demo/A/duty"
    assert len({LOG.verifier.public_key, A.verifier.public_key, B.verifier.public_key}) == 3
