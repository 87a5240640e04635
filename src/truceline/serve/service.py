"""The service: which routes there are, and what every answer passes through."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from litestar import Litestar, Response, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router

from truceline import __version__
from truceline.app.access import Access
from truceline.app.centre import Centre
from truceline.app.half_way import HalfWays
from truceline.app.setting_up import SettingUp
from truceline.app.signing_in import SigningIn
from truceline.core.errors import TrucelineError
from truceline.ledger.log import RecordItem
from truceline.serve import metrics
from truceline.serve.answers import HEADERS, OVER_TLS, answer_defect, answer_ours, answer_theirs
from truceline.serve.api import (
    acting,
    collections,
    events,
    handing_in,
    imagery,
    positions,
    rounds,
    sensors,
    workspace,
)
from truceline.serve.asking import provide_question
from truceline.serve.console import (
    account,
    doors,
    duty,
    mapping,
    paper,
    people,
    review,
    searching,
    set_up,
    twins,
    watch,
)
from truceline.serve.console import imagery as imagery_review
from truceline.serve.console import sensors as board_of_feeds
from truceline.serve.guarding import guard
from truceline.serve.needs import nothing
from truceline.serve.screening import MOST_BODY, Screen

ROUTES = (
    *doors.ROUTES,
    *set_up.ROUTES,
    *account.ROUTES,
    *people.ROUTES,
    watch.page_watch,
    watch.part_evidence,
    watch.page_incident,
    watch.page_board,
    watch.page_map,
    duty.page_notices,
    duty.page_enter,
    duty.page_hand_over,
    review.page_review,
    searching.page_search,
    paper.page_report,
    paper.paper,
    twins.watch,
    twins.board,
    twins.map_,
    mapping.ground,
    mapping.marks,
    mapping.timeline,
    positions.rounds,
    positions.desk,
    positions.take,
    *metrics.ROUTES,
    *acting.ROUTES,
    *handing_in.ROUTES,
    *rounds.ROUTES,
    *events.ROUTES,
    *workspace.ROUTES,
    *sensors.ROUTES,
    *board_of_feeds.ROUTES,
    *imagery.ROUTES,
    *imagery_review.ROUTES,
    collections.list_entity,
    collections.tally_entity,
    collections.one_entity,
)
"""Every route; a test walks them with every role."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How the service is reached.

    Args:
        hosts: Names beside the loopback's.
        is_secure: Whether browsers come by TLS.
        is_behind_proxy: Whether a proxy hands requests on and says for whom.
    """

    hosts: frozenset[str] = frozenset()
    is_secure: bool = False
    is_behind_proxy: bool = False


def build(
    open_centre: Callable[[], Centre],
    access: Access,
    static: Mapping[str, Path],
    begun: Callable[[], None],
    reached: Reached | None = None,
) -> Litestar:
    """Build the service.

    Args:
        open_centre: Opens the centre, in the thread that will ask it.
        access: Who may sign in, and who is signed in.
        static: Address -> folder of what pages load: scripts, styles, fonts.
        begun: Called once the service is ready to answer.
        reached: How the service is reached; None is by the loopback alone, without TLS.

    Returns:
        The ASGI application.
    """
    reached = reached or Reached()
    half_ways = HalfWays(access)

    async def begin(app: Litestar) -> None:
        centre = open_centre()
        app.state.centre = centre
        app.state.languages = tuple(centre.words)
        app.state.hub = hub = events.Hub()
        if centre.work is not None:
            loop = asyncio.get_running_loop()
            centre.work.start(lambda items: _publish(loop, hub, items))
        begun()

    async def end(app: Litestar) -> None:
        centre: Centre = app.state.centre
        if centre.work is not None:
            await asyncio.to_thread(centre.work.close)

    figures = metrics.Figures()

    async def counted(response: Response[object]) -> Response[object]:
        figures.answers[response.status_code or 200] += 1
        return response

    app = Litestar(
        route_handlers=[
            *ROUTES,
            *(
                create_static_files_router(path, [folder], name=path.strip("/"), opt=nothing())
                for path, folder in static.items()
            ),
        ],
        state=State(
            {
                "access": access,
                "signing_in": SigningIn(access, half_ways),
                "setting_up": SettingUp(access, half_ways),
                "is_secure": reached.is_secure,
                "is_behind_proxy": reached.is_behind_proxy,
                "figures": figures,
            }
        ),
        on_startup=[begin],
        on_shutdown=[end],
        after_request=counted,
        guards=[guard],
        request_max_body_size=MOST_BODY,
        dependencies={"question": Provide(provide_question, sync_to_thread=False)},
        exception_handlers={
            TrucelineError: answer_ours,
            HTTPException: answer_theirs,
            Exception: answer_defect,
        },
        openapi_config=OpenAPIConfig(
            title="Truceline", version=__version__, render_plugins=[JsonRenderPlugin()],
            openapi_router=Router("/schema", route_handlers=[], opt=nothing()),
            summary="The service of a ceasefire monitoring centre.",
        ),
    )  # fmt: skip
    # outermost, so that what the router itself answers is screened and bears the headers too
    headers = HEADERS | OVER_TLS if reached.is_secure else HEADERS
    app.asgi_handler = Screen(app.asgi_handler, reached.hosts, headers)
    return app


def _publish(loop: asyncio.AbstractEventLoop, hub: events.Hub, items: Sequence[RecordItem]) -> None:
    """Hand what was written over to the loop that the listeners live in; at the end of the service there is none."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(hub.publish, items)
