"""Lays editions and guides out as self-contained pages. Touches: the package's templates, styles, scripts and fonts."""

from truceline.adapters.pages.render import render_board, render_guide, render_map

__all__ = ["render_board", "render_guide", "render_map"]
