"""Ask a service over HTTP as many people do: at a fixed pace however slow it is, or as fast as it answers."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


class Link:
    """A connection that stays open.

    Args:
        port: On this machine.
        head: Header lines of every request.
    """

    def __init__(self, port: int, head: str) -> None:
        self._port, self._head = port, head
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def get(self, path: str) -> int:
        """Ask once, and return how many bytes the answer has; anything but 200 ends the measurement."""
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 22)
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{self._head}\r\n".encode())
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        size = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await self._reader.readexactly(size)
        if not head.startswith(b"http/1.1 200"):
            raise SystemExit(f"{path}: {head[:40]!r} {body[:200]!r}")
        return size

    def close(self) -> None:
        """End it."""
        if self._writer is not None:
            self._writer.close()


async def paced(
    port: int, head: str, paths: Sequence[str], rate: float, n_links: int = 64, most_s: float = 60
) -> list[tuple[str, float]]:
    """Ask at a fixed pace.

    Args:
        port: The service's.
        head: Header lines of every request.
        paths: What is asked, in order.
        rate: Requests a second.
        n_links: Connections.
        most_s: How long answers are waited for after the last was asked for; what is still missing then counts as late as
            it is by then.

    Returns:
        What was asked, and milliseconds from when it should have been sent until its answer was there, so that a wait is
        counted for everybody who had to wait.
    """
    free: asyncio.Queue[Link] = asyncio.Queue()
    links = [Link(port, head) for _ in range(n_links)]
    for link in links:
        free.put_nowait(link)
    found: list[tuple[str, float]] = []
    loop = asyncio.get_running_loop()
    began = loop.time() + 0.1

    async def one(at: float, path: str) -> None:
        try:
            link = await free.get()
            await link.get(path)
            free.put_nowait(link)
        finally:
            found.append((path, (loop.time() - at) * 1000))

    asked = []
    for n, path in enumerate(paths):
        at = began + n / rate
        await asyncio.sleep(max(0.0, at - loop.time()))
        asked.append(asyncio.create_task(one(at, path)))
    done, late = await asyncio.wait(asked, timeout=most_s)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for task in done:
        task.result()
    for link in links:
        link.close()
    return found


async def flat_out(port: int, head: str, paths: Sequence[str], n_links: int = 16) -> float:
    """Ask as fast as it answers over some connections, and return the answers a second."""
    waiting = iter(paths)

    async def one() -> None:
        link = Link(port, head)
        for path in waiting:
            await link.get(path)
        link.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(n_links)))
    return len(paths) / (time.perf_counter() - began)


def family(pid: int) -> list[int]:
    """Return a process and its children."""
    found = [pid]
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text("ascii").split():
                found += family(int(child))
    return found


def memory_mb(pid: int) -> float:
    """Resident memory of a process and its children, MB; what they share is counted for each."""
    kb = 0
    for one in family(pid):
        with suppress(OSError):
            lines = Path(f"/proc/{one}/status").read_text("utf-8").splitlines()
            kb += sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return kb / 1024


def cpu_s(pid: int) -> float:
    """Seconds of processor that a process and its children have had."""
    ticks = 0
    for one in family(pid):
        with suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text("utf-8").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICK
