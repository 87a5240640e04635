"""Reads events that follow one another, as a file or a connection holds them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from truceline.core.detections import Sighting
from truceline.core.frames import Frame, Framing, Refused
from truceline.detect.ports import Decoder

FORMAT = "cot"
MOST_BYTES = 256 * 1024
"""Longest event that is read; those with pictures inside belong into files."""
_BETWEEN = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*\Z", re.DOTALL)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z\Z")
UNKNOWN_M = 9_999_999.0
"""What stands for an error that nobody knows."""
_NEEDED = ("uid", "type", "time", "start", "stale")
_RANGES = {"lat": 90.0, "lon": 180.0}


class CotDecoder(Decoder):
    """Decodes events."""

    framing = Framing.EVENTS
    is_dependent = True

    def sighting(self, frame: Frame) -> Sighting | None:
        """Return where an event of an atom says that something is; see `ports.Decoder`."""
        if not frame.kind.startswith("a-"):
            return None
        values = frame.values
        error_m, v_mps = values.get("ce_m", 0.0), None
        if "course_deg" in values and "speed_mps" in values:
            course, speed = math.radians(values["course_deg"]), values["speed_mps"]
            v_mps = speed * math.sin(course), speed * math.cos(course)
        return Sighting(
            frame.at_s, values["lon"], values["lat"], error_m if error_m > 0 else None, values.get("hae_m"),
            values["uid"], v_mps,
        )  # fmt: skip

    def decode(self, data: bytes, _received_s: float | None = None, /) -> Iterator[Frame | Refused]:
        """Read all events; see `ports.Decoder`. What stands between events and is no event is refused as one piece."""
        last = 0
        for start, end in _events(data):
            if not _BETWEEN.match(data[last:start]):
                yield Refused(last, "cot.between", "these bytes are no event")
            yield self._event(start, data[start:end])
            last = end
        if not _BETWEEN.match(data[last:]):
            is_cut = b"<event" in data[last:]
            why = "the event is cut off" if is_cut else "these bytes are no event"
            yield Refused(last, "cot.cut" if is_cut else "cot.between", why)

    def _event(self, offset: int, data: bytes) -> Frame | Refused:
        from defusedxml import DefusedXmlException  # noqa: PLC0415 - only where there is XML
        from defusedxml.ElementTree import ParseError, fromstring  # noqa: PLC0415 - as above

        if len(data) > MOST_BYTES:
            return Refused(offset, "cot.size", f"the event is longer than {MOST_BYTES} bytes")
        try:
            event: Any = fromstring(data, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
            return Refused(offset, "cot.xml", f"the event is no sound XML: {error}"[:200])
        if missing := [name for name in _NEEDED if not event.get(name)]:
            return Refused(
                offset, "cot.missing", f"it must be given and is missing: {', '.join(missing)}", "event"
            )
        times = {name: _seconds(event.get(name)) for name in ("time", "start", "stale")}
        for name, at_s in times.items():
            if at_s is None:
                return Refused(
                    offset, "cot.time", f"'{event.get(name)[:40]}' is no time in UTC", f"event.{name}"
                )
        point = event.find("point")
        if point is None:
            return Refused(offset, "cot.missing", "it has no point", "event.point")
        place: dict[str, float] = {}
        for name in ("lat", "lon", "hae", "ce", "le"):
            value = _number(point.get(name))
            if value is None and (name in _RANGES or point.get(name) is not None):
                return Refused(
                    offset,
                    "cot.number",
                    f"'{(point.get(name) or '')[:40]}' is no number",
                    f"event.point.{name}",
                )
            if value is not None and abs(value) > _RANGES.get(name, math.inf):
                return Refused(offset, "cot.place", f"{value:g} is no place on Earth", f"event.point.{name}")
            if value is not None and abs(value) < UNKNOWN_M:
                place[name if name in _RANGES else f"{name}_m"] = value
        values: dict[str, Any] = {
            "uid": event.get("uid"), "type": event.get("type"), "how": event.get("how", ""),
            "start_s": times["start"], "stale_s": times["stale"], **place, **_details(event),
        }  # fmt: skip
        return Frame(FORMAT, event.get("type"), offset, times["time"], values)


def _events(data: bytes) -> Iterator[tuple[int, int]]:
    """Find where events begin and end; a new beginning ends one that was never closed."""
    at = data.find(b"<event")
    while at >= 0:
        following = data.find(b"<event", at + 6)
        until = len(data) if following < 0 else following
        head = data.find(b">", at, until)
        close = data.rfind(b"</event", at, until)
        end = head if data[head - 1 : head] == b"/" else data.find(b">", close, until) if close >= 0 else -1
        if head > 0 and end > 0:
            yield at, end + 1
        at = following


def _details(event: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if (contact := event.find("detail/contact")) is not None and contact.get("callsign"):
        values["callsign"] = contact.get("callsign")
    if (track := event.find("detail/track")) is not None:
        for name, under in (("course", "course_deg"), ("speed", "speed_mps")):
            value = _number(track.get(name))
            if value is not None and 0 <= value < UNKNOWN_M:
                values[under] = value
    return values


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _seconds(text: str) -> float | None:
    if not _TIME.match(text):
        return None
    try:
        return datetime.fromisoformat(text[:-1][:26]).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
