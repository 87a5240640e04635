"""What people ask of a record's witnesses and proofs: who stands where, cosign now, show one entry, show a fork."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from truceline.app.evidence import destroy_again
from truceline.app.wiring import DirectoryReader, HttpWitness, Store, bundle_store, verify_bundle
from truceline.core.errors import InputError, IntegrityError
from truceline.ledger.checkpoint import parse_checkpoint
from truceline.ledger.cosigning import (
    Standing,
    collect_cosignatures,
    hold_to,
    recorded_policy,
    standings,
)
from truceline.ledger.entry import open_leaf, sha256_hex
from truceline.ledger.export import POLICY
from truceline.ledger.fork import Fork, check_fork, prove_equivocation, prove_fork
from truceline.ledger.imprint import parse_imprint
from truceline.ledger.keys import Verifier
from truceline.ledger.note import MAX_NOTE_BYTES, parse_note
from truceline.ledger.papers import RecordedPaper, paper_of_file, paper_of_imprint
from truceline.ledger.policy import Policy, parse_policy
from truceline.ledger.proof import Proven, check_proof, make_proof
from truceline.ledger.restoring import Restored, restore
from truceline.ledger.tiles import node_reader
from truceline.ledger.tree import prefix_steps


@dataclass(frozen=True, slots=True)
class WitnessRow:
    """How a witness stands, for people: its name, entries cosigned and not, when, how long ago, why not."""

    name: str
    size: int
    n_behind: int
    cosigned_at: datetime | None
    age_s: int | None
    problem: str


@dataclass(frozen=True, slots=True)
class RecordStatus:
    """A record and its witnesses: origin, entries, hex root, whether the policy is content, why it is read-only if it is."""

    origin: str
    size: int
    root_hex: str
    is_quorum_met: bool
    witnesses: tuple[WitnessRow, ...]
    held: str | None = None


def status(store: Store, now: datetime, links: Mapping[str, str] | None = None) -> RecordStatus:
    """Say how a record stands, and ask witnesses first where addresses are given.

    Args:
        store: An open store.
        now: The time.
        links: Witness's name in the policy -> its address; empty asks nobody.

    Returns:
        The record's head and its witnesses.

    Raises:
        InputError: Nothing is recorded, or an address names nobody of the policy.
    """
    policy = recorded_policy(store.ledger, store.payloads)
    hold_to(store.ledger, policy.logs, store.seen)
    named = {one.name for one in policy.witnesses}
    for name in links or {}:
        if name not in named:
            raise InputError(
                "witness.name",
                f"the policy names no witness '{name}'",
                todo=f"it names {', '.join(sorted(named))}",
            )
    note = store.ledger.checkpoint()
    if note is None:
        raise InputError("record.empty", "nothing has been recorded yet", todo="run the mission first")
    if links:
        found = collect_cosignatures(
            store.ledger, policy, {name: HttpWitness(url) for name, url in links.items()}
        )
    else:
        found = standings(store.ledger, policy)
    head = parse_checkpoint(parse_note(note).text)
    there = {one.key for one, row in zip(policy.witnesses, found, strict=True) if row.n_behind == 0}
    rows = tuple(_row(row, now) for row in found)
    return RecordStatus(
        head.origin, head.size, head.root.hex(), policy.is_met(there), rows, store.ledger.held()
    )


def _row(row: Standing, now: datetime) -> WitnessRow:
    if row.cosigned_at_s is None:
        return WitnessRow(row.name, row.size, row.n_behind, None, None, row.problem)
    at = datetime.fromtimestamp(row.cosigned_at_s, UTC)
    age_s = max(0, int((now - at).total_seconds()))
    return WitnessRow(row.name, row.size, row.n_behind, at, age_s, row.problem)


def heal_store(store: Store, mirror: Path, policy: bytes | None) -> Restored:
    """Bring a store that is behind, or a new one, up to a mirror, and let it be written to again.

    Evidence that the record says is destroyed, and that an older copy brought back, is destroyed again.

    Args:
        store: The open store.
        mirror: An exported record.
        policy: The policy that the reader trusts; None takes the store's own, and for a new store the mirror's.

    Returns:
        What was done.

    Raises:
        IntegrityError: The mirror does not verify.
        ConflictError: The mirror does not continue the store.
        InputError: The mirror ends before the store does.
    """
    reader = DirectoryReader(mirror)
    if policy is not None:
        trusted = parse_policy(policy)
    elif store.ledger.size():
        trusted = recorded_policy(store.ledger, store.payloads)
    else:
        trusted = parse_policy(reader.read(POLICY, MAX_NOTE_BYTES) or b"")
    found = verify_bundle(mirror, trusted=trusted)
    if not found.ok:
        raise IntegrityError(
            "heal.mirror",
            f"the mirror does not verify: {found.problems[0].what}",
            where=str(mirror),
            todo="take another mirror",
        )
    done = restore(store.ledger, store.payloads, reader, trusted)
    destroy_again(store)
    return done


def prove(store: Store, entry: str) -> bytes:
    """Make the proof of an entry.

    Args:
        store: An open store.
        entry: Its place, or the id of the thing: then the last statement about it.

    Returns:
        The proof file.

    Raises:
        InputError: There is no such entry.
    """
    policy = recorded_policy(store.ledger, store.payloads)
    return make_proof(store.ledger, policy, _place(store, entry))


def _place(store: Store, entry: str) -> int:
    if entry.isascii() and entry.isdigit():
        return int(entry)
    found = [one.index for one in store.ledger.entries(0, store.ledger.size()) if one.id == entry]
    if not found:
        raise InputError(
            "record.id", f"the record states nothing about '{entry}'", todo="see truceline record list"
        )
    return found[-1]


def check_one(proof: bytes, policy: bytes, payload: bytes | None, now: datetime) -> Proven:
    """Check a proof by a policy that the reader trusts; see `ledger.proof.check_proof`."""
    return check_proof(proof, parse_policy(policy), payload=payload, latest_s=int(now.timestamp()) + 300)


def check_report(
    folder: Path, *, policy: bytes | None, paper: bytes | None, code: str | None
) -> RecordedPaper:
    """Answer whether a report at hand is one that a record says was made: no network, no database.

    Args:
        folder: An exported record.
        policy: The policy that the reader trusts; None takes the bundle's own.
        paper: The report's file, where there is one.
        code: What the report's QR code says, where it was scanned.

    Returns:
        The paper as the record names it.

    Raises:
        InputError: Neither a file nor a code, no imprint, or a record that ends before the report.
        ConflictError: The report is of another record.
        IntegrityError: The record does not verify, or does not know the report, or file and code are two reports.
    """
    if paper is None and code is None:
        raise InputError("paper.none", "nothing to check", todo="name the report's file or its code")
    trusted = None if policy is None else parse_policy(policy)
    found = verify_bundle(folder, trusted=trusted)
    if not found.ok:
        raise IntegrityError(
            "record.bad", f"the record does not verify: {found.problems[0].what}", where=str(folder)
        )
    reader = DirectoryReader(folder)
    answers = []
    if code is not None:
        answers.append(paper_of_imprint(reader, found.origin, found.size, parse_imprint(code)))
    if paper is not None:
        answers.append(paper_of_file(reader, found.size, sha256_hex(paper)))
    if answers[0] != answers[-1]:
        raise IntegrityError(
            "paper.two", f"the code is of '{answers[0].name}', the file is '{answers[-1].name}'"
        )
    return answers[0]


def fork_of(first: bytes, second: bytes, trusted: Sequence[Verifier], bundle: Path | None) -> bytes:
    """Make the proof of a fork out of two checkpoints, or of two entries of one author.

    Args:
        first: A signed checkpoint or an entry.
        second: Another one.
        trusted: Keys that the reader trusts.
        bundle: The larger checkpoint's record, where the sizes differ.

    Returns:
        The proof file.

    Raises:
        InputError: They do not contradict each other.
        IntegrityError: A signature is not one of a trusted key.
    """
    if _is_entry(first) and _is_entry(second):
        return prove_equivocation(first, second, trusted)
    if bundle is None:
        return prove_fork(first, second, trusted)
    node = node_reader(bundle_store(bundle))
    return prove_fork(first, second, trusted, lambda old, new: prefix_steps(node, old, new))


def _is_entry(data: bytes) -> bool:
    try:
        open_leaf(data)
    except InputError:
        return False
    return True


def check_forked(proof: bytes, trusted: Sequence[Verifier]) -> Fork:
    """Check the proof of a fork; see `ledger.fork.check_fork`."""
    return check_fork(proof, trusted)


def keys_of(policy: bytes, more: Sequence[Verifier]) -> list[Verifier]:
    """Return the keys of a policy's logs, and more."""
    read: Policy = parse_policy(policy)
    return [*read.logs, *more]
