"""``truceline serve``: the centre's service and console, or the pages of a run."""

from __future__ import annotations

import importlib.util
import ipaddress
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from truceline.cli import options
from truceline.core.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from truceline.serve.main import Settings

_LOOPBACK = "localhost"
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, never bound by default


@click.command("serve")
@click.option(
    "--mission", "mission_name", metavar="NAME|FOLDER", help="A packaged mission or a pack's folder."
)
@options.store
@click.option("--bind", default="localhost:8460", show_default=True, metavar="HOST:PORT")
@click.option(
    "--realm", type=click.Choice(["live", "exercise", "demo"]), help="Refuse a mission of another one."
)
@click.option(
    "--demo", "is_demo", is_flag=True, help="Run the packaged inbox into an empty store; print sign-in links."
)
@click.option(
    "--tls-cert", type=click.Path(path_type=Path, exists=True), metavar="FILE", help="Certificate (PEM)."
)
@click.option(
    "--tls-key", type=click.Path(path_type=Path, exists=True), metavar="FILE", help="Its key (PEM)."
)
@click.option("--behind-proxy", is_flag=True, help="A proxy before this service does TLS.")
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST",
    help="A name that others reach it by; may be given often.",
)
@options.witnesses
@click.option("--no-work", is_flag=True, help="Conclusions are drawn by `truceline work` on the same store.")
@click.option(
    "--folder", type=click.Path(path_type=Path), metavar="DIR", help="Serve only the pages that a run wrote."
)
def command(
    mission_name: str | None,
    store_path: str | None,
    bind: str,
    realm: str | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    folder: Path | None,
    witnesses: dict[str, str],
    *,
    names: tuple[str, ...],
    is_demo: bool,
    behind_proxy: bool,
    no_work: bool,
) -> None:
    """Serve the centre of a mission until Ctrl-C: watch, board, map and API.

    \b
    Examples:
      truceline serve --mission karabakh-2020 --store sqlite:///out/karabakh-2020/store.db --demo
      truceline serve --mission missions/ours --store postgresql://localhost/centre --witness A=http://localhost:8470
      truceline serve --folder out/karabakh-2020
    """  # noqa: D301
    if folder is not None:
        _serve_folder(folder, bind)
        return
    if mission_name is None:
        raise InputError("serve.mission", "no mission was named", todo="give --mission NAME, or --folder DIR")
    host, port = address_of(bind)
    has_tls = tls_cert is not None and tls_key is not None
    if not (is_loopback(host) or has_tls or behind_proxy):
        raise InputError(
            "serve.tls",
            "an address that others reach needs TLS",
            where=bind,
            todo="give --tls-cert and --tls-key, or --behind-proxy where a proxy does it",
        )
    if not has_service():
        raise MissingExtraError(
            "extra.serve", "the service needs the extra 'serve'", todo='pip install "truceline[serve]"'
        )
    from truceline.serve.main import Settings  # noqa: PLC0415 - only where it is served

    refuse_taken(host, port, bind)
    store = options.store_of(store_path, mission_name)
    address = f"{'https' if has_tls else 'http'}://{bind}"
    if not is_loopback(host) and host not in _EVERYWHERE:
        names = (*names, bind.rpartition(":")[0])
    if not is_loopback(host) and not names:
        click.echo(
            "truceline: only this machine is answered: give --name HOST for each name that others use",
            err=True,
        )
    if behind_proxy and names:
        address = f"https://{names[0]}"
    settings = Settings(
        mission_name, store.text, realm or "", address, is_demo, tuple(name.lower() for name in names),
        has_tls or (behind_proxy and bool(names)), behind_proxy, str(store.evidence or ""),
        witnesses, is_deriving=not no_work,
    )  # fmt: skip
    run_service(settings, host, port, tls_cert, tls_key)


def run_service(
    settings: Settings, host: str, port: int, tls_cert: Path | None = None, tls_key: Path | None = None
) -> None:
    """Serve until Ctrl-C.

    Args:
        settings: What the service is told.
        host: The address to listen on.
        port: Its port.
        tls_cert: Certificate (PEM), or None.
        tls_key: Its key (PEM), or None.
    """
    from granian import Granian  # noqa: PLC0415 - only where it is served
    from granian.constants import Interfaces  # noqa: PLC0415

    settings.folder.mkdir(parents=True, exist_ok=True)
    settings.hand_over()
    Granian(
        "truceline.serve.main:make",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=1,
        respawn_failed_workers=True,
        log_access=False,
        ssl_cert=tls_cert,
        ssl_key=tls_key,
        websockets=False,
    ).serve()


def run_alone(
    mission: str, out: Path, bind: str, *, has_officers: bool, opens: bool, is_live: bool = False
) -> None:
    """Serve a mission on this machine alone until Ctrl-C.

    Args:
        mission: Its name or its pack's folder.
        out: The folder that it was run into.
        bind: ``HOST:PORT`` on the loopback.
        has_officers: Whether links are printed that sign in an officer of each delegation.
        opens: Whether the first link is opened in the browser.
        is_live: Whether feeds are heard that were made up for an example.

    Raises:
        InputError: Others reach the address, or another program listens there.
    """
    from truceline.serve.main import Settings  # noqa: PLC0415 - only where it is served

    host, port = address_of(bind)
    if not is_loopback(host):
        raise InputError(
            "start.bind", "a mission of one's own is served on this machine alone", where=bind,
            todo="for others to reach it: truceline serve with --tls-cert and --tls-key",
        )  # fmt: skip
    refuse_taken(host, port, bind)
    run_service(
        Settings(
            mission,
            str(out / "store.db"),
            "",
            f"http://{bind}",
            has_officers,
            is_opened=opens,
            is_live=is_live,
        ),
        host,
        port,
    )


def has_service() -> bool:
    """Say whether the parts of the service are installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("granian", "litestar"))


def refuse_taken(host: str, port: int, bind: str) -> None:
    """Refuse an address that another program answers: the server would share it, and each would get half the requests.

    Args:
        host: The address to listen on.
        port: Its port.
        bind: Both, as they were given.

    Raises:
        InputError: Another program listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InputError(
                "serve.taken",
                f"cannot listen there: {error.strerror}",
                where=bind,
                todo="end the program that does, or give another --bind HOST:PORT",
            ) from error


def _serve_folder(folder: Path, bind: str) -> None:
    from truceline.app import front, wiring  # noqa: PLC0415

    try:
        wiring.serve_folder(
            folder, bind, front.front_page(folder), lambda address: click.echo(f"serving {address}")
        )
    except KeyboardInterrupt:
        click.echo("stopped")


def address_of(bind: str) -> tuple[str, int]:
    """Read an address to listen on.

    Args:
        bind: ``HOST:PORT``.

    Returns:
        Host and port.

    Raises:
        InputError: It is none.
    """
    host, _, port = bind.rpartition(":")
    if not host or not port.isdecimal():
        raise InputError(
            "serve.bind", "is no address to listen on", where=bind, todo="write it as localhost:8460"
        )
    return ("127.0.0.1" if host == _LOOPBACK else host.strip("[]")), int(port)


def is_loopback(host: str) -> bool:
    """Say whether an address is reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
