"""The order of the work, from what comes in to what goes out. A new reader starts here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from truceline.app import editions, recording, shapes
from truceline.app.wiring import World, items_of, open_store, pages_of, papers_of, write_bundle, write_files
from truceline.assess import assess
from truceline.collect import collect
from truceline.core.obligations import ObligationStatus
from truceline.core.reports import Report
from truceline.extract import extract
from truceline.link import link
from truceline.picture import picture

Progress = Callable[[str, str], None]
"""Told the stage and the thing at hand."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gave, for people to see."""

    known_at: datetime
    statuses: tuple[ObligationStatus, ...]
    n_reports: int
    n_claims: int
    n_incidents: int
    n_rejected: int
    head: recording.Head


def run(
    world: World,
    inboxes: Iterable[Path],
    out: Path,
    *,
    known_at: datetime | None,
    accepted_only: bool,
    say: Progress,
) -> Outcome:
    """Take inboxes through every stage and write what came of it; the same inputs give the same bytes."""
    mission = world.mission
    # collect: raw items -> reports
    collected = collect(items_of(inboxes, lambda name: say("collect", name)), world.knowledge)
    # extract: texts -> claims
    read = []
    for report in collected.reports:
        say("extract", report.doc)
        read.append(extract(report, world.readers))
    reports = tuple(item.report for item in read if _is_known(item.report, known_at))
    claims = tuple(claim for item in read if _is_known(item.report, known_at) for claim in item.claims)
    moment = known_at or max(
        (r.known_at for r in reports if r.known_at), default=editions.first_moment(mission)
    )
    copies = frozenset(report.id for report in reports if report.copy_of)
    # link: claims -> incidents
    say("link", f"{len(claims)} claims")
    incidents = link(claims, mission, copies=copies, known_at=known_at, accepted_only=accepted_only)
    # assess: incidents + instruments -> status of obligations
    say("assess", f"{len(mission.obligations)} obligations")
    statuses = assess(
        mission,
        claims,
        incidents,
        valid_at=moment,
        known_at=known_at,
        accepted_only=accepted_only,
        copies=copies,
    )
    # picture: all of it at (valid time, known time)
    drawn = picture(
        mission,
        claims,
        incidents,
        statuses,
        valid_at=moment,
        known_at=known_at,
        accepted_only=accepted_only,
        copies=copies,
    )
    # the record: what was received and what was derived; the read models follow from it
    say("record", "entries")
    derived = {
        "claims": shapes.lines(claims),
        "incidents": shapes.lines(incidents),
        "obligations": shapes.lines(statuses),
        "counters": shapes.lines(drawn.counters),
        "features": shapes.lines(drawn.features["features"]),
        "rejected": shapes.lines(collected.rejected),
    }
    store = open_store(out / "store.db")
    head = recording.record(store, mission, reports, collected.evidence, derived)
    recording.project(store)
    # publish: status -> pages, paper, files
    view = editions.view(
        world, reports, claims, (incidents, statuses, drawn), moment, head, accepted_only=accepted_only
    )
    made = editions.editions(view)
    say("publish", "pages")
    files = {
        name: derived[name.partition(".")[0]]
        for name in ("claims.jsonl", "incidents.jsonl", "rejected.jsonl")
    }
    files |= {"obligations.json": shapes.pretty(statuses), "counters.json": shapes.pretty(drawn.counters)}
    files |= {"picture.geojson": shapes.pretty(drawn.features)} | pages_of(made)
    say("publish", "paper")
    write_files(out, files | papers_of(made))
    write_bundle(out / "record", store.ledger, store.payloads)
    return Outcome(moment, statuses, len(reports), len(claims), len(incidents), len(collected.rejected), head)


def _is_known(report: Report, known_at: datetime | None) -> bool:
    return known_at is None or (report.known_at is not None and report.known_at <= known_at)
