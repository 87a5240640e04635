"""Receivers that were deceived, in recordings of traffic that turns, climbs and is lost now and then: every deceit is found, and clean hours are left alone.

Four ways of deceiving are tried: places that jump away, that are dragged off slowly, that go round in a circle, and several aircraft put
on one point. What is looked through are the bytes that a receiver hears, by the command that people use. Argument: clean hours.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _row import row

from truceline.app.doubting import doubt_files
from truceline.geo.plane import Plane
from truceline.testing.squitters import position, squitter, velocity

HOURS = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
BEGAN_S = 1_605_502_800.0
PLANE = Plane(46.6, 39.8)
STEP_S, HALF_M, N_AIR = 0.5, 60_000.0, 12
LOSS, NOISE_M = 0.08, 15.0
KINDS = ("jump", "drag", "circle", "gathering")
N_EACH = 12
"""Deceits of each kind."""
SCENE_S = 420
_KNOT_MPS, _FOOT_M = 1852 / 3600, 0.3048


@dataclass(frozen=True)
class Deceit:
    """Whose receiver was deceived, how, from when to when (seconds of the scene)."""

    who: int
    kind: str
    since_s: float
    until_s: float


def flown(seconds: float, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Fly aircraft about: places and velocities, metres, shape (steps, aircraft, 2)."""
    steps = int(seconds / STEP_S)
    xy = chance.uniform(-HALF_M, HALF_M, (N_AIR, 2))
    course, speed = chance.uniform(0, 2 * np.pi, N_AIR), chance.uniform(110, 240, N_AIR)
    rate, left_s = np.zeros(N_AIR), chance.uniform(20, 200, N_AIR)
    places, velocities = np.empty((steps, N_AIR, 2)), np.empty((steps, N_AIR, 2))
    for n in range(steps):
        left_s -= STEP_S
        for one in np.flatnonzero(left_s <= 0):
            turns = rate[one] == 0
            rate[one] = np.radians(chance.uniform(0.7, 3.0)) * chance.choice((-1, 1)) if turns else 0.0
            left_s[one] = chance.uniform(10, 50) if turns else chance.uniform(40, 300)
        away = np.flatnonzero((np.abs(xy) > HALF_M).any(axis=1))
        for one in away:  # who leaves the area turns home
            home = np.arctan2(-xy[one, 1], -xy[one, 0])
            off = (home - course[one] + np.pi) % (2 * np.pi) - np.pi
            rate[one], left_s[one] = np.clip(off, -0.05, 0.05), 5.0
        course += rate * STEP_S
        v = speed[:, None] * np.column_stack([np.cos(course), np.sin(course)])
        xy = xy + v * STEP_S
        places[n], velocities[n] = xy, v
    return places, velocities


def deceived(places: np.ndarray, deceits: list[Deceit], chance: np.random.Generator) -> np.ndarray:
    """Put what receivers believe in place of where their aircraft are."""
    believed = places.copy()
    spot = chance.uniform(-HALF_M / 2, HALF_M / 2, 2)
    for one in deceits:
        part = slice(int(one.since_s / STEP_S), int(one.until_s / STEP_S))
        gone_s = np.arange(part.stop - part.start) * STEP_S
        way = np.exp(1j * chance.uniform(0, 2 * np.pi))
        if one.kind == "jump":
            far = way * chance.uniform(3_000, 40_000)
            believed[part, one.who] += (far.real, far.imag)
        elif one.kind == "drag":
            off = way * chance.uniform(45, 120) * gone_s
            believed[part, one.who] += np.column_stack([off.real, off.imag])
        elif one.kind == "circle":
            round_ = chance.uniform(300, 2_500) * np.exp(1j * gone_s / chance.uniform(8, 25))
            start = believed[part.start, one.who] - (round_[0].real, round_[0].imag)
            believed[part, one.who] = start + np.column_stack([round_.real, round_.imag])
        else:
            believed[part, one.who] = spot + chance.normal(0, 5, (part.stop - part.start, 2))
    return believed


def heard(path: Path, believed: np.ndarray, velocities: np.ndarray, chance: np.random.Generator) -> None:
    """Write what a receiver on the ground hears: positions and velocities as the aircraft say them, some of it lost."""
    lines = []
    steps = len(believed)
    noisy = believed + chance.normal(0, NOISE_M, believed.shape)
    lon, lat = PLANE.to_ground(noisy.reshape(-1, 2))
    lon, lat = lon.reshape(steps, N_AIR), lat.reshape(steps, N_AIR)
    feet = chance.integers(60, 380, N_AIR) * 100
    kept = chance.random((steps, N_AIR, 2)) > LOSS
    for n in range(steps):
        for one in range(N_AIR):
            at_s = BEGAN_S + n * STEP_S + 0.03 * one
            if kept[n, one, 0]:
                bits = position(
                    float(lon[n, one]), float(lat[n, one]), int(feet[one] // 25 * 25), is_odd=bool(n % 2)
                )
                lines.append(f"{at_s:.3f},{squitter(bits, 0x600000 + one).hex()}")
            if n % 2 and kept[n, one, 1]:
                east, north = (round(float(v) / _KNOT_MPS) for v in velocities[n, one])
                lines.append(f"{at_s + 0.2:.3f},{squitter(velocity(east, north, 0), 0x600000 + one).hex()}")
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def main() -> int:
    """Print how it went."""
    n_found = n_deceits = n_false = 0
    by_kind = dict.fromkeys(KINDS, 0)
    with tempfile.TemporaryDirectory(prefix="spoofing-") as scratch:
        path = Path(scratch) / "heard.csv"
        for number, way in enumerate(
            one for one in KINDS for _ in range(N_EACH if one != "gathering" else N_EACH // 3)
        ):
            chance = np.random.default_rng(1_000 + number)
            places, velocities = flown(SCENE_S, chance)
            since = float(chance.uniform(120, 180))
            until = since + float(chance.uniform(60, 150))
            who = chance.choice(N_AIR, 3 if way == "gathering" else 1, replace=False)
            deceits = [Deceit(int(one), way, since + 2 * at, until) for at, one in enumerate(who)]
            heard(path, deceived(places, deceits, chance), velocities, chance)
            told = doubt_files("adsb", [path]).anomalies
            for one in deceits:
                its = [
                    a
                    for a in told
                    if int(a.name, 16) - 0x600000 == one.who and _overlaps(a.since_s, a.until_s, one)
                ]
                n_deceits += 1
                n_found += bool(its)
                by_kind[way] += bool(its)
            names = {one.who for one in deceits}
            n_false += sum(int(a.name, 16) - 0x600000 not in names for a in told)
        clean = 0
        for hour in range(round(HOURS)):
            chance = np.random.default_rng(hour)
            places, velocities = flown(3_600, chance)
            heard(path, places, velocities, chance)
            clean += len(doubt_files("adsb", [path]).anomalies)
    row("receivers that were deceived", n_deceits, "segments")
    row("of them not found", n_deceits - n_found, "segments", "==", 0)
    row("aircraft beside them that were flagged", n_false, "aircraft")
    row("hours of clean traffic of twelve aircraft", round(HOURS), "hours")
    row("false flags an hour of it", clean / max(round(HOURS), 1), "flags/h", "<=", 0.99)
    print(f"found by kind: {by_kind}", file=sys.stderr)
    return int(n_found < n_deceits)


def _overlaps(since_s: float, until_s: float, one: Deceit) -> bool:
    return since_s - BEGAN_S <= one.until_s + 30 and until_s - BEGAN_S >= one.since_s - 5


if __name__ == "__main__":
    raise SystemExit(main())
