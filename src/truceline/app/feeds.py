"""The feeds of a running service: heard in a thread of their own, sealed as segments, shown as a board and as tracks.

A message is on the spool before anything is shown of it. Every hour, and when the service ends, a spool becomes a segment: a table
among the evidence whose hash stands in the record. What a service left behind when it was cut off is sealed when it starts.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from truceline.app import wiring
from truceline.app.acts import Plan
from truceline.app.alerting import TYPES, AlertBook, raised, recorded
from truceline.app.blasting import FORMAT as ARRIVALS
from truceline.app.blasting import Blasting, Found, find
from truceline.app.cameras import FORMAT as CAMERAS
from truceline.app.cameras import Cameras
from truceline.app.decoding import decoder_of
from truceline.app.expected import FORMAT, Expected
from truceline.app.gaps import Gaps
from truceline.app.hearing import SEGMENT_BYTES, Hearing, feed_names
from truceline.app.replaying import recalled, replay
from truceline.app.wiring import Store
from truceline.core.errors import InputError, TrucelineError
from truceline.core.feeds import SILENT, Counts, Feed, Fence, Happening
from truceline.core.frames import Frame, Heard
from truceline.core.ids import identify
from truceline.core.mission import Mission
from truceline.core.release import Realm, may_receive
from truceline.core.rows import Recipient
from truceline.core.sensed import Alert, FeedState, Replay, Way
from truceline.core.times import ValidAt, from_epoch
from truceline.detect.framing import Cutter
from truceline.geo.areas import Area
from truceline.geo.plane import Plane
from truceline.ledger.entry import Statement, sha256_hex
from truceline.ledger.log import RecordItem

TICK_S = 0.8
"""How often what came is made a scan: a little oftener than sensors turn, so that a picture is never a second old."""
SEGMENT_S = 3600
SELDOM = frozenset({FORMAT, ARRIVALS, CAMERAS})
"""Formats of feeds that speak when there is something to say: their silence means nothing."""
AGAIN_S = 5.0
"""How long is waited where an address cannot be listened at."""
_WRITTEN_S = 30.0
_LOG = logging.getLogger("truceline")


class _Ear:
    """Hears one connection of a feed."""

    def __init__(self, hearing: Hearing, peer: str, now: Callable[[], float]) -> None:
        self._hearing, self._peer, self._now = hearing, peer, now
        self._cutter: Cutter = hearing.opened()

    def take(self, data: bytes) -> bytes | None:
        return self._hearing.take(self._cutter, data, self._peer, self._now())

    def close(self) -> None:
        self._hearing.closed(self._cutter, self._peer, self._now())


class Feeds:
    """Hears the feeds of a mission.

    Args:
        open_store: Opens the store; called in this thread, to see what stands in the record.
        mission: The pack; its feeds and fences.
        folder: Where spools lie.
        clock: Tells the time.
        write: Hands entries to the writer.
    """

    def __init__(
        self, open_store: Callable[[], Store], mission: Mission, folder: Path, clock: Callable[[], datetime],
        write: Callable[[Plan], Future[None]],
    ) -> None:  # fmt: skip
        self._open_store = open_store
        self._mission = mission
        self._folder = folder
        self._clock = clock
        self._write = write
        west, south, east, north = mission.settings.box
        self._plane = Plane((west + east) / 2, (south + north) / 2)
        self._hearings: list[Hearing] = []
        self._board: tuple[FeedState, ...] = ()
        self._silent: dict[str, float] = {}
        self._gaps = Gaps()
        self._expected = Expected(self._plane, self._gaps)
        self._cameras: dict[str, Cameras] = {}
        self._blasting: dict[str, Blasting] = {}
        self._locating: dict[str, tuple[tuple[Frame, ...], asyncio.Task[Found]]] = {}
        self._began_s = 0.0
        self.alerts = AlertBook()
        self._replaying = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feeds", daemon=True)

    @property
    def is_any(self) -> bool:
        """Whether the mission has feeds."""
        return bool(self._mission.feeds)

    def start(self) -> None:
        """Begin; returns at once. Without a feed nothing is begun."""
        if self.is_any:
            self._thread.start()

    def close(self) -> None:
        """End: what was heard is sealed."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(timeout=60)

    def told(self, items: Sequence[RecordItem]) -> None:
        """Hear of new entries; see `Writer`."""
        for item in items:
            self.alerts.take(item)

    def board(self, recipient: Recipient) -> tuple[FeedState, ...]:
        """Return the feeds that a recipient may know of; outside nobody does."""
        return tuple(one for one in self._board if self._may(one.feed, recipient))

    def ways(self, recipient: Recipient) -> tuple[Way, ...]:
        """Return the tracks that a recipient may see: never anybody outside (MISSION rule 20)."""
        return tuple(way for one in self._hearings if self._may(one.feed, recipient) for way in one.ways)

    def shown_alerts(self, recipient: Recipient) -> list[Alert]:
        """Return the alerts that a recipient may know of, the newest first."""
        feeds = {one.id: one for one in self._mission.feeds}
        return [
            one for one in self.alerts.newest() if one.feed in feeds and self._may(feeds[one.feed], recipient)
        ]

    def replayed(self, recipient: Recipient, since: datetime, until: datetime) -> Replay:
        """Follow anew what was heard in a stretch of time; see `core.sensed.Sensing`."""
        feeds = [one for one in self._mission.feeds if self._may(one, recipient)]
        with self._replaying:
            store = self._open_store()
            try:
                return replay(store, feeds, self._plane, self._folder, since.timestamp(), until.timestamp())
            finally:
                store.close()

    def hand_in(self, recipient: Recipient, feed: str, data: bytes, sender: str) -> tuple[Counts, list[str]]:
        """Take bytes for a feed that is handed in; see `core.sensed.Sensing`."""
        one = next(
            (one for one in self._hearings if one.feed.id == feed and self._may(one.feed, recipient)), None
        )
        if one is None or not wiring.is_handed_in(one.feed.address) or self._loop is None:
            raise InputError("feed.none", "there is no such feed that is handed in", where=feed[:80])
        return asyncio.run_coroutine_threadsafe(self._handed(one, data, sender), self._loop).result(
            _WRITTEN_S
        )

    async def _handed(self, one: Hearing, data: bytes, sender: str) -> tuple[Counts, list[str]]:
        before, one.refusals = replace(one.counts), deque(maxlen=one.refusals.maxlen)
        ear = _Ear(one, sender, self._now)
        ear.take(data)
        ear.close()
        one.sync()
        one.notes.append(f"{sender}: {len(data)} bytes handed in")
        became = {name: getattr(one.counts, name) - getattr(before, name) for name in Counts.__slots__}
        return Counts(**became), list(one.refusals)

    def _may(self, feed: Feed, recipient: Recipient) -> bool:
        realm: Realm = self._mission.settings.realm
        return is_inside(recipient) and may_receive(
            recipient.word, owner=feed.owner, release=feed.release, realm=recipient.realm, of_realm=realm
        )

    def _now(self) -> float:
        return self._clock().timestamp()

    def _run(self) -> None:
        try:
            self._began_s = self._now()
            self._hearings = list(self._made())
            self._seal_left()
            store = self._open_store()
            try:
                self._recall(store)
            finally:
                store.close()
            asyncio.run(self._main())
        except Exception:  # noqa: BLE001 - the service goes on without feeds; the log has it all
            _LOG.exception("the feeds cannot be heard any more")

    def _made(self) -> list[Hearing]:
        fences = self._fences()
        made = list[Hearing]()
        for feed in self._mission.feeds:
            try:
                decoder = decoder_of(feed.format)
                wiring.parse_address(feed.address)
            except TrucelineError as error:
                _LOG.warning("%s is not heard: %s", feed.id, error)
                continue
            made.append(Hearing(feed, decoder, self._plane, fences, self._folder, self._framed(feed)))
        return made

    def _framed(self, feed: Feed) -> Callable[[Frame], None] | None:
        """Who else is told of the messages of a feed."""
        if feed.format == ARRIVALS:
            self._blasting[feed.id] = Blasting(feed.id)
            return self._blasting[feed.id].take
        if feed.format == CAMERAS:
            self._cameras[feed.id] = Cameras(feed.id)
            return self._cameras[feed.id].take
        return self._expected.take if feed.format == FORMAT else None

    def _fences(self) -> list[tuple[Fence, Area]]:
        today = f"{self._clock():%Y-%m-%d}"
        lines = {line.id: line for line in self._mission.lines}
        found = list[tuple[Fence, Area]]()
        for fence in self._mission.fences:
            line = lines[fence.area]
            if (fence.since or "") <= today <= (fence.until or "9999"):
                width_m = 1000 * float(line.width_km or 0)
                found.append((fence, Area(line.geometry, self._plane, width_m)))
        return found

    def _recall(self, store: Store) -> None:
        """Read from the record which alerts stand, what was notified, and when nobody looked: since a feed was heard last too."""
        until_us = dict[str, int]()
        for item in recorded(store, TYPES | {"segment"}):
            self.alerts.take(item)
            body = (item.payload or {}).get("body", {})
            feed = str(body.get("feed", ""))
            if item.type == "segment":
                until_us[feed] = int(body["until_us"])
                self._gaps.begin(feed, int(body["from_us"]) / 1e6)
                path = store.evidence.path(str(body["sha256"]))
                for frame in recalled(body, path, self._began_s):
                    if body["format"] == FORMAT:
                        self._expected.take(frame)
                    elif feed in self._cameras:
                        self._cameras[feed].recall(frame)
            elif item.type == "exposure" and "cause" in body and "camera" not in body:
                self._gaps.add(feed, int(body["from_us"]) / 1e6, int(body["until_us"]) / 1e6)
        for one in self._hearings:
            if (since_us := until_us.get(one.feed.id)) is not None:
                self._gap(one.feed, since_us / 1e6, self._began_s, "not_listening")

    def _seal_left(self) -> None:
        feeds = feed_names(self._mission.feeds)
        for name, from_us, path in wiring.spools(self._folder):
            if name in feeds:
                self._seal(feeds[name], path, from_us, None)

    async def _main(self) -> None:
        tasks = [asyncio.create_task(self._attend(one)) for one in self._hearings]
        self._loop = loop = asyncio.get_running_loop()
        due = loop.time()
        while not self._ending.is_set():
            due = max(due + TICK_S, loop.time())
            await asyncio.sleep(due - loop.time())
            await self._tick()
        self._loop = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for one in self._hearings:
            self._turn(one)

    async def _attend(self, hearing: Hearing) -> None:
        while True:
            try:
                await wiring.attend(
                    hearing.feed.address,
                    lambda peer: _Ear(hearing, peer, self._now),
                    hearing.notes.append,
                    lambda port: setattr(hearing, "port", port),
                )
            except OSError as error:
                hearing.notes.append(f"{hearing.feed.address}: {error.strerror or error}")
                hearing.port = -1
            except Exception:  # noqa: BLE001 - one feed's defect is no other's
                _LOG.exception("%s ended", hearing.feed.id)
            await asyncio.sleep(AGAIN_S)

    async def _tick(self) -> None:
        now_s = self._now()
        for one in self._hearings:
            try:
                found = one.look(now_s, TICK_S)
                self._expected.match(one)
                for what, raw in found:
                    self._raise(one.feed, replace(what, movement=self._expected.of(what.track)), raw)
                one.sync()
                if self._is_full(one, now_s) and (left := one.turn()):
                    await asyncio.to_thread(self._seal, one.feed, *left)
            except TrucelineError as error:
                _LOG.warning("%s: %s", one.feed.id, error)
            except OSError as error:
                one.notes.append(f"the spool cannot be written: {error.strerror}")
            self._listen_for_silence(one, now_s)
            self._look_besides(one, now_s)
        self._miss(now_s)
        self._board = tuple(self._state(one) for one in self._hearings)

    def _look_besides(self, one: Hearing, now_s: float) -> None:
        """Tell of explosions and of cameras that have gone blind, and write down from when to when they were."""
        if blasting := self._blasting.get(one.feed.id):
            while blasting.notes:
                one.notes.append(blasting.notes.popleft())
            self._locate(one.feed, blasting, now_s)
        if cameras := self._cameras.get(one.feed.id):
            for what in cameras.blinded():
                self._raise(one.feed, what, b"")
            for gap in cameras.ended():
                self._gap(one.feed, gap.since_s, gap.until_s, gap.cause, gap.body)

    def _locate(self, feed: Feed, blasting: Blasting, now_s: float) -> None:
        """Have explosions searched for beside everything else: a search takes seconds."""
        held = self._locating.get(feed.id)
        if held is None:
            if rows := blasting.due(now_s):
                self._locating[feed.id] = rows, asyncio.create_task(asyncio.to_thread(find, rows))
        elif held[1].done():
            del self._locating[feed.id]
            for what in blasting.told(held[0], held[1].result(), now_s):
                self._raise(feed, what, b"")

    def _miss(self, now_s: float) -> None:
        feed = next((one.feed for one in self._hearings if one.feed.format == FORMAT), None)
        if feed is not None:
            for what in self._expected.missed(now_s, self._hearings):
                self._raise(feed, what, b"")

    def _raise(self, feed: Feed, what: Happening, raw: bytes) -> None:
        if plan := raised(self._mission, feed, what, raw, self.alerts, self._clock()):
            self._write(plan)

    @staticmethod
    def _is_full(one: Hearing, now_s: float) -> bool:
        began_us = one.began_us
        if began_us is None:
            return False
        return one.spooled > SEGMENT_BYTES or int(began_us / 1e6 // SEGMENT_S) != int(now_s // SEGMENT_S)

    def _listen_for_silence(self, one: Hearing, now_s: float) -> None:
        if one.feed.format in SELDOM:
            return
        if one.last_s is not None:
            self._gaps.begin(one.feed.id, one.last_s)
        last_s = one.last_s if one.last_s is not None else self._began_s
        if now_s - last_s > one.feed.silent_after_s:
            if one.feed.id not in self._silent:
                self._say_silent(one.feed, now_s)
            self._silent.setdefault(one.feed.id, last_s)
        elif (since_s := self._silent.pop(one.feed.id, None)) is not None:
            self._gap(one.feed, since_s, last_s, "silent")

    def _say_silent(self, feed: Feed, now_s: float) -> None:
        """Tell at once that nobody sees what a feed covers any more; the gap itself is written when it ends."""
        if feed.reach is None:
            return
        what = Happening(
            "", identify("track", {"feed": feed.id}), now_s, SILENT, 1.0, feed.reach.lon, feed.reach.lat,
            feed.reach.radius_m, None, feed.id,
        )  # fmt: skip
        self._raise(feed, what, b"")

    def _gap(
        self, feed: Feed, since_s: float, until_s: float, cause: str, more: Mapping[str, object] | None = None
    ) -> None:
        """Write down that for a time nobody could have seen what a feed, or a camera of it, covers."""
        body = {
            "feed": feed.id,
            "from_us": round(since_s * 1e6),
            "until_us": round(until_s * 1e6),
            "cause": cause,
            **(more or {}),
        }
        if not more:
            self._gaps.add(feed.id, since_s, until_s)
        with suppress(TrucelineError):
            self._write(Plan((self._state_of("exposure", feed, body, since_s, until_s),)))

    def _turn(self, one: Hearing) -> None:
        if (blasting := self._blasting.get(one.feed.id)) and (
            rows := blasting.due(self._now(), is_last=True)
        ):
            for what in blasting.told(rows, find(rows), self._now()):
                self._raise(one.feed, what, b"")
        if left := one.turn():
            self._seal(one.feed, *left)
        if (since_s := self._silent.pop(one.feed.id, None)) is not None:
            self._gap(one.feed, since_s, self._now(), "silent")

    def _seal(self, feed: Feed, path: Path, from_us: int, counts: Counts | None) -> None:
        """Make a segment of a spool; where it cannot be written the spool stays for the next start."""
        messages = list(wiring.read_spool(path))
        if not messages:
            path.unlink(missing_ok=True)
            return
        try:
            with tempfile.TemporaryDirectory(prefix="truceline-") as scratch:
                table = Path(scratch) / "segment.parquet"
                wiring.write_segment(table, messages)
                data = table.read_bytes()
            body = {
                "feed": feed.id, "format": feed.format, "from_us": from_us, "until_us": messages[-1].received_us,
                **counted(messages, counts), "sha256": sha256_hex(data), "size": len(data),
            }  # fmt: skip
            self._write(
                Plan(
                    (self._state_of("segment", feed, body, from_us / 1e6, messages[-1].received_us / 1e6),),
                    (data,),
                )
            ).result(_WRITTEN_S)
        except (TrucelineError, OSError, TimeoutError) as error:
            _LOG.warning("%s: a segment stays on the spool: %s", feed.id, error)
            return
        path.unlink(missing_ok=True)

    def _state_of(
        self, type_: str, feed: Feed, body: dict[str, object], since_s: float, until_s: float
    ) -> Statement:
        identity: dict[str, object] = {
            key: body[key] for key in ("feed", "camera", "from_us", "until_us") if key in body
        }
        return Statement(
            type=type_, id=identify(type_, identity), mission=self._mission.settings.id,
            realm=self._mission.settings.realm, body=body, owner=feed.owner, release=feed.release,
            known_at=self._clock(), known_basis="received",
            valid_at=ValidAt(from_epoch(round(since_s * 1e6)), from_epoch(round(until_s * 1e6)), "instant", "explicit"), by={"stage": "detect"},
        )  # fmt: skip

    def _state(self, one: Hearing) -> FeedState:
        last_at = None if one.last_s is None else from_epoch(round(one.last_s * 1e6))
        if one.port < 0:
            state = "down"
        elif one.feed.id in self._silent:
            state = "silent"
        else:
            state = "waiting" if last_at is None else "heard"
        return FeedState(
            one.feed, state, Counts(**{name: getattr(one.counts, name) for name in Counts.__slots__}), last_at,
            one.offset_s, one.n_peers, max(one.port, 0), len(one.ways), one.spooled,
            tuple(one.notes), tuple(one.refusals),
        )  # fmt: skip


def is_inside(recipient: Recipient) -> bool:
    """Say whether a recipient sits in the centre: a delegation, or both together."""
    return recipient.word in {"A", "B", "joint"}


def counted(messages: Sequence[Heard], counts: Counts | None) -> dict[str, int]:
    """Count what became of messages; a spool that was cut off knows not what was dropped."""
    found = {fate: sum(one.fate == fate for one in messages) for fate in ("decoded", "refused", "late")}
    dropped = counts.dropped if counts else 0
    return {"received": len(messages) + dropped, **found, "dropped": dropped}
