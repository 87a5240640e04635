"""A small centre at work, asked without a socket: its officers, its clock, its store."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient

from truceline.app import wiring
from truceline.app.access import Access
from truceline.app.centre import Centre
from truceline.app.wiring import Store, World
from truceline.app.working import set_up
from truceline.serve.asking import csrf_of
from truceline.serve.cookies import SESSION
from truceline.serve.guarding import CSRF_HEADER
from truceline.serve.service import build
from truceline.testing.accounts import ADDRESS, cheap_access, signed_in

NOON = datetime(2020, 11, 28, 12, tzinfo=UTC)


_OPEN: list[Callable[[], Centre]] = []
"""Opens the centre that the one application is to serve next."""


@cache
def _app() -> Litestar:
    """The application, built once: each test begins and ends it with a centre of its own."""

    def open_next() -> Centre:
        return _OPEN[0]()

    nobody = cheap_access(Path(mkdtemp()) / "access.db", lambda: NOON)
    return build(open_next, nobody, wiring.static_folders(), lambda: None)


class Living:
    """A service with officers of both sides."""

    def __init__(self, client: TestClient[Any], access: Access, centre: Centre, store: Store) -> None:
        self.client, self.access, self.centre, self.store = client, access, centre, store
        self.now = NOON
        self._tokens: dict[tuple[str, str], str] = {}

    def token(self, number: str, role: str = "duty", side: str = "") -> str:
        """The session of an officer, by duty number: ``A:0001`` is of side A."""
        letter = number.split(":", maxsplit=1)[0]
        key = (number, role)
        side = side or (letter if letter in "AB" else "")
        if key not in self._tokens:
            self._tokens[key] = signed_in(self.access, number, role, side, "testclient")
        self.access.database.do("UPDATE people SET role = ?, side = ? WHERE number = ?", role, side, number)
        return self._tokens[key]

    def post(self, number: str, path: str, body: Any, *, role: str = "duty", **headers: str) -> Any:
        """Act as an officer; the answer."""
        words = {name.replace("_", "-"): value for name, value in headers.items()}
        token = self.token(number, role)
        words |= {"cookie": f"{SESSION}={token}", CSRF_HEADER: csrf_of(token)}
        return self.client.post(f"/api/v1/{path}", json=body, headers=words)

    def hand_in(self, number: str, name: str, data: bytes, release: str = "joint", key: str = "") -> Any:
        """Hand in a file as an officer; the answer."""
        token = self.token(number)
        words = {"cookie": f"{SESSION}={token}", CSRF_HEADER: csrf_of(token)}
        words |= {"idempotency-key": key} if key else {}
        return self.client.post(
            "/api/v1/items", files={"file": (name, data)}, data={"release": release}, headers=words
        )

    def get(self, number: str, path: str, *, role: str = "duty", side: str = "", **headers: str) -> Any:
        """Look as an officer; the answer."""
        words = {name.replace("_", "-"): value for name, value in headers.items()}
        if number:
            words["cookie"] = f"{SESSION}={self.token(number, role, side)}"
        return self.client.get(path if path.startswith("/") else f"/api/v1/{path}", headers=words)

    def done(self, number: str, path: str, body: Any, **more: Any) -> dict[str, Any]:
        """Act as an officer, where it must succeed."""
        answer = self.post(number, path, body, **more)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def pass_time(self, **time: float) -> None:
        """Let time pass; whoever was signed in signs in again."""
        self._tokens.clear()
        self.now += timedelta(**time)

    def settle(self) -> None:
        """Wait until conclusions are drawn from all that was done."""
        assert self.centre.work is not None
        assert self.centre.work.deriver is not None
        assert self.centre.work.deriver.settled()

    def rows(self) -> list[bytes]:
        """Every row of the read models."""
        return list(self.store.models.lines())


@contextmanager
def living(world: World, folder: Path, store: Path) -> Iterator[Living]:
    """Put a copy of a store to work.

    Args:
        world: The mission.
        folder: Where the copy goes.
        store: The folder of a run.

    Yields:
        The service.
    """
    shutil.copytree(store, folder, dirs_exist_ok=True)
    found: list[Living] = []

    def clock() -> datetime:
        return found[0].now if found else NOON

    def open_store() -> Store:
        return wiring.open_store(folder / "store.db")

    access = cheap_access(folder / "access.db", clock)
    centres: list[Centre] = []

    def open_centre() -> Centre:
        work = set_up(open_store, world, clock)
        rights = wiring.load_rights()
        centres.append(Centre(world, open_store(), rights, wiring.words_of_all(), clock, work))
        return centres[0]

    _OPEN[:] = [open_centre]
    app = _app()
    with TestClient(app, base_url=ADDRESS) as client:
        app.state.access = access
        found.append(Living(client, access, centres[0], open_store()))
        yield found[0]
