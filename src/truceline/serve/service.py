"""The service: which routes there are, and what every answer passes through."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from litestar import Litestar, Response, Router
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router

from truceline import __version__
from truceline.app.centre import Centre
from truceline.core.access import ForbiddenError
from truceline.core.errors import TrucelineError
from truceline.ledger.log import RecordItem
from truceline.serve import metrics
from truceline.serve.answers import HEADERS, answer_defect, answer_ours, answer_theirs
from truceline.serve.api import acting, collections, events, positions, rounds
from truceline.serve.asking import OPEN, provide_question, viewer_of
from truceline.serve.console import doors, mapping, twins, watch
from truceline.serve.sessions import Sessions

ROUTES = (
    doors.sign_in,
    doors.sign_out,
    doors.health,
    watch.page_watch,
    watch.part_evidence,
    watch.page_incident,
    watch.page_board,
    watch.page_map,
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
    *rounds.ROUTES,
    *events.ROUTES,
    collections.list_entity,
    collections.tally_entity,
    collections.one_entity,
)
"""Every route; a test walks them with every role."""


def build(
    open_centre: Callable[[], Centre],
    sessions: Sessions,
    static: Mapping[str, Path],
    begun: Callable[[], None],
) -> Litestar:
    """Build the service.

    Args:
        open_centre: Opens the centre, in the thread that will ask it.
        sessions: Who is signed in.
        static: Address -> folder of what pages load: scripts, styles, fonts.
        begun: Called once the service is ready to answer.

    Returns:
        The ASGI application.
    """

    async def begin(app: Litestar) -> None:
        centre = open_centre()
        app.state.centre = centre
        app.state.sessions = sessions
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

    async def secured(response: Response[object]) -> Response[object]:
        figures.answers[response.status_code or 200] += 1
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def signed_in(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """Whoever has not signed in sees what is open to all; everything else wants a session."""
        if not handler.opt.get(OPEN) and not viewer_of(connection, connection.app.state).is_signed_in:
            raise ForbiddenError("access.sign_in", "sign in first", todo="ask the technician for a link")

    return Litestar(
        route_handlers=[
            *ROUTES,
            *(
                create_static_files_router(path, [folder], name=path.strip("/"), opt={OPEN: True})
                for path, folder in static.items()
            ),
        ],
        state=State({"figures": figures}),
        on_startup=[begin],
        on_shutdown=[end],
        after_request=secured,
        guards=[signed_in],
        dependencies={"question": Provide(provide_question, sync_to_thread=False)},
        exception_handlers={
            TrucelineError: answer_ours,
            HTTPException: answer_theirs,
            Exception: answer_defect,
        },
        openapi_config=OpenAPIConfig(
            title="Truceline", version=__version__, render_plugins=[JsonRenderPlugin()],
            openapi_router=Router("/schema", route_handlers=[], opt={OPEN: True}),
            summary="The service of a ceasefire monitoring centre.",
        ),
    )  # fmt: skip


def _publish(loop: asyncio.AbstractEventLoop, hub: events.Hub, items: Sequence[RecordItem]) -> None:
    """Hand what was written over to the loop that the listeners live in; at the end of the service there is none."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(hub.publish, items)
