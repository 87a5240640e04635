"""The day's report: the paper in each language that it is set in, and the lists as files."""

from __future__ import annotations

import asyncio

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from truceline.app.wiring import papers_of
from truceline.core.errors import InputError
from truceline.core.release import DELEGATIONS, PUBLIC
from truceline.serve.answers import HEADERS
from truceline.serve.asking import Question
from truceline.serve.console.frame import Frame, frame_of, page
from truceline.serve.needs import reads

FILES = (
    ("incidents", "console.search.incidents", ("csv", "xlsx", "geojson", "gpkg")),
    ("claims", "console.search.claims", ("csv", "xlsx")), ("reports", "console.search.reports", ("csv", "xlsx")),
    ("obligations", "console.place.board", ("csv", "xlsx")), ("features", "console.place.map", ("geojson", "gpkg")),
)  # fmt: skip
"""The lists that go out as files, the words that they are called by, and the forms in which they go."""


@get("/report", name="report", opt=reads("papers", is_open=True))
async def page_report(question: NamedDependency[Question]) -> Response[str]:
    """Show the report's short form, the papers, and the lists as files."""
    edition = question.centre.edition(question.viewer, question.language, question.known_at)
    frame = frame_of(question, "report")
    files = [
        (frame.words.say(word), [(frame.address(f"/api/v1/{entity}", format=form), form) for form in forms])
        for entity, word, forms in FILES
        if question.viewer.may_read(entity)
    ]
    papers = [
        (code, own.say("console.report_page.language", language=own.say("meta.name")), own.direction)
        for code in set_in(question)
        for own in (question.centre.words[code],)
    ]
    return page(frame, "report.html.j2", e=edition, papers=papers, files=files, who=_who(frame, question))


@get("/report.pdf", name="report.pdf", opt=reads("papers", is_open=True))
async def paper(question: NamedDependency[Question]) -> Response[bytes]:
    """Give the paper in a language, for the viewer, as known at the moment."""
    language = question.language
    if language not in set_in(question):
        raise InputError(
            "report.language", f"the report is not set in '{language[:10]}'", where="lang",
            todo=f"ask for {' or '.join(set_in(question))}",
        )  # fmt: skip
    edition = question.centre.edition(question.viewer, language, question.known_at)
    # setting it takes about a second: the service answers others meanwhile
    (made,) = await asyncio.to_thread(papers_of, [edition])
    headers = {
        **HEADERS,
        "Content-Disposition": f'inline; filename="{made.name}"',
        "Cache-Control": "no-store",
    }
    return Response(made.data, media_type="application/pdf", headers=headers)


def set_in(question: Question) -> tuple[str, ...]:
    """Return the languages in which the mission's report is set."""
    return tuple(
        code
        for code in question.centre.world.mission.settings.report_languages
        if code in question.centre.words
    )


def _who(frame: Frame, question: Question) -> str:
    word = question.centre.recipient(question.viewer).word
    if word == PUBLIC:
        return frame.words.say("console.report_page.who_public")
    if word in DELEGATIONS:
        return frame.words.say("console.report_page.who_side", letter=word)
    return frame.words.say(
        "console.report_page.who_party" if word.startswith("party:") else "console.report_page.who_joint"
    )
