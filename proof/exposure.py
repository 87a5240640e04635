"""Exposure against the truth: the share that it says could be observed, and the share that was detected in a world of its own.

The world has finer ground than the model that exposure reads, draws happenings at random places and moments, and has each detected or
not by its own line of sight, range and presence. First everything that exposure is told is true; then ranges are off, absences stand in
no roster, the model is coarser still: the figure `docs/pictures/exposure-error.svg` shows how the error grows.
"""

from __future__ import annotations

import dataclasses
import math
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numba
import numpy as np
from _row import row

from truceline.core.exposure import CoverRules, Happening, Means, Stay, WatchBook, Wind
from truceline.core.places import Post
from truceline.cover import cover
from truceline.cover.points import spread
from truceline.cover.stage import Ground as Seen
from truceline.cover.views import view_of
from truceline.cover.watchers import Span, spans_of, watchers_of
from truceline.geo.sight import bend_per_m
from truceline.geo.sun import SUNSET_DEG, sun_height_deg
from truceline.testing.theatre import HOUR, LAT, LON, START, Ground, post, square

N = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
"""Happenings of each kind and zone."""
SEEDS = range(5)
FINE_M, FINE = 20.0, 1200
DAYS = 3
EPOCH = datetime(2000, 1, 1, 12, tzinfo=START.tzinfo)
PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "exposure-error.svg"
ZONES = (square("zone:west", -9000, -5000, 9000), square("zone:east", 0, -5000, 9000))
KINDS = ("flash", "sound", "vehicle", "aircraft_low")
RANGES = {
    "flash": (3000.0, 5000.0, 7000.0), "vehicle": (4000.0, 2000.0, 800.0), "aircraft_low": (6000.0, 4000.0, 1500.0),
}  # fmt: skip
HEIGHTS = {"flash": 2.0, "sound": 2.0, "vehicle": 2.5, "aircraft_low": 100.0}
HEARD = (2500.0, 3000.0, 4000.0)
EYE_M = 6.0


def ground(seed: int) -> np.ndarray:
    """Hills of the world, metres."""
    chance = np.random.default_rng(seed)
    power = np.fft.fftfreq(FINE)[:, None] ** 2 + np.fft.rfftfreq(FINE)[None] ** 2
    power[0, 0] = 1.0
    found = np.fft.irfft2(
        np.fft.rfft2(chance.normal(size=(FINE, FINE))) * power ** (-2.3 / 2), s=(FINE, FINE)
    )
    return np.asarray(900 * (found - found.min()) / np.ptp(found))


def coarser(heights: np.ndarray, times: int) -> Ground:
    """The model that exposure is given: means of the world's cells."""
    n = FINE // times
    return Ground(
        heights[: n * times, : n * times].reshape(n, times, n, times).mean(axis=(1, 3)), FINE_M * times
    )


@numba.njit(cache=True)
def is_in_sight(
    ground: np.ndarray, x0: float, y0: float, eye_m: float, x1: float, y1: float, high_m: float, bend: float
) -> bool:
    """Whether the straight line between two places of the world is free, looked at every half cell."""
    rows, columns = ground.shape
    ends = np.empty(2)
    for k in range(2):
        x, y = (x0, y0) if k == 0 else (x1, y1)
        ends[k] = _height(ground, rows / 2 - y / FINE_M - 0.5, columns / 2 + x / FINE_M - 0.5)
    d = math.hypot(x1 - x0, y1 - y0)
    n = max(2, int(2 * d / FINE_M))
    eye = ends[0] + eye_m
    want = (ends[1] + high_m - bend * d * d - eye) / max(d, 1.0)
    for k in range(1, n):
        e = d * k / n
        x, y = x0 + (x1 - x0) * k / n, y0 + (y1 - y0) * k / n
        h = _height(ground, rows / 2 - y / FINE_M - 0.5, columns / 2 + x / FINE_M - 0.5)
        if (h - bend * e * e - eye) / e > want:
            return False
    return True


@numba.njit(cache=True)
def _height(ground: np.ndarray, y: float, x: float) -> float:
    rows, columns = ground.shape
    y, x = min(max(y, 0.0), rows - 1.001), min(max(x, 0.0), columns - 1.001)
    i, j = int(y), int(x)
    u, v = y - i, x - j
    return (1 - u) * ((1 - v) * ground[i, j] + v * ground[i, j + 1]) + u * (
        (1 - v) * ground[i + 1, j] + v * ground[i + 1, j + 1]
    )


@dataclasses.dataclass(frozen=True)
class World:
    """What is so: ground, posts, who was there."""

    heights: np.ndarray
    places: np.ndarray
    spans: list[list[tuple[float, float]]]

    def detected(self, seed: int) -> np.ndarray:
        """Share of happenings that somebody detected, by zone and kind."""
        chance = np.random.default_rng([seed, 7])
        found = np.zeros((len(ZONES), len(KINDS)))
        bend = bend_per_m()
        for z, west_m in enumerate((-9000.0, 0.0)):
            for k, kind in enumerate(KINDS):
                x, y = chance.uniform(west_m, west_m + 9000, N), chance.uniform(-5000, 4000, N)
                hour = chance.uniform(0, 24 * DAYS, N)
                # the world has its own light: by the sun at the place of the happening
                sun = sun_height_deg(hour * 3600 + (START - EPOCH).total_seconds(), LON, LAT)
                light = np.where(sun > SUNSET_DEG, 0, np.where(sun > -6, 1, 2))
                is_seen = np.zeros(N, bool)
                for (px, py), spans in zip(self.places, self.spans, strict=True):
                    d = np.hypot(x - px, y - py)
                    is_there = np.zeros(N, bool)
                    for start, end in spans:
                        is_there |= (hour >= start) & (hour < end)
                    ranges = np.asarray(HEARD if kind == "sound" else RANGES[kind])[light]
                    for n in np.flatnonzero(is_there & (d <= ranges) & ~is_seen):
                        is_seen[n] = kind == "sound" or is_in_sight(
                            self.heights, px, py, EYE_M, x[n], y[n], HEIGHTS[kind], bend
                        )
                found[z, k] = is_seen.mean()
        return found


def rules(times: float) -> CoverRules:
    """What exposure is told of ranges."""
    base = CoverRules((), (), (), 0.5, 0.1, 20_000, ("eyes", "ears"), EYE_M)
    eyes = Means("eyes", {word: tuple(times * one for one in ranges) for word, ranges in RANGES.items()})
    ears = Means("ears", {"sound": tuple(times * one for one in HEARD)}, needs_sight=False)
    happenings = tuple(Happening(kind, HEIGHTS[kind]) for kind in KINDS)
    return dataclasses.replace(base, happenings=happenings, means=(eyes, ears), wind=(Wind(0, 1.0),))


def world(seed: int) -> tuple[World, tuple[Post, ...], tuple[Stay, ...]]:
    """Draw a world, its posts, and the roster that tells the truth about them."""
    heights = ground(seed)
    chance = np.random.default_rng([seed, 3])
    places, posts, stays, spans = [], list[Post](), list[Stay](), []
    for n in range(8):
        # of twenty places the highest: where people put posts
        tries = np.column_stack([chance.uniform(-8500, 8500, 20), chance.uniform(-4500, 3500, 20)])
        high = [heights[int(FINE / 2 - y / FINE_M), int(FINE / 2 + x / FINE_M)] for x, y in tries]
        x, y = tries[int(np.argmax(high))]
        places.append((x, y))
        posts.append(post(f"post:{n}", x, y))
        own = []
        for day in range(DAYS):
            start = 24 * day + float(chance.uniform(0, 8))
            own.append((start, start + float(chance.uniform(8, 15))))
        spans.append(own)
        stays += [Stay(f"post:{n}", "manned", START + start * HOUR, START + end * HOUR) for start, end in own]
    return World(heights, np.asarray(places), spans), tuple(posts), tuple(stays)


def predicted(
    model: Ground, posts: tuple[Post, ...], stays: tuple[Stay, ...], told: CoverRules
) -> np.ndarray:
    """What exposure says, by zone and kind."""
    points = spread(ZONES, told.most_points)
    views = [view_of(item, points, model, told) for item in watchers_of(posts, WatchBook(), told)]
    within: Span = (START, START + timedelta(days=DAYS))
    zone = ZoneInfo("UTC")
    spans = {item.id: spans_of(item.id, item, stays, within, zone)[0] for item in posts}
    found = cover(Seen(points, views, told), spans, WatchBook(), within)
    return np.asarray(found.share.mean(axis=1))


def with_absences(real: World, share: float, seed: int) -> World:
    """The same world, but each hour of presence is absence with some chance, and no roster says so."""
    chance = np.random.default_rng([seed, 11])
    spans = []
    for own in real.spans:
        kept = []
        for start, end in own:
            edges = np.arange(start, end, 1.0)
            kept += [(float(edge), float(min(edge + 1, end))) for edge in edges if chance.random() >= share]
        spans.append(kept)
    return dataclasses.replace(real, spans=spans)


def main() -> int:
    """Print one line a figure and draw the picture."""
    worst, off = 0.0, list[float]()
    cases = {
        "ranges": [-0.3, -0.15, 0.0, 0.15, 0.3], "absences": [0.0, 0.1, 0.2, 0.3, 0.4], "cells": [2, 5, 15, 30, 50],
    }  # fmt: skip
    grows: dict[str, list[list[float]]] = {name: [[] for _ in steps] for name, steps in cases.items()}
    for seed in SEEDS:
        real, posts, stays = world(seed)
        model = coarser(real.heights, 2)
        truth = real.detected(seed)
        plain = predicted(model, posts, stays, rules(1.0))
        errors = np.abs(plain - truth)
        worst, off = max(worst, float(errors.max())), [*off, *errors.ravel()]
        for n, change in enumerate(cases["ranges"]):
            grows["ranges"][n].append(
                float(np.abs(predicted(model, posts, stays, rules(1 + change)) - truth).mean())
            )
        for n, share in enumerate(cases["absences"]):
            grows["absences"][n].append(
                float(np.abs(plain - with_absences(real, share, seed).detected(seed)).mean())
            )
        for n, times in enumerate(cases["cells"]):
            grows["cells"][n].append(
                float(
                    np.abs(
                        predicted(coarser(real.heights, int(times)), posts, stays, rules(1.0)) - truth
                    ).mean()
                )
            )
    what = f"exposure of {len(SEEDS)} worlds, 2 zones, {len(KINDS)} kinds, {N} happenings each"
    row(f"{what}: off the share that was detected, worst", worst, "share", "<=", 0.05)
    row("the same, mean", float(np.mean(off)), "share")
    means = {name: [float(np.mean(step)) for step in steps] for name, steps in grows.items()}
    for change, error in zip(cases["ranges"], means["ranges"], strict=True):
        row(f"the same where ranges are told {change:+.0%} off: mean", error, "share")
    for share, error in zip(cases["absences"], means["absences"], strict=True):
        row(f"the same where {share:.0%} of hours are absences that no roster shows: mean", error, "share")
    for times, error in zip(cases["cells"], means["cells"], strict=True):
        row(
            f"the same where the model has cells of {FINE_M * times:.0f} m, the world {FINE_M:.0f} m: mean",
            error,
            "share",
        )
    draw(cases, means)
    return int(worst > 0.05)


def draw(cases: dict[str, list[float]], means: dict[str, list[float]]) -> None:
    """Draw how the error grows."""
    titles = {
        "ranges": ("Ranges told wrong", [f"{value:+.0%}" for value in cases["ranges"]]),
        "absences": ("Absences in no roster", [f"{value:.0%}" for value in cases["absences"]]),
        "cells": (
            f"Cells of the model (the world: {FINE_M:.0f} m)",
            [f"{FINE_M * value:.0f} m" for value in cases["cells"]],
        ),
    }
    top = 0.05 * math.ceil(max(max(row_) for row_ in means.values()) / 0.05)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 300" font-family="Noto Sans, sans-serif" font-size="12" fill="#1D272B">',
        '<rect width="960" height="300" fill="#FFFDF9"/>',
        '<text x="16" y="24" font-size="15" font-weight="700">How far exposure is off what was really detected (mean, share of a zone)</text>',
    ]
    for panel, (name, (title, labels)) in enumerate(titles.items()):
        left = 60 + 305 * panel
        parts.append(f'<text x="{left}" y="54" font-weight="700">{title}</text>')
        for tick in np.arange(0, top + 0.001, 0.05):
            y = 250 - 180 * tick / top
            parts.append(
                f'<path d="M{left} {y:.1f}H{left + 250}" stroke="#DDD7CA"/><text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#5A656A">{tick:.2f}</text>'
            )
        steps = [(left + 20 + 52 * n, 250 - 180 * error / top) for n, error in enumerate(means[name])]
        parts.append(
            f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in steps)}" fill="none" stroke="#14545C" stroke-width="2"/>'
        )
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#14545C"/>' for x, y in steps]
        parts += [
            f'<text x="{x:.1f}" y="272" text-anchor="middle">{label}</text>'
            for (x, _), label in zip(steps, labels, strict=True)
        ]
    PICTURE.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
