"""Connections of feeds, in one event loop: what comes is handed on at once, so a slow reader slows its sender."""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

from truceline.adapters.sensors.addresses import Address, parse_address
from truceline.adapters.sensors.captures import datagrams, is_pcap
from truceline.adapters.sensors.ears import Ear, Opened, Told
from truceline.adapters.sensors.topics import subscribe
from truceline.core.errors import InputError
from truceline.core.frames import Refused

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


async def attend(address: str, opened: Opened, told: Told, bound: Callable[[int], None]) -> None:
    """Hear a feed until cancelled.

    Args:
        address: See `parse_address`.
        opened: Makes an ear for each connection.
        told: Is told what happens.
        bound: Is told the port once it is listened at.
    """
    to = parse_address(address)
    if to.kind in {"tcp", "tls"}:
        await _call(to, opened, told)
    elif to.kind in {"tcp-listen", "tls-listen"}:
        await _wait(to, opened, told, bound)
    elif to.kind == "udp-listen":
        await _datagrams(to, opened, bound)
    elif to.kind == "folder":
        await _look_through(Path(to.path), opened, told)
    elif to.kind == "mqtt":
        await _again(to.text, told, lambda: subscribe(to, opened, told))
    else:
        await asyncio.Event().wait()  # what is handed in comes by the API


async def _wait(to: Address, opened: Opened, told: Told, bound: Callable[[int], None]) -> None:
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

    server = await asyncio.start_server(came, to.host, to.port, ssl=_secured(to))
    bound(server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()


async def _call(to: Address, opened: Opened, told: Told) -> None:
    async def talk() -> None:
        reader, writer = await asyncio.open_connection(to.host, to.port, ssl=_secured(to))
        told(f"{to.text}: connected")
        await _hear(reader, writer, opened(to.text), told, to.text)

    await _again(to.text, told, talk)


async def _again(name: str, told: Told, talk: Callable[[], Awaitable[None]]) -> None:
    """Call a peer for ever, the later the more often it was not reached."""
    wait_s = FIRST_S
    # feeds that went away together do not come back in the same moment; which comes when is nobody's chance
    share = 0.75 + 0.5 * int.from_bytes(hashlib.sha256(name.encode()).digest()[:2], "big") / 65_536
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        try:
            await talk()
        except (OSError, InputError) as error:
            why = error.what if isinstance(error, InputError) else error.strerror or "not reached"
            told(f"{name}: {why}; tried again in {wait_s * share:.0f} s")
        if loop.time() - began > LONGEST_S:
            wait_s = FIRST_S
        await asyncio.sleep(wait_s * share)
        wait_s = min(2 * wait_s, LONGEST_S)


def _secured(to: Address) -> ssl.SSLContext | None:
    """Return how a connection is secured; a peer's certificate is always checked where we call, and where ``ca`` is given."""
    if not to.kind.startswith("tls"):
        return None
    try:
        if to.kind == "tls":
            context = ssl.create_default_context(cafile=to.options.get("ca"))
        else:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=to.options.get("ca"))
            context.verify_mode = ssl.CERT_REQUIRED if "ca" in to.options else ssl.CERT_NONE
        if "cert" in to.options:
            context.load_cert_chain(to.options["cert"], to.options.get("key"))
    except (OSError, ssl.SSLError) as error:
        raise OSError(0, f"the certificates cannot be read: {error.strerror or error}") from error
    return context


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
                for piece in _pieces(name, path.read_bytes(), told):
                    ear = opened(name)
                    ear.take(piece)
                    ear.close()
                path.replace(_free(folder / TAKEN / name))
                told(f"{name}: taken")
        await asyncio.sleep(LOOKED_S)


def _pieces(name: str, data: bytes, told: Told) -> Iterator[bytes]:
    """Give a file whole; a capture of network traffic datagram by datagram, as it was heard, and say what of it cannot be read."""
    if not is_pcap(data):
        yield data
        return
    for part in datagrams(data):
        if isinstance(part, Refused):
            told(f"{name}, {part.offset}: {part.why}")
        else:
            yield part.data


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


async def _datagrams(to: Address, opened: Opened, bound: Callable[[int], None]) -> None:
    loop = asyncio.get_running_loop()
    local = _joined(to) if _is_group(to.host) else None
    where = None if local else (to.host, to.port)
    transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(opened), where, sock=local)
    bound(transport.get_extra_info("sockname")[1])
    try:
        await asyncio.Event().wait()
    finally:
        transport.close()


def _is_group(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_multicast
    except ValueError:
        return False


def _joined(to: Address) -> socket.socket:
    """Return a socket that belongs to a group of multicast, at the interface that the address names or at any."""
    local = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    local.setblocking(False)
    try:
        local.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        local.bind((to.host, to.port))
        ours = socket.inet_aton(to.options.get("interface", "0.0.0.0"))  # noqa: S104 - joins at any, binds to the group alone
        local.setsockopt(
            socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack("4s4s", socket.inet_aton(to.host), ours)
        )
    except OSError:
        local.close()
        raise
    return local


def _name(writer: asyncio.StreamWriter) -> str:
    peer = writer.get_extra_info("peername")
    return f"{peer[0]}:{peer[1]}" if peer else "unknown"
