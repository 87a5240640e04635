"""Explosions that several posts heard are told once; a camera that sees nothing is told, and its gap written down."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sapient_msg", reason="feeds need the extra 'sensors'")
pytest.importorskip("duckdb", reason="segments need the extra 'link'")

from heardroom import BEGAN, OUTSIDE, A, B, Heardroom, eventually, heardroom

from truceline.app.wiring import World
from truceline.core.feeds import Feed
from truceline.geo.plane import Plane

SPOTS = ((0, 0), (4000, 500), (-3500, 1500), (800, 4200), (-1200, -3900))


@pytest.fixture
def posts(world: World, seeded: Path, tmp_path: Path) -> Iterator[Heardroom]:
    """The feeds of posts' recorders and of fixed cameras, handed in."""
    shutil.copytree(seeded, tmp_path / "out")
    room = heardroom(tmp_path / "out", world, _handed_in(world))
    eventually(lambda: len(room.feeds.board(A)) == 2)
    yield room
    with suppress(Exception):
        room.feeds.close()
        room.work.close()


def _handed_in(world: World) -> tuple[Feed, ...]:
    return tuple(one for one in world.mission.feeds if one.format in {"arrivals", "cameras"})


def test_an_explosion_that_five_posts_heard_is_told_once_within_its_error(posts: Heardroom) -> None:
    plane, blast_m, rows = Plane(46.7, 39.7), (1200.0, -800.0), ["time,post,lon,lat,sigma_s"]
    for n, spot in enumerate(SPOTS):
        at = BEGAN + timedelta(seconds=-60 + metres(spot, blast_m) / 340.27)
        lon, lat = plane.ground_at(*spot)
        rows.append(f"{at.isoformat()},OP-{n},{lon:.7f},{lat:.7f},0.02")
    posts.feeds.hand_in(A, "feed:arrivals", "\n".join(rows).encode(), "A:0001")
    eventually(lambda: posts.feeds.shown_alerts(A))
    (alert,) = posts.feeds.shown_alerts(A)
    assert (alert.way, alert.severity, alert.name) == ("explosion", "urgent", "OP-0 OP-1 OP-2 OP-3 OP-4")
    off_m = metres(tuple(plane.to_plane(np.array([alert.lon]), np.array([alert.lat]))[0]), blast_m)
    assert off_m < 3 * alert.sigma_m < 300
    assert all(not posts.feeds.shown_alerts(who) for who in OUTSIDE)


def test_a_blind_camera_is_told_at_once_and_its_gap_is_written_when_it_sees_again(posts: Heardroom) -> None:
    head = "time,camera,state,lon,lat,range_m,night_range_m,reason\n"
    off = "2021-03-01T05:50:00Z,CAM-1,on,46.6,39.7,3000,200,\n2021-03-01T05:50:05Z,CAM-1,blocked,46.6,39.7,3000,200,smoke\n"
    posts.feeds.hand_in(A, "feed:cameras", (head + off).encode(), "A:0001")
    eventually(lambda: posts.feeds.shown_alerts(A))
    (alert,) = posts.feeds.shown_alerts(A)
    assert (alert.way, alert.name, alert.sigma_m) == ("blind", "CAM-1", 3000)
    assert not posts.entries("exposure")

    posts.feeds.close()  # what was handed in is sealed, and the state holds on
    posts.work.close()
    room = heardroom(posts.folder, posts.world, posts.mission.feeds)
    eventually(lambda: len(room.feeds.board(A)) == 2)
    # one row is older than what is known, one is of a time to come: neither is believed
    later = "2021-03-01T05:50:01Z,CAM-1,on,,,,,\n2021-03-01T05:59:05Z,CAM-1,on,,,,,\n2021-03-02T00:00:00Z,CAM-1,off,,,,,\n"
    room.feeds.hand_in(A, "feed:cameras", (head + later).encode(), "A:0001")
    eventually(lambda: [one for one in room.entries("exposure") if "camera" in one["body"]])
    (gap,) = (one["body"] for one in room.entries("exposure") if "camera" in one["body"])
    assert (gap["camera"], gap["cause"], gap["reason"]) == ("CAM-1", "camera_blocked", "smoke")
    assert gap["until_us"] - gap["from_us"] == 540_000_000
    assert len([one for one in room.feeds.shown_alerts(A) if one.way == "blind"]) == 1
    room.feeds.close()
    room.work.close()


def test_posts_that_stand_in_two_places_are_told_on_the_board_and_nothing_is_located(
    posts: Heardroom,
) -> None:
    rows = ["time,post,lon,lat"] + [f"2021-03-01T05:59:0{n}Z,OP-1,46.{n},39.7" for n in range(5)]
    posts.feeds.hand_in(A, "feed:arrivals", "\n".join(rows).encode(), "A:0001")

    def notes() -> tuple[str, ...]:
        return next(one.notes for one in posts.feeds.board(A) if one.feed.format == "arrivals")

    eventually(lambda: any("two places" in note for note in notes()))
    assert not posts.feeds.shown_alerts(A)


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


def test_an_explosion_is_told_through_noise_that_never_ends(world: World) -> None:
    from truceline.app.blasting import Blasting, find  # noqa: PLC0415 - after the extras were asked for
    from truceline.core.frames import Frame  # noqa: PLC0415 - as above

    plane, blast_m, blasting = Plane(46.7, 39.7), (1200.0, -800.0), Blasting("feed:arrivals")
    spots = [plane.ground_at(*spot) for spot in SPOTS]
    noise = [(25.0 * n, n % 5) for n in range(60)]
    heard = [(600 + metres(spot, blast_m) / 340.27, n) for n, spot in enumerate(SPOTS)]
    told, clock_s = [], 0.0
    for at_s, post in sorted(noise + heard):
        while clock_s < at_s + 1:
            clock_s += 1.0
            if rows := blasting.due(clock_s):
                told += [(clock_s, one) for one in blasting.told(rows, find(rows), clock_s)]
        values = {"post": f"OP-{post}", "lon": spots[post][0], "lat": spots[post][1], "sigma_s": 0.02}
        blasting.take(Frame("arrivals", "acoustic", 1, at_s, values))
    ((when_s, one),) = told
    assert when_s - 600 < 120
    assert len(one.name.split()) == 5


def test_cameras_of_one_side_are_not_told_by_the_other(world: World, seeded: Path, tmp_path: Path) -> None:
    shutil.copytree(seeded, tmp_path / "out")
    (cameras,) = (one for one in world.mission.feeds if one.format == "cameras")
    own = tuple(
        replace(cameras, id=f"feed:cams-{letter}", owner=letter.upper(), release="owner") for letter in "ab"
    )
    room = heardroom(tmp_path / "out", world, own)
    eventually(lambda: len(room.feeds.board(A)) == 1)
    rows = "time,camera,state,lon,lat\n2021-03-01T05:50:05Z,CAM-B,off,46.6,39.7\n2021-03-01T05:55:05Z,CAM-B,on,46.6,39.7\n"
    room.feeds.hand_in(B, "feed:cams-b", rows.encode(), "B:0001")
    eventually(lambda: room.feeds.shown_alerts(B))
    eventually(lambda: [one for one in room.entries("exposure") if "camera" in one["body"]])
    assert not room.feeds.shown_alerts(A)
    (gap,) = (one for one in room.entries("exposure") if "camera" in one["body"])
    assert (gap["owner"], gap["release"], gap["body"]["feed"]) == ("B", "owner", "feed:cams-b")
    room.feeds.close()
    room.work.close()


def test_what_is_handed_in_late_is_known_late(posts: Heardroom) -> None:
    rows = "time,camera,state,lon,lat\n2021-02-26T05:50:05Z,CAM-1,off,46.6,39.7\n"
    posts.feeds.hand_in(A, "feed:cameras", rows.encode(), "A:0001")
    eventually(lambda: posts.feeds.shown_alerts(A))
    (told,) = (one for one in posts.entries("exposure", "track") if one["body"].get("way") == "blind")
    assert told["known_at"].startswith("2021-03-01")
    assert told["valid_at"]["start"].startswith("2021-02-26")
