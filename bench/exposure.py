"""Exposure of 25 posts, 30 days by the hour, six kinds of happening; a changed roster line; the loss of one post.

The rival does the same on NumPy's arrays: every hour and kind joins the posts' masks anew.
"""

from __future__ import annotations

import dataclasses
import sys
import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
from _rows import row
from _sight_terrain import terrain

from truceline.app.wiring import load_cover_rules
from truceline.core.exposure import Equipment, Stay, WatchBook, Weather
from truceline.cover import cover
from truceline.cover.points import spread
from truceline.cover.stage import Ground as Seen
from truceline.cover.views import view_of
from truceline.cover.watchers import spans_of, watchers_of
from truceline.testing.theatre import HOUR, START, Ground, post, square

N, CELL_M, DAYS, POSTS = 3000, 30.0, 30, 25
ZONE = ZoneInfo("Asia/Baku")
ZONES = tuple(square(f"zone:{n}", -40_000 + 27_000 * n, -12_000, 26_000) for n in range(3))
MEANS = ("eyes", "optics", "thermal", "ears")


def stays(chance: np.random.Generator) -> tuple[Stay, ...]:
    """Three reliefs a day of each post; now and then one comes late."""
    found = list[Stay]()
    for n in range(POSTS):
        for relief in range(3 * DAYS):
            late_min = int(chance.choice([0, 0, 0, 7, 25]))
            start = START + 8 * relief * HOUR + timedelta(minutes=late_min)
            found.append(Stay(f"post:{n}", "manned", start, START + 8 * (relief + 1) * HOUR))
    return tuple(found)


def main() -> None:
    """Print one line a figure."""
    chance = np.random.default_rng(1)
    rules = load_cover_rules()
    ground = Ground(terrain("mountains", N), CELL_M)
    posts = tuple(
        post(f"post:{n}", *chance.uniform((-40_000, -12_000), (40_000, 14_000)), ZONES[n % 3].id)
        for n in range(POSTS)
    )
    roster = stays(chance)
    weather = tuple(
        Weather(START + 3 * n * HOUR, START + 3 * (n + 1) * HOUR, float(chance.choice([2000, 8000, 20_000])), float(chance.choice([2, 6, 11])))
        for n in range(8 * DAYS)
    )  # fmt: skip
    book = WatchBook(
        equipment=tuple(Equipment(item.id, MEANS, 6.0) for item in posts), roster=roster, weather=weather
    )
    within = START, START + timedelta(days=DAYS)
    points = spread(ZONES, rules.most_points)
    view_of(watchers_of(posts, book, rules)[0], points, ground, rules)  # loads the compiled code
    began = time.perf_counter()
    seen = Seen(
        points, [view_of(who, points, ground, rules) for who in watchers_of(posts, book, rules)], rules
    )
    looked_s = time.perf_counter() - began

    def expose(of: WatchBook, without: str = "") -> np.ndarray:
        spans = {
            item.id: spans_of(item.id, item, of.roster, within, ZONE)[0]
            for item in posts
            if item.id != without
        }
        return cover(seen, spans, of, within).share

    began = time.perf_counter()
    share = expose(book)
    exposed_s = time.perf_counter() - began
    changed = dataclasses.replace(
        book,
        roster=(
            *roster,
            Stay("post:3", "unmanned", START + 50 * HOUR, START + 61 * HOUR, known_at=within[1]),
        ),
    )
    began = time.perf_counter()
    other = expose(changed)
    changed_s = time.perf_counter() - began
    began = time.perf_counter()
    lost = share - expose(book, "post:3")
    lost_s = time.perf_counter() - began
    if not ((other <= share).all() and (other < share).any() and (lost >= 0).all() and lost.any()):
        raise SystemExit("a line of a roster, or a post, changed nothing")
    what = (
        f"{POSTS} posts, {DAYS} days by the hour, {len(rules.happenings)} kinds, {len(points.lon):,} points"
    )
    row(f"{what}: over {N} x {N} cells, lines of sight included", looked_s + exposed_s, "s", "<=", 20)
    row(f"{what}: of that after the ground was looked over", exposed_s, "s", "<=", 20)
    row(f"{what}: after one line of a roster changed", changed_s, "s", "<=", 1)
    row(f"{what}: what is lost if a post closes", lost_s, "s", "<=", 1)
    rival_s = rival(seen, len(share[0]))
    row("beside it: NumPy's arrays, each hour and kind joined anew", rival_s, "s", ">=", 0)
    row("ours over NumPy's arrays", exposed_s / rival_s, "times", "<=", 1)


def rival(seen: Seen, n_hours: int) -> float:
    """Seconds of the same on arrays, one state an hour; the masks are given to it ready."""
    masks = []
    n = len(seen.points.lon)
    for kind in seen.rules.happenings:
        rows = [view.mask(kind.id, "day", None, None, frozenset()) for view in seen.views]
        data = [np.frombuffer(one.to_bytes(-(-n // 8), "little"), np.uint8) for one in rows]
        masks.append(np.array([np.unpackbits(one, bitorder="little")[:n] for one in data], bool))
    share = np.zeros((len(seen.points.zones), n_hours, len(masks)))
    zones = [seen.points.zone == z for z in range(len(seen.points.zones))]
    chance = np.random.default_rng(2)
    active = chance.random((n_hours, len(seen.views))) < 0.9
    began = time.perf_counter()
    for hour in range(n_hours):
        for k, mask in enumerate(masks):
            joined = mask[active[hour]].any(axis=0)
            for z, own in enumerate(zones):
                share[z, hour, k] = joined[own].mean()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
