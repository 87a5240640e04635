"""What the map and the timeline draw, as GeoJSON and JSON: the same filter as every list, past the same gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from litestar import get
from litestar.di import NamedDependency

from truceline.app import shapes
from truceline.core.filters import Filter
from truceline.core.incidents import Incident
from truceline.core.times import format_instant
from truceline.publish.keys import state_of_rounds
from truceline.publish.layers import ground_of, marks_of
from truceline.serve.asking import Asked, Question
from truceline.serve.needs import reads

MOST_MARKS = 20_000
"""Marks that a map is given at once; the newest come first."""
_BARS = 2_000
"""Incidents that a timeline is given one by one."""


@get("/map/ground.json", name="map.ground", opt=reads("features", is_open=True))
async def ground(request: Asked, question: NamedDependency[Question]) -> dict[str, Any]:
    """Give land, lines, zones, corridor and names of places, by the naming profile asked for."""
    profile = request.query_params.get("names")
    desk = question.centre.desk(question.viewer, question.language, question.known_at, profile)
    return {**ground_of(desk), "box": list(question.centre.world.mission.settings.box)}


@get("/map/marks.json", name="map.marks", opt=reads("incidents", is_open=True))
async def marks(request: Asked, question: NamedDependency[Question]) -> dict[str, Any]:
    """Give incidents, restrictions and posts."""
    profile = request.query_params.get("names")
    desk = question.centre.desk(question.viewer, question.language, question.known_at, profile)
    found = _incidents(question, MOST_MARKS)
    incidents: Iterable[Incident] = (shapes.revive(value, Incident) for value in found)
    if question.known_at is not None:
        ids = {value["id"] for value in found}
        incidents = (incident for incident in desk.last.incidents if incident.id in ids)
    if question.viewer.may_read("rounds"):
        rounds = question.centre.rounds(question.known_at)
        incidents = (replace(one, state=state_of_rounds(rounds.get(one.id, ()))) for one in incidents)
    return marks_of(desk, incidents, desk.last.features.get("features", ()))


@get("/timeline.json", name="timeline", opt=reads("incidents", is_open=True))
async def timeline(question: NamedDependency[Question]) -> dict[str, Any]:
    """Give when each incident happened and when it was entered, whatever window is open."""
    everything = replace(question, filter=replace(question.filter, since=None, until=None))
    rows = [
        {
            "id": value["id"],
            "happened": (value.get("valid_at") or {}).get("start"),
            "entered": value.get("known_at"),
        }
        for value in _incidents(everything, _BARS)
    ]
    now = question.known_at or question.centre.clock()
    return {"rows": rows, "now": format_instant(now)}


def _incidents(question: Question, limit: int) -> Sequence[Mapping[str, Any]]:
    asked: Filter = question.filter
    return question.centre.find("incidents", asked, question.viewer, after=None, limit=limit).values
