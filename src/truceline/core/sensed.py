"""What sensors say now, as the service hands it on: feeds, tracks, alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from truceline.core.feeds import SEVERITIES, Counts, Feed
from truceline.core.rows import Recipient


@dataclass(frozen=True)
class FeedState:
    """A feed as the board shows it.

    Args:
        feed: The feed.
        state: ``waiting`` (nothing came yet), ``heard``, ``silent`` or ``down``.
        counts: What became of its messages since the service started.
        last_at: When something came last.
        offset_s: How far its clock is ahead, seconds; None where it says no times.
        n_peers: Open connections.
        port: Where it is listened at; 0 where it is called.
        n_tracks: Tracks that it shows now.
        spooled: Bytes that wait to be sealed.
        notes: What happened to connections, the newest last.
        refusals: Why messages were refused, the newest last.
    """

    feed: Feed
    state: str
    counts: Counts
    last_at: datetime | None
    offset_s: float | None
    n_peers: int
    port: int
    n_tracks: int
    spooled: int
    notes: tuple[str, ...]
    refusals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A track as the map shows it.

    Args:
        id: Id of the track.
        feed: The feed that it rests on.
        at_s: The moment of the picture, seconds since 1970.
        seen_s: When it was seen last.
        lon: Longitude, degrees.
        lat: Latitude, degrees.
        sigma_m: Standard deviation of each coordinate, metres.
        v_mps: Velocity east and north, metres a second.
        height_m: Its last height; None where nobody says one.
        name: What the sensor calls it; empty where it has no name.
        trail: Longitudes and latitudes of where it was, the oldest first.
        inside: Slugs of the fences that it is inside of.
        anomalies: How its positions give themselves away: words of `core.feeds.ANOMALIES`.
        movement: Id of the notified movement that it is; empty where it is none.
        raw: SHA-256 of the message that it was seen in last, hex.
        convoy: Id of the convoy that it moves in; empty where it moves alone.
        n_convoy: How many move in that convoy.
        stopped_s: Since when it stands, seconds since 1970; None where it moves, or has not stood long.
    """

    id: str
    feed: str
    at_s: float
    seen_s: float
    lon: float
    lat: float
    sigma_m: float
    v_mps: tuple[float, float]
    height_m: float | None
    name: str
    trail: tuple[tuple[float, float], ...]
    inside: tuple[str, ...] = ()
    anomalies: tuple[str, ...] = ()
    movement: str = ""
    raw: str = ""
    convoy: str = ""
    n_convoy: int = 0
    stopped_s: float | None = None


@dataclass(frozen=True)
class Alert:
    """A happening that was written down.

    Args:
        id: Its id.
        feed: The feed that it rests on.
        rule: The fence or the rule that told of it.
        track: The track, or whatever it is about.
        name: What the sensor calls it; empty where it has no name.
        at: When.
        lon: Where the track was, degrees.
        lat: Where the track was, degrees.
        sigma_m: Standard deviation of each coordinate there, metres.
        height_m: Height, or None.
        p: Probability that it was inside.
        way: A word of `core.feeds.WAYS` or `core.feeds.OCCASIONS`.
        severity: A word of `core.feeds.SEVERITIES`.
        raw_sha256: SHA-256 of the message that it was seen in, hex; the bytes lie in the feed's segment.
        owner: Whose the feed is.
        release: How far it travels.
        movement: Id of the notified movement that it is; empty where it is none.
        by: Who acknowledged it; empty while nobody has.
        seen_at: When that was.
    """

    id: str
    feed: str
    rule: str
    track: str
    name: str
    at: datetime
    lon: float
    lat: float
    sigma_m: float
    height_m: float | None
    p: float
    way: str
    severity: str
    raw_sha256: str
    owner: str
    release: str
    movement: str = ""
    by: str = ""
    seen_at: datetime | None = None

    def risen(self, escalate_after_s: float, now: datetime) -> str:
        """Return its severity now: one more where nobody has acknowledged it for too long.

        Args:
            escalate_after_s: How long it may wait, seconds; 0 is for ever.
            now: The time.

        Returns:
            A word of `core.feeds.SEVERITIES`.
        """
        is_late = escalate_after_s > 0 and (now - self.at).total_seconds() > escalate_after_s
        step = SEVERITIES.index(self.severity) + (is_late and not self.by)
        return SEVERITIES[min(step, len(SEVERITIES) - 1)]


@dataclass(frozen=True)
class Sensed:
    """What one viewer may know of sensors.

    Args:
        feeds: The feeds.
        ways: The tracks.
        alerts: The alerts, the newest first.
    """

    feeds: tuple[FeedState, ...] = ()
    ways: tuple[Way, ...] = ()
    alerts: tuple[Alert, ...] = ()

    def layer(self) -> dict[str, Any]:
        """Return the tracks as a GeoJSON FeatureCollection; ``layer`` is ``track`` (where it is) or ``trail`` (where it was)."""
        features = list[Mapping[str, Any]]()
        for way in self.ways:
            facts = {
                "id": way.id, "feed": way.feed, "name": way.name, "height_m": way.height_m, "sigma_m": round(way.sigma_m, 1),
                "v_east_mps": round(way.v_mps[0], 1), "v_north_mps": round(way.v_mps[1], 1),
                "seen_s": round(way.at_s - way.seen_s, 1), "inside": list(way.inside), "band": band_of(way.height_m),
                "anomalies": list(way.anomalies), "movement": way.movement,
                "convoy": way.convoy, "n_convoy": way.n_convoy, "stopped_s": way.stopped_s,
            }  # fmt: skip
            point = {"type": "Point", "coordinates": [way.lon, way.lat]}
            features.append({"type": "Feature", "geometry": point, "properties": {"layer": "track", **facts}})
            if len(way.trail) > 1:
                line = {"type": "LineString", "coordinates": [list(place) for place in way.trail]}
                features.append(
                    {"type": "Feature", "geometry": line, "properties": {"layer": "trail", **facts}}
                )
        return {"type": "FeatureCollection", "features": features}


@dataclass(frozen=True)
class Replay:
    """Tracks of an earlier stretch of time, followed anew.

    Args:
        moments: Of each picture, seconds since 1970.
        pictures: The tracks at each moment.
        heard: The feeds of which anything was kept; of the others nobody knows what was there.
    """

    moments: tuple[float, ...] = ()
    pictures: tuple[tuple[Way, ...], ...] = ()
    heard: tuple[str, ...] = ()

    def layer(self) -> dict[str, Any]:
        """Return the last picture as GeoJSON, with the feeds that it rests on; see `Sensed.layer`."""
        last = self.pictures[-1] if self.pictures else ()
        return {**Sensed(ways=last).layer(), "heard": list(self.heard)}

    def frames(self) -> dict[str, Any]:
        """Return all pictures, tracks without the ways that they came."""
        shown = [Sensed(ways=tuple(replace(way, trail=()) for way in ways)).layer() for ways in self.pictures]
        frames = [{"at_s": at_s, **layer} for at_s, layer in zip(self.moments, shown, strict=True)]
        return {"frames": frames, "heard": list(self.heard)}


def band_of(height_m: float | None) -> str:
    """Return the band of a height: ``ground`` where none is known, ``low`` to 1,000 m, ``middle`` to 6,000 m, ``high``."""
    if height_m is None:
        return "ground"
    return "low" if height_m < 1_000 else "middle" if height_m < 6_000 else "high"


class Sensing(Protocol):
    """Whatever hears sensors beside a service."""

    def start(self) -> None:
        """Begin; returns at once."""

    def close(self) -> None:
        """End: what was heard is sealed."""

    def board(self, recipient: Recipient) -> tuple[FeedState, ...]:
        """Return the feeds that a recipient may know of; outside nobody does."""
        ...

    def ways(self, recipient: Recipient) -> tuple[Way, ...]:
        """Return the tracks that a recipient may see: never anybody outside (MISSION rule 20)."""
        ...

    def shown_alerts(self, recipient: Recipient) -> list[Alert]:
        """Return the alerts that a recipient may know of, the newest first."""
        ...

    def replayed(self, recipient: Recipient, since: datetime, until: datetime) -> Replay:
        """Follow anew what was heard in a stretch of time; takes a while, and may be called in any thread.

        Args:
            recipient: Who asks.
            since: Its beginning.
            until: Its end.

        Returns:
            The tracks, picture by picture; nothing of what the recipient may not see.

        Raises:
            InputError: It is too long, or there is too much in it.
        """
        ...

    def hand_in(self, recipient: Recipient, feed: str, data: bytes, sender: str) -> tuple[Counts, list[str]]:
        """Take bytes for a feed that is handed in, as if a sensor had sent them; may be called in any thread.

        Args:
            recipient: Who hands them in.
            feed: Slug of the feed.
            data: The messages.
            sender: What the board calls whoever handed them in.

        Returns:
            What became of its messages, and why some were refused.

        Raises:
            InputError: There is no such feed, or it is not handed in.
        """
        ...
