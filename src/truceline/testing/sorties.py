"""Sorties that were never flown: ground, a road and what stands on it, drawn as an aircraft's frames, with its metadata and the truth."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from truceline.core.times import format_instant
from truceline.geo.footprints import Ground
from truceline.testing.wires import uas_packet

WIDTH_PX, HEIGHT_PX = 960, 720
_STEP_S = 4
_HALF_DEG = (0.0032, 0.0018)
"""Half of a frame's extent, degrees of longitude and latitude."""
_ROAD_DEG = 0.0011
"""Where between two hundredths of a degree of latitude the road runs."""
_NOISE_LEVELS = (8, 24, 80)


@dataclass(frozen=True, slots=True)
class Stood:
    """A thing that stands on the ground: its word in ``data/imagery.toml``, where, and in which frames it does (None: all)."""

    kind: str
    lon: float
    lat: float
    frames: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class MadeSortie:
    """A sortie.

    Args:
        archive: What is handed in: frames, ``frames.csv`` with their times, metadata with their corners.
        frames: Name, time, corners and, of what stands in it, kind and pixel, for each frame.
    """

    archive: bytes
    frames: tuple[
        tuple[str, datetime, tuple[tuple[float, float], ...], tuple[tuple[str, int, int], ...]], ...
    ]


def make_sortie(
    start: datetime,
    lon: float,
    lat: float,
    stood: tuple[Stood, ...],
    *,
    n: int = 6,
    seed: int = 1,
    name: str = "frame",
) -> MadeSortie:
    """Fly along a road and take a frame every four seconds.

    Args:
        start: When the first frame is taken.
        lon: Longitude of the first frame's middle, degrees.
        lat: Latitude of it, degrees.
        stood: What stands there.
        n: How many frames.
        seed: Of the ground's pattern; the same ground comes back with the same seed.
        name: What the frames are called.

    Returns:
        The sortie.
    """
    packets, rows, frames, files = [], [], [], []
    for at in range(n):
        taken_at = start + timedelta(seconds=_STEP_S * at)
        middle = (lon + at * _HALF_DEG[0], lat)
        # seen aslant from the south: the far side is wider
        corners = tuple(
            (round(middle[0] + east * _HALF_DEG[0], 7), round(middle[1] + north * _HALF_DEG[1], 7))
            for east, north in ((-1.15, 1.0), (1.15, 1.0), (0.95, -1.0), (-0.95, -1.0))
        )
        ground = Ground(corners, WIDTH_PX, HEIGHT_PX)
        seen = []
        for one in stood:
            if one.frames is not None and at not in one.frames:
                continue
            x, y = ground.pixel_of(one.lon, one.lat)
            if 0 <= x < WIDTH_PX and 0 <= y < HEIGHT_PX:
                seen.append((one.kind, int(x), int(y)))
        file = f"{name}-{at + 1:02d}.png"
        files.append((file, _drawn(ground, seen, seed)))
        rows.append({"file": file, "taken_at": format_instant(taken_at)})
        values: dict[int, object] = {
            2: taken_at,
            10: "Observer",
            13: middle[1] - 0.01,
            14: middle[0],
            15: 2400.0,
            23: middle[1],
            24: middle[0],
            65: 19,
        }
        for n_corner, (east, north) in enumerate(corners):
            values[26 + 2 * n_corner] = north - middle[1]
            values[27 + 2 * n_corner] = east - middle[0]
        packets.append(uas_packet(values))
        frames.append((file, taken_at, corners, tuple(seen)))
    table = io.StringIO()
    writer = csv.DictWriter(table, ["file", "taken_at"])
    writer.writeheader()
    writer.writerows(rows)
    files += [("frames.csv", table.getvalue().encode()), ("metadata.klv", b"".join(packets))]
    return MadeSortie(_packed(files), tuple(frames))


def demo_sorties(lon: float, lat: float) -> tuple[tuple[str, bytes], ...]:
    """Return title and archive of two sorties along one road, a day apart; between them things came and one went.

    Args:
        lon: About where, longitude in degrees.
        lat: About where, latitude in degrees.

    Returns:
        The earlier and the later one; the same each time.
    """
    began = datetime(2020, 11, 15, 9, 30, tzinfo=UTC)
    west, road = round(lon, 2), round(lat, 2) + _ROAD_DEG
    stays = Stood("vehicle", west + 0.0018, road + 0.0004)
    goes = Stood("vehicle", west + 0.0071, road - 0.0003)
    came = (Stood("gun", west + 0.0058, road - 0.0006), Stood("vehicle", west + 0.0033, road + 0.0001),
            Stood("crater", west + 0.0104, road + 0.0007))  # fmt: skip
    before = make_sortie(began, west + 0.0003, road + 0.0001, (stays, goes), name="before")
    after = make_sortie(began + timedelta(days=1), west, road, (stays, *came), name="after")
    return (("Road to the pass, the day before", before.archive), ("Road to the pass", after.archive))


def _packed(files: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file, data in files:
            archive.writestr(zipfile.ZipInfo(file, (2020, 11, 16, 0, 0, 0)), data)
    return out.getvalue()


def _drawn(ground: Ground, seen: list[tuple[str, int, int]], seed: int) -> bytes:
    """Draw the ground of a frame from places, so that the same place looks the same in every frame."""
    x, y = np.meshgrid(np.arange(WIDTH_PX) + 0.5, np.arange(HEIGHT_PX) + 0.5)
    # places from the frame's middle line by line: fine enough for a pattern
    corners = np.array(
        [ground.at(u, v) for u, v in ((0, 0), (WIDTH_PX, 0), (WIDTH_PX, HEIGHT_PX), (0, HEIGHT_PX))]
    )
    u, v = (x / WIDTH_PX)[..., None], (y / HEIGHT_PX)[..., None]
    places = (1 - v) * ((1 - u) * corners[0] + u * corners[1]) + v * ((1 - u) * corners[3] + u * corners[2])
    shade = np.zeros((HEIGHT_PX, WIDTH_PX))
    for level in _NOISE_LEVELS:
        shade += _noise(places * level * 100, seed + level) / level**0.5
    shade = (shade - shade.min()) / np.ptp(shade)
    colour = np.stack([118 + 60 * shade, 112 + 62 * shade, 78 + 44 * shade], axis=-1)
    # the same road wherever a picture is taken from: it runs along every hundredth of a degree
    road = np.abs(places[..., 1] % 0.01 - _ROAD_DEG + 0.0002 * np.sin(places[..., 0] * 2000)) < 0.00006
    colour[road] = (176, 168, 150)
    for kind, left, upper in seen:
        half = 9 if kind in {"position", "crater"} else 5
        rows, columns = (
            slice(max(0, upper - half), upper + half),
            slice(max(0, left - 2 * half), left + 2 * half),
        )
        colour[rows, columns] = (52, 56, 48) if kind != "crater" else (64, 50, 40)
        colour[upper - half : upper - half + 2, columns] = (120, 124, 110)
    return _png(np.clip(colour, 0, 255).astype(np.uint8))


def _noise(places: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Smooth noise over places: the same everywhere and always for one seed."""
    low = np.floor(places).astype(np.int64)
    share = places - low
    share = share * share * (3 - 2 * share)
    east, north = share[..., 0], share[..., 1]

    def corner(dx: int, dy: int) -> NDArray[np.float64]:
        mixed = (low[..., 0] + dx) * 374_761_393 + (low[..., 1] + dy) * 668_265_263 + seed * 1_274_126_177
        mixed = (mixed ^ (mixed >> 13)) * 1_103_515_245 & 0x7FFFFFFF
        found: NDArray[np.float64] = (mixed ^ (mixed >> 16)) / 0x7FFFFFFF
        return found

    south = corner(0, 0) * (1 - east) + corner(1, 0) * east
    top = corner(0, 1) * (1 - east) + corner(1, 1) * east
    return south * (1 - north) + top * north


def _png(pixels: NDArray[np.uint8]) -> bytes:
    from PIL import Image  # noqa: PLC0415 - the extra 'sensors'

    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format="PNG")
    return out.getvalue()
