"""The service's process: what it was told, read from its environment, made into the application."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from litestar import Litestar

from truceline.app import flow, wiring
from truceline.app.centre import Centre
from truceline.app.projecting import project
from truceline.app.working import set_up
from truceline.core.access import Viewer
from truceline.core.addresses import StoreAddress, parse_store
from truceline.core.errors import ConflictError
from truceline.core.release import Realm
from truceline.serve.service import build
from truceline.serve.sessions import Sessions

_VARIABLE = "TRUCELINE_SERVICE"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a service is told.

    Args:
        mission: The mission's name or folder.
        store: ``sqlite:///FILE``, a path, or ``postgresql://…``.
        realm: The realm that the mission must be of; empty takes the mission's own.
        address: Where it answers, for the links that it prints.
        is_demo: Whether it runs the packaged inbox first and prints links for officers of A and B.
        evidence: The folder of the store's evidence; empty takes ``out/<mission>/evidence``, or the one beside a file.
    """

    mission: str
    store: str
    realm: str
    address: str
    is_demo: bool
    evidence: str = ""

    def hand_over(self) -> None:
        """Leave the settings in the environment, where the service's process finds them."""
        os.environ[_VARIABLE] = json.dumps(asdict(self))

    @property
    def place(self) -> StoreAddress:
        """Where the store is.

        Raises:
            InputError: The store is of a kind that nobody knows.
        """
        named = parse_store(self.store, Path(self.evidence) if self.evidence else None)
        return named.beside(Path("out") / Path(self.mission).name)

    @property
    def folder(self) -> Path:
        """Where all lies that is in no database, and accounts."""
        return self.place.folder or Path()


def make() -> Litestar:
    """Make the application from the settings in the environment."""
    settings = Settings(**json.loads(os.environ[_VARIABLE]))
    sessions = Sessions(now)

    def begun() -> None:
        tell(f"serving {settings.address}/")
        if settings.is_demo:
            for letter in ("A", "B"):
                viewer = Viewer(f"{letter}:0001", rights["duty"], letter)
                tell(f"an officer of {letter}: {settings.address}/sign-in/{sessions.open_link(viewer)}")

    rights = wiring.load_rights()

    def open_centre() -> Centre:
        world = wiring.open_world(settings.mission)
        if settings.realm and Realm(settings.realm) != world.mission.settings.realm:
            raise ConflictError(
                "serve.realm",
                f"the mission is of the realm '{world.mission.settings.realm}', not '{settings.realm}'",
                todo="name the mission's own realm with --realm",
            )
        store = wiring.open_store(settings.place)
        if settings.is_demo and not store.ledger.size():
            inbox = wiring.mission_folder(settings.mission) / "inbox"
            flow.run(
                world, [inbox], settings.folder, store=settings.place, known_at=None, accepted_only=False,
                say=lambda *_: None,
            )  # fmt: skip
            store.close()
            store = wiring.open_store(settings.place)
        if store.ledger.size() and not store.models.upto():
            project(store)
        work = set_up(lambda: wiring.open_store(settings.place), world, now)
        return Centre(world, store, rights, wiring.words_of_all(), now, work)

    return build(open_centre, sessions, wiring.static_folders(), begun)


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def tell(line: str) -> None:
    """Print a line to whoever started the service."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
