"""The one shaping step behind the release gate: what whoever stands outside is given of a thing, and how exactly.

Source: MISSION rules 17 and 20: staff are never named outside, places are coarse there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from truceline.core.filters import Filter
from truceline.core.imagery import BLURRED
from truceline.core.mission import MissionSettings
from truceline.core.release import PUBLIC

_INSIDE_ONLY = ("history", "handed_over", BLURRED)
"""What acts say of the staff; which frame a copy was made of, and where in it things were hidden."""
_M_PER_DEGREE = 111_320.0


def is_outside(recipient: str) -> bool:
    """Say whether a recipient stands outside the centre: the public, or a party."""
    return recipient == PUBLIC or recipient.startswith("party:")


def shaped(value: Mapping[str, Any], recipient: str, settings: MissionSettings) -> Mapping[str, Any]:
    """Return a thing as a recipient is given it.

    Args:
        value: The thing, past the gate.
        recipient: Who it is for.
        settings: The mission's, for how coarse places are outside.

    Returns:
        The thing itself for those inside. Outside: without what acts say of the staff, places no finer than the mission
        lets out.
    """
    if not is_outside(recipient):
        return value
    out = {key: item for key, item in value.items() if key not in _INSIDE_ONLY}
    if isinstance(out.get("by"), str):
        del out["by"]
    if isinstance(out.get("review"), dict):
        out["review"] = {**out["review"], "by": None}
    coarse = settings.release.coarse_m
    for name, lon, lat in (("location", "lon", "lat"), ("position", "lon_deg", "lat_deg")):
        if isinstance(out.get(name), dict):
            out[name] = _coarse(out[name], lon, lat, coarse)
    if isinstance(out.get("entered"), dict):
        out["entered"] = {**out["entered"], "where": _coarse(out["entered"]["where"], "lon", "lat", coarse)}
    return out


def asked_outside(asked: Filter, settings: MissionSettings) -> Filter:
    """Widen a box to whole cells, so that many small boxes tell no more of a place than one answer does."""
    if asked.box is None:
        return asked
    step = _step(settings.release.coarse_m)
    west, south, east, north = asked.box
    box = (
        max(-180.0, math.floor(west / step) * step), max(-90.0, math.floor(south / step) * step),
        min(180.0, math.ceil(east / step) * step), min(90.0, math.ceil(north / step) * step),
    )  # fmt: skip
    return replace(asked, box=box)


def _coarse(spot: Mapping[str, Any], lon: str, lat: str, coarse_m: int) -> dict[str, Any]:
    out = dict(spot)
    if out.get(lon) is None or (out.get("precision_m") or 0) >= coarse_m:
        return out
    step = _step(coarse_m)
    out[lon], out[lat] = (round((math.floor(out[name] / step) + 0.5) * step, 7) for name in (lon, lat))
    out["precision_m"] = coarse_m
    return out


def _step(coarse_m: int) -> float:
    """Degrees of latitude that are as wide as the mission's coarseness."""
    return coarse_m / _M_PER_DEGREE
