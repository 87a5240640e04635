"""Rows of the read models, made from what the record states and from what batches hold: the one spelling for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from truceline.core.imagery import FRAME, READINGS
from truceline.core.release import CENTRE, JOINT, PUBLIC, Realm
from truceline.core.rows import Row
from truceline.core.times import parse_instant
from truceline.ledger.body import decode_body
from truceline.publish.gate import mark_of_feature

_INSIDE = frozenset({"obligations", "counters", "rejected"})
"""What the centre concludes from everything that it holds; whoever may have less is given conclusions of its own."""

_WORDED = ("says", "label", "title", "doc", "text")


def report_value(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report as its entry states it, marks and moments included."""
    value = {**decode_body(payload["body"]), "id": payload["id"]}
    value.update(
        {key: payload[key] for key in ("realm", "owner", "release", "known_at", "known_basis", "valid_at")}
    )
    return value


def report_row(value: Mapping[str, Any]) -> Row:
    """Make the row of a report, of a notice or of a watch from its value, which bears its own marks."""
    return _placed(Row(str(value["id"]), str(value["kind"]), value), value, Realm(value["realm"]))


def batch_row(name: str, at: int, value: Mapping[str, Any], realm: Realm) -> Row:
    """Make a row of a line of a batch.

    Args:
        name: The batch, which is the read model too.
        at: The line's number, from 0; it is the id of what has none.
        value: The line.
        realm: The world of the store.

    Returns:
        The row.
    """
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
    valid_at, location = facts.get("valid_at") or {}, facts.get("location") or _claimed(facts)
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


def _claimed(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the position that a report claims for itself."""
    position = facts.get("position") or {}
    return {"lon": position.get("lon_deg"), "lat": position.get("lat_deg")}


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
    for name in ("entered", "words", *READINGS, FRAME):
        if isinstance(facts.get(name), Mapping):
            yield from (text for text in facts[name].values() if isinstance(text, str))
    for side in facts.get("sides") or ():
        yield from (str(text) for text in side.get("says", ()))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else parse_instant(text)
