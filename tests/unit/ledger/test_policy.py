"""Trust policies with witnesses and groups. Source: C2SP tlog-policy."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.errors import InputError
from truceline.core.release import Realm
from truceline.ledger.keys import Cosigner, derive_demo_cosigner, derive_demo_key
from truceline.ledger.policy import (
    Policy,
    PolicyGroup,
    PolicyWitness,
    format_policy,
    parse_policy,
    require_all,
)

LOG = derive_demo_key(Realm.DEMO, "m").verifier
KEYS = {name: derive_demo_cosigner(Realm.DEMO, "m", name).verifier for name in ("A", "B", "C", "D")}
WITNESSES = tuple(PolicyWitness(name, key) for name, key in KEYS.items())
LINES = "".join(f"witness {name} {key.vkey}\n" for name, key in KEYS.items())


def keys(names: str) -> set[object]:
    return {KEYS[name] for name in names}


def test_a_policy_with_groups_reads_back() -> None:
    groups = (
        PolicyGroup("pair", 2, ("A", "B")),
        PolicyGroup("some", 1, ("C", "D")),
        PolicyGroup("q", 2, ("pair", "some")),
    )
    policy = Policy((LOG,), WITNESSES, groups, "q")
    assert parse_policy(format_policy(policy)) == policy


def test_a_policy_is_written_a_line_each_in_its_order() -> None:
    a, b = KEYS["A"].vkey, KEYS["B"].vkey
    policy = require_all(
        LOG, [PolicyWitness("A", KEYS["A"], "http://a.example"), PolicyWitness("B", KEYS["B"])]
    )
    assert format_policy(policy).decode() == (
        f"log {LOG.vkey}\nwitness A {a} http://a.example\nwitness B {b}\ngroup everyone all A B\nquorum everyone\n"
    )
    some = Policy((LOG,), policy.witnesses, (PolicyGroup("some", 1, ("A", "B")),), "some")
    assert b"\ngroup some 1 A B\nquorum some\n" in format_policy(some)
    assert policy.witnesses[1].url == ""


def test_only_a_line_that_begins_with_a_hash_is_passed_over() -> None:
    assert parse_policy(b"#ours of old\n  #x\n\nquorum none\n") == Policy(())
    with pytest.raises(InputError, match="no line of a policy"):
        parse_policy(b"ours# of old\nquorum none\n")


def test_bytes_that_are_no_text_are_kept() -> None:
    line = f"witness A\u00e9 {KEYS['A'].vkey} http://\u00e9\n".encode("latin-1")
    policy = parse_policy(line + "quorum A\u00e9\n".encode("latin-1"))
    assert policy.quorum == policy.witnesses[0].name == "A\udce9"
    assert parse_policy(format_policy(policy)) == policy
    assert format_policy(policy) == line + "quorum A\u00e9\n".encode("latin-1")


def test_addresses_are_kept() -> None:
    policy = parse_policy(f"witness A {KEYS['A'].vkey} https://a.example/w\nquorum A\n".encode())
    assert policy.witnesses[0].url == "https://a.example/w"
    assert parse_policy(format_policy(policy)) == policy


@pytest.mark.parametrize(("least", "needed"), [("all", 3), ("any", 1), ("1", 1), ("2", 2), ("3", 3)])
def test_a_group_stands_behind_a_checkpoint_from_its_threshold_on(least: str, needed: int) -> None:
    policy = parse_policy(f"{LINES}group g {least} A B C\nquorum g\n".encode())
    for n in range(4):
        for names in itertools.combinations("ABC", n):
            assert policy.is_met(keys("".join(names))) == (n >= needed)


def test_groups_nest() -> None:
    policy = parse_policy(f"{LINES}group x all A B\ngroup y any C D\ngroup q all x y\nquorum q\n".encode())
    assert policy.is_met(keys("ABC"))
    assert policy.is_met(keys("ABD"))
    assert not policy.is_met(keys("ACD"))
    assert not policy.is_met(keys("AB"))


def test_one_witness_can_be_the_quorum() -> None:
    policy = parse_policy(f"{LINES}quorum B\n".encode())
    assert policy.is_met(keys("B"))
    assert not policy.is_met(keys("ACD"))


def test_a_key_under_another_name_does_not_count() -> None:
    policy = require_all(LOG, WITNESSES[:1])
    renamed = Cosigner("somebody/else", b"\x07" * 32).verifier
    assert not policy.is_met({renamed, LOG})


def test_no_witness_is_quorum_none() -> None:
    assert require_all(LOG, ()) == Policy((LOG,))
    assert Policy((LOG,)).is_met(())


@pytest.mark.parametrize(
    "text",
    [
        "group g all A E\nquorum g\n",
        "group g all A A\nquorum g\n",
        "group g 0 A B\nquorum g\n",
        "group g 3 A B\nquorum g\n",
        "group g 01 A B\nquorum g\n",
        "group g -1 A B\nquorum g\n",
        "group g \u0662 A B\nquorum g\n",
        "group g some A B\nquorum g\n",
        "group g all\nquorum g\n",
        "group A any B\nquorum A\n",
        "group none any B\nquorum none\n",
        "group g any none\nquorum g\n",
        "group g any g\nquorum g\n",
        "group g any A\ngroup h any A\nquorum h\n",
        "quorum g\ngroup g any A\n",
        "quorum\n",
        "quorum A B\n",
        f"witness A {KEYS['A'].vkey}\nquorum A\n",
        f"witness E {KEYS['A'].vkey}\nquorum E\n",
        f"witness E {LOG.vkey}\nquorum E\n",
        f"log {KEYS['A'].vkey}\nquorum none\n",
        f"witness E {LOG.vkey} url more\nquorum none\n",
    ],
)
def test_a_policy_that_can_not_be_held_to_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_policy((LINES + text).encode())


@pytest.mark.parametrize(
    "text",
    [
        f"witness N {KEYS['A'].vkey}\u00a0https://example.org/n\nquorum N\n",  # only spaces and tabs part words
        f"witness N {KEYS['A'].vkey}\ngroup G 0001 N\nquorum G\n",
    ],
)
def test_another_spelling_of_a_word_is_no_policy(text: str) -> None:
    with pytest.raises(InputError):
        parse_policy(text.encode())
    parse_policy(text.replace("\u00a0", " ").replace("0001", "1").encode())


def test_a_policy_beyond_the_limit_is_refused() -> None:
    lines = [derive_demo_cosigner(Realm.DEMO, "m", f"w{n}").verifier.vkey for n in range(65)]
    text = "".join(f"witness w{n} {vkey}\n" for n, vkey in enumerate(lines))
    with pytest.raises(InputError, match="at most 64"):
        parse_policy(f"{text}quorum none\n".encode())


@pytest.mark.parametrize("name", ["two words", "line\nbreak", "", "none", "#x y"])
def test_a_name_that_would_not_read_back_is_never_written(name: str) -> None:
    policy = Policy((LOG,), (PolicyWitness(name, KEYS["A"]),), (), "none")
    with pytest.raises(InputError):
        format_policy(policy)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_policy_or_refused(data: bytes) -> None:
    try:
        policy = parse_policy(data)
    except InputError:
        return
    assert parse_policy(format_policy(policy)) == policy


def test_a_policy_that_does_not_come_back_as_it_was_is_not_written() -> None:
    with pytest.raises(InputError, match="does not come back"):
        format_policy(Policy((LOG,), (PolicyWitness("A", KEYS["A"], "http://localhost:1 "),), (), "A"))


@pytest.mark.parametrize(
    ("least", "is_read"), [("5", True), ("10", True), ("05", False), ("00", False), ("11", False)]
)
def test_a_threshold_of_two_digits_begins_with_no_zero(least: str, is_read: bool) -> None:
    many = [Cosigner(f"somebody/{n}", bytes([n + 1]) * 32).verifier for n in range(10)]
    lines = "".join(f"witness w{n} {key.vkey}\n" for n, key in enumerate(many))
    data = f"{lines}group g {least} {' '.join(f'w{n}' for n in range(10))}\nquorum g\n".encode()
    if is_read:
        assert parse_policy(data).groups[0].threshold == int(least)
    else:
        with pytest.raises(InputError, match=f"no 10 members can be {least}"):
            parse_policy(data)
