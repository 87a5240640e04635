"""The read models as they follow from record and evidence: the one way, after a run, after an act and for a rebuild."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from truceline.app.folding import CONSOLE, Folder, Thing, thing_of
from truceline.app.rowing import batch_row, report_row, report_value
from truceline.app.wiring import Store, load_forms
from truceline.core.errors import ConflictError, IntegrityError
from truceline.core.lives import Forms
from truceline.core.release import Realm
from truceline.core.rows import MODELS, Row
from truceline.ledger.log import RecordItem, read_log

BATCHES = ("taken", "claims", "incidents", "obligations", "counters", "features", "rejected")
"""What a run derives, in order: one batch leaf and one JSONL file of evidence each."""

CONCLUDED = ("incidents", "obligations", "counters", "features")
"""What follows from reports and claims, and is worked out anew where these change."""


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
    models: dict[str, dict[str, Row]] = {model: {} for model in MODELS}
    for name in BATCHES[1:]:
        models[name] = _rows_of(store, name, standing, missing)
    taken = {str(value["id"]) for value in _values_of(store, "taken", standing, missing)}
    of_report: dict[str, list[str]] = {}
    for row in models["claims"].values():
        of_report.setdefault(str(row.value["report"]), []).append(row.id)
    for payload in standing.reports:
        if payload["id"] in taken:
            value = report_value(payload) | {"claims": of_report.get(payload["id"], [])}
            models["reports"][str(value["id"])] = report_row(value)
    _fold(store, standing, models)
    for payload in standing.evidence:
        sha256 = payload["body"]["sha256"]
        there = _bytes_of(store, sha256) is not None if thorough else store.evidence.path(sha256).is_file()
        if not there:
            missing.append(Missing(f"the bytes of {payload['body']['doc']}", sha256))
    store.models.replace_all({name: rows.values() for name, rows in models.items()}, standing.size)
    return tuple(missing)


def follow(store: Store, forms: Forms) -> tuple[RecordItem, ...]:
    """Bring the read models up to the record, from where they stood.

    Args:
        store: An open store.
        forms: The tables of states.

    Returns:
        The entries that they did not follow yet, in order.
    """
    items = tuple(read_log(store.ledger, store.payloads, store.models.upto()))
    if not items:
        return items
    batches = {item.id.removeprefix("batch:"): item for item in items if item.type == "batch"}
    if set(batches) & {"taken", "claims", "rejected"}:
        project(store)
        return items
    realm = Realm(items[-1].payload["realm"]) if items[-1].payload else Realm.DEMO
    folder = Folder(store, forms, store.models.get, realm, items)
    change = folder.fold(thing for item in items if (thing := thing_of(item)) is not None)
    put: dict[str, Iterable[Row]] = {model: rows.values() for model, rows in change.put.items()}
    drop: dict[str, Iterable[str]] = {model: list(ids) for model, ids in change.drop.items()}
    whole: dict[str, Iterable[Row]] = {}
    for name in CONCLUDED:
        payload = batches[name].payload if name in batches else None
        data = _bytes_of(store, payload["body"]["sha256"]) if payload else None
        if data is None:
            continue
        rows = _by_id(name, _json_lines(data), realm)
        if name == "incidents":
            held = {str(value["id"]): value for value in store.models.list(name)}
            put[name] = [row for row in rows.values() if held.get(row.id) != row.value]
            drop[name] = [id_ for id_ in held if id_ not in rows]
        else:
            whole[name] = rows.values()
    upto = items[-1].index + 1
    # Should the process end between the two, the same is done again: making rows anew changes nothing.
    store.models.change(put, {name: list(ids) for name, ids in drop.items()}, None if whole else upto)
    if whole:
        store.models.replace_all(whole, upto)
    return items


def _fold(store: Store, standing: _Standing, models: dict[str, dict[str, Row]]) -> None:
    def value_of(model: str, id_: str) -> Mapping[str, Any] | None:
        row = models[model].get(id_)
        return None if row is None else row.value

    change = Folder(store, load_forms(), value_of, standing.realm).fold(standing.acted)
    for model, ids in change.drop.items():
        for id_ in ids:
            models[model].pop(id_, None)
    for model, rows in change.put.items():
        models[model].update(rows)


def _bytes_of(store: Store, sha256: str) -> bytes | None:
    """Return the bytes of a hash; changed bytes count as missing."""
    try:
        return store.evidence.get(sha256)
    except IntegrityError:
        return None


def _values_of(
    store: Store, name: str, standing: _Standing, missing: list[Missing]
) -> Iterable[dict[str, Any]]:
    body = standing.batches.get(name)
    data = _bytes_of(store, body["sha256"]) if body else b""
    if data is None:
        missing.append(Missing(f"the {name} of the last run", body["sha256"] if body else ""))
    return _json_lines(data or b"")


def _rows_of(store: Store, name: str, standing: _Standing, missing: list[Missing]) -> dict[str, Row]:
    return _by_id(name, _values_of(store, name, standing, missing), standing.realm)


def _by_id(name: str, values: Iterable[Mapping[str, Any]], realm: Realm) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for at, value in enumerate(values):
        row = batch_row(name, at, value, realm)
        if rows.setdefault(row.id, row) is not row:
            raise ConflictError("model.id", f"an id stands twice in the batch '{name}'", where=row.id)
    return rows


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the record says last.

    The body of the last batch of each name, the payload of each report of an inbox, of each report whose bytes are
    evidence, what people acted upon in the order of the first act, what is missing, how many entries there are.
    """

    realm: Realm
    batches: Mapping[str, dict[str, Any]]
    reports: tuple[dict[str, Any], ...]
    evidence: tuple[dict[str, Any], ...]
    acted: tuple[Thing, ...]
    missing: tuple[Missing, ...]
    size: int


def _standing(store: Store) -> _Standing:
    missing: list[Missing] = []
    batches: dict[str, dict[str, Any]] = {}
    reports: dict[str, dict[str, Any]] = {}
    evidence: dict[str, dict[str, Any]] = {}
    acted: dict[Thing, None] = {}
    realm, size = Realm.DEMO, 0
    for item in read_log(store.ledger, store.payloads):
        size = item.index + 1
        if item.payload is None:
            missing.append(Missing(f"the payload of entry {item.index} ({item.type} {item.id})", ""))
            continue
        realm = Realm(item.payload["realm"])
        thing = thing_of(item)
        if thing is not None:
            acted[thing] = None
        if item.type == "batch":
            batches[item.id.removeprefix("batch:")] = item.payload["body"]
        elif item.type == "report" and "sha256" in item.payload["body"]:
            evidence[item.id] = item.payload
            if (item.payload["by"] or {}).get("stage") != CONSOLE:
                reports[item.id] = item.payload
    # a report comes before its claims, so that these find it as it is
    things = tuple(sorted(acted, key=lambda thing: thing[0] != "reports"))
    return _Standing(
        realm, batches, tuple(reports.values()), tuple(evidence.values()), things, tuple(missing), size
    )


def _json_lines(data: bytes) -> Iterable[dict[str, Any]]:
    return (json.loads(line) for line in data.splitlines())
