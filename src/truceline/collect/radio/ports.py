"""What the reading of radio lines needs to know of the mission and of the Earth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from truceline.collect.radio.words import Lexicon
from truceline.core.watchlog import Spot


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that a name may mean.

    Args:
        id: Its slug.
        spot: The point that stands for it.
        precision_m: Within how many metres of it the place lies.
        is_inflected: Whether the name was found by its stem only.
    """

    id: str
    spot: Spot
    precision_m: float
    is_inflected: bool = False


@dataclass(frozen=True, slots=True)
class Theatre:
    """What a line is read against.

    Args:
        on: The day on which the line came; days of the month and clock times are the ones next to it.
        zone: The mission's time zone.
        box: West, south, east, north of its area, degrees.
        lexicons: The words of all languages, English first.
        find_places: Gives the places that words may mean, none where they name none.
        post_at: Gives where the post of a number or code stands, or None.
        declination_deg: Gives by how many degrees the needle points east of true north at a place on a day.
    """

    on: date
    zone: ZoneInfo
    box: tuple[float, float, float, float]
    lexicons: Sequence[Lexicon]
    find_places: Callable[[Sequence[str]], Sequence[NamedPlace]]
    post_at: Callable[[str], Spot | None]
    declination_deg: Callable[[Spot, date], float]

    @property
    def middle(self) -> Spot:
        """The middle of the area."""
        west, south, east, north = self.box
        return Spot((west + east) / 2, (south + north) / 2)

    def holds(self, spot: Spot, slack_deg: float = 0.25) -> bool:
        """Say whether a place lies in the area, or nearly so."""
        west, south, east, north = self.box
        return (
            west - slack_deg <= spot.lon <= east + slack_deg
            and south - slack_deg <= spot.lat <= north + slack_deg
        )
