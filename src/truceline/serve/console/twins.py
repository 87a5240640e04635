"""The pages' twins: what watch, board and map show, as JSON, by the same filter and past the same gate."""

from __future__ import annotations

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from truceline.app import shapes
from truceline.publish.gate import released_features
from truceline.serve.asking import Question
from truceline.serve.needs import reads

JSON = "application/json"


@get(["/index.json", "/watch.json"], name="watch.json", opt=reads("incidents", is_open=True))
async def watch(question: NamedDependency[Question]) -> dict[str, Any]:
    """Give the incidents that the watch shows; see MODEL, Shapes."""
    if question.known_at is None:
        page = question.centre.find("incidents", question.filter, question.viewer, after=None, limit=500)
        return shapes.page_of(page)
    run = question.centre.run(question.centre.recipient(question.viewer), question.known_at)
    return {"items": shapes.plain(run.incidents), "after": None}


@get("/board.json", name="board.json", opt=reads("obligations", is_open=True))
async def board(question: NamedDependency[Question]) -> Response[bytes]:
    """Give every obligation as assessed at the moment; see CONTRACT, section 4."""
    run = question.centre.run(question.centre.recipient(question.viewer), question.known_at)
    return Response(shapes.encode(run.statuses), media_type=JSON)


@get("/map.json", name="map.json", opt=reads("features", is_open=True))
async def map_(question: NamedDependency[Question]) -> Response[bytes]:
    """Give the picture as GeoJSON; see MODEL, Shapes."""
    recipient = question.centre.recipient(question.viewer)
    run = question.centre.run(recipient, question.known_at)
    features = released_features(run.drawn.features["features"], recipient.word)
    return Response(shapes.encode({**run.drawn.features, "features": features}), media_type=JSON)
