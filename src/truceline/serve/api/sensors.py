"""What sensors say now, in JSON and GeoJSON: feeds, tracks, alerts. Never to anybody outside the centre (MISSION rule 20)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import msgspec
from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, MultipartBody
from litestar.response import Response

from truceline.app.acts import Answer
from truceline.app.alerting import Acknowledge
from truceline.core.errors import InputError
from truceline.core.sensed import Sensed
from truceline.serve.api.acting import SeenBody, acted
from truceline.serve.api.answering import tagged
from truceline.serve.api.described import Acted
from truceline.serve.api.handing_in import MOST_FILE, Refused
from truceline.serve.asking import Asked, Question
from truceline.serve.needs import does, reads

_SHORT, _LONGEST = 3, 60
"""Minutes: how long is followed for one picture, and at most."""


@get("/api/v1/feeds", name="api.feeds", opt=reads("feeds"))
async def feeds(request: Asked, question: NamedDependency[Question]) -> Response[bytes]:
    """Give the feeds: state, what became of their messages, clock, tracks."""
    return tagged(request, {"items": _now(question).feeds})


@get("/api/v1/tracks", name="api.tracks", opt=reads("feeds"))
async def tracks(request: Asked, question: NamedDependency[Question]) -> Response[bytes]:
    """Give the tracks of this moment as GeoJSON; of an earlier one (``known_at``) those that follow anew from what was kept."""
    if question.known_at is None:
        return tagged(request, _now(question).layer())
    replayed = question.centre.replay(question.viewer, question.known_at, _SHORT)
    return tagged(request, (await asyncio.to_thread(replayed)).layer())


@get("/api/v1/tracks/replay", name="api.replay", opt=reads("feeds"))
async def replay(request: Asked, question: NamedDependency[Question]) -> Response[bytes]:
    """Give the tracks of the ``minutes`` before a moment, a picture every five seconds: ``{"frames": [...], "heard": [...]}``.

    ``heard`` names the feeds of which messages were kept; where none is, nobody knows what was there.
    """
    text = request.query_params.get("minutes", "10")
    if not (text.isdecimal() and 1 <= int(text) <= _LONGEST):
        raise InputError(
            "filter.minutes", f"'{text[:20]}' is no length of a replay", todo=f"use 1 to {_LONGEST}"
        )
    until = question.known_at or question.centre.clock()
    replayed = question.centre.replay(question.viewer, until, int(text))
    return tagged(request, (await asyncio.to_thread(replayed)).frames())


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


@dataclass
class MessagesBody:
    """A file of a feed's messages, as the sensor or whoever notifies wrote it."""

    file: UploadFile


class Became(msgspec.Struct):
    """What became of the messages of a file: how many of them were taken, and why the others were not."""

    taken: int
    refused: list[Refused]
    late: int = 0
    dropped: int = 0


@post(
    "/api/v1/feeds/{id_:str}/messages", name="api.feed_messages", opt=does("enter"), operation_class=Acted,
    request_max_body_size=MOST_FILE,
)  # fmt: skip
async def hand_in_messages(
    question: NamedDependency[Question], id_: FromPath[str], data: MultipartBody[MessagesBody]
) -> Response[Became]:
    """Hand in messages of a feed whose address is ``api:``; each is kept, decoded or refused as if a sensor had sent it."""
    name, content = data.file.filename, await data.file.read()
    counts, refusals = await asyncio.to_thread(question.centre.handed_in(question.viewer, id_, content))
    taken = counts.decoded + counts.late
    refused = [Refused(name, "feed.refused", why) for why in refusals]
    return Response(Became(taken, refused, counts.late, counts.dropped), status_code=201 if taken else 400)


def _now(question: Question) -> Sensed:
    return Sensed() if question.known_at is not None else question.centre.sensors(question.viewer)


ROUTES = (feeds, tracks, replay, alerts, acknowledge, hand_in_messages)
"""Every route of this module."""
