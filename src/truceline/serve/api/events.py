"""Server-sent events: what changed, to every console that listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
from litestar import get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.response import Stream

from truceline.app.telling import Changed, changed, since
from truceline.core.access import ForbiddenError
from truceline.core.errors import InputError
from truceline.core.rows import Recipient
from truceline.ledger.log import RecordItem
from truceline.serve.asking import Asked, Question
from truceline.serve.needs import does

HEARTBEAT_S = 15.0
"""How often a line without meaning is sent, so that a dead connection is noticed on both sides."""
LASTS_S = 300.0
"""How long one connection lives; the console comes back by itself, and whoever has signed out does not."""
MOST_WAITING = 1_000
"""Messages that may wait for a slow listener; then it is told to look at everything anew."""

RESET = b"event: reset\ndata: {}\n\n"


@dataclass(eq=False)
class _Listener:
    recipient: Recipient
    waiting: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))


class Hub:
    """Tells listeners what changed. Lives in the service's event loop."""

    def __init__(self) -> None:
        self._listeners: set[_Listener] = set()

    def __len__(self) -> int:
        return len(self._listeners)

    def publish(self, items: Sequence[RecordItem]) -> None:
        """Tell everybody what they may know; each recipient's message is made once."""
        made: dict[Recipient, bytes] = {}
        for listener in self._listeners:
            if listener.recipient not in made:
                made[listener.recipient] = written(changed(items, listener.recipient))
            message = made[listener.recipient]
            if not message:
                continue
            if listener.waiting.full():
                while not listener.waiting.empty():
                    listener.waiting.get_nowait()
                message = RESET
            listener.waiting.put_nowait(message)

    async def listen(self, recipient: Recipient, missed: Callable[[], bytes]) -> AsyncIterator[bytes]:
        """Give the messages for a recipient as they come.

        Args:
            recipient: Who listens.
            missed: Gives what the listener missed; asked once it listens, so that nothing is lost in between.

        Yields:
            Messages of the stream.
        """
        listener = _Listener(recipient)
        self._listeners.add(listener)
        loop = asyncio.get_running_loop()
        until = loop.time() + LASTS_S
        try:
            yield b"retry: 1000\n: listening\n\n" + missed()
            while loop.time() < until:
                try:
                    yield await asyncio.wait_for(listener.waiting.get(), HEARTBEAT_S)
                except TimeoutError:
                    yield b": still here\n\n"
        finally:
            self._listeners.discard(listener)


@get("/api/v1/events", name="api.events", opt=does("subscribe"), media_type="text/event-stream")
async def events(request: Asked, question: NamedDependency[Question], state: State) -> Stream:
    """Tell what changes from now on, or since an entry: type, id and place of each entry that one may know of.

    The entry is ``after`` in the address (what a page already shows), or ``Last-Event-ID`` where the listener comes back.
    """
    if not question.viewer.may_do("subscribe"):
        raise ForbiddenError("access.does", f"the role '{question.viewer.role.name}' does not subscribe")
    recipient = question.centre.recipient(question.viewer)
    asked = _entry(request)
    last = question.centre.store.models.upto() - 1 if asked is None else asked

    def missed() -> bytes:
        # the number goes first, so that who is cut off before anything happened misses nothing either
        found, is_whole = since(question.centre.store, last, recipient)
        return (b"id: %d\n\n" % max(last, 0) + written(found)) if is_whole else RESET

    hub: Hub = state.hub
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(hub.listen(recipient, missed), media_type="text/event-stream", headers=headers)


def _entry(request: Asked) -> int | None:
    header = request.headers.get("last-event-id", "").strip()
    asked, where = (header, "Last-Event-ID") if header else (request.query_params.get("after", ""), "after")
    if not asked:
        return None
    if asked == "-1":
        return -1
    if not asked.isdecimal() or len(asked) > len(str(2**53)):
        raise InputError("events.last", f"'{asked[:40]}' is no entry", where=where)
    return int(asked)


def written(found: Iterable[Changed]) -> bytes:
    """Write changes as messages of the stream; the number of each is its entry's place."""
    encode = msgspec.json.encode
    return b"".join(
        b"id: %d\nevent: %s\ndata: %s\n\n" % (one.index, one.type.encode(), encode(one)) for one in found
    )


ROUTES = (events,)
"""Every route of this module."""
