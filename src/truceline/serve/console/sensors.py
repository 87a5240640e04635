"""The board of feeds: what is heard, what became of it, and the alerts that it gave."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from truceline.core.sensed import Sensed
from truceline.publish.sensed import COUNTED, alerts_shown, feeds_of
from truceline.serve.asking import Question
from truceline.serve.console.frame import frame_of, page
from truceline.serve.needs import reads

_MOST = 100


@get("/feeds", name="feeds", opt=reads("feeds"))
async def page_feeds(question: NamedDependency[Question]) -> Response[str]:
    """Show feeds and alerts as they are now; of an earlier moment the page says that it shows nothing."""
    return page(frame_of(question, "feeds"), "feeds.html.j2", **_gathered(question))


@get("/feeds/part", name="feeds.part", opt=reads("feeds"))
async def part_feeds(question: NamedDependency[Question]) -> Response[str]:
    """Show the same without its frame, for a page that is open."""
    return page(frame_of(question, "feeds"), "feeds_part.html.j2", **_gathered(question))


def _gathered(question: Question) -> dict[str, object]:
    desk = question.centre.desk(question.viewer, question.language, question.known_at)
    is_now = question.known_at is None
    sensed = question.centre.sensors(question.viewer) if is_now else Sensed()
    rules = question.centre.world.mission.told_by
    return {
        "feeds": feeds_of(desk, sensed.feeds), "counted": COUNTED,
        "alerts": alerts_shown(desk, sensed.alerts[:_MOST], rules, question.centre.clock()),
        "is_now": is_now,
    }  # fmt: skip


ROUTES = (page_feeds, part_feeds)
"""Every route of this module."""
