"""Review: the claims that machines have read, item by item; a person accepts, rejects or mends each."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from truceline.publish.review import choices_of, items_of, reviewed, waiting_of
from truceline.serve.asking import Asked, Question
from truceline.serve.console.frame import frame_of, page
from truceline.serve.needs import does


@get("/review", name="review", opt=does("review"))
async def page_review(request: Asked, question: NamedDependency[Question]) -> Response[str]:
    """Show the items whose claims nobody has reviewed, and the claims of one of them."""
    centre, viewer = question.centre, question.viewer
    desk = centre.desk(viewer, question.language, None)
    waiting = waiting_of(desk)
    report = request.query_params.get("report", "")
    if report not in waiting:
        report = next(iter(waiting), "")
    claims = waiting.get(report, [])
    around = centre.around(viewer, desk, claims)
    versions = {claim.id: int(centre.one("claims", claim.id, viewer).get("version", 0)) for claim in claims}
    left = desk.tokens.count("console.review_page.left", sum(len(found) for found in waiting.values()))
    return page(
        frame_of(question, "review"), "review.html.j2", items=items_of(desk, waiting, report), left=left,
        claims=reviewed(desk, claims, around, versions), choices=choices_of(desk),
        reasons=centre.forms.lives["claim"].reasons, next=_behind(list(waiting), report),
    )  # fmt: skip


def _behind(items: list[str], here: str) -> str:
    """Return the item that comes when this one is done: the next one, else the first."""
    at = items.index(here) if here in items else -1
    rest = [*items[at + 1 :], *items[: max(at, 0)]]
    return rest[0] if rest else ""
