"""What an officer does on watch: gives and reads back notices, enters what comes in, hands the watch over."""

from __future__ import annotations

from dataclasses import asdict

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from truceline.app.entering import BASES
from truceline.app.watching import hand_over_list, standing_watch
from truceline.core.filters import Filter
from truceline.core.times import parse_instant
from truceline.publish.desk import Desk
from truceline.publish.duty import OPEN, lines_of, notices_of
from truceline.publish.review import choices_of
from truceline.publish.sensed import title_of_alert
from truceline.publish.tokens import bare
from truceline.serve.asking import Question
from truceline.serve.console.frame import DUTIES, Frame, frame_of, page
from truceline.serve.needs import does, reads

_MOST = 200


@get("/notices", name="notices", opt=reads("notices"))
async def page_notices(question: NamedDependency[Question]) -> Response[str]:
    """Show the notices, and the fixed phrases by which one is given."""
    viewer, centre = question.viewer, question.centre
    desk = centre.desk(viewer, question.language, question.known_at)
    asked = Filter(known_at=question.known_at)
    values = centre.find("notices", asked, viewer, after=None, limit=_MOST).values
    phrases = [
        (one.id, one.key, one.words.get(question.language, one.words["en"]))
        for one in centre.forms.phrases.values()
    ]
    return _page(
        question, "notices", notices=notices_of(desk, values, viewer.owner), phrases=phrases,
        places=choices_of(desk).places, reasons=centre.forms.lives["notice"].reasons,
    )  # fmt: skip


@get("/enter", name="enter", opt=does("enter"))
async def page_enter(question: NamedDependency[Question]) -> Response[str]:
    """Show the form of six fields, and the one for a pasted message."""
    desk = question.centre.desk(question.viewer, question.language, None)
    mission = desk.view.mission
    named = {one.id: one.names for one in mission.parties} | {one.id: one.names for one in mission.offices}
    named |= {one.id: one.names for one in mission.sources}
    speakers = [(id_, bare(desk.called.text(names))) for id_, names in named.items() if names]
    return _page(
        question, "enter", choices=choices_of(desk), bases=BASES, draft=_draft(question, desk),
        speakers=sorted(speakers, key=lambda one: one[1]),
    )  # fmt: skip


@get("/handover", name="handover", opt=does("watch"))
async def page_hand_over(question: NamedDependency[Question]) -> Response[str]:
    """Show who stands the watch, and the list by which it changes hands."""
    viewer, centre = question.viewer, question.centre
    desk, acting = centre.desk(viewer, question.language, None), centre.act_desk(viewer)
    values = centre.find("notices", Filter(states=OPEN), viewer, after=None, limit=_MOST).values
    notices = {one.id: one.text for one in notices_of(desk, values, viewer.owner)}
    lines = lines_of(desk, (asdict(one) for one in hand_over_list(acting)), centre.rounds(None), notices)
    watch = standing_watch(acting)
    standing = watch and {
        **{key: watch[key] for key in ("id", "by", "version")},
        "number": desk.tokens.ident(str(watch["by"])),
        "since": desk.tokens.instant(parse_instant(str(watch["known_at"]))),
        "is_handing": watch["state"] == "handing_over",
    }
    return _page(question, "handover", lines=lines, standing=standing, me=viewer.number)


def _draft(question: Question, desk: Desk) -> dict[str, str]:
    """Begin a report with what an alert says; all is empty where none is named, or none that this viewer may know of."""
    found = dict.fromkeys(("when", "lat", "lon", "what"), "")
    asked = question.query.get("alert", "")
    if not asked or not question.viewer.may_read("feeds"):
        return found
    rules = question.centre.world.mission.told_by
    for one in question.centre.sensors(question.viewer).alerts:
        if one.id == asked:
            title = bare(title_of_alert(desk, one, rules))
            mark = f", sha256 {one.raw_sha256[:16]}" if one.raw_sha256 else ""
            local = one.at.astimezone(desk.tokens.zone)
            found = {
                "when": f"{local:%Y-%m-%d %H:%M}", "lat": f"{one.lat:.5f}", "lon": f"{one.lon:.5f}",
                "what": f"{title} [{one.track}{mark}]",
            }  # fmt: skip
    return found


def _page(question: Question, word: str, **values: object) -> Response[str]:
    frame = frame_of(question, "duty")
    return page(frame, f"{word}.html.j2", here=word, tabs=_tabs(frame), **values)


def _tabs(frame: Frame) -> list[tuple[str, str]]:
    viewer = frame.question.viewer
    return [
        (word, frame.address(path))
        for word, path, act, _ in DUTIES
        if viewer.may_do(act) or (word == "notices" and viewer.may_read("notices"))
    ]
