"""Lists and single things of every read model, in JSON."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from truceline.app import shapes
from truceline.app.exporting import export
from truceline.core.errors import InputError
from truceline.core.rows import MODELS
from truceline.serve.api.answering import tagged
from truceline.serve.api.described import Filtered, Listed
from truceline.serve.asking import Asked, Question
from truceline.serve.needs import reads

ACTED = frozenset({"reports", "claims", "notices", "watches"})
"""What people act upon."""
ROOT = "/api/v1"
MOST = 500
"""Things on one page at most."""


@get([f"{ROOT}/{name}" for name in MODELS], name="api.list", opt=reads("*"), operation_class=Listed)
async def list_entity(request: Asked, question: NamedDependency[Question]) -> Response[bytes]:
    """Give a page of an entity: ``{"items": [...], "after": ...}``; ``after`` asks for the next one.

    With ``format`` all that the filter finds, as a file: ``geojson``, ``csv``, ``xlsx`` or ``gpkg``.
    """
    entity = entity_of(request)
    if "format" in request.query_params:
        ending = request.query_params["format"]
        file = export(question.centre, question.viewer, entity, question.filter, ending)
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
        return Response(file.data, media_type=file.media_type, headers=headers)
    page = question.centre.find(
        entity,
        question.filter,
        question.viewer,
        after=request.query_params.get("after"),
        limit=limit_of(request),
    )
    return tagged(request, shapes.page_of(page))


@get([f"{ROOT}/{name}/tally" for name in MODELS], name="api.tally", opt=reads("*"), operation_class=Filtered)
async def tally_entity(request: Asked, question: NamedDependency[Question]) -> Response[bytes]:
    """Count an entity by ``kind``, ``state`` or ``zone``."""
    entity = entity_of(request)
    by = request.query_params.get("by", "kind")
    return tagged(request, question.centre.tally(entity, question.filter, question.viewer, by))


@get([f"{ROOT}/{name}/{{id_:str}}" for name in MODELS], name="api.one", opt=reads("*"))
async def one_entity(
    request: Asked, question: NamedDependency[Question], id_: FromPath[str]
) -> Response[bytes]:
    """Give one thing; the tag of what people act upon is its version, which an act names in ``If-Match``."""
    entity = entity_of(request)
    value = question.centre.one(entity, id_, question.viewer)
    tag = str(value.get("version", 0)) if entity in ACTED else ""
    return tagged(request, value, tag)


def entity_of(request: Asked) -> str:
    """Return the collection that a request is about."""
    return request.scope["path"].removeprefix(f"{ROOT}/").split("/")[0]


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
