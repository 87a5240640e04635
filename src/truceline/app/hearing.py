"""One feed while it is heard: bytes into kept messages, sightings, tracks, crossings and counts.

Whatever comes is on the spool, with what became of it, before anything is shown of it. Lives in one thread and reads no clock: the time comes with the bytes.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from statistics import median

import numpy as np

from truceline.app import wiring
from truceline.core.detections import Anomaly, Floats, Scan, Sighting
from truceline.core.feeds import Counts, Feed, Fence, Happening
from truceline.core.frames import Frame, Heard, Refused
from truceline.core.ids import identify
from truceline.core.sensed import Way
from truceline.core.tracks import TrackPicture
from truceline.detect.convoys import Convoy, Convoys
from truceline.detect.fences import Fences, Known
from truceline.detect.framing import Cutter
from truceline.detect.integrity import Integrity
from truceline.detect.ports import Decoder
from truceline.detect.tracking.settings import DEFAULTS
from truceline.detect.tracking.tracker import Tracker
from truceline.geo.areas import Area
from truceline.geo.plane import Plane
from truceline.ledger.entry import sha256_hex

AHEAD_S = 5.0
"""How long before it says that it was sent a message may come and still move a track."""
TRAIL = 90
"""Places that are kept of a track's way."""
SEGMENT_BYTES = 32_000_000
"""Size at which a spool is sealed, whatever the hour."""
SPOOL_BYTES = 256_000_000
"""Size above which nothing more is kept while the store is away."""
_NOTES = 20
_OFFSETS = 64


@dataclass(slots=True)
class _Past:
    seen_s: float
    known: Known
    raw: bytes = b""
    trail: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=TRAIL))


class Hearing:
    """Hears one feed.

    Args:
        feed: The feed.
        decoder: Its decoder.
        plane: The plane that tracks are followed in.
        fences: Fences and their areas.
        folder: Where the spool lies; None keeps nothing: what is heard was kept already.
        framed: Told of every message that could be read.
    """

    def __init__(
        self, feed: Feed, decoder: Decoder, plane: Plane, fences: Sequence[tuple[Fence, Area]], folder: Path | None,
        framed: Callable[[Frame], None] | None = None,
    ) -> None:  # fmt: skip
        self.feed = feed
        self.counts = Counts()
        self.segment = Counts()
        self.notes = deque[str](maxlen=_NOTES)
        self.refusals = deque[str](maxlen=_NOTES)
        self.last_s: float | None = None
        self.n_peers, self.port = 0, 0
        self._decoder = decoder
        self._plane = plane
        self._fences = Fences(fences, plane)
        self._tracker = Tracker(DEFAULTS)
        self._integrity = Integrity() if decoder.is_dependent else None
        self._framed = framed
        self._convoys = Convoys()
        self._folder = folder
        self._spool: wiring.Spool | None = None
        self._new: dict[str, tuple[Sighting, bytes]] = {}
        self._n_new = 0
        self._past: dict[str, _Past] = {}
        self._offsets = deque[float](maxlen=_OFFSETS)
        self.ways: tuple[Way, ...] = ()
        self._looked_s = 0.0

    def opened(self) -> Cutter:
        """Hear that a connection opened; returns what cuts its bytes."""
        self.n_peers += 1
        return Cutter(self._decoder.framing)

    def closed(self, cutter: Cutter, peer: str, now_s: float) -> None:
        """Hear that a connection ended."""
        self.n_peers -= 1
        for piece in cutter.end():
            self._piece(piece, peer, now_s)
        self._decoder.left(peer)

    def take(self, cutter: Cutter, data: bytes, peer: str, now_s: float) -> bytes | None:
        """Take bytes of a connection.

        Args:
            cutter: The connection's own.
            data: What came.
            peer: Its name.
            now_s: The time, seconds since 1970.

        Returns:
            What is answered; None where the connection is of no use any more.
        """
        answers = [answer for piece in cutter.take(data) if (answer := self._piece(piece, peer, now_s))]
        return None if cutter.is_lost else b"".join(answers)

    def hear(self, piece: bytes, now_s: float) -> None:
        """Hear a message that was cut and kept before."""
        if piece:
            self._piece(piece, "", now_s)

    def _piece(self, piece: bytes | Refused, peer: str, now_s: float) -> bytes:
        if isinstance(piece, Refused):
            self._keep(b"", piece, peer, now_s)
            return b""
        answers, is_kept = list[bytes](), True
        found = list(self._decoder.decode(piece, now_s)) or [Refused(0, "feed.empty", "it holds no message")]
        for n, one in enumerate(found):
            # a datagram or file may hold several: its bytes are kept once, with the first
            answer, is_kept = self._keep(piece if n == 0 else b"", one, peer, now_s, is_lost=not is_kept)
            answers.append(answer)
        return b"".join(answers)

    def _keep(
        self, data: bytes, one: Frame | Refused, peer: str, now_s: float, *, is_lost: bool = False
    ) -> tuple[bytes, bool]:
        """Keep a message; says what is answered, and whether its bytes are kept. What lies in bytes that are lost is lost."""
        self.last_s = now_s
        answer = self._decoder.reply(one, peer, now_s) if isinstance(one, Frame) else None
        if isinstance(answer, Refused):
            one, answer = answer, None
        fate, what, at_s = "decoded", "", None
        if isinstance(one, Refused):
            fate, what = "refused", one.code
            where = f"{one.where}: " if one.where else ""
            self.refusals.append(f"{peer}: {where}{one.why} [{one.code}]")
        else:
            what, at_s = one.kind, one.at_s
            if at_s is not None and not -AHEAD_S <= now_s - at_s <= self.feed.late_after_s:
                fate = "late"
            if at_s is not None:
                self._offsets.append(at_s - now_s)
        at_us = -1 if at_s is None or not 0 <= at_s < 2**33 else round(at_s * 1e6)
        is_kept = not is_lost and self._spooled(Heard(round(now_s * 1e6), at_us, fate, what, data), now_s)
        for counts in (self.counts, self.segment):
            counts.received += 1
            setattr(
                counts, fate if is_kept else "dropped", getattr(counts, fate if is_kept else "dropped") + 1
            )
        if not is_kept:
            return answer or b"", False  # what nobody could trace to its bytes is not shown
        # what says that it is of a time to come is kept, and believed by nobody
        is_ahead = at_s is not None and at_s - now_s > AHEAD_S
        if isinstance(one, Frame) and self._framed is not None and not is_ahead:
            self._framed(one)
        if fate == "decoded" and isinstance(one, Frame) and (seen := self._decoder.sighting(one)):
            # of what a sensor names, the newest place within a scan counts
            self._n_new += 1
            self._new[seen.name or f"#{self._n_new}"] = seen, data
        return answer or b"", True

    def _spooled(self, message: Heard, now_s: float) -> bool:
        if self._folder is None:
            return True
        if self._spool is None:
            try:
                name = self.feed.id.removeprefix("feed:")
                self._spool = wiring.Spool(self._folder, name, round(now_s * 1e6), SPOOL_BYTES)
            except OSError:
                return False
        return self._spool.put(message)

    def look(self, now_s: float, tick_s: float = 0.0) -> list[tuple[Happening, bytes]]:
        """Make a scan of what came since the last one, where it is time.

        Args:
            now_s: The time, seconds since 1970.
            tick_s: How often this is asked; a scan is not put off to a tick that comes too late for it.

        Returns:
            What entered or left an area and which positions give themselves away, each with the message it was seen in.
        """
        if now_s - self._looked_s < self.feed.revisit_s - tick_s / 2:
            return []
        self._looked_s = now_s
        new, self._new = self._new, {}
        names, sightings = list(new), [one for one, _ in new.values()]
        at_s = np.array([min(now_s if one.at_s is None else one.at_s, now_s) for one in sightings])
        places = np.array([(one.lon, one.lat) for one in sightings]).reshape(-1, 2)
        sigma_m = np.array([one.sigma_m or self.feed.sigma_m for one in sightings])
        who = np.array([_number(one.name) for one in sightings], np.int64) if self._integrity else None
        scan = Scan(now_s, at_s, self._plane.to_plane(*places.T), np.maximum(sigma_m, 1.0), who)
        picture = self._tracker.take(scan)
        for n, track in enumerate(picture.ids):
            past = self._past.setdefault(track, _Past(now_s, Known()))
            if (found := int(picture.seen[n])) >= 0:
                one, data = new[names[found]]
                past.seen_s, past.raw = float(at_s[found]), data
                past.known = Known(past.known.height_m if one.height_m is None else one.height_m, one.name)
        there = set(picture.ids)
        self._past = {track: past for track, past in self._past.items() if track in there}
        crossings = self._fences.take(picture, {track: past.known for track, past in self._past.items()})
        found_out = [(one, self._past[one.track].raw) for one in crossings]
        found_out += [
            (self._told_of(one), new[one.name][1] if one.name in new else b"")
            for one in self._doubted(now_s, sightings, scan.xy_m)
        ]
        self.ways = self._ways(picture)
        return found_out

    def _doubted(self, now_s: float, sightings: Sequence[Sighting], xy_m: Floats) -> list[Anomaly]:
        return [] if self._integrity is None else self._integrity.take(now_s, sightings, xy_m)

    def _told_of(self, anomaly: Anomaly) -> Happening:
        track = next((id_ for id_, past in self._past.items() if past.known.name == anomaly.name), "")
        return Happening(
            "", track or identify("track", {"feed": self.feed.id, "name": anomaly.name}), anomaly.until_s,
            anomaly.kind, 1.0, anomaly.lon, anomaly.lat, self.feed.sigma_m, anomaly.height_m, anomaly.name,
        )  # fmt: skip

    def _ways(self, picture: TrackPicture) -> tuple[Way, ...]:
        lon, lat = self._plane.to_ground(picture.xy_m)
        inside = self._fences.inside()
        anomalies = {} if self._integrity is None else self._integrity.now()
        convoys = self._on_ground(picture)
        found = list[Way]()
        for n, track in enumerate(picture.ids):
            past = self._past[track]
            convoy = convoys.get(track)
            past.trail.append((round(float(lon[n]), 6), round(float(lat[n]), 6)))
            found.append(
                Way(
                    track, self.feed.id, picture.time_s, past.seen_s, *past.trail[-1], float(picture.sigma_m[n]),
                    (float(picture.v_mps[n, 0]), float(picture.v_mps[n, 1])), past.known.height_m,
                    past.known.name, tuple(past.trail), inside.get(track, ()),
                    anomalies.get(past.known.name, ()) if anomalies else (), "", sha256_hex(past.raw),
                    convoy.id if convoy else "", len(convoy.tracks) if convoy else 0,
                    self._convoys.stopped_since(track, picture.time_s),
                )
            )  # fmt: skip
        return tuple(found)

    def _on_ground(self, picture: TrackPicture) -> Mapping[str, Convoy]:
        """Look for convoys and stops among what nobody says a height of."""
        there = [n for n, track in enumerate(picture.ids) if self._past[track].known.height_m is None]
        ids = [picture.ids[n] for n in there]
        return self._convoys.take(picture.time_s, ids, picture.xy_m[there], picture.v_mps[there])

    @property
    def offset_s(self) -> float | None:
        """How far the feed's clock is ahead of ours, seconds; what the way takes counts as behind. None: it says no times."""
        return median(self._offsets) if self._offsets else None

    @property
    def spooled(self) -> int:
        """Bytes on the spool."""
        return self._spool.size if self._spool else 0

    @property
    def began_us(self) -> int | None:
        """When the spool begins, microseconds since 1970; None where there is none."""
        return self._spool.from_us if self._spool else None

    def sync(self) -> None:
        """Have the spool on the disk."""
        if self._spool is not None:
            self._spool.sync()

    def turn(self) -> tuple[Path, int, Counts] | None:
        """End the spool; returns its path, when it began and its counts, or None where nothing came."""
        spool, self._spool = self._spool, None
        counts, self.segment = self.segment, Counts()
        if spool is None:
            return None
        spool.close()
        return spool.path, spool.from_us, replace(counts)


@lru_cache(maxsize=1 << 16)
def _number(name: str) -> int:
    """Return the number that stands for a name among tracks; 0 for none."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big") + 1 if name else 0


def feed_names(feeds: Sequence[Feed]) -> Mapping[str, Feed]:
    """Return feeds by the names that their spools have."""
    return {one.id.removeprefix("feed:"): one for one in feeds}
