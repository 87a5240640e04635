"""The sheet of what could be observed: a map over the relief, a strip of the day's hours, what was assumed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from truceline.app import wiring
from truceline.app.covering import Coverage, Watch
from truceline.core.exposure import LIGHTS
from truceline.core.names import name_in
from truceline.cover.points import outline
from truceline.cover.ports import Floats
from truceline.cover.stage import Exposure

_SIDE = 1400
"""Pixels of the longer side of the map."""
_NOBODY = 255
_MARGIN = 0.06
_FILLS = ("#F2EEE4", "#BFD8D6", "#6FAAA9", "#2B7076", "#0E3F47")
"""Nobody, one, two, three, four and more."""
_SUN = (math.radians(315), math.radians(45))


def coverage_sheet(
    watch: Watch, found: Exposure, notes: Sequence[str], seen: Coverage, happening: str, language: str
) -> bytes:
    """Draw the sheet.

    Args:
        watch: The watch.
        found: Exposure of its last day.
        notes: What was assumed.
        seen: How many see each cell.
        happening: Of which kind the map is.
        language: Of the words.

    Returns:
        A PNG.
    """
    words = wiring.words_of([language])[language]
    window = _window(watch)
    step = max(1, math.ceil(max(b - a for a, b in window) / _SIDE))
    ground = watch.terrain.part(*window, step)
    count = np.zeros((window[0][1] - window[0][0], window[1][1] - window[1][0]), np.uint8)
    top, left = seen.first[0] - window[0][0], seen.first[1] - window[1][0]
    own = seen.count[max(0, -top) : count.shape[0] - top, max(0, -left) : count.shape[1] - left]
    count[max(0, top) :, max(0, left) :][: own.shape[0], : own.shape[1]] = own
    part = count[::step, ::step]
    tall, wide = watch.terrain.cell_m(sum(window[0]) / 2, sum(window[1]) / 2)
    picture = picture_of(ground, part, (tall * step, wide * step))
    size = (window[0][1] - window[0][0]) * tall, (window[1][1] - window[1][0]) * wide
    say = words.say
    kind = say(f"cover.kind.{happening}")
    legend = [say("cover.none"), "1", "2", "3", token("4+")]
    data = {
        "language": language,
        "direction": words.direction,
        "font": say("meta.fonts_plain"),
        "title": say("cover.title"),
        "internal": say("cover.internal"),
        "illustrative": say("cover.illustrative") if watch.is_illustrative else "",
        "until": say("cover.until", when=token(_local(watch, watch.at, "%Y-%m-%d %H:%M"))),
        "words": {
            key: say(f"cover.{key}")
            for key in ("post", "sensor", "light", "day", "twilight", "night", "restricted", "post_hours", "classes", "assumed")
        },
        "map": {
            "title": say("cover.map", kind=kind),
            "ratio": size[0] / size[1],
            "zones": [_outline(watch, z, window, language) for z in range(len(found.zones))],
            "posts": _posts(watch, window),
            "scale": _scale(size[1]),
            "legend": [{"fill": fill, "words": text} for fill, text in zip(_FILLS, legend, strict=True)],
        },
        "strip": _strip(watch, found, words, language),
        "assumed": list(dict.fromkeys([*watch.notes, *notes])),
    }  # fmt: skip
    return wiring.sheet_of("coverage", data, {"map.png": wiring.png_of(picture)}, "png")


def token(text: str) -> str:
    """Isolate a machine's token, so that it stands whole inside words of either direction."""
    return f"\u2066{text}\u2069"


def _local(watch: Watch, at: datetime, form: str) -> str:
    return at.astimezone(watch.mission.zone).strftime(form)


def _window(watch: Watch) -> tuple[tuple[int, int], tuple[int, int]]:
    """The rows and columns about the zones and posts, with a margin."""
    points = watch.ground.points
    lon = np.concatenate([points.lon, [view.watcher.lon for view in watch.ground.views]])
    lat = np.concatenate([points.lat, [view.watcher.lat for view in watch.ground.views]])
    found = watch.terrain.cells_at(*watch.terrain.places(lon, lat))
    spans = []
    for place, n in zip(found, watch.terrain.shape, strict=True):
        low, high = float(place.min()), float(place.max())
        room = _MARGIN * (high - low) + 1
        spans.append((max(0, math.floor(low - room)), min(n, math.ceil(high + room))))
    return spans[0], spans[1]


def picture_of(ground: Floats, count: NDArray[np.uint8], cell_m: tuple[float, float]) -> NDArray[np.uint8]:
    """Colour counts and shade them by the relief; coarse cells are drawn as large as they are.

    Args:
        ground: Heights, metres, shape (rows, columns); NaN in holes.
        count: How many see each cell.
        cell_m: Distance of two rows and of two columns, metres.

    Returns:
        Red, green, blue, shape (more rows, more columns, 3).
    """
    level = np.nan_to_num(ground, nan=float(np.nanmin(ground)))
    south, east = np.gradient(level, *cell_m)
    slope = np.arctan(2.0 * np.hypot(south, east))
    azimuth, height = _SUN
    shade = np.sin(height) * np.cos(slope) + np.cos(height) * np.sin(slope) * np.cos(
        azimuth - np.arctan2(-east, south)
    )
    fills = np.array([[int(fill[i : i + 2], 16) for i in (1, 3, 5)] for fill in _FILLS], float)
    colour = fills[np.where(count == _NOBODY, 0, np.minimum(count, len(_FILLS) - 1))]
    colour *= (0.55 + 0.45 * np.clip(shade, 0, 1) / np.sin(height))[..., None]
    colour[np.isnan(ground)] = 255
    times = max(1, round(_SIDE / max(count.shape)))
    pixels: NDArray[np.uint8] = np.clip(colour, 0, 255).astype(np.uint8)
    return pixels.repeat(times, 0).repeat(times, 1)


def _on_sheet(watch: Watch, window: Any, lon: Floats, lat: Floats) -> Floats:
    rows, columns = watch.terrain.cells_at(*watch.terrain.places(lon, lat))
    (top, bottom), (left, right) = window
    return np.column_stack([(columns - left) / (right - left), (rows - top) / (bottom - top)])


def _outline(watch: Watch, z: int, window: Any, language: str) -> dict[str, Any]:
    points = watch.ground.points
    line = next(line for line in watch.mission.lines if line.id == points.zones[z])
    rings = [_on_sheet(watch, window, *ring.T).round(5).tolist() for ring in outline(line)]
    own = points.zone == z
    middle = _on_sheet(watch, window, points.lon[own], points.lat[own]).mean(axis=0)
    return {"name": name_in(line.names, language), "rings": rings, "at": middle.round(5).tolist()}


def _posts(watch: Watch, window: Any) -> list[dict[str, Any]]:
    codes = {post.id: post.code for post in watch.mission.posts}
    spans = watch.observing()
    found = {}
    for view in watch.ground.views:
        who = view.watcher
        if who.group == "patrols":  # a way, no place
            continue
        x, y = _on_sheet(watch, window, np.array([who.lon]), np.array([who.lat]))[0]
        code = codes.get(who.id, who.id.split(":")[-1])
        found[who.id] = {
            "code": code,
            "x": float(x),
            "y": float(y),
            "on": who.id in spans,
            "sensor": not who.is_post,
        }
    return list(found.values())


def _scale(width_m: float) -> dict[str, Any]:
    lengths = [10.0**power * lead for power in range(2, 7) for lead in (1, 2, 5)]
    length = max(one for one in lengths if one <= width_m / 4) if width_m > 400 else lengths[0]
    return {"share": length / width_m, "words": token(f"{length / 1000:g} km")}


def _strip(watch: Watch, found: Exposure, words: Any, language: str) -> dict[str, Any]:
    """The last 24 hours of the exposure; hours of the mission's clock."""
    last = slice(max(0, len(found.starts) - 24), None)
    starts = found.starts[last]
    zones = []
    for z, zone in enumerate(found.zones):
        line = next(line for line in watch.mission.lines if line.id == zone)
        rows = []
        for k, word in enumerate(found.happenings):
            shares = found.share[z, last, k]
            level = watch.rules.class_of(float(shares.mean())) if len(shares) else "not_observed"
            rows.append({
                "name": words.say_or(f"cover.kind.{word}", word), "shares": [round(float(share), 3) for share in shares],
                "class": level, "class_words": words.say(f"cover.{level}"),
            })  # fmt: skip
        zones.append({
            "name": name_in(line.names, language),
            "light": [LIGHTS[int(np.argmax(light))] for light in found.light[z, last]],
            "restricted": [bool(share > 0) for share in found.restricted[z, last]],
            "post_hours": [f"{hours:.1f}".removesuffix(".0") for hours in found.post_hours[z, last]],
            "rows": rows,
        })  # fmt: skip
    return {
        "title": words.say("cover.strip"),
        "hours": [_local(watch, start, "%H") for start in starts],
        "unit": words.say("cover.hour", zone=token(watch.mission.settings.time_zone)) + " · %",
        "zones": zones,
    }
