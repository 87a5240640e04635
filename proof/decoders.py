"""Our reading of sensors' messages beside other readers', which run in an environment of their own.

ADS-B beside pyModeS: address, type, altitude, speed, name and place of each frame. ASTERIX beside asterix-decoder: every part of every
item of every record. The frames are the public ones where TRUCELINE_SHARED names them, else a flight of our own making; an argument says how many.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from _row import row

from truceline.adapters.sensors.captures import Datagram, datagrams, is_pcap
from truceline.core.frames import Frame
from truceline.detect.decoders.adsb import AdsbDecoder
from truceline.detect.decoders.asterix import AsterixDecoder
from truceline.testing.squitters import flight
from truceline.testing.wires import plot_blocks, radar_block, report_block

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


ASTERIX = """
import asterix, json, sys
for line in sys.stdin:
    print(json.dumps(asterix.parse(bytes.fromhex(line.strip())), default=str))
"""
_NO_PART = frozenset({"spare", "FX", "SI"})
"""What the other reader tells beside an item's parts. ``SI`` it reads as two: our specification has one."""


def blocks() -> list[bytes]:
    """Return blocks of ASTERIX: the public ones where TRUCELINE_SHARED names them, and ones of our own making."""
    made = [
        radar_block(43_200.0),
        plot_blocks(43_201.0, [(10 + n, 7.0 * n, 0x4B1A00 + n, 100.0 + n) for n in range(40)]),
        *(report_block(43_202.0 + n / 8, 46.6 + n / 100, 39.8 - n / 100, 0x4B1B00 + n) for n in range(40)),
    ]
    folder = Path(os.environ.get("TRUCELINE_SHARED", "")) / "vectors" / "asterix"
    if os.environ.get("TRUCELINE_SHARED") and folder.is_dir():
        for path in sorted(folder.iterdir()):
            data = path.read_bytes()
            parts = (
                [one.data for one in datagrams(data) if isinstance(one, Datagram)]
                if is_pcap(data)
                else [data]
            )
            made += parts
    return made


def parts(value: object) -> list[object]:
    """Return the scalars of an item in their order."""
    if isinstance(value, dict):
        if "val" in value:
            return parts(value["val"])
        return [one for name, held in value.items() if name not in _NO_PART for one in parts(held)]
    if isinstance(value, list):
        return [one for held in value for one in parts(held)]
    return [value]


def is_same(one: object, other: object) -> bool:
    """Say whether two readers mean the same: hundreds of feet or feet, miles a second or knots, an address as a number or in hex."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return any(abs(one * scale - other) <= 1e-6 * max(1.0, abs(other)) for scale in (1, 100, 3600))
    if isinstance(one, int) and isinstance(other, str):
        return one == int(other.strip() or "0", 16)
    return str(one).strip("\0 ") == str(other).strip("\0 ")


def asterix() -> tuple[int, int, list[str]]:
    """Read blocks with both; returns records, parts that were compared, and items that differ."""
    data = blocks()
    done = subprocess.run(
        [RIVAL, "-c", ASTERIX],
        input="\n".join(one.hex() for one in data),
        capture_output=True,
        text=True,
        check=True,
    )
    n_records, n_parts, told = 0, 0, list[str]()
    for block, line in zip(data, done.stdout.splitlines(), strict=True):
        ours = [one for one in AsterixDecoder().decode(block) if isinstance(one, Frame)]
        theirs = json.loads(line)
        told += ["records"] * (len(ours) != len(theirs))
        for mine, other in zip(ours, theirs, strict=False):
            n_records += 1
            for name, value in mine.values["items"].items():
                number = name.split("/")[1].split("_")[0]
                if name == "I048/250":
                    continue  # registers of transponders: the other reader goes on to read what is in them
                a, b = parts(value), parts(other.get(f"I{number}", []))
                if isinstance(value, str) and len(value) % 2 == 0 and len(a) != len(b):
                    continue  # what a mission agrees upon by itself: bytes
                n_parts += len(a)
                if len(a) != len(b) or not all(is_same(x, y) for x, y in zip(a, b, strict=True)):
                    told.append(f"{name}: {value} / {other.get(f'I{number}')}"[:300])
    return n_records, n_parts, told


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
    n_records, n_parts, others = asterix()
    for line in sorted(set(others))[:20]:
        print(line, file=sys.stderr)
    row("ASTERIX records read beside asterix-decoder", n_records, "records", ">=", 100)
    row("of them parts compared", n_parts, "values")
    row("items that differ", len(others), "items", "==", 0)
    return int(bool(told) or len(ours) < count or bool(others))


if __name__ == "__main__":
    raise SystemExit(main())
