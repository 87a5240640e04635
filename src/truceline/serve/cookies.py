"""The service's cookies: a session's token, and the word of somebody who is half way. No script reads either."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.response.base import Response

SESSION = "truceline"
HALF_WAY = "truceline-half-way"
_HOST_ONLY = "__Host-"
"""With it a browser takes a cookie over TLS alone, from this host alone, for all of its addresses."""


def name_of(cookie: str, *, is_secure: bool) -> str:
    """Return a cookie's full name; without TLS, on the loopback alone, browsers refuse the prefix."""
    return f"{_HOST_ONLY}{cookie}" if is_secure else cookie


def read_cookie(connection: ASGIConnection[Any, Any, Any, Any], cookie: str) -> str:
    """Return what a cookie holds, or empty."""
    return connection.cookies.get(name_of(cookie, is_secure=connection.app.state.is_secure), "")


def put_cookie(answer: Response[Any], cookie: str, value: str, *, is_secure: bool) -> None:
    """Set a cookie that ends with the browser; an empty value takes it away.

    Args:
        answer: The answer.
        cookie: `SESSION` or `HALF_WAY`.
        value: The value.
        is_secure: Whether the service is reached by TLS.
    """
    answer.set_cookie(
        name_of(cookie, is_secure=is_secure), value, httponly=True, samesite="strict", secure=is_secure, path="/",
        max_age=None if value else 0,
    )  # fmt: skip
