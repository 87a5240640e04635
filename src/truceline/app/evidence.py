"""What was given out, and what is destroyed of a report: its bytes alone, never the entry that says that it was there."""

from __future__ import annotations

from datetime import datetime

from truceline.app.projecting import project
from truceline.app.protecting import REDACT, known_reason
from truceline.app.wiring import Export, Store, beside_others, cosign_demo, open_log, overwrite
from truceline.core.errors import InputError
from truceline.core.mission import Mission
from truceline.core.release import JOINT, may_receive
from truceline.ledger.entry import Statement, parse_payload
from truceline.ledger.keys import realm_of
from truceline.ledger.store import BACKUP

_EVIDENCE = "evidence"


def holders(store: Store, id_: str) -> tuple[Export, ...]:
    """Name every copy of the record that ever held a payload about an id.

    Args:
        store: The open store.
        id_: The id, for example a person's number.

    Returns:
        The copies, by size and recipient.

    Raises:
        InputError: The record states nothing about it.
    """
    entries = [entry for entry in store.ledger.entries(0, store.ledger.size()) if entry.id == id_]
    if not entries:
        raise InputError(
            "record.id", f"the record states nothing about '{id_}'", todo="see truceline record list"
        )
    identity = store.ledger.identity()
    realm = realm_of(identity[0]) if identity else None
    found = []
    for export in store.exports.all():
        for entry in entries:
            blob = store.payloads.get(entry.payload_sha256)
            payload = None if blob is None else parse_payload(blob)
            if entry.index >= export.size or payload is None or realm is None:
                continue
            marks = {name: payload[name] for name in ("owner", "release", "realm")}
            if export.recipient == BACKUP or may_receive(export.recipient, of_realm=realm, **marks):
                found.append(export)
                break
    return tuple(found)


def redact_evidence(store: Store, mission: Mission, sha256: str, reason: str, now: datetime) -> int:
    """Destroy the bytes of a report or batch, and write that this was done.

    Args:
        store: The open store.
        mission: The pack.
        sha256: Hash of the bytes.
        reason: A word of ``data/protection.toml``.
        now: The time.

    Returns:
        The entry that says so.

    Raises:
        InputError: No such reason, or no such bytes.
    """
    known_reason(reason)
    path = store.evidence.path(sha256)
    if not path.is_file():
        raise InputError("evidence.absent", "no bytes with this hash are kept", where=sha256[:80])
    overwrite(path)
    statement = Statement(
        type="redaction",
        id=f"{_EVIDENCE}:{sha256}",
        mission=mission.settings.id,
        realm=mission.settings.realm,
        body={"step": REDACT, "reason": reason, "sha256": sha256},
        release=JOINT,
        known_at=now,
    )
    (index,) = beside_others(lambda: open_log(store, mission).append([statement]))
    cosign_demo(store, mission, now)
    project(store)
    return index


def destroy_again(store: Store) -> int:
    """Destroy what a record says is destroyed, where an older copy of the evidence was put back.

    Args:
        store: The open store.

    Returns:
        How many pieces of evidence were there and are not any more.
    """
    n_destroyed = 0
    for entry in store.ledger.typed({"redaction"}):
        kind, _, sha256 = entry.id.partition(":")
        if kind == _EVIDENCE and store.evidence.path(sha256).is_file():
            overwrite(store.evidence.path(sha256))
            n_destroyed += 1
    return n_destroyed
