"""Explosions: one that four posts heard is one, two within seconds are two, and each lies where its arrivals say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

pytest.importorskip("scipy", reason="locating needs the extra 'sensors'")

from truceline.core.blasts import Arrivals
from truceline.core.frames import Frame, Refused
from truceline.detect.blasts.associating import associate
from truceline.detect.blasts.locating import bound, locate
from truceline.detect.decoders.arrivals import ArrivalsDecoder
from truceline.testing.blasts import explosions, pair_f1
from truceline.testing.decoders import DecoderSuite

HEAD = "time,post,lon,lat,kind,sigma_s,peak_pa,remark"
GOOD = "2020-11-16T05:00:00.123456Z,OP07,46.6,39.8,acoustic,0.01,12.5,two echoes"


class TestArrivals(DecoderSuite):
    def decoder(self) -> ArrivalsDecoder:
        return ArrivalsDecoder()

    def samples(self) -> Sequence[bytes]:
        return [
            f"{HEAD}\n{GOOD}\n".encode(),
            b"lat,lon,post,time\n39.8,46.6,OP07,2020-11-16 09:00:00+04:00\n",
        ]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("Z,", ",", "time"), ("OP07", "", "post"), ("acoustic", "rumour", "kind"), (",0.01,", ",0,", "sigma_s"),
        ("46.6", "246", "lon"), ("39.8", "north", "lat"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_column(old: str, new: str, where: str) -> None:
    (found,) = ArrivalsDecoder().decode(f"{HEAD}\n{GOOD.replace(old, new, 1)}".encode())
    assert isinstance(found, Refused)
    assert found.where == where


def test_digits_of_a_second_are_kept() -> None:
    (found,) = ArrivalsDecoder().decode(f"{HEAD}\n{GOOD}".encode())
    assert isinstance(found, Frame)
    assert found.at_s == pytest.approx(1_605_502_800.123456, abs=1e-6)


def test_places_err_hardly_more_than_they_must_and_the_ellipse_holds_them() -> None:
    """Over 150 explosions: within 1.2 of the bound of Cramér and Rao, and 95 of 100 in their ellipse."""
    errors, bounds, depths = [], [], []
    for seed in range(150):
        heard = explosions(1, seed, spacing_s=10)
        found = locate(heard.arrivals)
        assert found is not None
        off = found.xy_m - heard.xy_m[0]
        errors.append(off @ off)
        bounds.append(np.trace(bound(heard.arrivals, heard.xy_m[0])))
        depths.append(off @ np.linalg.solve(found.covariance_m2, off))
    assert np.sqrt(np.sum(errors) / np.sum(bounds)) < 1.2
    assert 0.89 < np.mean(np.array(depths) < 5.99) <= 1


def test_explosions_two_seconds_apart_are_told_apart_by_five_posts() -> None:
    heard = explosions(25, 3)
    assert pair_f1(associate(heard.arrivals), heard) > 0.9


def test_an_explosion_that_all_heard_is_counted_once_among_other_noises() -> None:
    heard = explosions(6, 5, spacing_s=60, chance_per_s=0.01)
    found = associate(heard.arrivals)
    assert len(found) == 6
    for one, place in zip(found, heard.xy_m, strict=True):
        assert np.hypot(*(one.xy_m - place)) < 150
        long_m, short_m, bearing = one.ellipse()
        assert 0 < short_m <= long_m
        assert 0 <= bearing < 180


def test_what_three_posts_heard_is_not_called_an_explosion_and_posts_in_a_line_tell_nothing() -> None:
    heard = explosions(1, 1)
    three = np.flatnonzero(heard.arrivals.post < 3)
    arrivals = heard.arrivals
    some = Arrivals(
        arrivals.at_s[three],
        arrivals.sigma_s[three],
        arrivals.post[three],
        arrivals.xy_m,
        arrivals.speed_mps,
        3.0,
    )
    assert associate(some) == []
    line = np.column_stack([np.arange(3) * 1000.0, np.zeros(3)])
    assert (
        locate(Arrivals(np.array([0.0, 1, 2]), np.full(3, 0.01), np.arange(3), line, np.full(3, 340.0), 3.0))
        is None
    )


def test_the_order_in_which_arrivals_come_changes_nothing() -> None:
    heard = explosions(8, 7, spacing_s=5)
    turned = np.random.default_rng(1).permutation(len(heard.arrivals))
    arrivals = heard.arrivals
    other = Arrivals(
        arrivals.at_s[turned],
        arrivals.sigma_s[turned],
        arrivals.post[turned],
        arrivals.xy_m,
        arrivals.speed_mps,
        3.0,
    )
    places = [np.round(one.xy_m, 3).tolist() for one in associate(arrivals)]
    assert places == [np.round(one.xy_m, 3).tolist() for one in associate(other)]
