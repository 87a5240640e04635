"""Errors as answers: what happened, where, what to do; to programs as JSON, to people as a page."""

from __future__ import annotations

import logging
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.status_codes import (
    HTTP_400_BAD_REQUEST,
    HTTP_401_UNAUTHORIZED,
    HTTP_403_FORBIDDEN,
    HTTP_404_NOT_FOUND,
    HTTP_409_CONFLICT,
    HTTP_429_TOO_MANY_REQUESTS,
    HTTP_500_INTERNAL_SERVER_ERROR,
    HTTP_503_SERVICE_UNAVAILABLE,
)

from truceline.app.wiring import render_console
from truceline.core.access import ForbiddenError, WaitError
from truceline.core.errors import ConflictError, InputError, TrucelineError, UnavailableError
from truceline.serve.asking import Asked, language_of, viewer_of

_LOG = logging.getLogger("truceline")
_STATUS = {
    WaitError: HTTP_429_TOO_MANY_REQUESTS,
    ConflictError: HTTP_409_CONFLICT,
    UnavailableError: HTTP_503_SERVICE_UNAVAILABLE,
    InputError: HTTP_400_BAD_REQUEST,
}
HTTP_428_PRECONDITION_REQUIRED = 428
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        "connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # not no-referrer: with it browsers hide the origin of our own forms from us too
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""What every answer bears; over TLS `OVER_TLS` too."""
OVER_TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def status_of(request: Asked, error: TrucelineError) -> int:
    """Return the status that an error of ours answers with."""
    if isinstance(error, ForbiddenError):
        signed_in = viewer_of(request).is_signed_in
        return HTTP_403_FORBIDDEN if signed_in else HTTP_401_UNAUTHORIZED
    if error.code == "act.unseen":
        return HTTP_428_PRECONDITION_REQUIRED
    if error.code.endswith(".none"):
        return HTTP_404_NOT_FOUND
    return next(
        (status for kind, status in _STATUS.items() if isinstance(error, kind)),
        HTTP_500_INTERNAL_SERVER_ERROR,
    )


def answer_ours(request: Asked, error: TrucelineError) -> Response[Any]:
    """Answer an error of ours: to a browser as a page, to a program as JSON."""
    if "text/html" in request.headers.get("accept", ""):
        return as_page(request, error)
    facts = {"code": error.code, "what": error.what, "where": error.where, "todo": error.todo}
    if isinstance(error, ConflictError):
        # what stands in the way is part of the answer: the other version, the questions, the lines
        facts |= error.facts
    return Response(
        {k: v for k, v in facts.items() if v},
        status_code=status_of(request, error),
        headers=headers_of(error),
    )


def headers_of(error: TrucelineError) -> dict[str, str]:
    """Return the headers of an answer to an error; who must wait is told how long."""
    return (
        {**HEADERS, "Retry-After": str(error.facts["seconds"])} if isinstance(error, WaitError) else HEADERS
    )


def as_page(request: Asked, error: TrucelineError) -> Response[str]:
    """Lay an error out for people, in the language that they asked in."""
    state = request.app.state
    viewer = viewer_of(request)
    words = state.centre.words[language_of(request, viewer, state.languages)]
    body = render_console("error.html.j2", words=words, what=error.what, where=error.where, todo=error.todo)
    return Response(
        body,
        media_type="text/html; charset=utf-8",
        status_code=status_of(request, error),
        headers=headers_of(error),
    )


def answer_theirs(_request: Asked, error: HTTPException) -> Response[dict[str, str]]:
    """Answer an error of the web framework: an unknown route, a body that is none."""
    facts = {"code": f"http.{error.status_code}", "what": error.detail}
    if isinstance(error.extra, list) and error.extra and isinstance(error.extra[0], dict):
        facts["where"] = str(error.extra[0].get("key", ""))
        facts["todo"] = str(error.extra[0].get("message", ""))
    return Response(
        facts,
        status_code=error.status_code,
        headers=HEADERS,
    )


def answer_defect(request: Asked, error: Exception) -> Response[dict[str, str]]:
    """Answer a defect of ours without telling anything of the inside; the log has it all."""
    _LOG.exception("a defect at %s", request.url.path, exc_info=error)
    return Response(
        {"code": "defect", "what": "a defect of ours; the log has more"},
        status_code=HTTP_500_INTERNAL_SERVER_ERROR,
        headers=HEADERS,
    )
