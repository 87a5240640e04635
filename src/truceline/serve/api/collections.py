"""Lists and single things of every read model, in JSON."""

from __future__ import annotations

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from truceline.core.errors import InputError
from truceline.core.rows import MODELS
from truceline.serve.asking import Asked, Question

MOST = 500
"""Things on one page at most."""


@get("/api/v1/{entity:str}", name="api.list")
async def list_entity(
    request: Asked, question: NamedDependency[Question], entity: FromPath[str]
) -> dict[str, Any]:
    """Give a page of an entity: ``{"items": [...], "after": ...}``; ``after`` asks for the next one."""
    check_entity(entity)
    page = question.centre.find(
        entity,
        question.filter,
        question.viewer,
        after=request.query_params.get("after"),
        limit=limit_of(request),
    )
    return {"items": page.values, "after": page.after}


@get("/api/v1/{entity:str}/tally", name="api.tally")
async def tally_entity(
    request: Asked, question: NamedDependency[Question], entity: FromPath[str]
) -> dict[str, int]:
    """Count an entity by ``kind``, ``state`` or ``zone``."""
    check_entity(entity)
    return question.centre.tally(
        entity, question.filter, question.viewer, request.query_params.get("by", "kind")
    )


@get("/api/v1/{entity:str}/{id_:str}", name="api.one")
async def one_entity(
    question: NamedDependency[Question], entity: FromPath[str], id_: FromPath[str]
) -> Response[Any]:
    """Give one thing."""
    check_entity(entity)
    return Response(question.centre.one(entity, id_, question.viewer))


def check_entity(entity: FromPath[str]) -> None:
    """Refuse a collection that is none."""
    if entity not in MODELS:
        raise InputError(
            "api.none", f"there is no collection '{entity[:40]}'", todo=f"use {', '.join(MODELS)}"
        )


def limit_of(request: Asked) -> int:
    """Read how many things a page shall hold.

    Args:
        request: The request.

    Returns:
        1 to `MOST`; 50 where nothing was asked for.

    Raises:
        InputError: It is no number from 1 to `MOST`.
    """
    text = request.query_params.get("limit", "50")
    if not (text.isdecimal() and 1 <= int(text) <= MOST):
        raise InputError("filter.limit", f"'{text[:20]}' is no length of a page", todo=f"use 1 to {MOST}")
    return int(text)
