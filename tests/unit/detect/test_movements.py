"""Notified movements: read or refused with the reason; matched, unnotified, not seen."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from truceline.core.frames import Frame, Refused
from truceline.core.movements import Movement
from truceline.core.sensed import Way
from truceline.detect.decoders.movements import MovementsDecoder, movement_of
from truceline.detect.movements import EARLY_S, LATE_S, Movements
from truceline.geo.plane import Plane
from truceline.testing.decoders import DecoderSuite

HEAD = "id,kind,by,names,from,until,route,within_km,floor_m,ceiling_m,purpose,state"
GOOD = "F-118,flight,contingent,RFF7001 4b1a2c,2020-11-16T05:00:00Z,2020-11-16T07:00:00+00:00,45.0 39.5; 46.75 39.9,8,3000,9000,rotation,"
BEGAN = 1605502800.0


class TestMovements(DecoderSuite):
    def decoder(self) -> MovementsDecoder:
        return MovementsDecoder()

    def samples(self) -> Sequence[bytes]:
        short = "route,until,from,kind,id\n46.5 39.6,2020-11-17T00:00:00Z,2020-11-16T00:00:00Z,convoy,C-1\n"
        return [f"{HEAD}\n{GOOD}\n".encode(), short.encode()]


def read(row: str) -> Frame | Refused:
    (found,) = MovementsDecoder().decode(f"{HEAD}\n{row}".encode())
    return found


def test_a_row_says_who_when_and_by_which_way() -> None:
    found = read(GOOD)
    assert isinstance(found, Frame)
    assert movement_of(found) == Movement(
        "F-118", "flight", "contingent", ("RFF7001", "4B1A2C"), BEGAN, BEGAN + 7200,
        ((45.0, 39.5), (46.75, 39.9)), 8000.0, 3000.0, 9000.0, "rotation",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("F-118", "", "id"), ("flight", "missile", "kind"), ("05:00:00Z", "05:00:00", "from"),
        ("2020-11-16T07", "2020-11-16T04", "until"), ("45.0 39.5", "45.0", "route"), ("45.0 39.5", "39.5 95", "route"),
        ("rotation,", "rotation,maybe", "state"), (",8,", ",-8,", "within_km"), (",9000,", ",high,", "ceiling_m"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_column(old: str, new: str, where: str) -> None:
    found = read(GOOD.replace(old, new, 1))
    assert isinstance(found, Refused)
    assert found.where == where


PLANE = Plane(46.6, 39.8)
NOTICE = Movement(
    "F-1", "flight", "contingent", (), 10_000.0, 13_600.0, ((46.4, 39.8), (46.8, 39.8)), 5_000.0, 1000.0
)


def way(
    track: str, lon: float, lat: float, at_s: float, name: str = "", height_m: float | None = None
) -> Way:
    return Way(track, "feed:a", at_s, at_s, lon, lat, 30.0, (0.0, 0.0), height_m, name, ())


@pytest.mark.parametrize(
    ("one", "is_matched"),
    [
        (way("on its way", 46.6, 39.8, 11_000, "ABC", 3000), True),
        (way("of unknown height", 46.6, 39.8, 11_000), True),
        (way("too low", 46.6, 39.8, 11_000, height_m=500), False),
        (way("beside it", 46.6, 39.9, 11_000), False),
        (way("a little early", 46.6, 39.8, 10_000 - EARLY_S + 1), True),
        (way("too early", 46.6, 39.8, 10_000 - EARLY_S - 1), False),
        (way("too late", 46.6, 39.8, 13_600 + LATE_S + 1), False),
    ],
)  # fmt: skip
def test_a_track_is_matched_by_place_height_and_time(one: Way, *, is_matched: bool) -> None:
    movements = Movements(PLANE)
    movements.take(NOTICE)
    movements.see([one])
    assert bool(movements.of(one.id)) is is_matched


def test_a_notice_that_names_who_comes_is_met_by_nobody_else() -> None:
    movements = Movements(PLANE)
    movements.take(Movement("F-2", "flight", "", ("RFF7001",), 10_000, 13_600, NOTICE.route, 5_000))
    movements.see(
        [way("other", 46.6, 39.8, 11_000, "AZL1"), way("its own, elsewhere", 46.6, 40.3, 11_000, "rff7001")]
    )
    assert (movements.of("other"), movements.of("its own, elsewhere")) == ("", "F-2")


def test_what_was_not_seen_is_told_once_and_what_was_seen_never() -> None:
    movements = Movements(PLANE)
    movements.take(NOTICE)
    movements.take(Movement("F-3", "flight", "", (), 10_000, 13_600, ((46.0, 40.2),), 2_000))
    movements.see([way("a", 46.6, 39.8, 11_000)])
    assert movements.over(13_600 + LATE_S) == []
    assert [one.id for one in movements.over(13_601 + LATE_S)] == ["F-3"]
    assert movements.over(14_000 + LATE_S) == []


def test_a_notice_that_is_taken_back_matches_nothing() -> None:
    movements = Movements(PLANE)
    movements.take(NOTICE)
    movements.take(Movement(**{**{k: getattr(NOTICE, k) for k in NOTICE.__slots__}, "is_cancelled": True}))
    movements.see([way("a", 46.6, 39.8, 11_000)])
    assert (movements.of("a"), len(movements)) == ("", 0)
