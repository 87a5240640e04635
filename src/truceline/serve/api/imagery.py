"""Imagery review over the API: sorties are handed in, frames are shown, marked, found clear, compared, and copied for release."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, MultipartBody
from litestar.response import Response

from truceline.app.acts import Answer
from truceline.app.imagery import MOST_FRAMES, Blur, Clear, Compare, HandInSortie, Mark
from truceline.app.sorties import read_sortie
from truceline.app.wiring import blurred
from truceline.core.errors import InputError
from truceline.core.imagery import FRAME
from truceline.serve.answers import HEADERS
from truceline.serve.api.acting import acted, key_of
from truceline.serve.api.described import Acted
from truceline.serve.api.handing_in import Refused
from truceline.serve.asking import Asked, Question
from truceline.serve.needs import does, reads

MOST_SORTIE = 128 * 1024 * 1024
"""Bytes of a sortie at most; a longer one is handed in part by part."""
_MOST_SIDE = 32_768

Pixel = Annotated[int, msgspec.Meta(ge=0, le=_MOST_SIDE)]
Note = Annotated[str, msgspec.Meta(max_length=300)]
Id = Annotated[str, msgspec.Meta(max_length=100)]


@dataclass
class SortieBody:
    """A sortie: an archive of its frames, of ``frames.csv`` and of the aircraft's metadata; or one picture."""

    file: UploadFile
    title: str = ""
    platform: Literal["uav", "aircraft", "satellite", "camera"] = "uav"
    sensor: Literal["visible", "infrared", "radar"] = "visible"
    release: Literal["joint", "owner"] = "joint"


class SortieTaken(msgspec.Struct):
    """What came of a sortie: its entry, how many frames it has and of how many it is known what ground they show."""

    taken: int
    refused: list[Refused]
    placed: int = 0
    sortie: Answer | None = None


class MarkBody(msgspec.Struct, forbid_unknown_fields=True):
    """A thing seen in a frame: where in pixels, which kind, how many (none: cannot be told)."""

    x_px: Pixel
    y_px: Pixel
    kind: Annotated[str, msgspec.Meta(max_length=40)]
    n: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None
    op: Literal["=", ">=", "~"] = "="
    note: Note = ""


class ClearBody(msgspec.Struct, forbid_unknown_fields=True):
    """No object is seen in the whole frame: said knowingly."""

    whole: Literal[True]


class CompareBody(msgspec.Struct, forbid_unknown_fields=True):
    """The earlier frame, and what a look at both says."""

    before: Id
    verdict: Literal["changed", "unchanged", "undetermined"]
    note: Note = ""


class BlurBody(msgspec.Struct, forbid_unknown_fields=True):
    """Parts to be made unreadable: left, upper, right, lower in pixels."""

    boxes: Annotated[
        tuple[tuple[Pixel, Pixel, Pixel, Pixel], ...], msgspec.Meta(min_length=1, max_length=200)
    ]


@post(
    "/api/v1/sorties",
    name="api.sortie",
    opt=does("enter"),
    operation_class=Acted,
    request_max_body_size=MOST_SORTIE,
)
async def hand_in_sortie(
    request: Asked, question: NamedDependency[Question], data: MultipartBody[SortieBody]
) -> Response[SortieTaken]:
    """Hand in a sortie or a satellite's pass; every frame is kept as it came, and what was not taken is said with its reason."""
    name, content, key = data.file.filename, await data.file.read(), key_of(request)
    read = await asyncio.to_thread(read_sortie, [(name, content)])
    refused = [Refused(one.file, one.code, one.why, one.todo) for one in read.refused]
    if not read.frames:
        first = refused[0] if refused else Refused(name, "sortie.empty", "no picture is in it")
        raise InputError(
            first.code, first.what, where=first.file, todo=first.todo or "put in JPEG or PNG pictures"
        )
    if len(read.frames) > MOST_FRAMES:
        raise InputError(
            "sortie.frames",
            f"the file holds more than {MOST_FRAMES} frames",
            where=name[:80],
            todo="hand it in in parts",
        )
    act = HandInSortie(data.title.strip() or name, data.platform, data.sensor, read.frames, data.release)
    asked = (
        f"{act.title}\n{act.platform}\n{act.sensor}\n{act.release}\n".encode()
        + "".join(sorted(act.touches)).encode()
    )
    answer = await asyncio.wrap_future(question.centre.acts().act(question.viewer, act, key=key, asked=asked))
    placed = sum(one.footprint is not None for one in read.frames)
    return Response(SortieTaken(len(read.frames), refused, placed, answer), status_code=201)


@post("/api/v1/frames/{id_:str}/marks", name="api.mark", opt=does("enter"), operation_class=Acted)
async def mark(
    request: Asked, question: NamedDependency[Question], id_: FromPath[str], data: JSONBody[MarkBody]
) -> Response[Answer]:
    """Mark a thing in a frame; it makes a claim that another pair of eyes accepts or rejects."""
    act = Mark(id_, data.x_px, data.y_px, data.kind, data.n, data.op, data.note)
    return await acted(request, question, act, data)


@post("/api/v1/frames/{id_:str}/clear", name="api.clear", opt=does("enter"), operation_class=Acted)
async def clear(
    request: Asked, question: NamedDependency[Question], id_: FromPath[str], data: JSONBody[ClearBody]
) -> Response[Answer]:
    """Say that no object is seen in the whole of a frame."""
    return await acted(request, question, Clear(id_), data)


@post("/api/v1/frames/{id_:str}/comparisons", name="api.compare", opt=does("enter"), operation_class=Acted)
async def compare(
    request: Asked, question: NamedDependency[Question], id_: FromPath[str], data: JSONBody[CompareBody]
) -> Response[Answer]:
    """Set a frame beside an earlier one of the same ground."""
    return await acted(request, question, Compare(id_, data.before, data.verdict, data.note), data)


@post("/api/v1/frames/{id_:str}/blurred", name="api.blur", opt=does("enter"), operation_class=Acted)
async def blur(
    request: Asked, question: NamedDependency[Question], id_: FromPath[str], data: JSONBody[BlurBody]
) -> Response[Answer]:
    """Make a copy of a frame with parts made unreadable; a head of its owner lets the copy out."""
    value, whole = question.centre.picture(id_, question.viewer)
    if value["kind"] != FRAME:
        raise InputError("frame.none", "there is no such frame", where=id_[:80])
    copy = await asyncio.to_thread(blurred, whole, data.boxes)
    return await acted(request, question, Blur(id_, data.boxes, copy), data)


@get("/api/v1/reports/{id_:str}/picture", name="api.picture", opt=reads("reports"))
async def picture(request: Asked, question: NamedDependency[Question], id_: FromPath[str]) -> Response[bytes]:
    """Give the picture of a frame, or of a copy for release, to whoever may have it."""
    value, data = question.centre.picture(id_, question.viewer)
    tag = f'"{value["sha256"][:32]}"'
    # a picture never changes; whether it may be seen can, so it is asked about each time
    headers = {
        **HEADERS,
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'inline; filename="{id_}"',
    }
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers, media_type=str(value["media_type"]))
    return Response(data, headers=headers, media_type=str(value["media_type"]))


ROUTES = (hand_in_sortie, mark, clear, compare, blur, picture)
"""Every route of this module."""
