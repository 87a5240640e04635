"""The process whose power is cut: it appends, has its checkpoints cosigned and gives copies out, and says what it has done.

Each line of ``DONE`` is written after the call returned: what stands there was promised to somebody. With a mutant's name
it breaks one promise on purpose, so that the proof shows that it would notice.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from truceline.adapters.files import bundle, durable
from truceline.adapters.sqlite import blobs, connect, ledger_store, witness_store
from truceline.core.release import Realm
from truceline.ledger.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from truceline.ledger.keys import derive_demo_cosigner, derive_demo_key
from truceline.ledger.log import Log
from truceline.ledger.note import parse_note
from truceline.ledger.tiles import node_reader
from truceline.ledger.tree import consistency_proof, leaf_hash
from truceline.ledger.witness import Witness, ask
from truceline.testing.ledger_store import MISSION, make_statements

KEY = derive_demo_key(Realm.DEMO, MISSION)
COSIGNER = derive_demo_cosigner(Realm.DEMO, MISSION, "A")
BATCHES, EACH = 4, 3


def main(root: Path, mutant: str) -> None:
    """Write below a folder until done."""
    done = os.open(root / "DONE", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def say(*words: object) -> None:
        os.write(done, (" ".join(map(str, words)) + "\n").encode())

    MUTANTS[mutant]()
    connection = connect.connect(root / "operator" / "store.db")
    store, payloads = ledger_store.SqliteLedgerStore(connection), blobs.SqliteBlobs(connection)
    log = Log.open(store, payloads, KEY, mission=MISSION, realm=Realm.DEMO)
    memory = witness_store.SqliteWitnessStore(connect.connect(root / "witness" / "w.db"), "A")
    witness = Witness(COSIGNER, {KEY.name: [KEY.verifier]}, memory, lambda: 1_700_000_000)
    for number in range(BATCHES):
        start = number * EACH
        if mutant == "said before written":
            say("appended", start + EACH, "-")
        log.append(make_statements(start, start + EACH))
        head = parse_checkpoint(parse_note(log.checkpoint()).text)
        if mutant != "said before written":
            say("appended", head.size, head.root.hex())
        _cosign(store, witness, say, early=mutant == "cosigned before remembered")
        if number % 2:
            bundle.write_bundle(root / "operator" / "record", store, payloads)
            say("given", head.size, head.root.hex())


def _cosign(store: Any, witness: Witness, say: Callable[..., None], *, early: bool) -> None:
    note = parse_note(store.checkpoint())
    head = parse_checkpoint(note.text)
    # What leaves the machine binds it: from here on this root was signed.
    say("left", head.size, head.root.hex())
    if early:
        say("cosigned", head.size, head.root.hex())
    node = node_reader(store.tile)
    line = ask(
        witness, COSIGNER.verifier, note, prove=lambda a, b: consistency_proof(node, a, b),
        old_size=store.cosigned_size(COSIGNER.verifier),
    )  # fmt: skip
    if not early:
        say("cosigned", head.size, head.root.hex())
    store.put_cosignature(head.size, line)


def _pragma(name: str, value: str, *, only: str = "") -> Callable[[], None]:
    def mutate() -> None:
        before = connect.connect

        def weak(path: Path, **more: Any) -> Any:
            connection = before(path, **more)
            if only in str(path):
                connection.execute(f"PRAGMA {name}={value}")
            return connection

        connect.connect = weak

    return mutate


def _sign_early() -> None:
    def write(self: Any, entries: Any) -> None:
        tree, tiles = self._tree.grow(leaf_hash(entry.leaf) for entry in entries)
        head = Checkpoint(self.origin, tree.size, tree.root())
        self._store.put_checkpoint(head.size, sign_checkpoint(head, self._signer))
        self._store.append(self._tree.size, entries, tiles)
        self._tree = tree

    Log._write = write  # noqa: SLF001 - that is the promise to be broken


def _payload_late() -> None:
    append = Log.append

    def late(self: Any, statements: Any) -> list[int]:
        put, kept = self._payloads.put, []
        self._payloads.put = lambda data: kept.extend(data) or []
        try:
            return append(self, statements)
        finally:
            del self._payloads.put
            put(kept)

    Log.append = late


def _split_transaction() -> None:
    append = ledger_store.SqliteLedgerStore.append

    @contextmanager
    def nothing(_connection: Any) -> Iterator[None]:
        yield

    def split(self: Any, base: int, entries: Any, tiles: Any) -> None:
        before = ledger_store.writing
        ledger_store.writing = nothing
        try:
            append(self, base, entries, tiles)
        finally:
            ledger_store.writing = before

    ledger_store.SqliteLedgerStore.append = split


def _without(module: Any, name: str) -> Callable[[], None]:
    def mutate() -> None:
        def nothing(path: Path, data: bytes = b"") -> None:
            if name == "write_synced":
                path.write_bytes(data)

        setattr(module, name, nothing)
        setattr(durable, name, nothing)

    return mutate


MUTANTS: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "no FULL in the store": _pragma("synchronous", "OFF", only="store.db"),
    "NORMAL in the store": _pragma("synchronous", "NORMAL", only="store.db"),
    "no FULL in the witness": _pragma("synchronous", "OFF", only="w.db"),
    "no journal": _pragma("journal_mode", "OFF", only="store.db"),
    "journal in memory": _pragma("journal_mode", "MEMORY", only="store.db"),
    "said before written": lambda: None,
    "cosigned before remembered": lambda: None,
    "signed before written": _sign_early,
    "payloads after entries": _payload_late,
    "entries and tiles apart": _split_transaction,
    "copies without fsync of files": _without(bundle, "write_synced"),
    "copies without fsync of folders": _without(bundle, "sync_folder"),
}

if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
