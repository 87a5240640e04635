"""Writes tables as files: CSV, XLSX, GeoJSON, GeoPackage. Touches: nothing but memory; the bytes are handed out by others."""

from __future__ import annotations

from truceline.adapters.exports.geopackage import write_geopackage
from truceline.adapters.exports.sheets import write_csv, write_geojson, write_xlsx

WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "geojson": write_geojson, "gpkg": write_geopackage}
"""Ending -> what writes it."""
