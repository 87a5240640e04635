"""Reads how large a picture is, and makes parts of one unreadable. Touches: bytes alone; Pillow, of the extra 'sensors'."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from truceline.core.errors import InputError, MissingExtraError
from truceline.core.imagery import MOST_SIDE_PX

_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png"}
_MOST_PIXELS = 120_000_000
_CELLS = 4
"""A part that is made unreadable keeps this many cells along its longer side: too few for a face, a number or a thing."""

Box = tuple[int, int, int, int]
"""Left, upper, right, lower, pixels; right and lower lie outside."""


def picture_size(data: bytes) -> tuple[int, int, str]:
    """Read how large a picture is; its pixels are not unpacked.

    Args:
        data: The file.

    Returns:
        Pixels across, pixels down, media type.

    Raises:
        InputError: It is no JPEG or PNG, or larger than anybody looks at.
        MissingExtraError: Pillow is not installed.
    """
    pillow = _pillow()
    try:
        with warnings.catch_warnings(), pillow.open(io.BytesIO(data), formats=tuple(_FORMATS)) as found:
            width, height = found.size
            kind = _FORMATS[str(found.format)]
    except (OSError, SyntaxError, ValueError, pillow.DecompressionBombError) as error:
        raise InputError(
            "picture.damaged",
            "is no JPEG or PNG that can be read",
            todo="get the file anew, or save it as PNG",
        ) from error
    if max(width, height) > MOST_SIDE_PX or width * height > _MOST_PIXELS:
        raise InputError(
            "picture.large",
            f"has {width} x {height} pixels",
            todo=f"cut it into frames below {_MOST_PIXELS:,} pixels",
        )
    return width, height, kind


def blurred(data: bytes, boxes: Iterable[Box]) -> bytes:
    """Make parts of a picture unreadable, in a copy that holds nothing but its pixels.

    Args:
        data: The picture.
        boxes: The parts.

    Returns:
        A PNG without any of the file's own words (position, time, camera). Each part keeps so few cells that what stood there
        cannot be made out again.

    Raises:
        InputError: The picture cannot be read, or a part lies outside it.
        MissingExtraError: Pillow is not installed.
    """
    pillow = _pillow()
    width, height, _ = picture_size(data)
    try:
        with pillow.open(io.BytesIO(data), formats=tuple(_FORMATS)) as found:
            bare = _bare(found, pillow)
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError("picture.damaged", "ends in its midst", todo="get the file anew") from error
    for left, upper, right, lower in boxes:
        if not (0 <= left < right <= width and 0 <= upper < lower <= height):
            raise InputError(
                "picture.box", f"({left}, {upper}, {right}, {lower}) lies outside {width} x {height}",
                todo="give left, upper, right, lower in pixels",
            )  # fmt: skip
        part = bare.crop((left, upper, right, lower))
        longer = max(part.size)
        cells = tuple(max(1, round(side * _CELLS / longer)) for side in part.size)
        small = part.resize(cells, pillow.Resampling.BOX)
        bare.paste(small.resize(part.size, pillow.Resampling.NEAREST), (left, upper))
    out = io.BytesIO()
    # a picture made of its pixels alone: nothing that the file said of itself goes along
    pillow.frombytes("RGB", bare.size, bare.tobytes()).save(out, format="PNG", optimize=False)
    return out.getvalue()


def _bare(found: Any, pillow: ModuleType) -> Any:
    """Return the pixels as a browser shows them: what lies under full transparency is nothing, deep greys are scaled down."""
    if found.mode.startswith("I"):
        return found.point(lambda grey: grey / 256).convert("L").convert("RGB")
    whole = found.convert("RGBA")
    under = pillow.new("RGBA", whole.size, (0, 0, 0, 255))
    return pillow.alpha_composite(under, whole).convert("RGB")


def _pillow() -> ModuleType:
    try:
        from PIL import Image  # noqa: PLC0415 - the extra 'sensors'
    except ImportError as error:
        raise MissingExtraError(
            "extra.sensors", "pictures need the extra 'sensors'", todo='pip install "truceline[sensors]"'
        ) from error
    return Image
