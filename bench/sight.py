"""Lines of sight: how much they agree with every cell's own ray, and how soon, beside GRASS `r.viewshed` and `gdal_viewshed`.

Usage: sight.py [agree] [speed]. Without GRASS or GDAL their rows are left out by name.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import mean, median

import numpy as np
from _rows import left_out, row
from _sight_terrain import (
    CELL_M,
    TERRAINS,
    Grass,
    environment,
    exact,
    gdal_viewshed,
    jaccard,
    read,
    scratch,
    terrain,
    write,
    xy,
)

from truceline.geo.sight import bend_per_m, seen_from

N_AGREE, N_SPEED, N_POSTS = 1000, 3000, 25
HEIGHT_M, TARGET_M = 6.0, 2.0
ROUNDS = 3
COMMAND = Path(sys.executable).with_name("truceline")


def agree(folder: Path) -> None:
    """Compare with every cell's own ray on each terrain, flat and on the round Earth."""
    has_gdal = shutil.which("gdal_viewshed") is not None
    for bent in (False, True):
        bend = bend_per_m() if bent else 0.0
        earth = "round Earth" if bent else "flat Earth"
        equal, ours, theirs, mean_ours = [], [], [], []
        for name in TERRAINS:
            ground = terrain(name, N_AGREE)
            at = _stand(ground)
            true = exact(ground, *at, float(ground[at]) + HEIGHT_M, TARGET_M, bend)
            found = seen_from(ground, (CELL_M, CELL_M), at, HEIGHT_M, target_m=TARGET_M, bend=bend)
            equal.append(float((found == true).mean()))
            ours.append(jaccard(found, true))
            file = folder / "ground.tif"
            write(file, ground)
            if Grass.is_there():
                grass = Grass(folder)
                grass.bring("ground", file)
                grass.viewshed("ground", at, HEIGHT_M, TARGET_M, bent)
                seen = grass.seen()
                theirs.append(jaccard(seen, true))
                mean_ours.append(jaccard(seen, found))
                row(
                    f"beside it, {name}, {earth}: GRASS over the own rays, Jaccard",
                    theirs[-1],
                    "share",
                    ">=",
                    0,
                )
                row(f"{name}, {earth}: ours over GRASS, at least its own rays' less 0.01", mean_ours[-1], "share", ">=", theirs[-1] - 0.01)  # fmt: skip
            if has_gdal:
                gdal_viewshed(file, folder / "gdal.tif", at, HEIGHT_M, TARGET_M, bent)
                other = np.asarray(read(folder / "gdal.tif"), np.uint8)
                row(f"beside it, {name}, {earth}: gdal_viewshed over the own rays, Jaccard", jaccard(other, true), "share", ">=", 0)  # fmt: skip
        size = f"{len(TERRAINS)} terrains of {N_AGREE} x {N_AGREE} cells, {earth}"
        row(f"{size}: cells as their own rays have them, worst", min(equal), "share", ">=", 0.99)
        row(f"{size}: Jaccard with the own rays, mean", mean(ours), "share", ">=", 0.975)
        row(f"{size}: Jaccard with the own rays, worst", min(ours), "share", ">=", 0.955)
    if not Grass.is_there():
        left_out("ours over GRASS r.viewshed", "there is no GRASS: Debian's package grass-core")
    if not has_gdal:
        left_out("ours beside gdal_viewshed", "there is no gdal_viewshed: Debian's package gdal-bin")


def speed(folder: Path) -> None:
    """Time one observer and 25 over 3000 x 3000 cells."""
    file = folder / "large.tif"
    ground = terrain("mountains", N_SPEED)
    write(file, ground)
    at = _stand(ground)
    one, gains = list[float](), list[float]()
    theirs, command, gdal = list[float](), list[float](), list[float]()
    grass = Grass(folder) if Grass.is_there() else None
    if grass is not None:
        grass.bring("large", file)
    x, y = xy(at)
    for _ in range(ROUNDS):
        whole_s, looking_s, _ = _child(file, at, 1, 1)
        one.append(whole_s)
        gains.append(looking_s / _child(file, at, 2, 1)[1])
        began = time.perf_counter()
        subprocess.run(
            [str(COMMAND), "cover", "viewshed", "--dem", str(file), "--observer-xy", f"{x},{y}", "--height", str(HEIGHT_M),
             "--target-height", str(TARGET_M), "--out", str(folder / "ours.tif")],
            check=True, capture_output=True, env=environment(1),
        )  # fmt: skip
        command.append(time.perf_counter() - began)
        if grass is not None:
            theirs.append(grass.viewshed("large", at, HEIGHT_M, TARGET_M, True))
        if shutil.which("gdal_viewshed"):
            gdal.append(gdal_viewshed(file, folder / "gdal.tif", at, HEIGHT_M, TARGET_M, True))
    many_s, _, many_mb = _child(file, at, 1, N_POSTS)
    size = f"{N_SPEED} x {N_SPEED} cells"
    row(f"{size}: one observer on one core", median(one), "s", ">=", 0)
    row(f"{size}: one observer, two cores over one", median(gains), "times", ">=", 1.6)
    row(f"{size}: {N_POSTS} observers over one, one core", many_s / median(one), "times", "<=", N_POSTS)
    row(f"{size}: memory for {N_POSTS} observers", many_mb, "MB", "<=", 2000)
    if theirs:
        row(f"{size}: GRASS r.viewshed, start taken off", median(theirs), "s", ">=", 0)
        row(f"{size}: ours over GRASS on one core", median(one) / median(theirs), "times", "<=", 0.6)
        row(
            f"{size}: our whole command over GRASS on one core",
            median(command) / median(theirs),
            "times",
            "<=",
            0.6,
        )
    if gdal:
        row(f"beside it: gdal_viewshed on {size}", median(gdal), "s", ">=", 0)


def _stand(ground: np.ndarray) -> tuple[int, int]:
    """The highest cell near the middle: where a post would stand."""
    n = ground.shape[0]
    low = 2 * n // 5
    part = ground[low : n - low, low : n - low]
    i, j = np.unravel_index(part.argmax(), part.shape)
    return int(i) + low, int(j) + low


def _child(file: Path, at: tuple[int, int], threads: int, posts: int) -> tuple[float, float, float]:
    """Look in a process of its own: seconds from reading the model until all have looked, of these looking, and peak memory in MB."""
    said = subprocess.run(
        [sys.executable, __file__, "child", str(file), str(at[0]), str(at[1]), str(posts)],
        check=True, capture_output=True, text=True, env=environment(threads),
    )  # fmt: skip
    found = json.loads(said.stdout)
    return float(found["s"]), float(found["looking_s"]), float(found["mb"])


def child(file: str, row_: str, column: str, posts: str) -> None:
    """The process that looks."""
    seen_from(np.zeros((50, 50)), (CELL_M, CELL_M), (20, 20), HEIGHT_M)
    began = time.perf_counter()
    ground = np.asarray(read(Path(file)), np.float64)
    n = ground.shape[0]
    places = [(int(row_), int(column))]
    chance = np.random.default_rng(3)
    if int(posts) > 1:
        places = [(int(i), int(j)) for i, j in chance.integers(n // 10, n - n // 10, (int(posts), 2))]
    count = np.zeros(ground.shape, np.uint8)
    looking = time.perf_counter()
    for place in places:
        count += (
            seen_from(ground, (CELL_M, CELL_M), place, HEIGHT_M, target_m=TARGET_M, bend=bend_per_m()) == 1
        )
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {"s": ended - began, "looking_s": ended - looking, "mb": peak, "seen": int((count > 0).sum())}
        )
    )


def main() -> None:
    """Measure what is asked for."""
    if sys.argv[1:2] == ["child"]:
        child(*sys.argv[2:6])
        return
    parts = sys.argv[1:] or ["agree", "speed"]
    with scratch() as folder:
        for part in parts:
            {"agree": agree, "speed": speed}[part](folder)


if __name__ == "__main__":
    main()
