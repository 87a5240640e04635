"""Imagery review: the sorties, the frames of one, and one frame with what is seen in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from truceline.app.grounds import ground_of, shared
from truceline.core.errors import InputError
from truceline.core.filters import Filter
from truceline.core.imagery import (
    BLURRED,
    CLEAR,
    COMPARISON,
    COUNTED,
    FRAME,
    MARK,
    PLATFORMS,
    READINGS,
    SENSORS,
    SORTIE,
    VERDICTS,
)
from truceline.core.times import parse_instant
from truceline.publish.imagery import facts_of, frame_read, frames_of, lines_of, marks_of, sorties_of
from truceline.serve.asking import Question
from truceline.serve.console.frame import frame_of, page
from truceline.serve.needs import reads

_PAGE, _MOST = 500, 2_000
_MOST_SORTIES = 100
_BESIDE_DEG = 0.2
"""Frames whose middle lies further away than this, degrees, are not looked at for the same ground."""
_MOST_BEFORE = 12
_SHARED = 0.05

Value = Mapping[str, Any]


@get("/imagery", name="imagery", opt=reads("feeds"))
async def page_imagery(question: NamedDependency[Question]) -> Response[str]:
    """Show the sorties, the newest first, and the form by which one is handed in."""
    desk = question.centre.desk(question.viewer, question.language, question.known_at)
    sorties = _found(question, (SORTIE,), "", most=_MOST_SORTIES)
    readings = _found(question, (MARK, CLEAR), "")
    return page(
        frame_of(question, "feeds"), "imagery.html.j2", sorties=sorties_of(desk, sorties, readings), platforms=PLATFORMS,
        sensors=SENSORS, may_enter=_may_enter(question),
    )  # fmt: skip


@get("/imagery/{id_:str}", name="imagery.sortie", opt=reads("feeds"))
async def page_sortie(question: NamedDependency[Question], id_: FromPath[str]) -> Response[str]:
    """Show the frames of a sortie, and how far each is read."""
    desk = question.centre.desk(question.viewer, question.language, question.known_at)
    sortie = _one(question, id_, SORTIE)
    frames = sorted(_found(question, (FRAME,), id_), key=lambda one: str(one["valid_at"]["start"]))
    readings = _found(question, (MARK, CLEAR), id_)
    (shown,) = sorties_of(desk, [sortie], readings)
    return page(
        frame_of(question, "feeds"), "sortie.html.j2", sortie=shown,
        frames=frames_of(desk, frames, readings, _claims(question, readings)),
    )  # fmt: skip


@get("/imagery/frames/{id_:str}", name="imagery.frame", opt=reads("feeds"))
async def page_frame(question: NamedDependency[Question], id_: FromPath[str]) -> Response[str]:
    """Show one frame: what is known of it, what is marked in it, and what an analyst may say of it."""
    viewer = question.viewer
    desk = question.centre.desk(viewer, question.language, question.known_at)
    frame = _one(question, id_, FRAME)
    facts, ground = frame[FRAME], ground_of(frame[FRAME])
    readings = [one for one in _found(question, READINGS, id_) if frame_read(one) == id_]
    claims = _claims(question, readings)
    pixel_m = None if ground is None else ground.pixel_m(facts["width_px"] / 2, facts["height_px"] / 2)
    sortie = _found(question, (SORTIE,), facts["sortie"], by_id=True)
    siblings = sorted(
        _found(question, (FRAME,), facts["sortie"]), key=lambda one: str(one["valid_at"]["start"])
    )
    at = [one["id"] for one in siblings].index(id_) if id_ in {one["id"] for one in siblings} else 0
    earlier = _earlier(question, frame)
    before = next((one for one in earlier if one["id"] == question.query.get("before")), None)
    if before is None and question.query.get("before"):
        with suppress(InputError):
            before = _one(question, question.query["before"], FRAME)
    laid = ground_of(before[FRAME]) if before is not None else None
    return page(
        frame_of(question, "feeds"), "frame_seen.html.j2", id=id_, title=str(frame["title"]), seen=facts,
        facts=facts_of(desk, frame, sortie[0] if sortie else None, None if ground is None else ground.area_m2, pixel_m),
        marks=marks_of(desk, readings, claims, viewer), clears=lines_of(desk, readings, CLEAR),
        comparisons=lines_of(desk, readings, COMPARISON), copies=lines_of(desk, readings, BLURRED),
        has_cleared=any(one["kind"] == CLEAR and one[CLEAR]["by"] == viewer.number for one in readings),
        sortie=facts["sortie"], number=at + 1, all=len(siblings),
        previous=siblings[at - 1]["id"] if at > 0 else "", next=siblings[at + 1]["id"] if at + 1 < len(siblings) else "",
        kinds=tuple(question.centre.forms.seen), ops=COUNTED, verdicts=VERDICTS,
        reasons=question.centre.forms.lives["claim"].reasons,
        earlier=[(one["id"], str(one["title"]), desk.tokens.instant(_taken(one))) for one in earlier],
        before=before, laid=_matrix(laid.laid_over(ground)) if laid is not None and ground is not None else "",
        may_enter=_may_enter(question), may_review=viewer.may_do("review") and question.known_at is None,
    )  # fmt: skip


def _may_enter(question: Question) -> bool:
    return question.viewer.may_do("enter") and question.known_at is None


def _one(question: Question, id_: str, kind: str) -> Value:
    found = question.centre.one("reports", id_, question.viewer)
    late = question.known_at is not None and _known(found) > question.known_at
    if found["kind"] != kind or late:
        raise InputError("imagery.none", f"there is no such {kind}", where=id_[:80])
    return found


def _found(
    question: Question, kinds: tuple[str, ...], about: str, *, by_id: bool = False, most: int = _MOST
) -> list[Value]:
    """List reports of some kinds that name a thing, the newest first, without those that were entered in error."""
    if by_id:
        try:
            return [_one(question, about, kinds[0])]
        except InputError:
            return []
    asked = Filter(kinds=kinds, words=about, known_at=question.known_at)
    found: list[Value] = []
    after = None
    while len(found) < most:
        part = question.centre.find("reports", asked, question.viewer, after=after, limit=min(_PAGE, most))
        found += part.values
        after = part.after
        if after is None:
            break
    return [one for one in found if not _is_struck(question, one)]


def _claims(question: Question, readings: Sequence[Value]) -> dict[str, Value]:
    """Claim's id -> the claim of a mark, as the viewer may have it; as it had been reviewed then."""
    found: dict[str, Value] = {}
    for one in readings:
        for id_ in one["claims"] if one["kind"] == MARK else ():
            with suppress(InputError):
                found[id_] = _then(question, question.centre.one("claims", id_, question.viewer))
    return found


def _is_struck(question: Question, value: Value) -> bool:
    """Whether a report was entered in error, as known at the moment that is asked for."""
    return _is_known(question, value.get("struck"))


def _is_known(question: Question, at: object) -> bool:
    """Whether something was done by the moment that is asked for."""
    return bool(at) and (question.known_at is None or parse_instant(str(at)) <= question.known_at)


def _then(question: Question, claim: Value) -> Value:
    """Return a claim as it had been reviewed at the moment that is asked for."""
    if question.known_at is None:
        return claim
    life, state = question.centre.forms.lives["claim"], question.centre.forms.lives["claim"].start
    for line in claim.get("history") or ():
        error = line.get("in_error") or {}
        if _is_known(question, line.get("at")) and not _is_known(question, error.get("at")):
            state = life.steps.get((str(line["act"]), state), state)
    return {**claim, "review": {**claim["review"], "state": state}}


def _earlier(question: Question, frame: Value) -> list[Value]:
    """List frames that were taken before one and show a part of its ground, the nearest in time first."""
    spot = frame.get("position")
    if not spot:
        return []
    lon, lat = spot["lon_deg"], spot["lat_deg"]
    box = (
        max(-180.0, lon - _BESIDE_DEG), max(-90.0, lat - _BESIDE_DEG), min(180.0, lon + _BESIDE_DEG),
        min(90.0, lat + _BESIDE_DEG),
    )  # fmt: skip
    asked = Filter(kinds=(FRAME,), box=box, until=_taken(frame), known_at=question.known_at, order="happened")
    near = question.centre.find("reports", asked, question.viewer, after=None, limit=_PAGE).values
    same = [
        one for one in near if not _is_struck(question, one) and shared(frame[FRAME], one[FRAME]) >= _SHARED
    ]
    # another day says more of what has changed than the picture before
    others = sorted(
        same, key=lambda one: (one[FRAME]["sortie"] == frame[FRAME]["sortie"], -_taken(one).timestamp())
    )
    return others[:_MOST_BEFORE]


def _taken(frame: Value) -> datetime:
    return parse_instant(str(frame["valid_at"]["start"]))


def _known(value: Value) -> datetime:
    return parse_instant(str(value["known_at"]))


def _matrix(found: Any) -> str:
    """Write a homography as the page's script takes it: nine numbers, row by row."""
    return " ".join(f"{number:.9g}" for number in found.ravel())


ROUTES = (page_imagery, page_sortie, page_frame)
"""Every route of this module."""
