"""What stands in the record: leaves that are signed, payloads that they name. Source: MODEL, The record."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from truceline.core.claims import By
from truceline.core.errors import InputError
from truceline.core.release import CENTRE, JOINT, Realm, check_release
from truceline.core.times import KnownBasis, ValidAt, format_instant
from truceline.ledger.body import encode_body
from truceline.ledger.canonical import canonical_bytes, parse_canonical
from truceline.ledger.checkpoint import parse_count, parse_hash
from truceline.ledger.keys import Signer, check_key_name, encode_base64
from truceline.ledger.note import Note, format_note, parse_note, sign_note
from truceline.ledger.tiles import MAX_ENTRY_BYTES

HEADER = "truceline/statement/1"

TYPES = frozenset(
    {
        "report",
        "claim",
        "batch",
        "segment",
        "track",
        "incident",
        "estimate",
        "notice",
        "commitment",
        "position",
        "determination",
        "complaint",
        "investigation",
        "finding",
        "instrument",
        "amendment",
        "interpretation",
        "status",
        "exposure",
        "custody",
        "correction",
        "disclosure",
        "redaction",
        "key",
        "policy",
        "seen",
    }
)
"""The one vocabulary for entries, change events, API names and streams."""

PAYLOAD_FIELDS = frozenset(
    {
        "schema",
        "id",
        "mission",
        "realm",
        "owner",
        "release",
        "known_at",
        "known_basis",
        "valid_at",
        "sources",
        "by",
        "body",
    }
)

_ID = re.compile(r"[a-z0-9][a-z0-9:._/#-]{0,199}\Z")


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that somebody gives or decides, to be written to the record.

    Args:
        type: A word of `TYPES`.
        id: The thing's id or slug.
        mission: The mission's id.
        realm: The world it belongs to; must be the record's.
        body: What is stated: core dataclasses, mappings, lists, strings, numbers with their unit in the name.
        owner: Whose it is.
        release: How far it may travel.
        known_at: When the mission could know it; None where nothing says.
        known_basis: How that was found.
        valid_at: When it was so.
        sources: Source slugs.
        by: What made it; of an act of a person the stage and the duty number.
        round: Which statement about this id it is, from 0; None lets the record count: the next free number, or the
            earlier place where the very same payload stands already.
    """

    type: str
    id: str
    mission: str
    realm: Realm
    body: Mapping[str, Any] = field(default_factory=dict)
    owner: str = CENTRE
    release: str = JOINT
    known_at: datetime | None = None
    known_basis: KnownBasis | None = None
    valid_at: ValidAt | None = None
    sources: tuple[str, ...] = ()
    by: By | Mapping[str, str] | None = None
    round: int | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """The text of an entry.

    Args:
        origin: The log's identity; it holds the realm.
        type: A word of `TYPES`.
        id: The thing's id or slug.
        round: Which statement about this id it is, from 0.
        payload_sha256: Hex SHA-256 of the payload's bytes.
        payload_size: The payload's bytes.
        seen_size: Size of the last checkpoint that the signer saw.
        seen_root: Its root, 32 bytes.
    """

    origin: str
    type: str
    id: str
    round: int
    payload_sha256: str
    payload_size: int
    seen_size: int
    seen_root: bytes


def check_statement_name(type_: str, id_: str) -> None:
    """Stop where a type is not of the vocabulary or an id can not stand in a leaf.

    Args:
        type_: The type.
        id_: The id.

    Raises:
        InputError: One of them is not allowed.
    """
    if type_ not in TYPES:
        raise InputError("entry.type", f"'{type_}' is no type of the record", where=id_)
    if not _ID.match(id_):
        raise InputError(
            "entry.id",
            f"{id_[:80]!r} can not be an id of the record",
            where=type_,
            todo="use small letters, digits and : . _ - / #, at most 200",
        )


def payload_bytes(statement: Statement) -> bytes:
    """Return the canonical bytes of a statement's payload.

    Args:
        statement: The statement.

    Returns:
        RFC 8785 JSON with exactly the fields of `PAYLOAD_FIELDS`.

    Raises:
        InputError: The body holds a value that no payload may hold, or the release mark is none.
    """
    when = statement.valid_at
    return canonical_bytes(
        {
            "schema": f"{statement.type}/1",
            "id": statement.id,
            "mission": statement.mission,
            "realm": statement.realm.value,
            "owner": statement.owner,
            "release": check_release(statement.release),
            "known_at": _instant(statement.known_at),
            "known_basis": statement.known_basis,
            "valid_at": when
            and {
                "start": _instant(when.start),
                "end": _instant(when.end),
                "precision": when.precision,
                "basis": when.basis,
            },
            "sources": list(statement.sources),
            "by": statement.by and encode_body(statement.by),
            "body": encode_body(statement.body),
        }
    )


def _instant(value: datetime | None) -> str | None:
    return None if value is None else format_instant(value)


def parse_payload(data: bytes) -> dict[str, Any]:
    """Read a payload and hold it to its fields.

    Args:
        data: The payload's bytes.

    Returns:
        The payload, its body as written (see `body.decode_body`).

    Raises:
        InputError: The bytes are not canonical, or a field is missing, unknown or of the wrong kind.
    """
    value = parse_canonical(data)
    if not isinstance(value, dict) or set(value) != PAYLOAD_FIELDS:
        raise InputError("payload.fields", "the payload's fields are not those of the record")
    texts = ("schema", "id", "mission", "realm", "owner", "release")
    if not all(isinstance(value[name], str) for name in texts) or not isinstance(value["body"], dict):
        raise InputError("payload.fields", "a field of the payload is of the wrong kind")
    check_release(value["release"])
    return value


def sha256_hex(data: bytes) -> str:
    """Return the hex SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def format_leaf(leaf: Leaf) -> str:
    """Write a leaf's text, as its signers sign it."""
    return (
        f"{HEADER}\n{leaf.origin}\n{leaf.type} {leaf.id} {leaf.round}\n"
        f"{encode_base64(bytes.fromhex(leaf.payload_sha256))} {leaf.payload_size}\n"
        f"{leaf.seen_size} {encode_base64(leaf.seen_root)}\n"
    )


def parse_leaf(text: str) -> Leaf:
    """Read a leaf's text.

    Args:
        text: The text of the entry's note.

    Returns:
        The leaf.

    Raises:
        InputError: A line is missing, too many, or misspelt.
    """
    lines = text.split("\n")
    words = [line.split(" ") for line in lines]
    if len(lines) != 6 or lines[0] != HEADER or lines[5] or [len(row) for row in words[2:5]] != [3, 2, 2]:
        raise InputError("entry.malformed", "the entry is not a statement as the record writes it")
    (type_, id_, round_), (sha, size), (seen_size, seen_root) = words[2:5]
    check_statement_name(type_, id_)
    return Leaf(
        origin=check_key_name(lines[1]),
        type=type_,
        id=id_,
        round=parse_count(round_),
        payload_sha256=parse_hash(sha).hex(),
        payload_size=parse_count(size),
        seen_size=parse_count(seen_size),
        seen_root=parse_hash(seen_root),
    )


def sign_leaf(leaf: Leaf, signers: tuple[Signer, ...]) -> bytes:
    """Sign a leaf and return the entry's bytes.

    Args:
        leaf: The leaf.
        signers: Who stands behind it, in order.

    Returns:
        The bytes of a signed note.

    Raises:
        InputError: The entry would be longer than 65,535 bytes, or a name in it is not allowed.
    """
    check_statement_name(leaf.type, leaf.id)
    data = format_note(sign_note(format_leaf(leaf), signers))
    if len(data) > MAX_ENTRY_BYTES:
        raise InputError("entry.size", f"the entry is longer than {MAX_ENTRY_BYTES} bytes", where=leaf.id)
    return data


def open_leaf(entry: bytes) -> tuple[Leaf, Note]:
    """Read an entry; its signatures are not checked yet.

    Args:
        entry: The entry's bytes.

    Returns:
        The leaf and the note that carries its signatures.

    Raises:
        InputError: The bytes are no entry of the record.
    """
    note = parse_note(entry)
    return parse_leaf(note.text), note
