"""Who asks, in which language, for what: read once from a request, before any route."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State

from truceline.app.access import Access
from truceline.app.centre import Centre
from truceline.core.access import VISITOR, Viewer
from truceline.core.accounts import Session
from truceline.core.filters import NAMES, Filter, check_names, read_filter
from truceline.serve.cookies import SESSION, read_cookie

Asked = Request[Viewer, object, State]
LANGUAGE_COOKIE = "language"
_BESIDE = (
    "after",
    "limit",
    "lang",
    "by",
    "format",
    "view",
    "at",
    "panel",
    "report",
    "mode",
    "names",
    "alert",
    "minutes",
    "before",
)
"""Parameters of an address that are none of the filter's."""
_EVERYTHING = read_filter({})
_HELD = "truceline.asker"
_BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Asker:
    """Who bears a request.

    Args:
        viewer: Who it is; the visitor where nobody signed in.
        session: The session; None for a visitor and for a program.
        by_token: Whether a program asks in somebody's name.
        csrf: The word that changes in this session must bear; empty without a session.
    """

    viewer: Viewer
    session: Session | None = None
    by_token: bool = False
    csrf: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """A request, as the routes see it.

    Args:
        centre: The centre that is asked.
        viewer: Who asks.
        language: The language of the answer.
        filter: What is asked for.
        query: All parameters of the address.
        csrf: The word that forms of the page must bear; empty for visitors.
        session: Hash of the session's token, or empty.
    """

    centre: Centre
    viewer: Viewer
    language: str
    filter: Filter
    query: Mapping[str, str] = field(default_factory=dict)
    csrf: str = field(default="", repr=False)
    session: str = ""

    @property
    def known_at(self) -> datetime | None:
        """As known then; None is now."""
        return self.filter.known_at


def provide_question(request: Asked, state: State) -> Question:
    """Read a request.

    Args:
        request: The request.
        state: The service's state: ``centre``, ``access``, ``languages``.

    Returns:
        The question.

    Raises:
        InputError: The address holds a parameter that nobody knows, or a value that it cannot have.
    """
    query = {name: request.query_params[name] for name in request.query_params}
    check_names(list(query), NAMES + _BESIDE)
    centre: Centre = state.centre
    asker = asker_of(request)
    language = language_of(request, asker.viewer, state.languages)
    key = asker.session.key if asker.session else ""
    asked = read_filter(query) if query else _EVERYTHING
    return Question(centre, asker.viewer, language, asked, query, asker.csrf, key)


def asker_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Asker:
    """Say who bears a request; it is looked up once a request."""
    held: dict[str, Any] = connection.scope["state"]
    if _HELD not in held:
        held[_HELD] = _asker(connection)
    found: Asker = held[_HELD]
    return found


def viewer_of(request: ASGIConnection[Any, Any, Any, Any], _state: State | None = None) -> Viewer:
    """Say who asks; whoever has no session is a visitor."""
    return asker_of(request).viewer


def address_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return where a request comes from; behind a proxy what the proxy itself wrote last, never what the client did."""
    if connection.app.state.is_behind_proxy:
        passed = connection.headers.get("x-forwarded-for", "").split(",")[-1].strip()
        if passed:
            return passed[:45]
    return connection.client.host if connection.client else ""


def csrf_of(token: str) -> str:
    """Return the word that changes in a session must bear; it follows from the session's token and tells nothing of it."""
    return hmac.digest(token.encode(), b"truceline/csrf/1", "sha256").hex()


def _asker(connection: ASGIConnection[Any, Any, Any, Any]) -> Asker:
    state = connection.app.state
    access: Access = state.access
    visitor = Viewer("", state.centre.rights[VISITOR])
    borne = connection.headers.get("authorization", "")
    if borne:
        # whoever names a token is that token or nobody: a cookie beside it does not count
        token = borne[len(_BEARER) :].strip() if borne.lower().startswith(_BEARER) else ""
        viewer = access.by_token(token) if token else None
        return Asker(viewer, by_token=True) if viewer else Asker(visitor)
    token = read_cookie(connection, SESSION)
    session = access.session(token, connection.headers.get("user-agent", ""))
    viewer = access.viewer(session.number) if session else None
    if session is None or viewer is None:
        return Asker(visitor)
    return Asker(viewer, session, csrf=csrf_of(token))


def language_of(
    request: ASGIConnection[Any, Any, Any, Any], viewer: Viewer, languages: tuple[str, ...]
) -> str:
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
