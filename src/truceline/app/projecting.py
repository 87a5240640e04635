"""The read models as they follow from record and evidence: the one way, after a run and for a rebuild."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from truceline.app.wiring import Store
from truceline.core.errors import IntegrityError
from truceline.core.release import CENTRE, JOINT, PUBLIC, Realm
from truceline.core.rows import Row
from truceline.core.times import parse_instant
from truceline.ledger.body import decode_body
from truceline.ledger.log import read_log
from truceline.publish.gate import mark_of_feature

BATCHES = ("taken", "claims", "incidents", "obligations", "counters", "features", "rejected")
"""What a run derives, in order: one batch leaf and one JSONL file of evidence each."""

_INSIDE = frozenset({"obligations", "counters", "rejected"})
"""What the centre concludes from everything that it holds; whoever may have less is given conclusions of its own."""

_WORDED = ("says", "label", "title", "doc", "text")


@dataclass(frozen=True, slots=True)
class Missing:
    """A thing that a rebuild needs and that is not there any more: what, and its hash."""

    what: str
    sha256: str


def project(store: Store, *, thorough: bool = False) -> tuple[Missing, ...]:
    """Make the read models anew from record and evidence alone.

    Args:
        store: An open store.
        thorough: Whether the bytes of every report are read and hashed, not only looked for.

    Returns:
        What is missing; the models hold the rest.
    """
    standing = _standing(store)
    missing = list(standing.missing)
    models: dict[str, list[Row]] = {}
    for name in BATCHES:
        body = standing.batches.get(name)
        data = _bytes_of(store, body["sha256"]) if body else b""
        if data is None:
            missing.append(Missing(f"the {name} of the last run", body["sha256"] if body else ""))
        models[name] = [
            _row(name, at, value, standing.realm) for at, value in enumerate(_json_lines(data or b""))
        ]
    taken = {str(row.value["id"]) for row in models.pop("taken")}
    models["reports"] = [_report_row(payload) for payload in standing.reports if payload["id"] in taken]
    for payload in standing.reports:
        sha256 = payload["body"]["sha256"]
        there = _bytes_of(store, sha256) is not None if thorough else store.evidence.path(sha256).is_file()
        if not there:
            missing.append(Missing(f"the bytes of {payload['body']['doc']}", sha256))
    store.models.replace_all(models)
    return tuple(missing)


def _bytes_of(store: Store, sha256: str) -> bytes | None:
    """Return the bytes of a hash; changed bytes count as missing."""
    try:
        return store.evidence.get(sha256)
    except IntegrityError:
        return None


def _report_row(payload: dict[str, Any]) -> Row:
    value = {**decode_body(payload["body"]), "id": payload["id"]}
    value.update(
        {key: payload[key] for key in ("realm", "owner", "release", "known_at", "known_basis", "valid_at")}
    )
    return _placed(Row(payload["id"], str(value["kind"]), value), value, Realm(payload["realm"]))


def _row(name: str, at: int, value: dict[str, Any], realm: Realm) -> Row:
    properties = value.get("properties", value)
    key = str(properties.get("id") or f"{name}:{at}") if name != "counters" else f"{value['id']}#{at}"
    if name in {"rejected", "features"}:
        key = f"{name}:{at}"
    kind = str(_kind_of(name, value) or properties.get("layer") or value.get("kind") or name)
    row = _placed(Row(key, kind, value), properties, realm)
    if name in _INSIDE:
        return _marked(row, CENTRE, JOINT)
    if name == "features":
        return _marked(row, str(properties.get("owner") or CENTRE), mark_of_feature(properties))
    return row


def _kind_of(name: str, value: Mapping[str, Any]) -> str | None:
    if name == "claims":
        return str(value["type"])
    types = value.get("types") if name == "incidents" else None
    return str(types[0]["type"]) if types else None


def _placed(row: Row, facts: Mapping[str, Any], realm: Realm) -> Row:
    """Give a row the columns by which it is found."""
    valid_at, location = facts.get("valid_at") or {}, facts.get("location") or {}
    review = facts.get("review")
    return Row(
        row.id,
        row.kind,
        row.value,
        known_at=_moment(facts.get("known_at")),
        start_at=_moment(valid_at.get("start")),
        end_at=_moment(valid_at.get("end")),
        lon=location.get("lon"),
        lat=location.get("lat"),
        zone=facts.get("zone"),
        state=review["state"] if isinstance(review, Mapping) else facts.get("state") or facts.get("status"),
        owner=str(facts.get("owner") or CENTRE),
        release=str(facts.get("release") or PUBLIC),
        realm=Realm(facts.get("realm") or realm),
        words=" ".join(_words_of(facts)),
    )


def _marked(row: Row, owner: str, release: str) -> Row:
    return Row(
        row.id, row.kind, row.value, row.known_at, row.start_at, row.end_at, row.lon, row.lat, row.zone, row.state,
        owner, release, row.realm, row.words,
    )  # fmt: skip


def _words_of(facts: Mapping[str, Any]) -> Iterable[str]:
    """Give what a search looks through: the words quoted, what each side says, names of places, parties and files."""
    for name in _WORDED:
        if isinstance(facts.get(name), str):
            yield facts[name]
    evidence, place = facts.get("evidence"), facts.get("place")
    if isinstance(evidence, Mapping):
        yield str(evidence.get("text", ""))
    if isinstance(place, Mapping):
        yield str(place.get("label", ""))
    for name in ("places", "actors", "targets", "speakers"):
        yield from (str(one.get("label", "")) for one in facts.get(name) or () if isinstance(one, Mapping))
    for side in facts.get("sides") or ():
        yield from (str(text) for text in side.get("says", ()))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else parse_instant(text)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the record says last: the body of the last batch of each name, the payload of each report, what is missing."""

    realm: Realm
    batches: Mapping[str, dict[str, Any]]
    reports: tuple[dict[str, Any], ...]
    missing: tuple[Missing, ...]


def _standing(store: Store) -> _Standing:
    missing: list[Missing] = []
    batches: dict[str, dict[str, Any]] = {}
    reports: dict[str, dict[str, Any]] = {}
    realm = Realm.DEMO
    for item in read_log(store.ledger, store.payloads):
        if item.payload is None:
            missing.append(Missing(f"the payload of entry {item.index} ({item.type} {item.id})", ""))
            continue
        realm = Realm(item.payload["realm"])
        if item.type == "batch":
            batches[item.id.removeprefix("batch:")] = item.payload["body"]
        elif item.type == "report":
            reports[item.id] = item.payload
    return _Standing(realm, batches, tuple(reports.values()), tuple(missing))


def _json_lines(data: bytes) -> Iterable[dict[str, Any]]:
    return (json.loads(line) for line in data.splitlines())
