"""Copies of a centre for bad days: taken while the service runs, put back only where they verify and lose nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from truceline.app import wiring
from truceline.app.access import FILE
from truceline.app.evidence import destroy_again
from truceline.app.projecting import Missing, project
from truceline.app.wiring import BackupReader, Export, Store
from truceline.core.addresses import StoreAddress
from truceline.core.errors import ConflictError, IntegrityError
from truceline.core.times import format_instant
from truceline.ledger.checkpoint import Checkpoint
from truceline.ledger.cosigning import hold_to
from truceline.ledger.keys import mission_of, parse_vkey
from truceline.ledger.log import log_keys
from truceline.ledger.recomputing import recompute
from truceline.ledger.store import BACKUP
from truceline.ledger.tiles import root_from_tiles

RECORD, ACCOUNTS, EVIDENCE = "record.db", "access.db", "evidence/"
"""What a backup is made of."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds: entries and their root (hex), pieces of evidence, whether accounts, evidence that has gone bad."""

    entries: int
    root: str
    evidence: int
    has_accounts: bool
    damaged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PutBack:
    """What was put back: entries and their root (hex), pieces of evidence, whether accounts; what is missing; why it is read-only."""

    entries: int
    root: str
    evidence: int
    has_accounts: bool
    missing: tuple[Missing, ...]
    held: str | None


def back_up(address: StoreAddress, target: Path, now: datetime) -> BackedUp:
    """Copy record, evidence and accounts of a store as they are at one moment, while others go on.

    The read models are left out, since a restore makes them anew; so are keys and vaults, which no store holds.

    Args:
        address: The store.
        target: ``FILE.zip``, or a folder that is not there yet.
        now: The time.

    Returns:
        What the copy holds.

    Raises:
        InputError: There is no store, nothing is recorded, or something is there already.
        IntegrityError: The record does not verify: what is broken is no backup.
        UnavailableError: The store does not answer, or the copy can not be written.
    """
    store = wiring.open_store(address, must_exist=True)
    log_keys(store.ledger)
    accounts = store.evidence.root.parent / FILE
    with wiring.write_backup(target) as writer:
        # the record first: evidence is on the disk before an entry names it, so what comes later is more, never less
        head = _copy_record(store, writer.scratch / RECORD)
        writer.add(RECORD, writer.scratch / RECORD)
        damaged, n_evidence = list[str](), 0
        for path in store.evidence.paths():
            try:
                sha256 = writer.add(f"{EVIDENCE}{path.parent.name}/{path.name}", path)
            except FileNotFoundError:
                continue  # destroyed meanwhile
            damaged += [path.name] if sha256 != path.name else []
            n_evidence += 1
        if accounts.is_file():
            wiring.copy_accounts(accounts, writer.scratch / ACCOUNTS)
            writer.add(ACCOUNTS, writer.scratch / ACCOUNTS)
        writer.finish(head.origin, head.size, head.root.hex(), format_instant(now))
    store.exports.add(Export(BACKUP, head.size, head.root.hex()))
    return BackedUp(head.size, head.root.hex(), n_evidence, accounts.is_file(), tuple(damaged))


def _copy_record(store: Store, file: Path) -> Checkpoint:
    copy = wiring.open_store(file)
    with store.tables.snapshot() as read:
        copy.tables.replace(read)
    head = recompute(copy.ledger, copy.payloads)
    copy.close()
    return head


def restore(source: Path, address: StoreAddress) -> PutBack:
    """Put a backup back into a new store, or over one whose record it continues; another kind of store may take it.

    Args:
        source: The backup.
        address: The store; a new one is made.

    Returns:
        What was done. Where a checkpoint that was given out shows that the record went on after this copy was made, the
        store is read-only until it is healed from a mirror.

    Raises:
        IntegrityError: The copy is broken; nothing was changed.
        ConflictError: The store is another record's or went on after this copy; nothing was changed.
        InputError: There is no such backup, or the store is no store.
    """
    with wiring.read_backup(source) as backup:
        backup.check()
        backup.take(RECORD, backup.scratch / RECORD)
        copy = wiring.open_store(backup.scratch / RECORD, must_exist=True)
        head = recompute(copy.ledger, copy.payloads)
        told = backup.manifest
        if (head.origin, head.size, head.root.hex()) != (told.origin, told.entries, told.root):
            raise IntegrityError(
                "backup.broken", "the record is not the one that the manifest names", where=str(source),
                todo="nothing was restored; take another copy",
            )  # fmt: skip
        store = wiring.open_store(address.beside(Path("out") / mission_of(head.origin)))
        _refuse_to_lose(store, copy, head, source)
        n_evidence = len(store.evidence.put(backup.evidence()))
        with copy.tables.snapshot() as read:
            store.tables.replace(read)
        copy.close()
        has_accounts = _put_accounts(backup, store.evidence.root.parent / FILE)
    destroy_again(store)
    hold_to(store.ledger, [parse_vkey(log_keys(store.ledger)[1])], store.seen)
    missing = project(store, thorough=True)
    return PutBack(head.size, head.root.hex(), n_evidence, has_accounts, missing, store.ledger.held())


def _refuse_to_lose(store: Store, copy: Store, head: Checkpoint, source: Path) -> None:
    """Refuse a copy that would take entries away, or put another history in their place."""
    size = store.ledger.size()
    if store.ledger.identity() is not None:
        store.ledger.bind(*log_keys(copy.ledger))
    if size > head.size:
        raise ConflictError(
            "backup.older",
            f"the copy ends at {head.size} entries, the store has {size}: nothing was changed",
            where=str(source),
            todo="take a newer copy, or restore this one into a new store",
        )
    if size and root_from_tiles(store.ledger.tile, size) != root_from_tiles(copy.ledger.tile, size):
        raise ConflictError(
            "record.fork",
            f"the copy's first {size} entries are not the store's: nothing was changed",
            where=str(source),
            todo="restore into a new store; if both verify, see truceline record prove-fork",
        )


def _put_accounts(backup: BackupReader, file: Path) -> bool:
    """Put the accounts where there are none: those that are there know better who was shut out since."""
    if file.exists() or not backup.has(ACCOUNTS):
        return False
    backup.take(ACCOUNTS, file)
    return True
