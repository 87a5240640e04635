"""A simulated hour around the corridor, in the wire formats of real sensors and with its truth: aircraft, vehicles, patrols.

Everything follows from the seed and the time, so that the same seed gives the same bytes. Made-up traffic for demonstrations and
tests: nothing in it was seen anywhere.
"""

from __future__ import annotations

import math
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import sleep, time

import numpy as np
from google.protobuf import timestamp_pb2
from sapient_msg.bsi_flex_335_v2_0.location_pb2 import (
    LOCATION_COORDINATE_SYSTEM_LAT_LNG_DEG_M,
    LOCATION_DATUM_WGS84_E,
    Location,
)
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage
from sapient_msg.bsi_flex_335_v2_0.status_report_pb2 import StatusReport

from truceline.core.detections import Floats
from truceline.geo.plane import Plane
from truceline.testing.squitters import identification, position, squitter, velocity

ORIGIN = 46.6, 39.8
"""Middle of the scene: longitude and latitude, degrees."""
NODE = "6c616368-696e-4163-8f72-726461720001"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ESCAPE = b"\x1a"
_FOOT_M = 0.3048
_KNOT_MPS = 1852 / 3600
SPOT = 46.75, 39.83
"""Where a deceived receiver believes that it is: longitude and latitude, degrees."""
DECEIVED = {"AZL001": (90.0, 150.0), "AZL002": (92.0, 150.0), "AZL003": (95.0, 150.0)}
"""Of the demonstration: which aircraft are deceived, from which second of each ten minutes until which."""
AIR, RADAR, PATROLS = "air-north", "radar-corridor", "patrols"
"""Names of the simulated feeds, as the packaged mission's sensors have them."""


@dataclass(frozen=True, slots=True)
class Mover:
    """Something that moves back and forth along a line.

    Args:
        name: What it is called.
        line: Corners of its way, metres east and north of `ORIGIN`, shape (n, 2).
        speed_mps: Its speed.
        height_m: Its height.
        begin_m: Where on its way it is at the scene's beginning.
    """

    name: str
    line: Floats
    speed_mps: float
    height_m: float = 0.0
    begin_m: float = 0.0

    def at(self, since_s: float) -> Floats:
        """Return where it is, metres, shape (2,)."""
        steps = np.linalg.norm(np.diff(self.line, axis=0), axis=1)
        whole = float(steps.sum())
        gone = (self.begin_m + self.speed_mps * since_s) % (2 * whole)
        along = gone if gone <= whole else 2 * whole - gone
        marks = np.concatenate([[0.0], np.cumsum(steps)])
        return np.array([np.interp(along, marks, self.line[:, axis]) for axis in range(2)])


@dataclass
class Scene:
    """A scene of traffic.

    Args:
        seed: What chance begins with.
        n_air: Aircraft.
        n_ground: Vehicles.
        loss: Share of messages that never come.
        twice: Share of messages that come twice.
        drift_s: How far the sensors' clocks are behind.
        deceived: Aircraft whose receivers believe that they are at `SPOT`, from which second of each ten minutes until which.
    """

    seed: int = 20201110
    n_air: int = 10
    n_ground: int = 8
    loss: float = 0.05
    twice: float = 0.02
    drift_s: float = 0.0
    deceived: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    air: list[Mover] = field(init=False)
    ground: list[Mover] = field(init=False)
    patrols: list[Mover] = field(init=False)

    def __post_init__(self) -> None:
        chance = np.random.default_rng(self.seed)
        self._plane = Plane(*ORIGIN)
        self.air = [self._aircraft(n, chance) for n in range(self.n_air)]
        corridor = self._line(
            [(46.375, 39.598), (46.46, 39.625), (46.5467, 39.6408), (46.6, 39.7), (46.69, 39.81)]
        )
        self.ground = [
            Mover(f"G{n}", corridor, float(chance.uniform(8, 16)), begin_m=float(chance.uniform(0, 60_000)))
            for n in range(self.n_ground - 1)
        ]
        # one comes from outside and crosses the corridor at right angles, again and again
        across = self._line([(46.66, 39.58), (46.46, 39.72)])
        self.ground.append(Mover("X", across, 18.0, begin_m=8_850.0))
        self.patrols = [Mover(f"patrol-{n}", corridor, 10.0, begin_m=15_000.0 * n) for n in range(3)]

    def _line(self, places: Sequence[tuple[float, float]]) -> Floats:
        return self._plane.to_plane(*np.array(places).T)

    def _aircraft(self, n: int, chance: np.random.Generator) -> Mover:
        if n == 0:
            # low over the northern zone
            return Mover("LOW1", self._line([(46.2, 40.0), (46.98, 40.2)]), 45.0, 800.0, 12_900.0)
        ends = chance.uniform(-45_000, 45_000, (2, 2))
        return Mover(
            f"AZL{n:03d}", ends, float(chance.uniform(120, 230)), float(chance.uniform(6_000, 11_000)),
            float(chance.uniform(0, 40_000)),
        )  # fmt: skip

    def truth(self, since_s: float) -> dict[str, tuple[float, float]]:
        """Return where everything is: name -> longitude and latitude, degrees."""
        movers = [*self.air, *self.ground, *self.patrols]
        lon, lat = self._plane.to_ground(np.array([one.at(since_s) for one in movers]))
        return {one.name: (float(lon[n]), float(lat[n])) for n, one in enumerate(movers)}

    def messages(self, began_s: float, second: int) -> Iterator[tuple[float, str, bytes]]:
        """Give what the sensors send within a second.

        Args:
            began_s: When the scene begins, seconds since 1970.
            second: Which second of it.

        Yields:
            When each is sent, the feed's name, and its bytes as they stand on the wire.
        """
        chance = np.random.default_rng([self.seed, second])
        made = sorted(
            [
                *self._squitters(began_s, second),
                *self._detections(began_s, second, chance),
                *self._events(began_s, second),
            ]
        )
        for at_s, feed, data in made:
            if chance.random() < self.loss:
                continue
            yield at_s, feed, data
            if chance.random() < self.twice:
                yield at_s, feed, data

    def _place(self, mover: Mover, since_s: float, noise_m: Floats | None = None) -> tuple[float, float]:
        xy_m = mover.at(since_s) + (0 if noise_m is None else noise_m)
        lon, lat = self._plane.to_ground(xy_m[None])
        return float(lon[0]), float(lat[0])

    def _squitters(self, began_s: float, second: int) -> Iterator[tuple[float, str, bytes]]:
        for n, one in enumerate(self.air):
            for part in range(2):
                since_s = second + 0.5 * part + 0.04 * n % 0.5
                lon, lat = self._said(one, since_s)
                bits = position(lon, lat, round(one.height_m / _FOOT_M / 25) * 25, is_odd=bool(part))
                yield began_s + since_s, AIR, beast(squitter(bits, 0x600000 + n), since_s)
            at_s = second + 0.3 + 0.04 * n % 0.5
            v_mps = one.at(at_s + 0.5) - one.at(at_s - 0.5)
            east_kt, north_kt = (round(float(v) / _KNOT_MPS) for v in v_mps)
            yield began_s + at_s, AIR, beast(squitter(velocity(east_kt, north_kt, 0), 0x600000 + n), at_s)
            if second % 5 == n % 5:
                yield (
                    began_s + second + 0.9,
                    AIR,
                    beast(squitter(identification(one.name), 0x600000 + n), second + 0.9),
                )

    def _said(self, one: Mover, since_s: float) -> tuple[float, float]:
        """Return where an aircraft believes that it is."""
        since, until = self.deceived.get(one.name, (0.0, 0.0))
        return SPOT if since <= since_s % 600 < until else self._place(one, since_s)

    def _detections(
        self, began_s: float, second: int, chance: np.random.Generator
    ) -> Iterator[tuple[float, str, bytes]]:
        if second % 10 == 0:
            yield began_s + second, RADAR, sapient(self._status(began_s + second, second))
        at_s = began_s + second + 0.3
        for n, one in enumerate(self.ground):
            if chance.random() < 0.93:
                place = self._place(one, second + 0.3, chance.normal(0, 25, 2))
                yield at_s, RADAR, sapient(self.detection(at_s, place, ulid(self.seed, n)))
        for _ in range(int(chance.poisson(1.0))):
            lon, lat = self._plane.to_ground(chance.uniform(-18_000, 18_000, (1, 2)))
            place = float(lon[0]), float(lat[0])
            yield (
                at_s,
                RADAR,
                sapient(self.detection(at_s, place, ulid(int(chance.integers(2**62)), second))),
            )

    def _head(self, at_s: float) -> SapientMessage:
        sent_s = at_s - self.drift_s
        stamp = timestamp_pb2.Timestamp(seconds=int(sent_s), nanos=int(sent_s % 1 * 1e9))
        return SapientMessage(timestamp=stamp, node_id=NODE)

    def _status(self, at_s: float, second: int) -> SapientMessage:
        message = self._head(at_s)
        report = message.status_report
        report.report_id = ulid(self.seed, 1_000_000 + second)
        report.system, report.info, report.mode = StatusReport.SYSTEM_OK, StatusReport.INFO_NEW, "default"
        _put(report.node_location, ORIGIN)
        return message

    def detection(self, at_s: float, place: tuple[float, float], name: str) -> SapientMessage:
        """Write a detection report.

        Args:
            at_s: When it was seen, seconds since 1970.
            place: Longitude and latitude, degrees.
            name: Id of report and object, a ULID.

        Returns:
            The message.
        """
        message = self._head(at_s)
        report = message.detection_report
        report.report_id, report.object_id = name, name
        _put(report.location, place)
        report.location.x_error, report.location.y_error = 0.0003, 0.00023
        return message

    def _events(self, began_s: float, second: int) -> Iterator[tuple[float, str, bytes]]:
        for n, one in enumerate(self.patrols):
            if second % 5 == n:
                lon, lat = self._place(one, float(second))
                at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=began_s + second - self.drift_s)
                stale = at + timedelta(seconds=60)
                times = f'time="{at:%Y-%m-%dT%H:%M:%S.%fZ}" start="{at:%Y-%m-%dT%H:%M:%SZ}" stale="{stale:%Y-%m-%dT%H:%M:%SZ}"'
                point = f'<point lat="{lat:.6f}" lon="{lon:.6f}" hae="900" ce="15" le="30"/>'
                event = (
                    f'<event version="2.0" uid="{one.name}" type="a-f-G-U" how="m-g" {times}>{point}</event>'
                )
                yield began_s + second, PATROLS, event.encode()


def beast(frame: bytes, since_s: float) -> bytes:
    """Write a frame of Mode S as a Beast receiver does.

    Args:
        frame: 7 or 14 bytes.
        since_s: The receiver's clock, seconds.

    Returns:
        The bytes, every 0x1A of the body written twice.
    """
    kind = {7: b"2", 14: b"3"}[len(frame)]
    body = int(since_s * 12e6).to_bytes(6, "big") + b"\x80" + frame
    return _ESCAPE + kind + body.replace(_ESCAPE, _ESCAPE * 2)


def sapient(message: SapientMessage) -> bytes:
    """Write a message of SAPIENT behind its length."""
    data: bytes = message.SerializeToString()
    return len(data).to_bytes(4, "little") + data


def ulid(seed: int, n: int) -> str:
    """Return an id of 26 letters that follows from two numbers."""
    chance = np.random.default_rng([seed, n])
    return "0" + "".join(_CROCKFORD[int(at)] for at in chance.integers(0, 32, 25))


def _put(location: Location, place: tuple[float, float]) -> None:
    location.x, location.y = place
    location.coordinate_system = LOCATION_COORDINATE_SYSTEM_LAT_LNG_DEG_M
    location.datum = LOCATION_DATUM_WGS84_E


class Player:
    """Sends a scene to feeds on this machine, in real time and a thread of its own.

    Args:
        scene: The scene.
        ports: Name of a feed -> its port on the loopback; patrols go by UDP, the others by TCP.
    """

    def __init__(self, scene: Scene, ports: Mapping[str, int]) -> None:
        self._scene, self._ports = scene, dict(ports)
        self._links: dict[str, socket.socket] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)
        self.sent: dict[str, int] = dict.fromkeys(ports, 0)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._ending.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        began_s = time()
        second = 0
        while not self._ending.is_set():
            for at_s, feed, data in self._scene.messages(began_s, second):
                sleep(max(0.0, min(at_s - time(), 1.0)))
                if self._ending.is_set():
                    break
                self._send(feed, data)
            second += 1
            sleep(max(0.0, min(began_s + second - time(), 1.0)))
        for link in self._links.values():
            link.close()

    def _send(self, feed: str, data: bytes) -> None:
        if feed not in self._ports:
            return
        try:
            if feed not in self._links:
                kind = socket.SOCK_DGRAM if feed == PATROLS else socket.SOCK_STREAM
                link = socket.socket(socket.AF_INET, kind)
                link.settimeout(5)
                link.connect(("127.0.0.1", self._ports[feed]))
                self._links[feed] = link
            self._links[feed].sendall(data)
            self.sent[feed] += 1
        except OSError:
            # the service is not there yet, or went away: called again with the next message
            with suppress(KeyError):
                self._links.pop(feed).close()


def anywhere(address: str) -> str:
    """Return the address of a feed at a port that the system chooses, where it has one."""
    host, _, port = address.rpartition(":")
    return f"{host}:0" if port.isdecimal() else address


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two near places, metres."""
    ((x_m, y_m),) = Plane(*one).to_plane(np.array([other[0]]), np.array([other[1]]))
    return math.hypot(x_m, y_m)
