"""Statements that somebody signs on their own machine and hands over: made there, checked and kept by the log here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from truceline.core.errors import IntegrityError
from truceline.core.release import PUBLIC, Realm
from truceline.ledger.authors import FOUNDING, AuthorKey
from truceline.ledger.checkpoint import Checkpoint
from truceline.ledger.entry import (
    Leaf,
    Statement,
    open_leaf,
    parse_payload,
    payload_bytes,
    sha256_hex,
    sign_leaf,
)
from truceline.ledger.keys import Signer
from truceline.ledger.note import Note
from truceline.ledger.policy import Policy, format_policy


@dataclass(frozen=True, slots=True)
class SignedStatement:
    """A statement as it travels: the signed entry and the payload that it names, byte for byte."""

    note: bytes
    payload: bytes


@dataclass(frozen=True, slots=True)
class OpenedStatement:
    """A signed statement that was read and holds together; its signatures are not checked yet."""

    leaf: Leaf
    note: Note
    payload: dict[str, Any]
    signed: SignedStatement


def sign_statement(statement: Statement, signers: Sequence[Signer], seen: Checkpoint) -> SignedStatement:
    """Sign a statement.

    Args:
        statement: What is stated; its ``round`` must be given.
        signers: Who stands behind it, in order.
        seen: The last checkpoint of the record that they have seen; its origin is the record's.

    Returns:
        What is handed over.

    Raises:
        InputError: A value that no payload may hold, or a name that is not allowed.
    """
    payload = payload_bytes(statement)
    leaf = Leaf(
        seen.origin,
        statement.type,
        statement.id,
        statement.round or 0,
        sha256_hex(payload),
        len(payload),
        seen.size,
        seen.root,
    )
    return SignedStatement(sign_leaf(leaf, tuple(signers)), payload)


def open_statement(signed: SignedStatement) -> OpenedStatement:
    """Read a signed statement and hold its parts to each other.

    Args:
        signed: As it was handed over.

    Returns:
        The statement; whether its signers may say it is for `authors.Authors.take` to tell.

    Raises:
        InputError: The note or the payload has another form.
        IntegrityError: The payload is not the one that the note names.
    """
    leaf, note = open_leaf(signed.note)
    if (sha256_hex(signed.payload), len(signed.payload)) != (leaf.payload_sha256, leaf.payload_size):
        raise IntegrityError("record.payload", "the payload is not the one that was signed", where=leaf.id)
    payload = parse_payload(signed.payload)
    origin = f"truceline/{payload['mission']}/{payload['realm']}"
    if (payload["schema"], payload["id"], origin) != (f"{leaf.type}/1", leaf.id, leaf.origin):
        raise IntegrityError(
            "record.payload", "the payload is about something else than the note", where=leaf.id
        )
    return OpenedStatement(leaf, note, payload, signed)


def founding_statement(
    mission: str, realm: Realm, policy: Policy, keys: Sequence[AuthorKey], procedure: Mapping[str, Any]
) -> Statement:
    """Return the first statement of a record: whose cosignatures it needs, by which procedure, with which first keys.

    Args:
        mission: The mission's id.
        realm: The record's realm.
        policy: The trust policy.
        keys: The first keys of the delegations; all of them sign.
        procedure: What the procedure says, in values that a payload may hold.

    Returns:
        The statement, round 0.
    """
    body = {
        "policy": format_policy(policy).decode("utf-8"),
        "procedure": dict(procedure),
        "keys": [{"vkey": key.key.vkey, "owner": key.owner, "role": key.role} for key in keys],
    }
    return Statement("policy", FOUNDING, mission, realm, body, release=PUBLIC, round=0)
