"""Make the base map of a mission pack again from the public sources that it names.

What it writes: the lines of ``lines.geojson`` whose source is Natural Earth, and the outlines of the districts in
``places.geojson``. Lines that were drawn by hand stay as they are. The same sources give the same bytes.

Sources (all in the public domain, as their makers state):
- ``world_map.gpkg``, Natural Earth, in Debian's package qgis-common
  (``apt-get download qgis-common && dpkg -x qgis-common_*.deb X``; it lies in ``X/usr/share/qgis/resources/data``);
- ``ne_10m_rivers_lake_centerlines.shp``, Natural Earth 1:10m, in Debian's package libmagics++-data
  (``X/usr/share/magics/10m``).

Usage: python scripts/make_base_map.py WORLD_MAP.gpkg RIVERS.shp src/truceline/data/missions/karabakh-2020
"""

from __future__ import annotations

import json
import sqlite3
import struct
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import LineString, MultiLineString, box, mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge

SOURCE = "Natural Earth, public domain"
RIVER_SOURCE = "Natural Earth 1:10m rivers, public domain"
DIGITS = 5
"""Digits of a degree that are kept: about a metre."""

COUNTRIES = {
    "ARM": "armenia",
    "AZE": "azerbaijan",
    "GEO": "georgia",
    "IRN": "iran",
    "RUS": "russia",
    "TUR": "turkey",
}
"""Code in the source -> slug of the place."""

DISTRICTS = {
    "Kalbacar Rayonu": "kelbajar",
    "Aghdam Rayon": "agdam",
    "Lacin Rayonu": "lachin",
    "Fizuli Rayon": "fuzuli",
    "Cabrayil Rayonu": "jabrayil",
    "Zangilan Rayon": "zangilan",
    "Qubadli Rayon": "gubadly",
    "Xocavand Rayonu": "khojavend",
    "Susa Rayonu": "shusha-district",
    "Tartar Rayon": "terter",
    "Barda Rayon": "barda",
    "Beylagan Rayon": "beylagan",
    "Aghjabadi Rayon": "aghjabadi",
    "Goranboy Rayon": "goranboy",
    "Dashkasan Rayon": "dashkesan",
    "Goygol Rayon": "goygol",
    "Gadabay Rayon": "gadabay",
    "Tovuz Rayon": "tovuz",
    "Qazakh Rayon": "gazakh",
    "Aghstafa Rayon": "aghstafa",
    "Syunik'i Marz": "syunik",
    "Geghark'unik'i Marz": "gegharkunik",
    "Tavushi Marz": "tavush",
    "Vayots' Dzori Marz": "vayots-dzor",
    "Ararati Marz": "ararat-province",
    # The source has the names of the Khojaly district and of the city inside it the wrong way round.
    "Xankandi Sahari": "khojaly",
}
"""Second name in the source -> slug of the place. First names are not used: the source has errors there (Lachin)."""

RIVERS = {"Aras": "aras-river", "Kr": "kura-river"}
"""Name in the source, which lost a letter of the Kura's, -> slug of the place."""

DISPUTED = {
    "Ceasefire Line 1994": {
        "id": "line:contact-1994",
        "kind": "contact_line",
        "names": {
            "en": ["Line of contact, 1994 to 2020"],
            "ar": ["خط التماس من 1994 إلى 2020"],
            "ru": ["Линия соприкосновения, 1994-2020"],
        },
        "valid_from": "1994-05-12",
        "valid_to": "2020-09-27",
    },
    "Former USSR oblast in 1991": {
        "id": "line:oblast-1991",
        "kind": "administrative",
        "names": {
            "en": ["Border of the Soviet autonomous oblast, until 1991"],
            "ar": ["حدود المقاطعة السوفيتية ذات الحكم الذاتي حتى 1991"],
            "ru": ["Граница советской автономной области до 1991 года"],
        },
        "valid_from": "1923-07-07",
        "valid_to": "1991-11-26",
    },
}
"""Name in the source -> the line it becomes."""

BORDER = {
    "id": "line:armenia-azerbaijan-border",
    "kind": "border",
    "names": {
        "en": ["Armenia-Azerbaijan border, not delimited"],
        "ar": ["الحدود بين أرمينيا وأذربيجان، غير مرسّمة"],
        "ru": ["Граница Армении и Азербайджана, не делимитирована"],
    },
    "valid_from": "1991-12-21",
    "disputed": True,
    "source": SOURCE,
}

Feature = dict[str, Any]


def main(arguments: list[str]) -> int:
    """Write the base map into a pack's folder.

    Args:
        arguments: Paths of the world map, of the rivers and of the pack's folder.

    Returns:
        0, or 2 where the arguments are not three existing paths.
    """
    paths = [Path(argument) for argument in arguments]
    if len(paths) != len(("world", "rivers", "pack")) or not all(path.exists() for path in paths):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    world, rivers, pack = paths
    frame = box(*tomllib.loads((pack / "mission.toml").read_text(encoding="utf-8"))["box"])
    places = json.loads((pack / "places.geojson").read_text(encoding="utf-8"))["features"]
    lines = json.loads((pack / "lines.geojson").read_text(encoding="utf-8"))["features"]
    names = {feature["properties"]["id"]: feature["properties"]["names"] for feature in places}
    made = [*base_lines(world, frame, names), *river_lines(rivers, frame, names)]
    shapes = {feature["properties"]["id"]: feature["geometry"] for feature in made}
    for feature in places:
        slug = feature["properties"]["id"].removeprefix("place:")
        if f"line:district-{slug}" in shapes:
            feature["geometry"] = shapes[f"line:district-{slug}"]
    drawn = [feature for feature in lines if feature["properties"]["id"] not in shapes]
    write_features(pack / "places.geojson", places)
    write_features(pack / "lines.geojson", made + drawn)
    return 0


def base_lines(world: Path, frame: BaseGeometry, names: dict[str, Any]) -> Iterator[Feature]:
    """Yield countries, districts, disputed lines and the border, clipped to the mission's box."""
    countries = {}
    for code, shape in _rows(world, "countries", "ISO_A3"):
        if code in COUNTRIES and shape.intersects(frame):
            countries[code] = shape
            slug = COUNTRIES[code]
            facts = {"id": f"line:country-{slug}", "kind": "country", "names": _short(names[f"place:{slug}"])}
            yield _feature({**facts, "source": SOURCE}, shape.intersection(frame))
    for name, shape in sorted(_rows(world, "states_provinces", "gn_name"), key=lambda row: str(row[0])):
        if name in DISTRICTS and shape.intersects(frame):
            slug = DISTRICTS[name]
            facts = {
                "id": f"line:district-{slug}",
                "kind": "district",
                "names": _short(names[f"place:{slug}"]),
            }
            yield _feature({**facts, "source": SOURCE}, shape.intersection(frame))
    parts: dict[str, list[BaseGeometry]] = {}
    for name, shape in _rows(world, "disputed_borders", "name"):
        if name in DISPUTED and shape.intersects(frame):
            parts.setdefault(name, []).append(shape.intersection(frame))
    for name in sorted(parts):
        yield _feature(
            {**DISPUTED[name], "disputed": True, "source": f"{SOURCE}: '{name}'"}, _merged(parts[name])
        )
    border = countries["ARM"].boundary.intersection(countries["AZE"].boundary).intersection(frame)
    yield _feature(BORDER, _merged([border]))


def river_lines(rivers: Path, frame: BaseGeometry, names: dict[str, Any]) -> Iterator[Feature]:
    """Yield the rivers of the table ``RIVERS``, clipped to the mission's box."""
    parts: dict[str, list[BaseGeometry]] = {}
    for name, shape in zip(_dbf_names(rivers.with_suffix(".dbf")), _shp_lines(rivers), strict=True):
        if shape.intersects(frame):
            parts.setdefault(name, []).append(shape.intersection(frame))
    for name, slug in RIVERS.items():
        facts = {"id": f"line:{slug}", "kind": "river", "names": _short(names[f"place:{slug}"])}
        yield _feature({**facts, "source": RIVER_SOURCE}, _merged(parts[name]))


def write_features(path: Path, features: list[Feature]) -> None:
    """Write a FeatureCollection that people can read: one property a line, a geometry on one line."""
    blocks = [_block(feature) for feature in features]
    text = '{"type": "FeatureCollection",\n  "features": [\n' + ",\n".join(blocks) + "\n]}\n"
    path.write_text(text, encoding="utf-8")


def _block(feature: Feature) -> str:
    rows = []
    for key, value in feature["properties"].items():
        if key == "names":
            forms = [f"        {_json(language)}: {_json(words)}" for language, words in value.items()]
            rows.append('      "names": {\n' + ",\n".join(forms) + "}")
        else:
            rows.append(f"      {_json(key)}: {_json(value)}")
    geometry = json.dumps(feature["geometry"], separators=(",", ":"))
    facts = ",\n".join(rows)
    return f'    {{"type": "Feature", "properties": {{\n{facts}}},\n     "geometry": {geometry}}}'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _short(names: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Keep of each language the preferred form and the parties' own words."""
    return {
        language: [form for i, form in enumerate(forms) if i == 0 or isinstance(form, dict)]
        for language, forms in names.items()
    }


def _feature(facts: Feature, shape: BaseGeometry) -> Feature:
    geometry = mapping(shape)
    return {
        "type": "Feature",
        "properties": facts,
        "geometry": {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])},
    }


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float):
        return round(coordinates, DIGITS)
    return [_rounded(item) for item in coordinates]


def _merged(parts: list[BaseGeometry]) -> BaseGeometry:
    """Join pieces of a line in a fixed order; pieces that are mere points fall away."""
    pieces = [
        piece
        for part in parts
        for piece in shapely.get_parts(part)
        if isinstance(piece, LineString) and piece.length > 0
    ]
    pieces.sort(key=lambda piece: list(piece.coords))
    return pieces[0] if len(pieces) == 1 else linemerge(MultiLineString(pieces))


def _rows(world: Path, table: str, name: str) -> list[tuple[str, BaseGeometry]]:
    """Read names and shapes of a GeoPackage table (OGC 12-128: a header, an envelope, then WKB)."""
    connection = sqlite3.connect(f"file:{world}?mode=ro", uri=True)
    try:
        found = connection.execute(f'SELECT "{name}", geom FROM "{table}" ORDER BY fid').fetchall()  # noqa: S608
    finally:
        connection.close()
    envelope = (0, 32, 48, 48, 64)
    return [(key, shapely.from_wkb(blob[8 + envelope[blob[3] >> 1 & 7] :])) for key, blob in found]


def _shp_lines(path: Path) -> Iterator[BaseGeometry]:
    """Read the polylines of a shapefile (ESRI white paper, shape types 3, 13 and 23); others give an empty line."""
    data = path.read_bytes()
    spot = 100
    while spot < len(data):
        (words,) = struct.unpack_from(">i", data, spot + 4)
        start = spot + 8
        spot = start + 2 * words
        (kind,) = struct.unpack_from("<i", data, start)
        if kind not in {3, 13, 23}:
            yield LineString()
            continue
        n_parts, n_points = struct.unpack_from("<2i", data, start + 36)
        firsts = [*struct.unpack_from(f"<{n_parts}i", data, start + 44), n_points]
        flat = struct.unpack_from(f"<{2 * n_points}d", data, start + 44 + 4 * n_parts)
        points = list(zip(flat[::2], flat[1::2], strict=True))
        yield MultiLineString([points[a:b] for a, b in pairwise(firsts)])


def _dbf_names(path: Path) -> Iterator[str]:
    """Read the column ``name`` of a dBASE table in Windows-1252."""
    data = path.read_bytes()
    n_rows, n_head, n_row = struct.unpack_from("<IHH", data, 4)
    offset, columns = 1, {}
    for spot in range(32, n_head - 1, 32):
        columns[data[spot : spot + 11].split(b"\0")[0].decode().lower()] = (offset, data[spot + 16])
        offset += data[spot + 16]
    at, width = columns["name"]
    for row in range(n_rows):
        start = n_head + row * n_row + at
        yield data[start : start + width].decode("cp1252", "replace").strip("\0 ")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
