"""Lay out the console's pages from the package's templates."""

from __future__ import annotations

from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path

import segno
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from truceline.adapters.pages.render import isolated
from truceline.publish.tokens import bare

_DATA = resources.files("truceline") / "data"


def render_console(template: str, **values: object) -> str:
    """Lay out a page of the console.

    Args:
        template: A file of ``data/console``.
        values: What it shows, every word ready.

    Returns:
        The page, or the part of one.
    """
    return _environment().get_template(f"console/{template}").render(**values)


def static_folders() -> dict[str, Path]:
    """Return address -> folder of what pages load: scripts and styles, and the fonts."""
    data = Path(str(_DATA))
    return {"/static": data / "console" / "dist", "/fonts": data / "fonts"}


def _source(name: str) -> str:
    """Return a template: one of the console, or a part that it shares with the pages that stand alone."""
    folder = _DATA if name.startswith("console/") else _DATA / "pages"
    return (folder / name).read_text(encoding="utf-8")


def picture_of_address(address: str) -> bytes:
    """Draw an address as a QR code that an authenticator reads, as SVG."""
    out = BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=5, border=4, light="#ffffff", dark="#000000")
    return out.getvalue()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["iso"] = isolated
    environment.filters["drawn"] = Markup  # shapes of publish, words escaped there
    environment.filters["plain"] = lambda text: bare(str(text))
    return environment
