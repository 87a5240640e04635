"""Where the type of paper lies."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from truceline.core.errors import UnavailableError

_FONTS = Path(str(resources.files("truceline"))) / "data" / "fonts"


def font_folder() -> str:
    """Find the fonts of papers and sheets.

    Returns:
        Their folder.

    Raises:
        UnavailableError: They were not built, so that paper would come out in others.
    """
    if not any(_FONTS.glob("*.ttf")):
        raise UnavailableError(
            "fonts.missing",
            "the fonts of the paper are not built",
            where="data/fonts",
            todo="python fonts/make_fonts.py",
        )
    return str(_FONTS)
