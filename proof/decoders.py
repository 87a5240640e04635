"""Our reading of ADS-B beside pyModeS', which runs in an environment of its own: address, type, altitude, speed, name and place of each frame.

The frames are the public ones where TRUCELINE_SHARED names them, else a flight of our own making; an argument says how many.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from _row import row

from truceline.core.frames import Frame
from truceline.detect.decoders.adsb import AdsbDecoder
from truceline.testing.squitters import flight

RIVAL = Path(__file__).resolve().parents[1] / ".build" / "rival" / "bin" / "python"
PROGRAM = """
import json, sys
from pyModeS import PipeDecoder
decoder = PipeDecoder()
for line in sys.stdin:
    at, text = line.strip().split(",")
    said = decoder.decode(text, timestamp=float(at))
    names = ("icao", "typecode", "altitude", "groundspeed", "track", "vertical_rate", "callsign", "latitude", "longitude")
    print(json.dumps([said.get(name) for name in names]))
"""


def lines(count: int) -> list[str]:
    """Return frames as ``time,hex``."""
    shared = Path(os.environ.get("TRUCELINE_SHARED", "")) / "vectors" / "adsb" / "frames.csv"
    if os.environ.get("TRUCELINE_SHARED") and shared.is_file():
        cells = [line.replace('"', "").split(",") for line in shared.read_text(encoding="ascii").splitlines()]
        return [f"{at},{text}" for at, text, *_ in cells[:count]]
    return [f"{at_s},{data.hex()}" for at_s, data in flight(count)]


def differences(ours: Frame, theirs: list[object]) -> Iterator[str]:
    """Say in what two readings of a frame differ; a place that only one of them gives is none."""
    values = ours.values
    for name, other in zip(("icao", "tc", "altitude_ft"), theirs, strict=False):
        if values.get(name) != other:
            yield name
    if theirs[6] is not None and values.get("callsign") != str(theirs[6]).strip("_ "):
        yield "callsign"
    near = {"speed_kt": (theirs[3], 1.0), "track_deg": (theirs[4], 0.01), "climb_ftpm": (theirs[5], 0.0)}
    if "lat" in values and theirs[7] is not None:
        near |= {"lat": (theirs[7], 1e-4), "lon": (theirs[8], 1e-4)}
    for name, (other, most) in near.items():
        if isinstance(other, int | float) and abs(values.get(name, 1e9) - other) > most:
            yield name


def main() -> int:
    """Print one line a figure; argument: frames."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    if not RIVAL.exists():
        print("pyModeS is not installed: make proof installs it", file=sys.stderr)
        return 1
    frames = lines(count)
    done = subprocess.run(
        [RIVAL, "-c", PROGRAM], input="\n".join(frames), capture_output=True, text=True, check=True
    )
    theirs = [json.loads(line) for line in done.stdout.splitlines()]
    ours = [one for one in AdsbDecoder().decode("\n".join(frames).encode()) if isinstance(one, Frame)]
    told = [name for mine, other in zip(ours, theirs, strict=True) for name in differences(mine, other)]
    placed = sum(
        "lat" in mine.values and other[7] is not None for mine, other in zip(ours, theirs, strict=True)
    )
    row("ADS-B frames read beside pyModeS", len(ours), "frames", ">=", count)
    row("of them with a place by both", placed, "frames")
    row("values that differ", len(told), "values", "==", 0)
    return int(bool(told) or len(ours) < count)


if __name__ == "__main__":
    raise SystemExit(main())
