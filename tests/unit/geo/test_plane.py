"""The local plane: there and back again, and lengths as on the ellipsoid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.geo.plane import Plane
from truceline.geo.points import distance_m


@given(st.floats(-179, 179), st.floats(-85, 85), st.floats(-150e3, 150e3), st.floats(-150e3, 150e3))
def test_there_and_back_is_where_one_was(lon: float, lat: float, x_m: float, y_m: float) -> None:
    plane = Plane(lon, lat)
    back = plane.to_plane(*plane.to_ground(np.array([[x_m, y_m]])))
    assert np.abs(back - [x_m, y_m]).max() < 1e-3


@pytest.mark.parametrize(("lon", "lat"), [(46.75, 39.82), (46.5, 40.0), (47.8, 39.2)])
def test_lengths_are_those_of_the_ground(lon: float, lat: float) -> None:
    (place,) = Plane(46.75, 39.8).to_plane(np.array([lon]), np.array([lat]))
    assert np.hypot(*place) == pytest.approx(distance_m((46.75, 39.8), (lon, lat)), rel=1e-3)
