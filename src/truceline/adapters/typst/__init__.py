"""Sets reports and sheets on paper. Touches: the Typst compiler, the package's templates and fonts."""

from truceline.adapters.typst.render import render_report
from truceline.adapters.typst.sheets import render_sheet

__all__ = ["render_report", "render_sheet"]
