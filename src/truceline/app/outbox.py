"""A side's own list of what it handed over: a small record of its own, whose head goes along with every statement.

Once the operator has taken such a head in, everything in the list up to there was known to it: a statement that the record
lacks was left out, and list and record together show it to anybody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from truceline.app.positions import Desk
from truceline.app.rounds import Rounds
from truceline.app.wiring import Store, open_store, read_log
from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.core.release import CENTRE, JOINT, Realm
from truceline.ledger.checkpoint import open_checkpoint, parse_checkpoint
from truceline.ledger.entry import Statement, open_leaf, parse_payload, sha256_hex
from truceline.ledger.keys import Signer, mission_of, origin_of, parse_vkey, realm_of
from truceline.ledger.log import Log
from truceline.ledger.note import parse_note
from truceline.ledger.signing import SignedStatement, sign_statement
from truceline.ledger.tiles import root_from_tiles


@dataclass(frozen=True, slots=True)
class Omitted:
    """A statement that was handed over, whose list the record acknowledges, and that the record lacks.

    Args:
        type: Its type.
        id: Its id.
        round: Which statement about this id it was.
        list: File of the list.
        listed: Its place in the side's list.
        acknowledged_by: Entry of the record that acknowledges the list up to there.
    """

    type: str
    id: str
    round: int
    list: str
    listed: int
    acknowledged_by: int


def handed_over(desk: Desk, statement: SignedStatement, keep: Path) -> SignedStatement:
    """List a statement in the side's outbox, and sign the list's head to go along.

    Args:
        desk: The side's desk; its first key keeps the list.
        statement: What is handed over.
        keep: The side's own folder.

    Returns:
        The ``seen`` statement: what the side had seen, and its list's head.

    Raises:
        ConflictError: Another statement of the same round is in the list: two would look like a lie.
    """
    signer = desk.signers[0]
    mission, realm = desk.world
    keep.mkdir(parents=True, exist_ok=True)
    store = open_store(keep / f"outbox-{_key_id(signer)}.db")
    key = _list_key(signer, mission, realm, desk.letter)
    log = Log.open(
        store.ledger, store.payloads, key, mission=_list_mission(mission, desk.letter, signer), realm=realm
    )
    leaf, _ = open_leaf(statement.note)
    line: dict[str, Any] = {
        "type": leaf.type,
        "id": leaf.id,
        "round": leaf.round,
        "note_sha256": sha256_hex(statement.note),
        "payload_sha256": leaf.payload_sha256,
    }
    _refuse_second(keep, line)
    (place,) = log.append(
        [
            Statement(
                type="seen",
                id=f"handed:{line['note_sha256'][:40]}",
                mission=_list_mission(mission, desk.letter, signer),
                realm=realm,
                body=line,
                release="owner",
                known_at=desk.at,
            )
        ]
    )
    body = {
        "origin": key.name,
        "vkey": key.verifier.vkey,
        "size": place + 1,
        "root": log.root(place + 1).hex(),
        "record": {"size": desk.rounds.head.size, "root": desk.rounds.head.root.hex()},
    }
    head = Statement(
        type="seen",
        id=_head_id(desk.letter, signer),
        mission=mission,
        realm=realm,
        body=body,
        owner=desk.letter,
        release=JOINT,
        known_at=desk.at,
        round=place,
    )
    return sign_statement(head, desk.signers, desk.rounds.head)


def heads_of(keep: Path) -> bytes:
    """Show the signed heads of a side's lists, to whoever keeps the record.

    Args:
        keep: The side's own folder.

    Returns:
        JSON: an array of ``{"vkey": …, "checkpoint": …}``, each the list's key and its last checkpoint.
    """
    shown = []
    for path in sorted(keep.glob("outbox-*.db")):
        store = open_store(path, must_exist=True)
        try:
            identity, note = store.ledger.identity(), store.ledger.checkpoint()
        finally:
            store.close()
        if identity is not None and note is not None:
            shown.append({"vkey": identity[1], "checkpoint": note.decode("utf-8")})
    return json.dumps(shown, ensure_ascii=False).encode("utf-8")


def acknowledged(store: Store, shown: bytes, at: datetime) -> list[Statement]:
    """Write that the record's keeper was shown the heads of a side's lists.

    Only a list that the side named in the record under its own signature counts: nobody makes one up for another.

    Args:
        store: The record's open store.
        shown: What `heads_of` returned on the side's machine.
        at: The time.

    Returns:
        A ``seen`` statement for each list that has grown since the record last acknowledged it.

    Raises:
        InputError: This is no list of heads.
        IntegrityError: A head is not signed by its list, or the list lost what it showed before.
    """
    known = _known_lists(store)
    mission, realm = mission_of(origin := _identity(store)), realm_of(origin)
    statements = []
    for vkey, note in _parse_heads(shown):
        verifier = parse_vkey(vkey)
        stands = known.get(verifier.name)
        if stands is None or stands["vkey"] != vkey:
            continue
        head = open_checkpoint(note, [verifier])
        if head.size < stands["size"]:
            raise IntegrityError(
                "outbox.behind",
                f"the list ends at {head.size}, and the record acknowledges {stands['size']} of it",
                where=head.origin,
                todo="have its side look: an older copy of its folder was put back, or the list is another",
            )
        if head.size == stands["size"]:
            continue
        body = {
            "origin": head.origin, "vkey": vkey, "size": head.size, "root": head.root.hex(),
            "checkpoint": note.decode("utf-8"),
        }  # fmt: skip
        statements.append(
            Statement(
                type="seen", id=f"{stands['id']}:shown", mission=mission, realm=realm, body=body, owner=CENTRE,
                release=JOINT, known_at=at,
            )
        )  # fmt: skip
    return statements


def _identity(store: Store) -> str:
    identity = store.ledger.identity()
    if identity is None:
        raise InputError("record.empty", "nothing has been recorded yet", todo="run the mission first")
    return identity[0]


def _known_lists(store: Store) -> dict[str, dict[str, Any]]:
    """Return the lists that sides named themselves: origin -> id of the side's statement, key, entries acknowledged."""
    known: dict[str, dict[str, Any]] = {}
    for entry in store.ledger.typed({"seen"}):
        blob = store.payloads.get(entry.payload_sha256)
        payload = parse_payload(blob) if blob is not None else {}
        head = _head_in(payload)
        if head is None:
            continue
        if payload["owner"] != CENTRE:
            known.setdefault(head["origin"], {"id": entry.id, "vkey": head["vkey"], "size": 0})
        if (stands := known.get(head["origin"])) is not None and stands["vkey"] == head["vkey"]:
            stands["size"] = max(stands["size"], head["size"])
    return known


def _head_in(payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the head that a ``seen`` statement tells; None where it tells none, or one of a list that is not its side's.

    A side writes into the body what it likes: what it says of another side's list must stand in nobody's way.
    """
    body, owner = payload.get("body", {}), str(payload.get("owner", ""))
    size = body.get("size")
    is_head = all(isinstance(body.get(name), str) for name in ("origin", "vkey", "root"))
    if not is_head or isinstance(size, bool) or not isinstance(size, int):
        return None
    is_own = owner == CENTRE or f"/outbox/{owner.lower()}/" in body["origin"]
    return dict(body) if is_own else None


def _parse_heads(shown: bytes) -> list[tuple[str, bytes]]:
    try:
        return [(str(one["vkey"]), str(one["checkpoint"]).encode("utf-8")) for one in json.loads(shown)]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(
            "outbox.heads", "this is no list of heads", todo="ask truceline witness serve --keep for it"
        ) from error


def omitted(rounds: Rounds, keep: Path) -> tuple[Omitted, ...]:
    """Compare a side's list with a copy of the record.

    Args:
        rounds: The record as it was given to the side.
        keep: The side's own folder.

    Returns:
        What the record acknowledges and lacks.

    Raises:
        InputError: There is no list here.
        ConflictError: The record acknowledges another list than this.
    """
    lists = sorted(keep.glob("outbox-*.db"))
    if not lists:
        raise InputError("outbox.none", "there is no list of what was handed over", where=str(keep))
    return tuple(one for path in lists for one in _omitted(rounds, path))


def _omitted(rounds: Rounds, path: Path) -> Iterator[Omitted]:
    store = open_store(path, must_exist=True)
    origin = parse_checkpoint(parse_note(store.ledger.checkpoint() or b"").text).origin
    heads = [
        entry
        for entry in rounds.entries
        if entry.leaf.type == "seen" and (head := _head_in(entry.payload or {})) and head["origin"] == origin
    ]
    if not heads:
        return
    last = max(heads, key=lambda entry: int(_body(entry)["size"]))
    size, root = int(_body(last)["size"]), str(_body(last)["root"])
    if size > store.ledger.size() or root_from_tiles(store.ledger.tile, size).hex() != root:
        raise ConflictError(
            "outbox.other", f"entry {last.index} acknowledges another list than the one here", where=str(path)
        )
    there = {
        (entry.leaf.type, entry.leaf.id, entry.leaf.round, entry.leaf.payload_sha256)
        for entry in rounds.entries
    }
    for item in read_log(store.ledger, store.payloads):
        line = (item.payload or {}).get("body", {})
        name = (line["type"], line["id"], line["round"])
        if item.index < size and (*name, line["payload_sha256"]) not in there:
            yield Omitted(*name, path.name, item.index, last.index)


def _body(entry: Any) -> dict[str, Any]:
    return dict((entry.payload or {}).get("body", {}))


def _key_id(signer: Signer) -> str:
    return signer.verifier.key_id.hex()


def _head_id(letter: str, signer: Signer) -> str:
    return f"outbox:{letter.lower()}:{_key_id(signer)}"


def _list_mission(mission: str, letter: str, signer: Signer) -> str:
    return f"{mission}/outbox/{letter.lower()}/{_key_id(signer)}"


def _list_key(signer: Signer, mission: str, realm: Realm, letter: str) -> Signer:
    """Derive the list's key from a signature that only the side's key makes and that goes nowhere else."""
    origin = origin_of(_list_mission(mission, letter, signer), realm)
    seed = hashlib.sha256(signer.sign(f"truceline/outbox/1\n{origin}\n".encode())).digest()
    return Signer(origin, seed)


def _refuse_second(keep: Path, line: dict[str, Any]) -> None:
    for path in sorted(keep.glob("outbox-*.db")):
        store = open_store(path, must_exist=True)
        for item in read_log(store.ledger, store.payloads):
            other = (item.payload or {}).get("body", {})
            is_same = all(other.get(name) == line[name] for name in ("type", "id", "round"))
            if is_same and other.get("payload_sha256") != line["payload_sha256"]:
                raise ConflictError(
                    "outbox.second",
                    "another statement of this round was handed over: two of them would contradict each other",
                    where=f"{line['type']} {line['id']} round {line['round']}",
                    todo="have the first one taken in, and sign on a copy of the record that holds it",
                )
