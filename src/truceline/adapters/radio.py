"""Reads the words of radio lines, and the Earth's magnetic field. Touches: ``data/radio/*.toml``; the tables of pygeomag, of the extra 'cover'."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from truceline.collect.radio import Lexicon, make_lexicon
from truceline.core.errors import ConfigError, InputError, MissingExtraError
from truceline.core.watchlog import Spot

_FIRST = "en"
_MODELS = {2010: "WMM_2010.COF", 2015: "WMM_2015v2.COF", 2020: "WMM_2020.COF", 2025: "WMM_2025.COF"}
"""The World Magnetic Model by the year from which each of its tables holds, for five years."""


@cache
def load_lexicons() -> tuple[Lexicon, ...]:
    """Read the words of radio lines, English first; they are the package's own and stay as they are while it runs.

    Returns:
        One lexicon for each language.

    Raises:
        ConfigError: A file cannot be read.
    """
    folder = resources.files("truceline") / "data" / "radio"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".toml")),
        key=lambda file: (file.name != f"{_FIRST}.toml", file.name),
    )
    out = []
    for file in files:
        try:
            tables = tomllib.loads(file.read_text(encoding="utf-8"))
            out.append(make_lexicon(file.name.removesuffix(".toml"), tables))
        except (tomllib.TOMLDecodeError, ValueError) as error:
            raise ConfigError(
                "config.radio", f"the words cannot be read: {error}", where=f"data/radio/{file.name}"
            ) from error
    return tuple(out)


def declination_deg(spot: Spot, on: date) -> float:
    """Return by how many degrees the needle points east of true north.

    Args:
        spot: Where.
        on: The day.

    Returns:
        Degrees, negative to the west.

    Raises:
        InputError: No table holds on that day.
        MissingExtraError: The extra 'cover' is not installed.
    """
    year = on.year - on.year % 5
    if year not in _MODELS:
        raise InputError(
            "radio.magnetic",
            f"the magnetic field of {on.year} is not known",
            todo=f"days from {min(_MODELS)} to {max(_MODELS) + 4} can be read",
        )
    length = 366 if on.year % 4 == 0 else 365
    model = _model(year)
    found = model.calculate(
        glat=spot.lat, glon=spot.lon, alt=0.5, time=on.year + (on.timetuple().tm_yday - 0.5) / length
    )
    return float(found.d)


@cache
def _model(year: int) -> Any:
    try:
        from pygeomag import GeoMag  # noqa: PLC0415 - the extra 'cover'
    except ImportError as error:
        raise MissingExtraError(
            "extra.cover",
            "bearings need the extra 'cover', which knows the magnetic field",
            todo='pip install "truceline[cover]"',
        ) from error
    return GeoMag(coefficients_file=f"wmm/{_MODELS[year]}")
