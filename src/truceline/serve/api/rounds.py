"""Rounds, determinations and the list for handing over the watch: what is worked out from the record at each request."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from truceline.app.rounds_shown import shown_rounds
from truceline.app.watching import hand_over_list, standing_watch
from truceline.core.access import ForbiddenError
from truceline.core.errors import InputError
from truceline.serve.api.answering import tagged
from truceline.serve.asking import Asked, Question
from truceline.serve.needs import does, reads


@get("/api/v1/rounds/{id_:str}", name="api.round", opt=reads("rounds"))
async def one_round(
    request: Asked, question: NamedDependency[Question], id_: FromPath[str]
) -> Response[bytes]:
    """Give one round, ended or not."""
    return tagged(request, _one(_found(question, "rounds", ended=None), id_))


@get("/api/v1/determinations", name="api.determinations", opt=reads("determinations", is_open=True))
async def list_determinations(request: Asked, question: NamedDependency[Question]) -> Response[bytes]:
    """Give every round whose outcome is recorded, as far as it is released."""
    return tagged(request, {"items": _found(question, "determinations", ended=True), "after": None})


@get("/api/v1/determinations/{id_:str}", name="api.determination", opt=reads("determinations", is_open=True))
async def one_determination(
    request: Asked, question: NamedDependency[Question], id_: FromPath[str]
) -> Response[bytes]:
    """Give one determination."""
    return tagged(request, _one(_found(question, "determinations", ended=True), id_))


@get("/api/v1/hand-over", name="api.hand_over_list", opt=does("watch"))
async def hand_over_lines(request: Asked, question: NamedDependency[Question]) -> Response[bytes]:
    """Give the list for taking or handing over the watch as things are now, and the watch that stands."""
    if not question.viewer.may_do("watch"):
        raise ForbiddenError("access.does", f"the role '{question.viewer.role.name}' does not watch")
    desk = question.centre.act_desk(question.viewer)
    standing = standing_watch(desk)
    lines = [asdict(line) for line in hand_over_list(desk)]
    return tagged(request, {"lines": lines, "standing": standing})


def _found(question: Question, entity: str, *, ended: bool | None) -> list[Any]:
    centre = question.centre
    centre.check(question.viewer, entity)
    now = question.known_at or centre.clock()
    return list(shown_rounds(centre.store, centre.recipient(question.viewer), now, ended=ended))


def _one(found: list[Any], id_: str) -> Any:
    for one in found:
        if one["id"] == id_:
            return one
    raise InputError("api.none", "there is no such round", where=id_[:80])


ROUTES = (one_round, list_determinations, one_determination, hand_over_lines)
"""Every route of this module."""
