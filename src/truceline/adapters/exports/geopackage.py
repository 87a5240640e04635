"""GeoPackage (OGC 12-128r18) by SQLite alone: one table of features in WGS 84."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable
from contextlib import closing

from shapely.geometry import shape

from truceline.core.tables import Cell, Exported, Record
from truceline.core.times import format_instant

_APPLICATION_ID = 0x47504B47
_VERSION = 10_300
_WGS84 = 4326
_SYSTEM = """GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],
UNIT["degree",0.0174532925199433]]"""
_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL UNIQUE REFERENCES gpkg_contents (table_name),
  column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL,
  m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name));
"""
_SYSTEMS = (
    ("Undefined Cartesian", -1, "NONE", -1, "undefined", None),
    ("Undefined geographic", 0, "NONE", 0, "undefined", None),
    ("WGS 84", _WGS84, "EPSG", _WGS84, _SYSTEM, None),
)
_NUMBERS = frozenset({"lon", "lat", "precision_m", "value"})


def write_geopackage(table: Exported) -> bytes:
    """Write a table as a GeoPackage; rows that lie nowhere have no geometry, and stay in it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute(f"PRAGMA application_id={_APPLICATION_ID}")
        db.execute(f"PRAGMA user_version={_VERSION}")
        db.executescript(_TABLES)
        db.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)", _SYSTEMS)
        edges = _edges(table.records)
        at = format_instant(table.at.replace(microsecond=0)).replace("Z", ".000Z")
        db.execute(
            "INSERT INTO gpkg_contents VALUES (?,?,?,?,?,?,?,?,?,?)",
            (table.name, "features", table.name, "", at, *edges, _WGS84),
        )
        db.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?,?,?,?,?,?)",
            (table.name, "geom", "GEOMETRY", _WGS84, 0, 0),
        )
        columns = table.columns
        # the table's own key comes first: a thing's id is text, and a feature's must be a number
        named = ", ".join(f'"{_column(name)}" {_kind(name)}' for name in columns)
        db.execute(f'CREATE TABLE "{table.name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom BLOB, {named})')
        marks = ",".join("?" * (len(columns) + 2))
        db.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', _rows(table.records))  # noqa: S608 - our own
        return bytes(db.serialize())


def _rows(records: Iterable[Record]) -> Iterable[tuple[Cell | bytes, ...]]:
    for record in records:
        yield None, _blob(record), *(_storable(cell) for cell in record.cells.values())


def _storable(cell: Cell) -> Cell:
    return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell


def _blob(record: Record) -> bytes | None:
    """Write a geometry with the header that a GeoPackage wants: little-endian, no envelope."""
    if record.geometry is None:
        return None
    return b"GP\x00\x01" + struct.pack("<i", _WGS84) + bytes(shape(record.geometry).wkb)


def _edges(records: Iterable[Record]) -> tuple[float | None, ...]:
    boxes = [shape(record.geometry).bounds for record in records if record.geometry is not None]
    boxes = [box for box in boxes if len(box) == 4]
    if not boxes:
        return None, None, None, None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _column(name: str) -> str:
    return name.replace('"', "")


def _kind(name: str) -> str:
    return "DOUBLE" if name in _NUMBERS else "INTEGER" if name == "version" else "TEXT"
