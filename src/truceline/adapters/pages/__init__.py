"""Lays editions, guides and the console out as pages. Touches: the package's templates, styles, scripts and fonts."""

from truceline.adapters.pages.console import picture_of_address, render_console, static_folders
from truceline.adapters.pages.render import render_board, render_guide, render_map

__all__ = [
    "picture_of_address",
    "render_board",
    "render_console",
    "render_guide",
    "render_map",
    "static_folders",
]
