"""What this stage needs of a model of the ground."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Terrain(Protocol):
    """A model of the ground, of which parts are read."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""

    def cell_m(self, row: float, column: float) -> tuple[float, float]:
        """Return the distance of two rows and of two columns about a cell, metres."""

    def places(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return places, given in degrees, in the model's own coordinates."""

    def cells_at(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return rows and columns of places in the model's own coordinates, with fractions."""

    def part(self, rows: tuple[int, int], columns: tuple[int, int], step: int = 1) -> Floats:
        """Return heights of a part at every ``step``-th row and column, metres; NaN in holes."""
