"""The service's process: what it was told, read from its environment, made into the application."""

from __future__ import annotations

import json
import os
import sys
import webbrowser
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from litestar import Litestar

from truceline.app import flow, wiring
from truceline.app.access import FILE, open_access
from truceline.app.accounts import FIRST, first_link
from truceline.app.centre import Centre
from truceline.app.demo_officers import demo_link
from truceline.app.projecting import project
from truceline.app.working import set_up
from truceline.core.addresses import StoreAddress, parse_store
from truceline.core.errors import ConflictError
from truceline.core.release import Realm
from truceline.serve.service import Reached, build

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
        names: Names by which others reach it, for example ``centre.example``.
        is_secure: Whether browsers come by TLS, ours or a proxy's.
        is_behind_proxy: Whether a proxy hands requests on.
        evidence: The folder of the store's evidence; empty takes ``out/<mission>/evidence``, or the one beside a file.
        witnesses: Name in the policy -> address of each witness that is asked to cosign.
        is_opened: Whether the first link is opened in this machine's browser.
        is_deriving: Whether it draws conclusions itself, and no ``truceline work`` on the same store does.
        is_live: Whether feeds are heard too that were made up for an example.
    """

    mission: str
    store: str
    realm: str
    address: str
    is_demo: bool
    names: tuple[str, ...] = ()
    is_secure: bool = False
    is_behind_proxy: bool = False
    evidence: str = ""
    witnesses: dict[str, str] = field(default_factory=dict)
    is_opened: bool = False
    is_deriving: bool = True
    is_live: bool = False

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

    @property
    def origins(self) -> tuple[str, ...]:
        """Addresses under which browsers reach it; passkeys are bound to them."""
        own = urlsplit(self.address)
        named = [f"https://{name}" for name in self.names] if self.is_secure else []
        ported = [f"https://{name}:{own.port}" for name in self.names] if self.is_secure and own.port else []
        local = f"{own.scheme}://localhost" + (f":{own.port}" if own.port else "")
        return tuple(dict.fromkeys([self.address, local, *named, *ported]))


def make() -> Litestar:
    """Make the application from the settings in the environment."""
    settings = Settings(**json.loads(os.environ[_VARIABLE]))
    rights = wiring.load_rights()
    mission = wiring.load_mission(settings.mission)
    realm = mission.settings.realm
    access = open_access(settings.folder / FILE, realm, now, settings.origins)

    def begun() -> None:
        tell(f"serving {settings.address}/")
        links = {}
        if settings.is_demo:
            for letter in sorted(one.letter for one in mission.delegations):
                links[f"an officer of {letter}"] = f"/sign-in/{demo_link(access, letter)}"
        elif word := first_link(access):
            links[f"nobody can sign in yet; the technician {FIRST} sets up"] = f"/set-up/{word}"
        for who, link in links.items():
            tell(f"{who}: {settings.address}{link}")
        if settings.is_opened:
            webbrowser.open(settings.address + next(iter(links.values()), "/"))

    def open_centre() -> Centre:
        world = wiring.open_world(settings.mission)
        if settings.realm and Realm(settings.realm) != world.mission.settings.realm:
            raise ConflictError(
                "serve.realm",
                f"the mission is of the realm '{world.mission.settings.realm}', not '{settings.realm}'",
                todo="name the mission's own realm with --realm",
            )
        store = wiring.open_store(settings.place)
        inbox = wiring.mission_folder(settings.mission) / "inbox"
        if settings.is_demo and not store.ledger.size() and inbox.is_dir():
            flow.run(
                world, [inbox], settings.folder, store=settings.place, known_at=None, accepted_only=False,
                say=lambda *_: None,
            )  # fmt: skip
            store.close()
            store = wiring.open_store(settings.place)
        if store.ledger.size() and not store.models.upto():
            project(store)
        work = set_up(
            lambda: wiring.open_store(settings.place), world, now, settings.witnesses,
            is_deriving=settings.is_deriving, spool=settings.folder / "spool", is_live=settings.is_live,
        )  # fmt: skip
        return Centre(world, store, rights, wiring.words_of_all(), now, work)

    reached = Reached(frozenset(settings.names), settings.is_secure, settings.is_behind_proxy)
    return build(open_centre, access, wiring.static_folders(), begun, reached)


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def tell(line: str) -> None:
    """Print a line to whoever started the service."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
