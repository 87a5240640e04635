"""A service that is asked without a socket, by whoever is signed in at the moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar.testing import TestClient

from truceline.core.access import Viewer
from truceline.serve.sessions import COOKIE, Sessions

NOW = datetime(2021, 12, 1, 12, tzinfo=UTC)
"""The service's time."""


class Service:
    """The service and who asks it."""

    def __init__(self, client: TestClient[Any], sessions: Sessions, rights: dict[str, Any]) -> None:
        self.client, self.sessions, self.rights = client, sessions, rights

    def sign_in(self, role: str, side: str = "") -> TestClient[Any]:
        """Sign somebody in; the client's further requests are theirs."""
        viewer = Viewer(f"{side or 'C'}:0001", self.rights[role], side)
        token = self.sessions.open(self.sessions.link(viewer))
        assert token
        self.client.cookies.set(COOKIE, token)
        return self.client

    def leave(self) -> TestClient[Any]:
        """Be a visitor again."""
        self.client.cookies.clear()
        return self.client
