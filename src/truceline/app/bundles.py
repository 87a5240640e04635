"""Copies of the record for people: written with a guide in every language, checked with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from truceline import __version__
from truceline.app.wiring import DirectoryReader, Export, Store, guide_page, verify_bundle, write_bundle
from truceline.ledger.checkpoint import cosigners_of, parse_checkpoint
from truceline.ledger.entry import open_leaf
from truceline.ledger.export import CHECKPOINT, GUIDE, POLICY
from truceline.ledger.keys import realm_of
from truceline.ledger.note import MAX_NOTE_BYTES, parse_note
from truceline.ledger.policy import parse_policy
from truceline.ledger.reading import BundleReader, entries_of, payload_path
from truceline.ledger.verify import Problem, VerificationReport
from truceline.publish.guide import BundleFacts, Signer

_MAX_GUIDE = 1 << 22


def export(folder: Path, store: Store, *, recipient: str = "joint") -> int:
    """Write a copy of the record with its guide; see `adapters.files.bundle.write_bundle`.

    Args:
        folder: Where to.
        store: The open store.
        recipient: Who gets it.

    Returns:
        How many files were written.
    """
    n_files = write_bundle(folder, store.ledger, store.payloads, recipient=recipient, guide=_guide)
    head = parse_checkpoint(parse_note((folder / CHECKPOINT).read_bytes()).text)
    store.exports.add(Export(recipient, head.size, head.root.hex()))
    return n_files


def check(folder: Path, *, against: Sequence[bytes] = (), policy: bytes | None = None) -> VerificationReport:
    """Check a copy of the record, and whether the guide in it is the one that its files give.

    Args:
        folder: The copy.
        against: Older signed checkpoints that it must continue.
        policy: The policy that the reader trusts; None takes the copy's own.

    Returns:
        What was found.

    Raises:
        InputError: There is no such folder, or the policy is none.
    """
    report = verify_bundle(folder, against=against, trusted=None if policy is None else parse_policy(policy))
    reader = DirectoryReader(folder)
    guide = reader.read(GUIDE, _MAX_GUIDE)
    # A guide of another version says the same in other words: only our own can be compared.
    if not report.ok or guide is None or _maker() not in guide or guide == _guide(reader):
        return report
    problem = Problem(None, f"{GUIDE} is not the guide that these files give: do not believe it")
    return replace(report, problems=(problem,))


def _maker() -> bytes:
    return f'content="truceline {__version__}"'.encode()


def _guide(reader: BundleReader) -> bytes:
    return guide_page(_facts(reader), f"truceline {__version__}")


def _facts(reader: BundleReader) -> BundleFacts:
    policy = parse_policy(reader.read(POLICY, MAX_NOTE_BYTES) or b"")
    note = parse_note(reader.read(CHECKPOINT, MAX_NOTE_BYTES) or b"")
    head = parse_checkpoint(note.text)
    cosigned = cosigners_of(note, policy)
    there = set(reader.paths())
    kinds, n_withheld = Counter[str](), 0
    for entry in entries_of(reader, head.size):
        leaf, _ = open_leaf(entry)
        kinds[leaf.type] += 1
        n_withheld += payload_path(leaf.payload_sha256) not in there
    logs = tuple(Signer(key.name, key.vkey, is_log=True, is_signed=True) for key in policy.logs)
    witnesses = tuple(
        Signer(
            one.name,
            one.key.vkey,
            is_log=False,
            is_signed=one.name in cosigned,
            at=datetime.fromtimestamp(cosigned[one.name], UTC) if one.name in cosigned else None,
        )
        for one in policy.witnesses
    )
    realm = realm_of(head.origin)
    return BundleFacts(
        head.origin, realm.value, head.size, head.root.hex(), (*logs, *witnesses), kinds, n_withheld
    )
