"""Tracks beside Stone Soup's, of the same scenes: detections a CPU second, and how near the screen is to the truth.

Without arguments 20 and 100 targets, one seed, half a minute of Stone Soup each; ``full`` takes 20, 100 and 500 targets over five
seeds and a scene in which all cross, with 200 s each.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
from _rows import left_out, row

from truceline.testing.traffic import Traffic, crossing, mean_gospa, passing

ROOT = Path(__file__).resolve().parents[1]
RIVAL = ROOT / ".build" / "rival" / "bin" / "python"
PROGRAM = Path(sys.executable).with_name("truceline")
IS_FULL = "full" in sys.argv[1:]
SIZES, SEEDS, SECONDS = ((20, 100, 500), range(5), 200) if IS_FULL else ((20, 100), range(1), 30)


def ours(
    scene: Traffic, folder: Path, association: str = "nearest"
) -> tuple[list[np.ndarray], dict[str, float]]:
    """Follow a scene through the command line.

    Returns:
        What was on the screen at each scan, and the command's own figures.
    """
    count = [len(scan) for scan in scene.scans]
    columns = {
        "second": np.repeat(np.arange(len(count)), count),
        "x_m": np.concatenate([scan.xy_m[:, 0] for scan in scene.scans]),
        "y_m": np.concatenate([scan.xy_m[:, 1] for scan in scene.scans]),
        "sigma_m": np.concatenate([scan.sigma_m for scan in scene.scans]),
    }
    source, out = folder / "detections.parquet", folder / "tracks.parquet"
    base = duckdb.connect()
    base.register("columns", columns)
    question = (
        "SELECT TIMESTAMP '2020-11-16' + INTERVAL (second) SECOND AS time, x_m, y_m, sigma_m FROM columns"
    )
    base.sql(question).write_parquet(str(source))
    done = subprocess.run(
        [PROGRAM, "track", source, "--out", out, "--association", association, "--stats"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = base.execute(
        "SELECT epoch(time - TIMESTAMP '2020-11-16')::BIGINT AS second, x_m, y_m FROM read_parquet(?) ORDER BY time",
        [str(out)],
    ).fetchnumpy()
    places = np.column_stack([found["x_m"], found["y_m"]])
    edges = np.searchsorted(found["second"], np.arange(len(count) + 1))
    return [places[a:b] for a, b in pairwise(edges.tolist())], json.loads(done.stdout.splitlines()[-1])


def rival(scene: Traffic, mode: str, folder: Path) -> tuple[list[np.ndarray], dict[str, float]]:
    """Let Stone Soup follow the same scene, as far as it comes."""
    xy_m = np.concatenate([scan.xy_m for scan in scene.scans])
    sides = np.ptp(xy_m, axis=0)
    clutter = np.mean(
        [len(scan) - 0.9 * len(truth) for scan, truth in zip(scene.scans, scene.truth, strict=True)]
    )
    np.savez(
        folder / "scene.npz", xy_m=xy_m, ends=np.cumsum([len(scan) for scan in scene.scans]),
        density=clutter / (sides[0] * sides[1]),
    )  # fmt: skip
    command = [
        RIVAL,
        ROOT / "bench" / "_tracking_rival.py",
        folder / "scene.npz",
        mode,
        str(SECONDS),
        folder / "out.npz",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    with np.load(folder / "out.npz") as held:
        places = np.split(held["xy_m"], np.cumsum(held["sizes"])[:-1])
    return places, json.loads(done.stdout.splitlines()[-1])


def main() -> int:
    """Print one line a figure."""
    if not RIVAL.exists():
        left_out("tracks beside Stone Soup's", "its environment is not there: make .build/.stamps/rival")
        return 0
    scenes = {f"{n} targets, seed {seed}": passing(n, seed) for n in SIZES for seed in SEEDS}
    scenes |= {f"24 that cross, seed {seed}": crossing(24, seed) for seed in SEEDS}
    with tempfile.TemporaryDirectory(prefix="tracking-") as name:
        for title, scene in scenes.items():
            folder = Path(name)
            screen, stats = ours(scene, folder)
            sharing, _ = ours(scene, folder, "shared")
            beside = mean_gospa(sharing, scene) / mean_gospa(screen, scene)
            row(
                f"{title}: beside it, GOSPA where detections are shared by probability (JPDA)",
                beside,
                "of ours",
                ">=",
                0,
            )
            rate = stats["detections"] / stats["cpu_s"]
            if title.startswith("100 "):
                row(
                    f"{title}: detections a second of one core, files read and written",
                    rate,
                    "detections/s",
                    ">=",
                    50_000,
                )
            for mode, word, bound in (("gnn", "KD-tree GNN", 1.0), ("jpda", "KD-tree JPDA-EHM2", 1.01)):
                theirs, cost = rival(scene, mode, folder)
                times = rate / (cost["detections"] / cost["cpu_s"])
                near = mean_gospa(screen[: len(theirs)], scene) / mean_gospa(theirs, scene)
                of = f"{word} on {len(theirs)} scans"
                row(f"{title}: live GOSPA over Stone Soup's {of}", near, "of its", "<=", bound)
                if mode == "gnn" and "cross" not in title:
                    row(
                        f"{title}: detections a CPU second over Stone Soup's {word}",
                        times,
                        "times its",
                        ">=",
                        100,
                    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
