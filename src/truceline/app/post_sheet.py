"""The sheet of one post, to print: where it stands, what it looks with, what it sees, what it alone sees, when it was manned."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any, Literal

import numpy as np

from truceline.app import wiring
from truceline.app.covering import Watch, period
from truceline.app.covering_shown import picture_of, token
from truceline.core.errors import InputError
from truceline.core.exposure import LIGHTS, CoverRules
from truceline.core.names import name_in
from truceline.cover.stage import HOUR
from truceline.cover.views import View, seen_cells
from truceline.cover.watchers import spans_of

_KM = 1000.0


def post_sheet(
    watch: Watch, slug: str, happening: str, days: int, language: str, kind: Literal["png", "pdf"]
) -> bytes:
    """Draw the sheet of a post.

    Args:
        watch: The mission's watch.
        slug: The post, for example ``post:N1``, or a sensor of the book.
        happening: Of which kind of happening its map is.
        days: Of how many of the mission's days its roster is shown.
        language: Of the words.
        kind: As what it is wanted.

    Returns:
        A page, A4.

    Raises:
        InputError: There is no such post or kind of happening.
    """
    view = next((view for view in watch.ground.views if view.watcher.id == slug), None)
    what = next((item for item in watch.rules.happenings if item.id == happening), None)
    if view is None or what is None:
        raise InputError("cover.post", f"there is no post '{slug}' or no kind '{happening}'")
    who = view.watcher
    words = wiring.words_of([language])[language]
    say = words.say
    post = next((post for post in watch.mission.posts if post.id == slug), None)
    line = next((line for line in watch.mission.lines if line.id == who.zone), None)
    (rows, columns, _), seen = seen_cells(who, watch.terrain, what, watch.canopy_m)
    ground = watch.terrain.part(rows, columns)
    tall, wide = watch.terrain.cell_m(sum(rows) / 2, sum(columns) / 2)
    place = watch.terrain.cells_at(*watch.terrain.places(np.array([who.lon]), np.array([who.lat])))
    data: dict[str, Any] = {
        "language": language,
        "direction": words.direction,
        "font": say("meta.fonts_plain"),
        "internal": say("cover.internal"),
        "illustrative": say("cover.illustrative") if watch.is_illustrative else "",
        "title": say("cover.sheet", code=token(post.code if post else slug.rsplit(":", maxsplit=1)[-1])),
        "until": say("cover.until", when=token(watch.at.astimezone(watch.mission.zone).strftime("%Y-%m-%d %H:%M"))),
        "facts": [
            [say("cover.zone"), name_in(line.names, language) if line else "–"],
            [say("cover.position"), _position(who.lon, who.lat) + (f" · {say('cover.illustrative_post')}" if post and post.illustrative else "")],
            [say("cover.eye"), say("cover.metres", n=token(f"{who.height_m:g}"))],
            [say("cover.sectors"), "  ".join(token(f"{a:g}°–{b:g}°") for a, b in who.sectors) or say("cover.all_round")],
        ],
        "map": {
            "title": say("cover.own_map", kind=say(f"cover.kind.{happening}")),
            "ratio": (rows[1] - rows[0]) * tall / ((columns[1] - columns[0]) * wide),
            "at": [float(place[1][0] - columns[0]) / (columns[1] - columns[0]), float(place[0][0] - rows[0]) / (rows[1] - rows[0])],
            "scale": _scale((columns[1] - columns[0]) * wide),
        },
        "ranges": _ranges(watch.rules, view, words),
        "shares": _shares(watch, view, words),
        "days": _days(watch, slug, days),
        "words": {
            key: say(f"cover.{key}")
            for key in ("means", "range", "day", "twilight", "night", "of_zone", "own", "alone", "manned_days", "no_roster", "assumed")
        },
        "assumed": list(watch.notes),
        "has_roster": any(stay.id == slug for stay in watch.book.roster),
    }  # fmt: skip
    picture = picture_of(ground, seen.astype(np.uint8) * 2, (tall, wide))
    return wiring.sheet_of("post", data, {"map.png": wiring.png_of(picture)}, kind)


def _ranges(rules: CoverRules, view: View, words: Any) -> list[dict[str, Any]]:
    """How far each of its means observes each kind, by day, in twilight and at night."""
    return [
        {
            "means": words.say(f"cover.means_word.{means.id}")
            if f"cover.means_word.{means.id}" in words.words
            else means.id,
            "kinds": [
                {
                    "kind": words.say_or(f"cover.kind.{item.id}", item.id),
                    "km": [token(f"{length / _KM:g}") for length in means.ranges_m[item.id]],
                }
                for item in rules.happenings
                if item.id in means.ranges_m
            ],
        }
        for means in view.watcher.means
    ]


def _shares(watch: Watch, view: View, words: Any) -> list[dict[str, Any]]:
    """Which share of its zone it can observe, and which it alone of all that stand."""
    points = watch.ground.points
    zone = points.masks[points.zones.index(view.watcher.zone)] if view.watcher.zone in points.zones else 0
    found = []
    for item in watch.rules.happenings:
        cells = []
        for light in (LIGHTS[0], LIGHTS[2]):
            own = view.mask(item.id, light, None, None, frozenset()) & zone
            others = 0
            for other in watch.ground.views:
                if other.watcher.id != view.watcher.id:
                    others |= other.mask(item.id, light, None, None, frozenset())
            whole = max(zone.bit_count(), 1)
            cells.append([round(own.bit_count() / whole, 4), round((own & ~others).bit_count() / whole, 4)])
        found.append({"kind": words.say_or(f"cover.kind.{item.id}", item.id), "cells": cells})
    return found


def _days(watch: Watch, slug: str, days: int) -> list[dict[str, Any]]:
    """Its roster: of each day the parts that it was manned, as shares of the day."""
    start, end = period(watch, days)
    post = next((post for post in watch.mission.posts if post.id == slug), None)
    spans, _ = spans_of(slug, post, watch.book.roster, (start, end), watch.mission.zone)
    found = []
    for n in range(days):
        first = start + timedelta(days=n)
        last = first + timedelta(days=1)
        parts = [
            [(max(begin, first) - first) / timedelta(days=1), (min(until, last) - first) / timedelta(days=1)]
            for begin, until in spans
            if begin < last and until > first
        ]
        hours = sum(stop - go for go, stop in parts) * 24
        over = min(1.0, max(0.0, (end - first) / timedelta(days=1)))
        label = (last - HOUR / 3600).astimezone(watch.mission.zone).strftime("%Y-%m-%d")
        found.append(
            {
                "day": token(label),
                "parts": parts,
                "hours": token(f"{hours:.1f}".removesuffix(".0") + " h"),
                "over": over,
            }
        )
    return found


def _position(lon: float, lat: float) -> str:
    return token(f"{abs(lat):.4f}°{'N' if lat >= 0 else 'S'} {abs(lon):.4f}°{'E' if lon >= 0 else 'W'}")


def _scale(width_m: float) -> dict[str, Any]:
    length = 10.0 ** math.floor(math.log10(width_m / 3))
    length *= max(lead for lead in (1, 2, 5) if lead * length <= width_m / 3)
    return {"share": length / width_m, "words": token(f"{length / _KM:g} km")}
