"""Every parser of the record against bytes that somebody else wrote: it reads them or refuses them, and nothing else.

What a parser reads it also writes back: reading what was written gives the same again. An exception that is not one of
ours, or a reading that does not come back, is a finding.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from _row import row

from truceline.core.errors import TrucelineError
from truceline.core.release import Realm
from truceline.ledger.canonical import canonical_bytes, parse_canonical
from truceline.ledger.checkpoint import Checkpoint, format_checkpoint, parse_checkpoint, sign_checkpoint
from truceline.ledger.commitment import commit, read_disclosure
from truceline.ledger.entry import format_leaf, parse_leaf, parse_payload, payload_bytes
from truceline.ledger.imprint import parse_imprint
from truceline.ledger.keys import derive_demo_cosigner, derive_demo_key, parse_vkey
from truceline.ledger.note import format_note, parse_note
from truceline.ledger.policy import PolicyWitness, format_policy, parse_policy, require_all
from truceline.ledger.tiles import decode_entries, encode_entries, parse_tile_path
from truceline.ledger.witness import format_request, parse_request
from truceline.testing.ledger_store import MISSION, make_statements

EXECUTIONS = 10_000_000
KEY = derive_demo_key(Realm.DEMO, MISSION)
HEAD = Checkpoint(KEY.name, 300, bytes(range(32)))
NOTE = sign_checkpoint(HEAD, KEY)
LEAF = f"truceline/statement/1\n{KEY.name}\nreport report_0001 0\n{'A' * 43}= 300\n0 {'A' * 43}=\n"
TOKENS = (b"\n", b"\n\n", b" ", b"+", b"\xe2\x80\x94 ", b"=", b"\0", b"\xff", b"\xed\xa0\x80", b"0", b"-1", b"1e3", b'"', b"{", b"[",
          b"\\u0000", b"\\ud800", b"18446744073709551616", b"none", b"all", b"any", b"witness", b"log", b"group")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A parser: what it reads, how what was read is written, and inputs to begin with."""

    read: Callable[[bytes], Any]
    write: Callable[[Any], bytes] | None
    seeds: tuple[bytes, ...]


def _text(read: Callable[[str], Any]) -> Callable[[bytes], Any]:
    return lambda data: read(data.decode("utf-8", "replace"))


_COSIGNER = derive_demo_cosigner(Realm.DEMO, MISSION, "A")
_POLICY = format_policy(require_all(KEY.verifier, [PolicyWitness("A", _COSIGNER.verifier)]))
_PAYLOAD = payload_bytes(make_statements(0, 1, "نص")[0])
_REQUEST = b"old 0\n\n" + NOTE
_DISCLOSURE = commit({"where": {"lon_e7": 1}}, bytes)[0].encode()
_IMPRINT = f"truceline/paper/1\n{KEY.name}\n3 {'A' * 43}=\nreport.en.pdf {'A' * 43}=\n"
TARGETS: dict[str, Target] = {
    "note": Target(parse_note, format_note, (NOTE,)),
    "checkpoint": Target(_text(parse_checkpoint), lambda head: format_checkpoint(head).encode(), (format_checkpoint(HEAD).encode(),)),
    "leaf": Target(_text(parse_leaf), lambda leaf: format_leaf(leaf).encode(), (LEAF.encode(),)),
    "payload": Target(parse_payload, canonical_bytes, (_PAYLOAD,)),
    "canonical JSON": Target(parse_canonical, canonical_bytes, (_PAYLOAD, b'{"a":[1,"x",null,true]}')),
    "verifier key": Target(_text(parse_vkey), lambda key: key.vkey.encode(), (KEY.verifier.vkey.encode(), _COSIGNER.verifier.vkey.encode())),
    "policy": Target(parse_policy, None, (_POLICY,)),
    "witness request": Target(parse_request, format_request, (_REQUEST,)),
    "disclosure": Target(_text(read_disclosure), lambda one: one.encode().encode(), (_DISCLOSURE.encode(),)),
    "entries": Target(decode_entries, None, (encode_entries([LEAF.encode(), b"x"]),)),
    "tile path": Target(_text(parse_tile_path), None, (b"tile/0/x001/234.p/7", b"tile/1/000")),
    "imprint": Target(_text(parse_imprint), lambda one: one.text().encode(), (_IMPRINT.encode(),)),
}  # fmt: skip


def mutate(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Change an input in one to four ways."""
    out = bytearray(data)
    for _ in range(1 + int(chance.random() * 4)):
        way, at = int(chance.random() * 7), int(chance.random() * (len(out) + 1))
        if way == 0 and at < len(out):
            out[at] ^= 1 << int(chance.random() * 8)
        elif way == 1:
            out[at:at] = TOKENS[int(chance.random() * len(TOKENS))]
        elif way == 2:
            del out[at : at + 1 + int(chance.random() * 20)]
        elif way == 3:
            end = at + int(chance.random() * 40)
            out[at:at] = out[at:end]
        elif way == 4 and at < len(out):
            out[at] = int(chance.random() * 256)
        elif way == 5:
            other = others[int(chance.random() * len(others))]
            out[at:] = other[int(chance.random() * (len(other) + 1)) :]
        else:
            out = out[:at]
    return bytes(out)


def fuzz(task: tuple[str, int, int]) -> tuple[int, int, list[str]]:
    """Try a parser many times; return how often, how often it read something, and the findings."""
    name, count, seed = task
    target, chance = TARGETS[name], random.Random(f"{name}/{seed}")
    pool, n_read, told = list(target.seeds), 0, list[str]()
    for _ in range(count):
        data = mutate(pool[int(chance.random() * len(pool))], pool, chance)
        try:
            value = target.read(data)
        except TrucelineError:
            continue
        except Exception as error:  # noqa: BLE001 - any other is what is looked for
            told.append(f"{name}: {type(error).__name__}: {error} for {data!r}"[:400])
            continue
        n_read += 1
        if target.write is not None and not _comes_back(target, value):
            told.append(f"{name}: does not come back: {data!r}"[:400])
        if len(pool) < 200 and len(data) < 4000 and data not in pool:
            pool.append(data)
    return count, n_read, told


def _comes_back(target: Target, value: Any) -> bool:
    try:
        return bool(target.write is not None and target.read(target.write(value)) == value)
    except (TrucelineError, ValueError):
        return False


def main() -> int:
    """Print one line a parser; argument: how many executions in all."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else EXECUTIONS
    parts = 8
    each = -(-wanted // (len(TARGETS) * parts))
    tasks = [(name, each, part) for name in TARGETS for part in range(parts)]
    total, told = 0, list[str]()
    with ProcessPoolExecutor() as pool:
        for count, _, found in pool.map(fuzz, tasks):
            total, told = total + count, told + found
    row("parsers fuzzed", len(TARGETS), "parsers")
    row("executions", total, "executions", ">=", wanted)
    row("findings", len(told), "findings", "==", 0)
    for what in told[:20]:
        print(what, file=sys.stderr)
    return int(bool(told))


if __name__ == "__main__":
    raise SystemExit(main())
