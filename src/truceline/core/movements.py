"""Notified movements: flights, convoys and patrols that somebody said would come, when and by which way."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("flight", "convoy", "uav", "humanitarian", "patrol")
"""What may be notified."""


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement that was notified.

    Args:
        id: The notice's own number, as whoever notified it wrote it.
        kind: A word of `KINDS`.
        by: Who notified it.
        names: What sensors may call it: callsigns, aircraft addresses, plates, in capitals; may be empty.
        since_s: When it begins, seconds since 1970 (UTC).
        until_s: When it is over.
        route: Longitude and latitude of the corners of its way, degrees; one for a place.
        within_m: How far from its way it may be, metres.
        floor_m: Lowest height, metres; None where none was said.
        ceiling_m: Highest height, metres; None where none was said.
        purpose: What for, in the notice's own words; may be empty.
        is_cancelled: Whether the notice takes back one of the same number.
    """

    id: str
    kind: str
    by: str
    names: tuple[str, ...]
    since_s: float
    until_s: float
    route: tuple[tuple[float, float], ...]
    within_m: float
    floor_m: float | None = None
    ceiling_m: float | None = None
    purpose: str = ""
    is_cancelled: bool = False
