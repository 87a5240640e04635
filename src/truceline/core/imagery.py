"""Pictures from above: sorties and their frames, what analysts saw in them, and which of it never leaves the centre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from truceline.core.claims import GROUP_OF
from truceline.core.errors import ConfigError

SORTIE, FRAME, MARK, CLEAR, COMPARISON, BLURRED = "sortie", "frame", "mark", "clear", "comparison", "blurred"
"""Kinds of reports: what flew or passed over; a picture of it; a thing seen in one; nothing seen in the whole of one; two set
beside each other; a copy with parts made unreadable, for release."""
READINGS = (MARK, CLEAR, COMPARISON, BLURRED)
"""What becomes of a frame."""
INSIDE = frozenset({SORTIE, FRAME, MARK, CLEAR, COMPARISON})
"""Kinds that never leave the centre: they say where a thing stood, and from where it was looked at (MISSION rule 20)."""
MARKED = "marked"
"""The rule of claims that an analyst's marks make; another pair of eyes judges them."""
VERDICTS = ("changed", "unchanged", "undetermined")
PLATFORMS = ("uav", "aircraft", "satellite", "camera")
SENSORS = ("visible", "infrared", "radar")
COUNTED = ("=", ">=", "~")
"""Exactly, at least, about: how a number of things in a frame is meant."""
MOST_SIDE_PX = 32_768
"""Pixels of a frame's longer side at most."""

Corners = tuple[tuple[float, float], ...]
"""Longitude and latitude of upper left, upper right, lower right, lower left, degrees (WGS 84)."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a frame shows of the ground.

    Args:
        corners: Its corners.
        error_m: How far off a place in it may be, metres, one standard deviation.
        basis: ``metadata`` of the aircraft (MISB ST 0601), or ``table``: whoever handed it in said so.
    """

    corners: Corners
    error_m: float
    basis: str


@dataclass(frozen=True, slots=True)
class TakenFrame:
    """A picture that came in.

    Args:
        name: Its file's name.
        data: Its bytes.
        media_type: ``image/jpeg`` or ``image/png``.
        width_px: Pixels across.
        height_px: Pixels down.
        taken_at: When it was taken.
        taken_basis: ``table``, or ``file``: its own header said so.
        footprint: What it shows; None where nobody says.
    """

    name: str
    data: bytes
    media_type: str
    width_px: int
    height_px: int
    taken_at: datetime
    taken_basis: str
    footprint: Footprint | None


@dataclass(frozen=True, slots=True)
class SeenKind:
    """A kind of thing that an analyst may see.

    Args:
        id: Its word.
        claim: The claim type that a mark of it makes.
        unit: What is counted.
    """

    id: str
    claim: str
    unit: str


def read_seen_kinds(value: Mapping[str, Mapping[str, Any]]) -> dict[str, SeenKind]:
    """Read the kinds of things.

    Args:
        value: Word -> ``claim`` and ``unit``, as ``data/imagery.toml`` has them.

    Returns:
        Word -> kind, in their order.

    Raises:
        ConfigError: A kind lacks one of the two, or its claim type is none.
    """
    found: dict[str, SeenKind] = {}
    for word, facts in value.items():
        try:
            kind = SeenKind(word, str(facts["claim"]), str(facts["unit"]))
        except (KeyError, TypeError) as error:
            raise ConfigError("imagery.kind", f"'{word}' lacks {error}", where="data/imagery.toml") from error
        if kind.claim not in GROUP_OF:
            raise ConfigError(
                "imagery.claim", f"'{kind.claim}' of '{word}' is no claim type", where="data/imagery.toml"
            )
        found[word] = kind
    return found
