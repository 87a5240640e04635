"""``truceline imagery``: which ground the frames of a sortie show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from truceline.cli import options
from truceline.core.errors import InputError
from truceline.core.times import format_instant
from truceline.ledger.entry import sha256_hex


@click.command("imagery")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--geojson", is_flag=True, help="Footprints as GeoJSON, for any map program.")
@options.as_json
def command(paths: tuple[Path, ...], *, geojson: bool, as_json: bool) -> None:
    """Read a sortie or a satellite's pass: when each frame was taken, which ground it shows, its hash; what is refused and why.

    PATH is a folder, an archive (.zip), or files: frames (JPEG, PNG), a table ``frames.csv`` with the columns file, taken_at and
    perhaps lon_1, lat_1 ... lon_4, lat_4 (upper left, upper right, lower right, lower left) and error_m, and metadata of the aircraft
    (MISB ST 0601: .klv, .ts). A frame shows the ground that the table says, else what the metadata say within a second of it.

    \b
    Examples:
      truceline imagery sortie.zip
      truceline imagery frames/ metadata.klv --geojson > footprints.geojson
      truceline imagery sortie.zip --json | jq .sha256
    """  # noqa: D301
    from truceline.app.grounds import ground_in  # noqa: PLC0415
    from truceline.app.sorties import files_under, read_sortie  # noqa: PLC0415

    read = read_sortie(files_under(paths))
    features: list[dict[str, Any]] = []
    for one in read.frames:
        ground = ground_in(one)
        facts: dict[str, Any] = {
            "file": one.name, "taken_at": format_instant(one.taken_at), "taken_basis": one.taken_basis,
            "width_px": one.width_px, "height_px": one.height_px, "sha256": sha256_hex(one.data),
            "area_m2": None if ground is None else round(ground.area_m2),
            "error_m": None if one.footprint is None else one.footprint.error_m,
            "basis": None if one.footprint is None else one.footprint.basis,
            "corners": None if one.footprint is None else [list(corner) for corner in one.footprint.corners],
        }  # fmt: skip
        if geojson and one.footprint is not None:
            ring = [list(corner) for corner in one.footprint.corners]
            shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
            del facts["corners"]
            features.append({"type": "Feature", "geometry": shape, "properties": facts})
        elif as_json:
            click.echo(json.dumps(facts, ensure_ascii=False))
        elif not geojson:
            shown = (
                "nobody knows what ground"
                if ground is None
                else f"{ground.area_m2 / 1e6:.3f} km2 ±{facts['error_m']:.0f} m"
            )
            click.echo(f"{facts['taken_at']} · {one.name} · {shown} · {facts['sha256'][:16]}")
    if geojson:
        click.echo(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False))
    for problem in read.refused:
        where = f" ({problem.where})" if problem.where else ""
        click.echo(f"truceline: {problem.file}{where}: {problem.why}; {problem.todo}", err=True)
    placed = sum(one.footprint is not None for one in read.frames)
    click.echo(
        f"truceline: {len(read.frames)} frames, of {placed} it is known what ground they show; {len(read.refused)} refused",
        err=True,
    )
    if not read.frames:
        raise InputError(
            "sortie.empty",
            "no frame can be taken",
            where=str(paths[0]),
            todo="put in JPEG or PNG pictures and their times",
        )
