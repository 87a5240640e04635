"""Connections of feeds over TCP and UDP, in one event loop: what comes is handed on at once, so a slow reader slows its sender."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from truceline.core.errors import InputError

KINDS = ("tcp", "tcp-listen", "udp-listen")
FOLDER = "folder"
TAKEN = "taken"
"""Where files of a folder go once they were heard, beneath it."""
LOOKED_S = 1.0
"""How often a folder is looked through; a file is taken once it has stopped growing."""
MOST_FILE = 64_000_000
MOST_PEERS = 64
"""Connections that one feed is given; the others are closed at once."""
IDLE_S = 120.0
"""How long a peer may say nothing before its connection is closed."""
FIRST_S, LONGEST_S = 0.5, 30.0
"""How long is waited before a call is tried again, at first and at most."""
_CHUNK = 1 << 16


class Ear(Protocol):
    """Hears one connection."""

    def take(self, data: bytes) -> bytes | None:
        """Hear bytes; returns what is answered, or None where the connection is of no use any more."""

    def close(self) -> None:
        """Hear that it ended."""


Opened = Callable[[str], Ear]
"""Makes the ear of a connection from the name of its peer."""
Told = Callable[[str], None]
"""Is told in one line what happens to a connection."""


def parse_address(text: str) -> tuple[str, str, int]:
    """Read the address of a feed.

    Args:
        text: ``tcp://HOST:PORT``, ``tcp-listen://HOST:PORT``, ``udp-listen://HOST:PORT`` or ``folder:///PATH``.

    Returns:
        Kind, host or path, and port; port 0 lets the system choose one to listen at.

    Raises:
        InputError: It is none of these.
    """
    parts = urlsplit(text)
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme == FOLDER and not parts.netloc and parts.path.startswith("/"):
        return FOLDER, parts.path, 0
    if parts.scheme not in KINDS or not parts.hostname or port is None:
        raise InputError(
            "feed.address", "this is no address of a feed", where=text[:80],
            todo="write tcp://HOST:PORT, tcp-listen://HOST:PORT, udp-listen://HOST:PORT or folder:///PATH",
        )  # fmt: skip
    return parts.scheme, parts.hostname, port


async def attend(address: str, opened: Opened, told: Told, bound: Callable[[int], None]) -> None:
    """Hear a feed until cancelled.

    Args:
        address: See `parse_address`.
        opened: Makes an ear for each connection.
        told: Is told what happens.
        bound: Is told the port once it is listened at.
    """
    kind, host, port = parse_address(address)
    if kind == "tcp":
        await _call(host, port, opened, told)
    elif kind == FOLDER:
        await _look_through(Path(host), opened, told)
    elif kind == "tcp-listen":
        await _wait(host, port, opened, told, bound)
    else:
        await _datagrams(host, port, opened, bound)


async def _wait(host: str, port: int, opened: Opened, told: Told, bound: Callable[[int], None]) -> None:
    n_peers = 0

    async def came(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal n_peers
        name = _name(writer)
        if n_peers >= MOST_PEERS:
            told(f"{name}: refused, {MOST_PEERS} connections are open")
            writer.close()
            return
        n_peers += 1
        try:
            # at the end of all, the loop of Python 3.11 would print that a connection was cancelled as if it were a fault
            with suppress(asyncio.CancelledError):
                await _hear(reader, writer, opened(name), told, name)
        finally:
            n_peers -= 1

    server = await asyncio.start_server(came, host, port)
    bound(server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()


async def _call(host: str, port: int, opened: Opened, told: Told) -> None:
    name, wait_s = f"{host}:{port}", FIRST_S
    # feeds that went away together do not come back in the same moment; which comes when is nobody's chance
    share = 0.75 + 0.5 * int.from_bytes(hashlib.sha256(name.encode()).digest()[:2], "big") / 65_536
    while True:
        try:
            reader, writer = await asyncio.open_connection(host, port)
        except OSError as error:
            told(f"{name}: {error.strerror or 'not reached'}; tried again in {wait_s * share:.0f} s")
        else:
            told(f"{name}: connected")
            wait_s = FIRST_S
            await _hear(reader, writer, opened(name), told, name)
        await asyncio.sleep(wait_s * share)
        wait_s = min(2 * wait_s, LONGEST_S)


async def _hear(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ear: Ear, told: Told, name: str
) -> None:
    why = "ended"
    try:
        while True:
            data = await asyncio.wait_for(reader.read(_CHUNK), IDLE_S)
            if not data:
                break
            answer = ear.take(data)
            if answer is None:
                why = "closed, its bytes hold no message any more"
                break
            if answer:
                writer.write(answer)
                await asyncio.wait_for(writer.drain(), IDLE_S)
    except TimeoutError:
        why = f"closed, it said nothing for {IDLE_S:.0f} s"
    except OSError as error:
        why = error.strerror or "lost"
    finally:
        ear.close()
        told(f"{name}: {why}")
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()


async def _look_through(folder: Path, opened: Opened, told: Told) -> None:
    """Hear each new file of a folder as a connection of its own, then put it aside."""
    sizes = dict[str, int]()
    (folder / TAKEN).mkdir(parents=True, exist_ok=True)
    while True:
        there = _files(folder)
        sizes = {name: size for name, size in sizes.items() if name in there}
        for name, path in there.items():
            size = path.stat().st_size
            if sizes.get(name) != size:
                sizes[name] = size
            elif size > MOST_FILE:
                told(f"{name}: left alone, it is larger than {MOST_FILE} bytes")
                sizes[name] = -1
            else:
                ear = opened(name)
                ear.take(path.read_bytes())
                ear.close()
                path.replace(_free(folder / TAKEN / name))
                told(f"{name}: taken")
        await asyncio.sleep(LOOKED_S)


def _files(folder: Path) -> dict[str, Path]:
    return {path.name: path for path in sorted(folder.iterdir()) if path.is_file() and path.name[0] != "."}


def _free(path: Path) -> Path:
    """Return a path that nothing holds: the same, or with a number behind it."""
    n, found = 1, path
    while found.exists():
        n += 1
        found = path.with_name(f"{path.stem}.{n}{path.suffix}")
    return found


class _Datagrams(asyncio.DatagramProtocol):
    """Every datagram is a stream of its own: what is cut off in one does not go on in the next."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        ear = self._opened(f"{addr[0]}:{addr[1]}")
        ear.take(data)
        ear.close()


async def _datagrams(host: str, port: int, opened: Opened, bound: Callable[[int], None]) -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(opened), (host, port))
    bound(transport.get_extra_info("sockname")[1])
    try:
        await asyncio.Event().wait()
    finally:
        transport.close()


def _name(writer: asyncio.StreamWriter) -> str:
    peer = writer.get_extra_info("peername")
    return f"{peer[0]}:{peer[1]}" if peer else "unknown"
