"""Reads blocks that follow one another: a category, a length, records."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from asterix import base

from truceline.core.detections import Sighting
from truceline.core.frames import Frame, Framing, Refused
from truceline.detect.decoders.asterix.values import items_of
from truceline.detect.ports import Decoder
from truceline.geo.plane import Plane

FORMAT = "asterix"
EDITIONS = {21: "2_7", 34: "1_29", 48: "1_32", 62: "1_21", 65: "1_6"}
"""Category -> the edition of its specification that it is read by; earlier ones of the same row of editions read alike."""
_HEAD = 3
_DAY_S = 86_400.0
_FOOT_M, _NM_M = 0.3048, 1852.0
_TIMES = (
    "I021/073_s", "I021/071_s", "I021/077_s", "I034/030_s", "I048/140_s", "I062/070_s", "I065/030_s",
)  # fmt: skip
_KINDS = {
    34: {1: "north_marker", 2: "sector_crossing"},
    65: {1: "service_status", 2: "end_of_batch", 3: "service_statistics"},
}
_NAMES = {
    21: "ads_b_report",
    34: "service_message",
    48: "target_report",
    62: "system_track",
    65: "service_message",
}


@cache
def _specifications() -> dict[int, Any]:
    """Load the specifications: 190,000 lines, so only where a block is read."""
    from asterix import generated  # noqa: PLC0415 - as above

    return {
        category: getattr(generated, f"Cat_{category:03d}_{edition}")
        for category, edition in EDITIONS.items()
    }


class AsterixDecoder(Decoder):
    """Decodes blocks; a radar's place is remembered, so that its plots of range and bearing have one too."""

    framing = Framing.BLOCKS

    def __init__(self) -> None:
        self._radars: dict[tuple[int, int], Plane] = {}

    def decode(self, data: bytes, received_s: float | None = None, /) -> Iterator[Frame | Refused]:
        """Read all blocks; see `ports.Decoder`. Offsets are of bytes; records of one block lie behind each other."""
        at = 0
        while at < len(data):
            size = int.from_bytes(data[at + 1 : at + _HEAD], "big")
            if len(data) < at + _HEAD or size < _HEAD or at + size > len(data):
                what = "a block is cut off" if size >= _HEAD else f"a block cannot be {size} bytes long"
                yield Refused(at, "asterix.length", what)
                return
            yield from self._block(at, data[at : at + size], received_s)
            at += size

    def sighting(self, frame: Frame) -> Sighting | None:
        """Return where a report, a plot or a track is; see `ports.Decoder`."""
        values = frame.values
        if "lon" not in values:
            return None
        name = values.get("icao") or values.get("callsign") or ""
        if not name and "track_number" in values:
            name = f"{values['sac']}/{values['sic']}/{values['track_number']}"
        return Sighting(
            frame.at_s, values["lon"], values["lat"], values.get("sigma_m"), values.get("height_m"), name,
            values.get("v_mps"),
        )  # fmt: skip

    def _block(self, offset: int, block: bytes, received_s: float | None) -> Iterator[Frame | Refused]:
        category = block[0]
        if category not in EDITIONS:
            yield Refused(offset, "asterix.category", f"nobody here reads category {category:03d}")
            return
        records = _specifications()[category].cv_uap.parse(base.Bits.from_bytes(block[_HEAD:]))
        if isinstance(records, ValueError):
            yield Refused(offset, "asterix.record", f"{records}", f"category {category:03d}")
            return
        if not records:
            yield Refused(offset, "asterix.record", "the block holds no record", f"category {category:03d}")
        behind = offset + _HEAD
        for record in records:
            yield self._record(behind, category, record, received_s)
            behind += len(record.unparse()) // 8

    def _record(self, offset: int, category: int, record: Any, received_s: float | None) -> Frame | Refused:
        items = items_of(record, category)
        source = items.get(f"I{category:03d}/010", {})
        values: dict[str, Any] = {
            "category": category, "edition": EDITIONS[category].replace("_", "."),
            "sac": source.get("SAC"), "sic": source.get("SIC"), **_READ[category](items), "items": items,
        }  # fmt: skip
        clock_s = next((items[name] for name in _TIMES if name in items), None)
        if clock_s is not None:
            values["time_of_day_s"] = clock_s
        kind = _NAMES[category]
        if category in _KINDS:
            kind = _KINDS[category].get(items.get(f"I{category:03d}/000", 0), kind)
        frame = Frame(FORMAT, kind, offset, _moment(clock_s, received_s), values)
        if abs(values.get("lat", 0.0)) > 90 or abs(values.get("lon", 0.0)) > 180:
            return Refused(offset, "asterix.place", "it says a place that is not on Earth", kind, frame)
        if clock_s is not None and clock_s >= _DAY_S:
            return Refused(offset, "asterix.time", f"{clock_s:.0f} s are no time of a day", kind, frame)
        self._place(category, values)
        return frame

    def _place(self, category: int, values: dict[str, Any]) -> None:
        """Remember where a radar stands; give its plots a place where that is known."""
        of = values["sac"], values["sic"]
        if None in of:
            return
        if category == 34 and "lon" in values:
            self._radars[of] = Plane(values["lon"], values["lat"])
        radar = self._radars.get(of)
        if radar is None or "rho_m" not in values or "lon" in values:
            return
        # the slant to the ground below, where a height is known
        up_m = values.get("height_m", 0.0)
        ground_m = math.sqrt(max(values["rho_m"] ** 2 - up_m**2, 0.0))
        bearing = math.radians(values["theta_deg"])
        lon, lat = radar.ground_at(ground_m * math.sin(bearing), ground_m * math.cos(bearing))
        values |= {
            "lon": round(lon, 7),
            "lat": round(lat, 7),
            "sigma_m": round(max(60.0, 0.002 * ground_m), 1),
        }


def _moment(clock_s: float | None, received_s: float | None) -> float | None:
    """Return the moment of a time of day that lies nearest to when it was received; None where nobody knows the day."""
    if received_s is None:
        return None
    if clock_s is None:
        return received_s
    midnight_s = received_s - received_s % _DAY_S
    days = (midnight_s - _DAY_S, midnight_s, midnight_s + _DAY_S)
    return min((day_s + clock_s for day_s in days), key=lambda at_s: abs(at_s - received_s))


def _part(items: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = items.get(name)
    return found if isinstance(found, dict) else {}


def _known(**values: Any) -> dict[str, Any]:
    return {
        name: value
        for name, value in values.items()
        if value not in (None, "") and not isinstance(value, dict)
    }


def _address(value: int | None) -> str | None:
    return None if value is None else f"{value:06X}"


def _feet(value: float | None) -> float | None:
    return None if value is None else round(value * _FOOT_M, 2)


def _level(value: float | None) -> float | None:
    return None if value is None else round(value * 100 * _FOOT_M, 2)


def _021(items: Mapping[str, Any]) -> dict[str, Any]:
    fine, coarse = _part(items, "I021/131"), _part(items, "I021/130")
    place = fine or coarse
    speed = _part(items, "I021/160")
    v_mps = None
    if "GS_nmps" in speed and "TA_deg" in speed:
        course, mps = math.radians(speed["TA_deg"]), speed["GS_nmps"] * _NM_M
        v_mps = round(mps * math.sin(course), 3), round(mps * math.cos(course), 3)
    height_m = _feet(items.get("I021/140_ft"))
    return _known(
        lon=place.get("LON_deg"), lat=place.get("LAT_deg"), icao=_address(items.get("I021/080")),
        callsign=items.get("I021/170"), mode_3a=_part(items, "I021/070").get("MODE3A"),
        height_m=_level(items.get("I021/145_fl")) if height_m is None else height_m, v_mps=v_mps,
        track_number=_part(items, "I021/161").get("TRNUM"),
    )  # fmt: skip


def _034(items: Mapping[str, Any]) -> dict[str, Any]:
    place = _part(items, "I034/120")
    return _known(
        lon=place.get("LON_deg"), lat=place.get("LAT_deg"), height_m=place.get("HGT_m"),
        sector_deg=items.get("I034/020_deg"), turns_in_s=items.get("I034/041_s"),
    )  # fmt: skip


def _048(items: Mapping[str, Any]) -> dict[str, Any]:
    polar, level = _part(items, "I048/040"), _part(items, "I048/090")
    rho = polar.get("RHO_nm")
    return _known(
        rho_m=None if rho is None else round(rho * _NM_M, 3), theta_deg=polar.get("THETA_deg"),
        icao=_address(items.get("I048/220")), callsign=items.get("I048/240"),
        mode_3a=_part(items, "I048/070").get("MODE3A"), height_m=_level(level.get("FL_fl")),
        track_number=_part(items, "I048/161").get("TRN", items.get("I048/161")),
    )  # fmt: skip


def _062(items: Mapping[str, Any]) -> dict[str, Any]:
    place, speed, derived = _part(items, "I062/105"), _part(items, "I062/185"), _part(items, "I062/380")
    error = _part(_part(items, "I062/500"), "APC")
    known = [error[name] for name in ("X_m", "Y_m") if name in error]
    v_mps = (speed["VX_mps"], speed["VY_mps"]) if {"VX_mps", "VY_mps"} <= speed.keys() else None
    return _known(
        lon=place.get("LON_deg"), lat=place.get("LAT_deg"), track_number=items.get("I062/040"),
        height_m=_level(items.get("I062/136_fl")) if "I062/136_fl" in items else _feet(items.get("I062/130_ft")),
        mode_3a=_part(items, "I062/060").get("MODE3A"), icao=_address(derived.get("ADR")),
        callsign=derived.get("ID"), v_mps=v_mps, sigma_m=max(known) if known and max(known) > 0 else None,
    )  # fmt: skip


def _065(items: Mapping[str, Any]) -> dict[str, Any]:
    return _known(batch=items.get("I065/020"))


_READ = {21: _021, 34: _034, 48: _048, 62: _062, 65: _065}
