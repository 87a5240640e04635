"""Sets the report on paper. Touches: the Typst compiler, the package's template and fonts."""

from truceline.adapters.typst.render import render_report

__all__ = ["render_report"]
