"""Connections of feeds on the loopback: whoever is silent, too many or broken harms nobody else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from truceline.adapters.sensors import streams
from truceline.core.errors import InputError


class Ear:
    """Writes down what it hears; answers in capitals; gives up at ``stop``."""

    def __init__(self, heard: dict[str, bytes], peer: str) -> None:
        self.heard, self.peer = heard, peer
        heard.setdefault(peer, b"")

    def take(self, data: bytes) -> bytes | None:
        self.heard[self.peer] += data
        return None if b"stop" in data else data.upper()

    def close(self) -> None:
        self.heard[self.peer] += b"|"


def attended(
    address: str, does: Callable[[int, dict[str, bytes], list[str]], Awaitable[Any]]
) -> tuple[dict[str, bytes], list[str]]:
    """Attend a feed while something is done; returns what was heard, by peer, and what was told."""
    heard, told = dict[str, bytes](), list[str]()

    async def main() -> None:
        bound = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(
            streams.attend(address, lambda peer: Ear(heard, peer), told.append, bound.set_result)
        )
        port = 0 if address.startswith(("tcp://", "folder:")) else await asyncio.wait_for(bound, 5)
        await does(port, heard, told)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(main())
    return heard, told


async def until(true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come about")


def test_what_comes_is_heard_and_answered() -> None:
    async def does(port: int, heard: dict[str, bytes], told: list[str]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"abc")
        assert await reader.readexactly(3) == b"ABC"
        writer.close()
        await until(lambda: b"abc|" in heard.values() and bool(told))

    attended("tcp-listen://127.0.0.1:0", does)


def test_a_connection_that_is_of_no_use_is_closed_and_others_go_on() -> None:
    async def does(port: int, heard: dict[str, bytes], told: list[str]) -> None:
        good_reader, good = await asyncio.open_connection("127.0.0.1", port)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"stop")
        assert await reader.read() == b""
        good.write(b"x")
        assert await good_reader.readexactly(1) == b"X"
        assert any("hold no message" in line for line in told)
        good.close()
        writer.close()

    attended("tcp-listen://127.0.0.1:0", does)


def test_who_says_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "IDLE_S", 0.1)

    async def does(port: int, heard: dict[str, bytes], told: list[str]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await asyncio.wait_for(reader.read(), 5) == b""
        assert "said nothing" in told[0]
        writer.close()

    attended("tcp-listen://127.0.0.1:0", does)


def test_more_connections_than_a_feed_has_are_closed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_PEERS", 3)

    async def does(port: int, heard: dict[str, bytes], told: list[str]) -> None:
        links = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        await until(lambda: len(heard) == 3)
        for _ in range(50):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await asyncio.wait_for(reader.read(), 5) == b""
            writer.close()
        links[0][1].write(b"still")
        assert await links[0][0].readexactly(5) == b"STILL"
        assert len(heard) == 3
        for _, writer in links:
            writer.close()

    attended("tcp-listen://127.0.0.1:0", does)


def test_a_datagram_is_a_stream_of_its_own() -> None:
    async def does(port: int, heard: dict[str, bytes], told: list[str]) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            for data in (b"one", b"two"):
                link.sendto(data, ("127.0.0.1", port))
            await until(lambda: list(heard.values()) == [b"one|two|"])

    attended("udp-listen://127.0.0.1:0", does)


def test_a_sensor_that_is_called_is_called_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "FIRST_S", 0.05)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = int(held.getsockname()[1])
    n_called = 0

    async def does(_: int, heard: dict[str, bytes], told: list[str]) -> None:
        await until(lambda: any("tried again" in line for line in told))

        async def came(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal n_called
            n_called += 1
            writer.write(b"hello")
            await writer.drain()
            writer.close()

        async with await asyncio.start_server(came, "127.0.0.1", port):
            await until(lambda: n_called >= 2 and b"hello|hello|" in next(iter(heard.values()), b""))

    attended(f"tcp://127.0.0.1:{port}", does)


@pytest.mark.parametrize(
    "text",
    ["", "radar", "http://localhost:80", "tcp://host", "tcp://:80", "udp-listen://h:99999", "folder://here"],
)
def test_an_address_that_is_none_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError, match="no address of a feed"):
        streams.parse_address(text)
