"""Who asks, in which language, for what: read once from a request, before any route."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State

from truceline.app.centre import Centre
from truceline.core.access import VISITOR, Viewer
from truceline.core.filters import NAMES, Filter, check_names, read_filter
from truceline.serve.sessions import COOKIE, Sessions

Asked = Request[Viewer, object, State]
LANGUAGE_COOKIE = "language"
OPEN = "open"
"""Marks a route, in its ``opt``, that answers without a session: it gives what is released to the public."""
_BESIDE = ("after", "limit", "lang", "by", "format", "view", "at", "panel", "mode", "names")
"""Parameters of an address that are none of the filter's."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request, as the routes see it.

    Args:
        centre: The centre that is asked.
        viewer: Who asks.
        language: The language of the answer.
        filter: What is asked for.
        query: All parameters of the address.
    """

    centre: Centre
    viewer: Viewer
    language: str
    filter: Filter
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def known_at(self) -> datetime | None:
        """As known then; None is now."""
        return self.filter.known_at


def provide_question(request: Asked, state: State) -> Question:
    """Read a request.

    Args:
        request: The request.
        state: The service's state: ``centre``, ``sessions``, ``languages``.

    Returns:
        The question.

    Raises:
        InputError: The address holds a parameter that nobody knows, or a value that it cannot have.
    """
    query = {name: request.query_params[name] for name in request.query_params}
    check_names(list(query), NAMES + _BESIDE)
    centre: Centre = state.centre
    viewer = viewer_of(request, state)
    return Question(centre, viewer, language_of(request, viewer, state.languages), read_filter(query), query)


def viewer_of(request: ASGIConnection[Any, Any, Any, Any], state: State) -> Viewer:
    """Say who asks; whoever has no session is a visitor."""
    sessions: Sessions = state.sessions
    found = sessions.viewer(request.cookies.get(COOKIE, ""))
    return found or Viewer("", state.centre.rights[VISITOR])


def language_of(request: Asked, viewer: Viewer, languages: tuple[str, ...]) -> str:
    """Choose the language: the address, the visitor's choice, the user's setting, what the browser prefers, English.

    Args:
        request: The request.
        viewer: Who asks.
        languages: The languages that there are words for.

    Returns:
        One of them.
    """
    wanted = [
        request.query_params.get("lang", ""),
        request.cookies.get(LANGUAGE_COOKIE, ""),
        *viewer.languages,
    ]
    preferred = request.headers.get("accept-language", "").split(",")
    wanted += [part.split(";")[0].strip().split("-")[0].lower() for part in preferred]
    return next((code for code in wanted if code in languages), "en")
