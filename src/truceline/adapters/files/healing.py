"""A damaged bundle made whole again from a mirror: nothing is taken over that does not verify."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from truceline.adapters.files.bundle import DirectoryReader, verify_bundle
from truceline.adapters.files.durable import replace_file, sync_folder
from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.ledger.checkpoint import Checkpoint, open_checkpoint
from truceline.ledger.export import CHECKPOINT, POLICY
from truceline.ledger.note import MAX_NOTE_BYTES
from truceline.ledger.policy import Policy, parse_policy

_LIMIT = 1 << 26
_PARTIAL = re.compile(r"tile/.*\.p/\d+")


@dataclass(frozen=True, slots=True)
class Healed:
    """What healing did: files put right, files taken away, and how many entries the bundle holds now."""

    replaced: tuple[str, ...]
    removed: tuple[str, ...]
    size: int


def heal_bundle(directory: Path, mirror: Path, *, trusted: Policy | None = None) -> Healed:
    """Put a damaged bundle right from a mirror.

    Where the mirror covers as much or more, the bundle becomes what the mirror is and keeps what it has besides of
    payloads. Where the bundle covers more, only whole tiles and payloads are taken over.

    Args:
        directory: The damaged bundle.
        mirror: Another copy of the same record.
        trusted: The reader's own policy; without it the mirror's is taken, which shows only that the mirror holds
            together.

    Returns:
        What was done.

    Raises:
        InputError: One of them is no folder, or both are one.
        IntegrityError: The mirror does not verify, or the bundle does not after healing; nothing was lost by trying.
        ConflictError: Both are whole and contradict each other: a fork, nothing to heal.
    """
    if directory.resolve() == mirror.resolve():
        raise InputError(
            "heal.same", "a bundle can not heal itself", where=str(directory), todo="name a mirror"
        )
    checked = verify_bundle(mirror, trusted=trusted)
    if not checked.ok:
        raise IntegrityError(
            "heal.mirror",
            f"the mirror does not verify: {checked.problems[0].what}",
            where=str(mirror),
            todo="take another mirror",
        )
    theirs, ours = DirectoryReader(mirror), DirectoryReader(directory)
    policy = trusted or parse_policy(theirs.read(POLICY, MAX_NOTE_BYTES) or b"")
    head = _head(ours, policy)
    if head is not None and head.size <= checked.size:
        _refuse_fork(directory, mirror, policy)
    is_longer = head is not None and head.size > checked.size
    replaced = _take_over(directory, ours, theirs, keep_partial=is_longer)
    removed = () if is_longer else _clear(directory, ours, set(theirs.paths()))
    report = verify_bundle(directory, trusted=trusted or policy)
    if not report.ok:
        raise IntegrityError(
            "heal.rest",
            f"{len(report.problems)} problems are left, the first: {report.problems[0].what}",
            where=str(directory),
            todo="take a mirror that covers more",
        )
    return Healed(tuple(replaced), removed, report.size)


def _head(reader: DirectoryReader, policy: Policy) -> Checkpoint | None:
    note = reader.read(CHECKPOINT, MAX_NOTE_BYTES)
    try:
        return None if note is None else open_checkpoint(note, policy.logs)
    except (InputError, IntegrityError):
        return None


def _refuse_fork(directory: Path, mirror: Path, policy: Policy) -> None:
    """A checkpoint of ours that is rightly signed and not continued by the mirror is no damage."""
    note = (directory / CHECKPOINT).read_bytes()
    report = verify_bundle(mirror, against=[note], trusted=policy)
    if not report.ok:
        raise ConflictError(
            "record.fork",
            "the mirror does not continue this bundle's checkpoint",
            where=str(directory),
            todo="compare both with truceline record prove-fork",
        )


def _take_over(
    directory: Path, ours: DirectoryReader, theirs: DirectoryReader, *, keep_partial: bool
) -> Sequence[str]:
    replaced = []
    for path in sorted(theirs.paths(), key=lambda name: (name == CHECKPOINT, name)):
        if keep_partial and (path in {CHECKPOINT, POLICY} or _PARTIAL.fullmatch(path)):
            continue
        data = theirs.read(path, _LIMIT) or b""
        if ours.read(path, _LIMIT) == data:
            continue
        target = directory / path
        if target.is_symlink():
            target.unlink()
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, data)
        sync_folder(target.parent)
        replaced.append(path)
    return replaced


def _clear(directory: Path, ours: DirectoryReader, wanted: set[str]) -> tuple[str, ...]:
    removed = []
    for path in sorted(ours.paths()):
        if path not in wanted and not path.startswith("payloads/"):
            (directory / path).unlink()
            removed.append(path)
    return tuple(removed)
