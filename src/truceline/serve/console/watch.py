"""Watch, board and map."""

from __future__ import annotations

from litestar import get
from litestar.response import Response

from truceline.serve.asking import Question
from truceline.serve.console.frame import frame_of, page


@get("/", name="watch")
async def page_watch(question: Question) -> Response[str]:
    """Show the watch: queue, map over timeline, evidence."""
    frame = frame_of(question, "watch")
    found = question.centre.find("incidents", question.filter, question.viewer, after=None, limit=50)
    return page(frame, "watch.html.j2", incidents=found.values)


@get("/board", name="board")
async def page_board(question: Question) -> Response[str]:
    """Show the board of obligations."""
    frame = frame_of(question, "board")
    edition = question.centre.edition(question.viewer, question.language, question.known_at)
    return page(frame, "board.html.j2", e=edition)


@get("/map", name="map")
async def page_map(question: Question) -> Response[str]:
    """Show the map, and the same as a list."""
    frame = frame_of(question, "map")
    edition = question.centre.edition(question.viewer, question.language, question.known_at)
    return page(frame, "map.html.j2", e=edition)
