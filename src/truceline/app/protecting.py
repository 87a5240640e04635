"""People: what is known of them lies in their side's vault; the record holds digests under a random number, nothing else.

Protecting needs one key of the side that collected, at once. Showing needs the owner's key and the person's recorded
consent for just that purpose and recipient; the receiver's key opens nothing.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from truceline.app.positions import Desk
from truceline.app.wiring import Held, Trace, Vault, destroy_vault, find_value, overwrite, protection_words
from truceline.core.errors import ConflictError, InputError
from truceline.ledger.commitment import commit, read_disclosure
from truceline.ledger.signing import SignedStatement, sign_statement
from truceline.ledger.stated import Stated

PROTECT, CONSENT, REVEAL, REDACT = "protect", "consent", "reveal", "redact"
VAULT, ROLL = "vault.db", "roll.db"
_NUMBER_BYTES = 10


def new_person() -> str:
    """Return a random number that stands for a person: it follows from nothing and leads back to nobody."""
    return f"person:{base64.b32encode(os.urandom(_NUMBER_BYTES)).decode('ascii').lower()}"


def protect(desk: Desk, vault: Vault, person: str, fields: Mapping[str, str]) -> SignedStatement:
    """Keep values of a person in the side's vault, and state their digests.

    Args:
        desk: The side's desk.
        vault: Its vault.
        person: The person's number; see `new_person`.
        fields: Name of a field -> value.

    Returns:
        What is handed over: digests alone.

    Raises:
        InputError: A field is kept already, or there is none.
    """
    if not fields:
        raise InputError("vault.empty", "there is nothing to keep", todo="give --field name=value")
    opening = commit(fields, os.urandom)
    for one in opening:
        vault.put(person, one.name, one.encode(), one.digest())
    digests = sorted(one.digest() for one in opening)
    return _sign(desk, "commitment", person, {"step": PROTECT, "digests": digests})


def consent(desk: Desk, person: str, purpose: str, recipient: str, document_sha256: str) -> SignedStatement:
    """State that a person agreed to be shown for a purpose to a recipient.

    Args:
        desk: The side's desk.
        person: The person's number.
        purpose: A word of ``data/protection.toml``.
        recipient: Whom it may be shown to.
        document_sha256: Hash of the paper or recording that holds the consent, which stays with the side.

    Returns:
        What is handed over.

    Raises:
        InputError: No such purpose, or no hash.
    """
    _known(purpose, "purposes")
    if len(document_sha256) != 64 or set(document_sha256) - set("0123456789abcdef"):
        raise InputError("consent.document", "a consent names the SHA-256 of its document", where=person)
    body = {"step": CONSENT, "purpose": purpose, "to": recipient, "document_sha256": document_sha256}
    return _sign(desk, "disclosure", person, body)


def reveal(
    desk: Desk, vault: Vault, person: str, field: str, purpose: str, recipient: str
) -> tuple[SignedStatement, str]:
    """Show one value to one recipient.

    Args:
        desk: The side's desk; the record on it must hold the consent.
        vault: The side's vault.
        person: The person's number.
        field: Which field.
        purpose: What for.
        recipient: To whom.

    Returns:
        The statement that it was shown, without the value; and the disclosure for the recipient.

    Raises:
        ConflictError: No consent of this side for this purpose and recipient stands in the record.
        InputError: The value is not kept any more.
    """
    body = {"step": REVEAL, "purpose": purpose, "to": recipient, "field": field}
    if not _has_consent(desk.rounds.entries, desk.letter, person, body):
        raise ConflictError(
            "consent.none",
            f"{person} has not agreed to be shown to {recipient} for {purpose}",
            todo="record the consent first: truceline vault consent",
        )
    text = vault.get(person, field)
    body["digest"] = read_disclosure(text).digest()
    return _sign(desk, "disclosure", person, body), text


def redact(
    desk: Desk, vault: Vault, person: str, field: str | None, reason: str
) -> tuple[SignedStatement, list[Held]]:
    """Destroy a person's values, or one of them, and state that this was done. The record stays whole.

    Args:
        desk: The side's desk.
        vault: The side's vault.
        person: The person's number.
        field: Which field; None takes all.
        reason: A word of ``data/protection.toml``.

    Returns:
        What is handed over, and what was destroyed.

    Raises:
        InputError: No such reason, or nothing of this person is kept.
    """
    _known(reason, "reasons")
    gone = vault.destroy(person, field)
    if not gone:
        raise InputError("vault.absent", f"nothing of {person} is kept here, or it was destroyed before")
    body = {"step": REDACT, "reason": reason, "digests": sorted(one.digest for one in gone)}
    return _sign(desk, "redaction", person, body), gone


def refusal(entries: Iterable[Stated], entry: Stated) -> str:
    """Say why a statement about a person may not stand in the record.

    Args:
        entries: The record's entries up to there.
        entry: The statement.

    Returns:
        The reason; empty where it may.
    """
    body = (entry.payload or {}).get("body", {})
    step, owner = body.get("step"), (entry.payload or {}).get("owner", "")
    if not entry.leaf.id.startswith("person:") or step not in {PROTECT, CONSENT, REVEAL, REDACT}:
        return "it is no step of a round, and nothing about a person"
    allowed = {"step", "digests", "purpose", "to", "document_sha256", "field", "digest", "reason"}
    if set(body) - allowed:
        return "nothing of a person but digests stands in the record"
    if step == REVEAL and not _has_consent(entries, owner, entry.leaf.id, body):
        return f"{owner} shows what the person has not agreed to"
    return ""


def _has_consent(entries: Iterable[Stated], owner: str, person: str, body: Mapping[str, Any]) -> bool:
    for entry in entries:
        payload = entry.payload or {}
        said = payload.get("body", {})
        if (
            entry.leaf.type == "disclosure"
            and entry.leaf.id == person
            and payload.get("owner") == owner
            and said.get("step") == CONSENT
            and (said.get("purpose"), said.get("to")) == (body.get("purpose"), body.get("to"))
        ):
            return True
    return False


def known_reason(word: str) -> None:
    """Stop where a reason is none of the data file's.

    Args:
        word: The reason.

    Raises:
        InputError: It is none.
    """
    _known(word, "reasons")


def _known(word: str, table: str) -> None:
    words = protection_words()[table]
    if word not in words:
        raise InputError(
            "protect.word", f"'{word}' is none of the {table}", where="data/protection.toml",
            todo=f"use one of {', '.join(words)}",
        )  # fmt: skip


def _sign(desk: Desk, type_: str, id_: str, body: Mapping[str, Any]) -> SignedStatement:
    return sign_statement(desk.statement(type_, id_, body), desk.signers, desk.rounds.head)


def search(values: Sequence[str], folders: Sequence[Path]) -> tuple[Trace, ...]:
    """Look for values in every file of some folders, in every shape; see `adapters.vault.search`."""
    return tuple(trace for value in values for trace in find_value(value, folders))


@dataclass(frozen=True, slots=True)
class Evacuated:
    """What an evacuation destroyed and what stayed."""

    destroyed: tuple[str, ...]
    kept: tuple[str, ...]


def evacuate(keep: Path) -> Evacuated:
    """Destroy what may harm people on this machine: vault, roll, drafts, keys. What proves stays.

    The keys of vault and roll go first: should anything stop the rest, no value can be read any more. Run again, it goes on.

    Args:
        keep: The side's own folder.

    Returns:
        What was destroyed and what stayed, by file name.
    """
    destroyed = [path.name for name in (VAULT, ROLL) for path in destroy_vault(keep / name)]
    for pattern in ("*.opening", "*.key", "*.session"):
        for path in sorted(keep.glob(pattern)):
            overwrite(path)
            destroyed.append(path.name)
    kept = sorted(path.name for path in keep.iterdir()) if keep.is_dir() else []
    return Evacuated(tuple(destroyed), tuple(kept))
