"""Sheets that are drawn of data and pictures: our templates, our fonts and no others, the same bytes each time."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import typst

from truceline.adapters.typst.fonts import font_folder

_DATA = resources.files("truceline") / "data"
_PIXELS_PER_INCH = 144.0


def render_sheet(
    template: str, data: Mapping[str, Any], pictures: Mapping[str, bytes], kind: Literal["png", "pdf"] = "png"
) -> bytes:
    """Set a sheet of one page.

    Args:
        template: Name of a file of ``data/typst``, without its ending.
        data: What it says; the template reads it as ``data.json``.
        pictures: Name -> PNG that it shows.
        kind: As what it is wanted.

    Returns:
        The sheet.

    Raises:
        UnavailableError: The fonts were not built, so the sheet would come out in others.
    """
    fonts = font_folder()
    with tempfile.TemporaryDirectory(prefix="truceline-sheet-") as name:
        folder = Path(name)
        main = folder / "main.typ"
        main.write_bytes((_DATA / "typst" / f"{template}.typ").read_bytes())
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for picture, content in pictures.items():
            (folder / picture).write_bytes(content)
        found = typst.compile(
            str(main),
            root=name,
            format=kind,
            ppi=_PIXELS_PER_INCH,
            font_paths=[fonts],
            ignore_system_fonts=True,
            timestamp=0,
        )
    # a list is what several pages come as: a sheet is one
    return bytes(found[0] if isinstance(found, list) else found or b"")
