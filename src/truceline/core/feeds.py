"""Feeds of sensors and the fences that tracks are held against, as a mission's pack says them. Source: MISSION 2, 20."""

from __future__ import annotations

from dataclasses import dataclass

from truceline.core.names import Names
from truceline.core.release import JOINT


@dataclass(frozen=True, slots=True)
class Reach:
    """A circle within which a sensor sees.

    Args:
        lon: Longitude of its middle, degrees.
        lat: Latitude of its middle, degrees.
        radius_m: Metres.
    """

    lon: float
    lat: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Feed:
    """A sensor, or a station of several, that sends messages of one format.

    Args:
        id: ``feed:<slug>``.
        names: Title per language.
        format: Name of its decoder, as ``truceline decode`` takes it.
        address: How it is reached: ``tcp://HOST:PORT`` is called, ``tcp-listen://HOST:PORT`` and ``udp-listen://HOST:PORT``
            are waited at (``tls://`` and ``tls-listen://`` with certificates), ``mqtt://HOST:PORT/TOPIC`` is subscribed to,
            ``folder:///PATH`` is looked through for new files, and ``api:`` takes what is handed in over the API.
        owner: Who it belongs to: a delegation's letter, a party, or ``centre``.
        release: How far what it says may travel: ``owner`` or ``joint``, never further (MISSION rule 20).
        sigma_m: Standard deviation of each coordinate where messages say none, metres.
        revisit_s: How often it reports one and the same thing, seconds.
        late_after_s: How long after it was sent a message may come and still move a track.
        silent_after_s: After so long without a message it counts as silent: what it covers is not observed.
        reach: Where it sees; None where nobody has said.
        illustrative: Whether it was made up for an example.
    """

    id: str
    names: Names
    format: str
    address: str
    owner: str = "centre"
    release: str = JOINT
    sigma_m: float = 50.0
    revisit_s: float = 1.0
    late_after_s: float = 10.0
    silent_after_s: float = 30.0
    reach: Reach | None = None
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Fence:
    """An area of the agreement that something may not enter unseen, and when entering it is worth an alert.

    Args:
        id: ``fence:<slug>``.
        names: Title per language.
        area: Slug of the zone or corridor.
        obligation: Slug of the obligation that it belongs to; None where it belongs to none.
        floor_m: Lowest height that counts, metres; None is the ground.
        ceiling_m: Highest height that counts, metres; None has no end.
        sure: Probability of being inside above which something has entered, and of being outside above which it has left;
            between the two nothing changes.
        severity: ``info``, ``watch`` or ``urgent``.
        ways: What is worth an alert: words of `WAYS`.
        cool_down_s: How long the same thing is not told of again, seconds.
        escalate_after_s: How long an alert may wait for somebody before it counts as the next severity; 0 is for ever.
        since: First day, ``YYYY-MM-DD``; None from the beginning.
        until: Last day, or None.
    """

    id: str
    names: Names
    area: str
    obligation: str | None = None
    floor_m: float | None = None
    ceiling_m: float | None = None
    sure: float = 0.95
    severity: str = "watch"
    ways: tuple[str, ...] = ("enter",)
    cool_down_s: float = 300.0
    escalate_after_s: float = 900.0
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class AlertRule:
    """When something that happens away from fences is worth an alert.

    Args:
        id: ``alert:<slug>``.
        names: Title per language.
        ways: What is worth an alert: words of `OCCASIONS`.
        severity: A word of `SEVERITIES`.
        cool_down_s: How long the same of the same thing is not told of again, seconds.
        escalate_after_s: How long an alert may wait for somebody before it counts as the next severity; 0 is for ever.
    """

    id: str
    names: Names
    ways: tuple[str, ...]
    severity: str = "watch"
    cool_down_s: float = 600.0
    escalate_after_s: float = 1800.0


WAYS = ("enter", "appear", "exit")
"""What a track may do at a fence: come in from outside, be first seen inside, leave."""
ANOMALIES = ("jump", "mismatch", "gathering", "degraded")
"""How positions that come of satellites give themselves away: a jump that nothing can fly, a motion that is not the one
which is reported, several at one place, accuracy lost by several at once."""
OF_MOVEMENTS = ("unseen", "unobserved")
"""How a notified movement may end without a track: nothing was seen where somebody looked, or nobody looked."""
SILENT = "silent"
"""A feed that says nothing any more."""
EXPLOSION = "explosion"
"""An explosion whose sound or shaking arrived at several posts."""
BLIND = "blind"
"""A fixed camera that is off or blocked."""
OCCASIONS = (*ANOMALIES, *OF_MOVEMENTS, SILENT, EXPLOSION, BLIND)
"""What rules of alerts are about."""
SEVERITIES = ("info", "watch", "urgent")
"""How much an alert matters, the least first."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What may be worth an alert: a track at a fence, an anomaly, a notice without a track, a silent feed, an explosion, a blind camera.

    Args:
        rule: Slug of the fence; empty where it is about none, and the rules of alerts say whether it is told.
        track: Id of the track, or of whatever it is about.
        at_s: When, seconds since 1970.
        way: A word of `WAYS` or `OCCASIONS`.
        p: Probability that it is inside; 1 where it is about no fence.
        lon: Where it was, degrees.
        lat: Where it was, degrees.
        sigma_m: Standard deviation of each coordinate there, metres.
        height_m: Height where one is known.
        name: What the sensor calls it; empty where it has no name.
        movement: Id of the notified movement that it is; empty where it is none.
    """

    rule: str
    track: str
    at_s: float
    way: str
    p: float
    lon: float
    lat: float
    sigma_m: float
    height_m: float | None = None
    name: str = ""
    movement: str = ""


@dataclass(slots=True)
class Counts:
    """What became of a feed's messages; every one that is received is in one of the others.

    Args:
        received: All that came.
        decoded: Read, and within their time.
        refused: No message of the format.
        late: Read, but their clock is so far off, or they came so late, that they move no track; they are kept.
        dropped: Could not be kept: the spool was full.
    """

    received: int = 0
    decoded: int = 0
    refused: int = 0
    late: int = 0
    dropped: int = 0
