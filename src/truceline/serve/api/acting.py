"""What people do, over the API: each act names the version that it saw, and may bear a key by which it counts once."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from truceline.app.acts import Act, Answer
from truceline.app.correcting import Correct, Release
from truceline.app.entering import Message, Observation, Where
from truceline.app.noticing import Issue, ReadBack, StandDown
from truceline.app.reviewing import Review
from truceline.app.watching import HandOver, Take
from truceline.core.errors import InputError
from truceline.serve.api.described import Acted
from truceline.serve.asking import Asked, Question
from truceline.serve.needs import does

_MOST_KEY = 200

Version = Annotated[
    int, msgspec.Meta(ge=0, le=2**53, description="The version that was seen; 0: nobody acted yet.")
]
Word = Annotated[str, msgspec.Meta(max_length=100)]
Codes = Annotated[tuple[Annotated[str, msgspec.Meta(max_length=300)], ...], msgspec.Meta(max_length=5000)]
Mark = Literal["joint", "owner"]


class ReviewBody(msgspec.Struct, forbid_unknown_fields=True):
    """A review: what is decided, on which version."""

    step: Literal["accept", "reject", "supersede"]
    seen: Version | None = None
    reason: Word | None = None
    mended: dict[Word, Any] | None = None


class Place(msgspec.Struct, forbid_unknown_fields=True):
    """A place of the gazetteer, a position in degrees (WGS 84), or both."""

    place: Word | None = None
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    lat: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    precision_m: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None


class ReportBody(msgspec.Struct, forbid_unknown_fields=True):
    """A report: six fields, or a pasted message and nothing of the six."""

    kind: Word = ""
    when: Word = ""
    where: Place | None = None
    what: Annotated[str, msgspec.Meta(max_length=400)] = ""
    says: Word = ""
    basis: Word = ""
    pasted: Annotated[str, msgspec.Meta(max_length=100_000)] = ""
    source: Word | None = None
    release: Mark = "joint"
    confirmed: Codes = ()


class NoticeBody(msgspec.Struct, forbid_unknown_fields=True):
    """A notice: a fixed phrase, a place, since when."""

    phrase: Word
    place: Word
    since: Word
    confirmed: Codes = ()


class SeenBody(msgspec.Struct, forbid_unknown_fields=True):
    """The version that was seen."""

    seen: Version | None = None


class StandDownBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why a notice ends."""

    reason: Word
    seen: Version | None = None


class WatchBody(msgspec.Struct, forbid_unknown_fields=True):
    """Taking the watch: the lines that were confirmed, the watch that it follows."""

    confirmed: Codes = ()
    follows: Word | None = None
    seen: Version | None = None


class HandOverBody(msgspec.Struct, forbid_unknown_fields=True):
    """Handing the watch over: the lines that were confirmed."""

    confirmed: Codes = ()
    seen: Version | None = None


class CorrectionBody(msgspec.Struct, forbid_unknown_fields=True):
    """Taking back an act: ``undo`` within 30 s, ``error`` later."""

    entry: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    step: Literal["undo", "error"]
    seen: Version | None = None
    reason: Word = ""


class DisclosureBody(msgspec.Struct, forbid_unknown_fields=True):
    """Raising the release mark of a report."""

    report: Word
    to: Word
    seen: Version | None = None


@post("/api/v1/claims/{id_:str}/review", name="api.review", opt=does("review"), operation_class=Acted)
async def review_claim(
    request: Asked, question: NamedDependency[Question], id_: FromPath[str], data: JSONBody[ReviewBody]
) -> Response[Answer]:
    """Review a claim: accept it, reject it with a reason, or supersede it with a mended copy."""
    seen = seen_of(request, data.seen)
    return await acted(request, question, Review(id_, data.step, seen, data.reason, data.mended), data)


@post("/api/v1/reports", name="api.enter", opt=does("enter"), operation_class=Acted)
async def enter_report(
    request: Asked, question: NamedDependency[Question], data: JSONBody[ReportBody]
) -> Response[Answer]:
    """Enter a report in six fields or by pasting a message; what looks wrong is asked about first (409)."""
    act: Act
    if data.pasted:
        if data.kind or data.when or data.where or data.what:
            raise InputError(
                "enter.both", "six fields and a pasted message came together", todo="send one of both"
            )
        act = Message(data.pasted, data.source, data.release, data.confirmed)
    else:
        spot = data.where or Place()
        where = Where(spot.place, spot.lon, spot.lat, spot.precision_m)
        act = Observation(
            data.kind, data.when, where, data.what, data.says, data.basis, data.release, data.confirmed
        )
    return await acted(request, question, act, data)


@post("/api/v1/notices", name="api.notify", opt=does("notify"), operation_class=Acted)
async def issue_notice(
    request: Asked, question: NamedDependency[Question], data: JSONBody[NoticeBody]
) -> Response[Answer]:
    """Give a notice to both delegations at once."""
    act = Issue(data.phrase, data.place, data.since, data.confirmed)
    return await acted(request, question, act, data)


@post(
    "/api/v1/notices/{id_:str}/read-back", name="api.read_back", opt=does("read_back"), operation_class=Acted
)
async def read_back(
    request: Asked, question: NamedDependency[Question], id_: FromPath[str], data: JSONBody[SeenBody]
) -> Response[Answer]:
    """Say that a notice has reached one's side."""
    return await acted(request, question, ReadBack(id_, seen_of(request, data.seen)), data)


@post(
    "/api/v1/notices/{id_:str}/stand-down", name="api.stand_down", opt=does("notify"), operation_class=Acted
)
async def stand_down(
    request: Asked, question: NamedDependency[Question], id_: FromPath[str], data: JSONBody[StandDownBody]
) -> Response[Answer]:
    """End a notice, with the reason."""
    return await acted(request, question, StandDown(id_, data.reason, seen_of(request, data.seen)), data)


@post("/api/v1/watches", name="api.take_watch", opt=does("watch"), operation_class=Acted)
async def take_watch(
    request: Asked, question: NamedDependency[Question], data: JSONBody[WatchBody]
) -> Response[Answer]:
    """Take the watch; every line of the list as it is now must be confirmed (409 gives the list)."""
    act = Take(data.confirmed, data.follows, seen_of(request, data.seen))
    return await acted(request, question, act, data)


@post("/api/v1/watches/{id_:str}/hand-over", name="api.hand_over", opt=does("watch"), operation_class=Acted)
async def hand_over(
    request: Asked, question: NamedDependency[Question], id_: FromPath[str], data: JSONBody[HandOverBody]
) -> Response[Answer]:
    """Hand the watch over."""
    return await acted(request, question, HandOver(id_, data.confirmed, seen_of(request, data.seen)), data)


@post("/api/v1/corrections", name="api.correct", opt=does("undo"), operation_class=Acted)
async def correct(
    request: Asked, question: NamedDependency[Question], data: JSONBody[CorrectionBody]
) -> Response[Answer]:
    """Undo an act within 30 s, or say later that it was entered in error."""
    act = Correct(data.entry, data.step, seen_of(request, data.seen), data.reason)
    return await acted(request, question, act, data)


@post("/api/v1/disclosures", name="api.disclose", opt=does("release"), operation_class=Acted)
async def disclose(
    request: Asked, question: NamedDependency[Question], data: JSONBody[DisclosureBody]
) -> Response[Answer]:
    """Raise the release mark of a report; a head of its owner alone may."""
    return await acted(request, question, Release(data.report, data.to, seen_of(request, data.seen)), data)


async def acted(request: Asked, question: Question, act: Act, data: msgspec.Struct) -> Response[Answer]:
    """Have an act written and answer with its entry.

    Args:
        request: The request; its ``Idempotency-Key`` makes it count once.
        question: Who asks.
        act: The act.
        data: The body, so that the key is not taken for another request.

    Returns:
        201 with the answer; ``ETag`` is the version that the thing has now.

    Raises:
        InputError: The key is too long.
    """
    key = key_of(request)
    asked = f"{request.url.path}\n".encode() + msgspec.json.encode(data)
    answer = await asyncio.wrap_future(question.centre.acts().act(question.viewer, act, key=key, asked=asked))
    return Response(answer, status_code=201, headers={"ETag": f'"{answer.version}"'})


def key_of(request: Asked) -> str:
    """Return the key by which a request counts once; empty where it bears none.

    Args:
        request: The request.

    Returns:
        Its ``Idempotency-Key``.

    Raises:
        InputError: The key is too long.
    """
    key = request.headers.get("idempotency-key", "")
    if len(key) > _MOST_KEY:
        raise InputError("act.key_length", f"an Idempotency-Key has at most {_MOST_KEY} letters")
    return key


def seen_of(request: Asked, seen: int | None) -> int | None:
    """Return the version that an act was made for: from its body, else from ``If-Match``.

    Args:
        request: The request.
        seen: The version in its body, or None.

    Returns:
        The version; None where none was named.

    Raises:
        InputError: ``If-Match`` is no version.
    """
    text = request.headers.get("if-match", "").removeprefix("W/").strip('"')
    if seen is not None or not text:
        return seen
    if not text.isdecimal() or len(text) > len(str(2**53)):
        raise InputError(
            "act.if_match", f"'{text[:40]}' is no version", where="If-Match", todo='send If-Match: "12"'
        )
    return int(text)


ROUTES = (
    review_claim, enter_report, issue_notice, read_back, stand_down, take_watch, hand_over, correct, disclose,
)  # fmt: skip
"""Every route by which people act."""
