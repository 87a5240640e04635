"""A service that is asked without a socket, by whoever is signed in at the moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from litestar.testing import TestClient

from truceline.app.access import Access
from truceline.serve.asking import csrf_of
from truceline.serve.cookies import SESSION
from truceline.serve.guarding import CSRF_HEADER
from truceline.testing.accounts import signed_in

NOW = datetime(2021, 12, 1, 12, tzinfo=UTC)
"""The service's time, as long as no test turns it on."""
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Clock:
    """Tells the time that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


class Service:
    """The service and who asks it."""

    def __init__(self, client: TestClient[Any], access: Access, rights: dict[str, Any]) -> None:
        self.client, self.access, self.rights = client, access, rights
        client.headers["user-agent"] = AGENT

    def sign_in(self, role: str, side: str = "", nth: int = 1) -> TestClient[Any]:
        """Sign somebody in; the client's further requests are theirs."""
        self.leave()
        letter = side if side in {"A", "B"} else "P" if side else "C"
        number = f"{letter}:{list(self.rights).index(role):02d}{nth:02d}"
        self.take(signed_in(self.access, number, role, side, AGENT))
        return self.client

    def take(self, token: str) -> None:
        """Bear a session's token, and the word that changes in it must bear."""
        self.client.cookies.set(SESSION, token)
        self.client.headers[CSRF_HEADER] = csrf_of(token)

    def leave(self) -> TestClient[Any]:
        """Be a visitor again."""
        self.client.cookies.clear()
        self.client.headers.pop(CSRF_HEADER, None)
        self.client.headers.pop("authorization", None)
        return self.client
