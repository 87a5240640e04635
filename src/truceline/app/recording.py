"""What goes into the record and what is projected from it: one way for a run, one way back for a rebuild."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from truceline import __version__
from truceline.app import shapes
from truceline.app.projecting import BATCHES, project
from truceline.app.wiring import Store, beside_others, cosign_demo, open_log
from truceline.core.mission import Mission
from truceline.core.reports import Report
from truceline.ledger.entry import Statement
from truceline.ledger.imprint import PAPERS
from truceline.ledger.log import Log
from truceline.publish.edition import Paper

_STAGE = {
    "taken": "collect",
    "claims": "extract",
    "incidents": "link",
    "obligations": "assess",
    "counters": "picture",
    "features": "picture",
    "rejected": "collect",
}
_NOT_IN_BODY = frozenset(
    {"id", "text", "segments", "realm", "owner", "release", "known_at", "known_basis", "valid_at"}
)


@dataclass(frozen=True, slots=True)
class Head:
    """The record after a run: origin, entries, hex root."""

    origin: str
    size: int
    root: str


def record(
    store: Store,
    mission: Mission,
    reports: Sequence[Report],
    evidence: Mapping[str, bytes],
    derived: Mapping[str, bytes],
    at: datetime,
) -> Head:
    """Write a run to the record: evidence, entries, signed checkpoint; then the read models that follow from it.

    What stands there already is not written again, so a run that was ended and begins anew gives the same record.

    Args:
        store: An open store.
        mission: The pack; its instruments, amendments and interpretations are entries of their own.
        reports: What was received, in order.
        evidence: Hex SHA-256 -> bytes.
        derived: Name of a batch (see `BATCHES`) -> its JSONL.
        at: The time that signatures bear: the run's moment of knowledge.

    Returns:
        The record's head.
    """
    store.evidence.put([*evidence.values(), *derived.values()])
    statements = [*_pack(mission), *(_report(mission, report) for report in reports)]
    n_given = 1 + len(statements)
    statements.extend(batch(mission, name, derived[name], n_given) for name in BATCHES if name in derived)
    log, places = _append(store, mission, statements)
    cosign_demo(store, mission, at)
    project(store)
    return _head(log, 1 + max(places))


def record_papers(store: Store, mission: Mission, papers: Sequence[Paper], head: Head, at: datetime) -> Head:
    """Write which papers were made, so that each can be told from another one for ever.

    Args:
        store: An open store.
        mission: The pack.
        papers: The papers.
        head: What they rest on; it is printed on them.
        at: The time that signatures bear.

    Returns:
        The record's head behind that entry.
    """
    body = {
        "stage": "publish",
        "code": __version__,
        "pack": mission.version,
        "input": {"from": 0, "to": head.size},
        "papers": [_paper(paper) for paper in papers],
    }
    log, _ = _append(store, mission, [_by_machine(mission, PAPERS, body)])
    cosign_demo(store, mission, at)
    return _head(log, log.size)


def _append(store: Store, mission: Mission, statements: Sequence[Statement]) -> tuple[Log, list[int]]:
    def write() -> tuple[Log, list[int]]:
        log = open_log(store, mission)
        return log, log.append(statements)

    return beside_others(write)


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "name": paper.name,
        "language": paper.language,
        "sha256": hashlib.sha256(paper.data).hexdigest(),
        "size": len(paper.data),
        "content": paper.imprint.content.hex() if paper.imprint else "",
    }


def _head(log: Log, size: int) -> Head:
    return Head(log.origin, size, log.root(size).hex())


def _pack(mission: Mission) -> Iterator[Statement]:
    groups = (
        ("instrument", mission.instruments),
        ("amendment", mission.amendments),
        ("interpretation", mission.interpretations),
    )
    for kind, things in groups:
        for thing in things:
            body = shapes.plain(thing)
            body.pop("id")
            yield Statement(
                type=kind,
                id=thing.id,
                mission=mission.settings.id,
                realm=mission.settings.realm,
                body=_no_floats(body),
                release="public",
                sources=tuple(body.get("sources", ())),
            )


def _report(mission: Mission, report: Report) -> Statement:
    body = {
        field.name: getattr(report, field.name) for field in fields(report) if field.name not in _NOT_IN_BODY
    }
    return Statement(
        type="report",
        id=report.id,
        mission=mission.settings.id,
        realm=report.realm,
        body=body,
        owner=report.owner,
        release=report.release,
        known_at=report.known_at,
        known_basis=report.known_basis,
        valid_at=report.valid_at,
        sources=(report.source,) if report.source else (),
    )


def batch(mission: Mission, name: str, data: bytes, n_given: int, **more: int) -> Statement:
    """Make the entry of a batch.

    Args:
        mission: The pack.
        name: A word of `BATCHES`.
        data: Its JSONL.
        n_given: How many entries it was derived from.
        more: Further numbers that the entry shall bear.

    Returns:
        The statement.
    """
    body = {
        **more,
        "stage": _STAGE[name],
        "code": __version__,
        "pack": mission.version,
        "input": {"from": 1, "to": n_given},
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "lines": data.count(b"\n"),
    }
    return _by_machine(mission, name, body)


def _by_machine(mission: Mission, name: str, body: dict[str, Any]) -> Statement:
    return Statement(
        type="batch",
        id=f"batch:{name}",
        mission=mission.settings.id,
        realm=mission.settings.realm,
        body=body,
        release="public",
    )


def _no_floats(value: Any) -> Any:
    """Numbers of a pack (caps, widths) stand as decimal texts: a payload holds no floats."""
    if isinstance(value, dict):
        return {key: _no_floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_no_floats(item) for item in value]
    return str(value) if isinstance(value, float) else value
