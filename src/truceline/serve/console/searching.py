"""Search: words of any script through all that the viewer may have."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from truceline.core.filters import Filter
from truceline.publish.found import SEARCHED, hits_of, spellings
from truceline.publish.tokens import ltr, plain_figure
from truceline.serve.asking import Question
from truceline.serve.console.frame import frame_of, page
from truceline.serve.needs import reads

_MOST = 20


@get("/search", name="search", opt=reads("incidents", is_open=True))
async def page_search(question: NamedDependency[Question]) -> Response[str]:
    """Show what holds all of the words, the newest twenty of each kind."""
    centre, viewer, words = question.centre, question.viewer, question.filter.words
    frame = frame_of(question, "search")
    desk = centre.desk(viewer, question.language, question.known_at)
    asked = [Filter(words=one, known_at=question.known_at) for one in spellings(desk.view.mission, words)]
    groups = []
    for entity in SEARCHED if words else ():
        if not viewer.may_read(entity):
            continue
        pages = [centre.find(entity, one, viewer, after=None, limit=_MOST) for one in asked]
        values = {str(value["id"]): value for found in pages for value in found.values}
        hits = hits_of(desk, entity, list(values.values())[:_MOST])
        if hits:
            is_cut = len(values) > _MOST or any(found.after is not None for found in pages)
            groups.append((entity, frame.words.say(f"console.search.{entity}"), hits, is_cut))
    total = frame.words.say(
        "console.search.found", n=ltr(plain_figure(sum(len(hits) for _, _, hits, _ in groups)))
    )
    return page(frame, "search.html.j2", q=words, groups=groups, total=total)
