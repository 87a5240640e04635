"""What sensors say now, in JSON and GeoJSON: feeds, tracks, alerts. Never to anybody outside the centre (MISSION rule 20)."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from truceline.app.acts import Answer
from truceline.app.alerting import Acknowledge
from truceline.core.sensed import Sensed
from truceline.serve.api.acting import SeenBody, acted
from truceline.serve.api.answering import tagged
from truceline.serve.api.described import Acted
from truceline.serve.asking import Asked, Question
from truceline.serve.needs import does, reads


@get("/api/v1/feeds", name="api.feeds", opt=reads("feeds"))
async def feeds(request: Asked, question: NamedDependency[Question]) -> Response[bytes]:
    """Give the feeds: state, what became of their messages, clock, tracks."""
    return tagged(request, {"items": _now(question).feeds})


@get("/api/v1/tracks", name="api.tracks", opt=reads("feeds"))
async def tracks(request: Asked, question: NamedDependency[Question]) -> Response[bytes]:
    """Give the tracks of this moment as GeoJSON; of an earlier one none: they are read from the segments of that time."""
    return tagged(request, _now(question).layer())


@get("/api/v1/alerts", name="api.alerts", opt=reads("feeds"))
async def alerts(request: Asked, question: NamedDependency[Question]) -> Response[bytes]:
    """Give the alerts, the newest first, each with the hash of the message that it rests on."""
    return tagged(request, {"items": _now(question).alerts})


@post(
    "/api/v1/alerts/{id_:str}/acknowledge", name="api.acknowledge", opt=does("watch"), operation_class=Acted
)
async def acknowledge(
    request: Asked, question: NamedDependency[Question], id_: FromPath[str], data: JSONBody[SeenBody]
) -> Response[Answer]:
    """Say that an alert was seen."""
    return await acted(request, question, Acknowledge(id_), data)


def _now(question: Question) -> Sensed:
    return Sensed() if question.known_at is not None else question.centre.sensors(question.viewer)


ROUTES = (feeds, tracks, alerts, acknowledge)
"""Every route of this module."""
