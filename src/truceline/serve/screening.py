"""Before anything else: is the request meant for this host, is its address plain, and every answer bears the headers of safety."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
MOST_BODY = 2_000_000
"""Bytes of a body at most; a route that takes files says its own."""
MOST_PATH = 2_048
MOST_QUERY = 8_192
MOST_HEADERS = 32_768
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:[0-9]{1,5})?")
_TRICKS = re.compile(rb"%2f|%5c|%00|%2e|%25|\\|//|/\.\.?(/|$)|[\x00-\x20\x7f]", re.IGNORECASE)
"""What no address of ours holds: encoded slashes, dots and per cents, empty steps, steps upwards, control characters."""


class Screen:
    """Stands before the application.

    Args:
        app: The application.
        hosts: Names by which the service is reached; the loopback's always are.
        headers: What every answer bears.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str], headers: Mapping[str, str]) -> None:
        self._app = app
        self._hosts = hosts | LOOPBACK
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request or hand it on."""
        if scope["type"] != ScopeType.HTTP:
            # no sockets are served here; the application says so itself
            await self._app(scope, receive, send)
            return
        problem = self.problem(scope)
        sent = self._bearing(send, scope["path"])
        if problem is None:
            await self._app(scope, receive, sent)
            return
        status, what = problem
        body = json.dumps({"code": f"http.{status}", "what": what}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await sent({"type": "http.response.start", "status": status, "headers": headers})
        await sent({"type": "http.response.body", "body": body, "more_body": False})

    def problem(self, scope: HTTPScope) -> tuple[int, str] | None:
        """Say what is wrong with a request.

        Args:
            scope: The request.

        Returns:
            Status and one sentence; None where it is plain.
        """
        headers = list(scope["headers"])
        raw = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
        if scope["method"] not in METHODS:
            return 405, "this method is not known here"
        if len(raw) > MOST_PATH or len(scope["query_string"]) > MOST_QUERY:
            return 414, "the address is too long"
        if sum(len(name) + len(value) for name, value in headers) > MOST_HEADERS:
            return 431, "the headers are too long"
        hosts = [value.decode("latin-1").lower() for name, value in headers if name == b"host"]
        found = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if found is None or found[1] not in self._hosts:
            return 421, "this host is not served here"
        if _TRICKS.search(raw.partition(b"?")[0]) or ".." in scope["path"].split("/"):
            return 400, "the address is not plain"
        return None

    def _bearing(self, send: Send, path: str) -> Send:
        """Put the headers of safety on whatever is answered, errors of the framework included."""
        is_static = path.startswith(("/static/", "/fonts/"))
        wanted = [*self._headers, (b"cache-control", b"public, max-age=600" if is_static else b"no-store")]

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in wanted if name not in there),
                ]
            await send(message)

        return sent
