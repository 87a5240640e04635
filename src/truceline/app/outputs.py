"""What a run holds, and the files it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from truceline.app import bundles, shapes
from truceline.app.recording import Head
from truceline.app.wiring import Store, pages_of, write_files
from truceline.core.claims import Claim
from truceline.core.ids import ReportId
from truceline.core.incidents import Incident
from truceline.core.obligations import ObligationStatus
from truceline.core.pictures import Picture
from truceline.core.reports import Rejection, Report
from truceline.publish.edition import Edition, Paper

Progress = Callable[[str, str], None]
"""Told the stage and the thing at hand."""


class Asked(TypedDict):
    """What conclusions may rest on: the moment of knowledge, accepted claims alone or not, reports that are copies."""

    known_at: datetime | None
    accepted_only: bool
    copies: frozenset[ReportId]


@dataclass(frozen=True, slots=True)
class Run:
    """What the stages gave for one moment."""

    moment: datetime
    reports: tuple[Report, ...]
    claims: tuple[Claim, ...]
    incidents: tuple[Incident, ...]
    statuses: tuple[ObligationStatus, ...]
    drawn: Picture
    rejected: tuple[Rejection, ...]
    asked: Asked


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: what the stages gave, and the record's head."""

    run: Run
    head: Head


def told(reports: Iterable[Report], say: Progress) -> Iterator[Report]:
    """Pass reports on, and tell which is being read."""
    for report in reports:
        say("extract", report.doc)
        yield report


def derived(run: Run) -> dict[str, bytes]:
    """Return what the machine derived as JSON Lines, one file a batch of the record."""
    return {
        "taken": shapes.lines({"id": report.id, "doc": report.doc} for report in run.reports),
        "claims": shapes.lines(run.claims),
        "incidents": shapes.lines(run.incidents),
        "obligations": shapes.lines(run.statuses),
        "counters": shapes.lines(run.drawn.counters),
        "features": shapes.lines(run.drawn.features["features"]),
        "rejected": shapes.lines(run.rejected),
    }


def write(out: Path, store: Store, run: Run, editions: Sequence[Edition], papers: Iterable[Paper]) -> None:
    """Write the files of a run: data, pages, paper, and the record as a folder.

    Args:
        out: The output folder.
        store: The store whose record is written.
        run: What the stages gave.
        editions: One edition a language.
        papers: The papers of the editions.
    """
    files = {
        "claims.jsonl": shapes.lines(run.claims),
        "incidents.jsonl": shapes.lines(run.incidents),
        "rejected.jsonl": shapes.lines(run.rejected),
        "obligations.json": shapes.pretty(run.statuses),
        "counters.json": shapes.pretty(run.drawn.counters),
        "picture.geojson": shapes.pretty(run.drawn.features),
    }
    write_files(out, files | pages_of(editions) | {paper.name: paper.data for paper in papers})
    bundles.export(out / "record", store)
