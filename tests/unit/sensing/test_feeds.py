"""Feeds on the loopback, in their own wire formats: nothing that comes is lost, and whoever may not see it does not.

A simulated scene is played eight times as fast as it is, by a clock that runs as fast.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("sapient_msg", reason="feeds need the extra 'sensors'")
pytest.importorskip("duckdb", reason="segments need the extra 'link'")

from click.testing import CliRunner
from heardroom import BEGAN, JOINT, OUTSIDE, PACE, A, B, Heardroom, eventually, heardroom

from truceline.app import wiring
from truceline.app.alerting import Acknowledge, Alert
from truceline.app.decoding import decode_files
from truceline.app.replaying import replay
from truceline.app.wiring import World
from truceline.cli.root import truceline
from truceline.core.access import Viewer
from truceline.core.errors import InputError
from truceline.core.feeds import Counts, Feed
from truceline.core.frames import Frame, Heard
from truceline.core.mission import Mission
from truceline.core.sensed import Replay
from truceline.geo.plane import Plane
from truceline.testing.simulating import AIR, PATROLS, RADAR, Scene, anywhere, metres_between

SECONDS = 48
OWN = "own-air"
NOTICES = b"""id,kind,by,names,from,until,route,within_km,state
N-0,flight,contingent,,2021-03-01T03:00:00Z,2021-03-01T04:00:00Z,46.4 39.6; 46.6 39.7,5,notified
N-1,flight,contingent,LOW1 600000,2021-03-01T05:30:00Z,2021-03-01T08:00:00Z,46.2 40.0; 46.98 40.2,5,notified
N-2,flight,contingent,,2021-03-01T05:30:00Z,2021-03-01T05:00:00Z,46.2 40.0; 46.98 40.2,5,notified
"""


def loopback(mission: Mission) -> tuple[Feed, ...]:
    """The mission's feeds at ports that the system chooses, and one that A keeps to itself."""
    feeds = tuple(replace(one, address=anywhere(one.address)) for one in mission.feeds)
    air = next(one for one in feeds if one.id == f"feed:{AIR}")
    return (*feeds, replace(air, id=f"feed:{OWN}", owner="A", release="owner"))


@dataclass
class Played:
    """What came of a scene that was played."""

    room: Heardroom
    sent: dict[str, list[bytes]]
    board: dict[str, dict[str, int]]
    tracks: dict[str, list[tuple[float, float]]]
    truth: dict[str, tuple[float, float]]
    alerts: list[Alert]
    acknowledged: list[Alert]
    seen_by: dict[str, tuple[int, int, int]]
    again: Exception | None
    handed: tuple[Counts, list[str]]
    live: Replay
    until: datetime


@pytest.fixture(scope="module")
def played(world: World, seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Play a scene to its end, look at it as several people, acknowledge an alert, and close."""
    folder = tmp_path_factory.mktemp("heard") / "out"
    shutil.copytree(seeded, folder)
    room = heardroom(folder, world, loopback(world.mission))
    eventually(lambda: len(room.ports()) == 4 and all(room.ports().values()))
    handed = room.feeds.hand_in(A, "feed:notified", NOTICES, "A:0001")
    sent, scene = play(room, SECONDS)
    since_s = SECONDS - 0.5
    eventually(
        lambda: sum(one.counts.received for one in room.feeds.board(A)) >= sum(map(len, sent.values())) - 3
    )
    tracks = {
        one.id.removeprefix("feed:"): [(way.lon, way.lat) for way in room.feeds.ways(A) if way.feed == one.id]
        for one in room.mission.feeds
    }
    truth = scene.truth(since_s)
    eventually(lambda: room.feeds.shown_alerts(A))
    alerts = room.feeds.shown_alerts(A)
    rights = wiring.load_rights()
    duty = Viewer("A:0001", rights["duty"], "A")
    room.work.writer.act(duty, Acknowledge(alerts[0].id)).result(10)
    again: Exception | None = None
    try:
        room.work.writer.act(duty, Acknowledge(alerts[0].id)).result(10)
    except InputError as error:
        again = error
    eventually(lambda: any(one.by for one in room.feeds.shown_alerts(A)))
    seen_by = {
        who.word: (len(room.feeds.board(who)), len(room.feeds.ways(who)), len(room.feeds.shown_alerts(who)))
        for who in (A, B, JOINT, *OUTSIDE)
    }
    acknowledged = room.feeds.shown_alerts(A)
    until = BEGAN + timedelta(seconds=PACE * (time.monotonic() - room.began))
    live = room.feeds.replayed(A, until - timedelta(seconds=20), until)
    room.feeds.close()
    room.work.close()
    board = {
        one.feed.id.removeprefix("feed:"): {
            name: getattr(one.counts, name) for name in type(one.counts).__slots__
        }
        for one in room.feeds.board(A)
    }
    return Played(room, sent, board, tracks, truth, alerts, acknowledged, seen_by, again, handed, live, until)


def play(room: Heardroom, seconds: int) -> tuple[dict[str, list[bytes]], Scene]:
    """Send a scene's messages at their times; returns what was sent to each feed."""
    ports, links = room.ports(), dict[str, socket.socket]()
    for name, port in ports.items():
        kind = socket.SOCK_DGRAM if name == PATROLS else socket.SOCK_STREAM
        links[name] = socket.socket(socket.AF_INET, kind)
        links[name].connect(("127.0.0.1", port))
    sent: dict[str, list[bytes]] = {name: [] for name in ports}
    scene = Scene(n_air=5, n_ground=4)
    began_s = (BEGAN + timedelta(seconds=PACE * (time.monotonic() - room.began))).timestamp()
    began = time.monotonic()
    for second in range(seconds):
        for at_s, feed, data in scene.messages(began_s, second):
            time.sleep(max(0.0, (at_s - began_s) / PACE - (time.monotonic() - began)))
            for name in (feed, OWN) if feed == AIR else (feed,):
                links[name].sendall(data)
                sent[name].append(data)
    for link in links.values():
        link.close()
    return sent, scene


def segments(room: Heardroom, feed: str) -> list[Heard]:
    """Everything that stands in the segments of a feed, by the record and its evidence alone."""
    store = room.store()
    found = list[Heard]()
    for entry in room.entries("segment"):
        body = entry["body"]
        if body["feed"] == f"feed:{feed}":
            data = store.evidence.get(body["sha256"])
            assert data is not None
            assert hashlib.sha256(data).hexdigest() == body["sha256"]
            path = room.folder / "looked.parquet"
            path.write_bytes(data)
            found += wiring.read_segment(path)
    store.close()
    return found


@pytest.mark.parametrize("feed", [AIR, RADAR, PATROLS, OWN])
def test_every_message_is_counted_once_and_kept_as_it_came(played: Played, feed: str) -> None:
    counts, kept = played.board[feed], segments(played.room, feed)
    assert counts["dropped"] == 0
    assert sum(counts[name] for name in ("decoded", "refused", "late")) == counts["received"]
    assert b"".join(one.data for one in kept) == b"".join(played.sent[feed])
    assert len(kept) == len(played.sent[feed])
    assert {one.fate for one in kept} <= {"decoded", "late"}


def test_a_segment_is_decoded_like_the_feed_that_it_was(played: Played) -> None:
    entry = next(
        one["body"] for one in played.room.entries("segment") if one["body"]["feed"] == f"feed:{RADAR}"
    )
    path = played.room.folder / "evidence" / entry["sha256"][:2] / entry["sha256"]
    frames = [found for _, found in decode_files("sapient", [path])]
    assert len(frames) == len(played.sent[RADAR])
    assert {type(found) for found in frames} == {Frame}


def test_nothing_is_left_on_the_spool(played: Played) -> None:
    assert list((played.room.folder / "spool").iterdir()) == []


def test_what_moved_is_on_the_picture(played: Played) -> None:
    """Where something was half a second before the end there is a track; aircraft fly 230 m in a second."""
    for name, place in played.truth.items():
        if name.startswith("patrol"):
            continue  # they report every five seconds: too seldom to be sure of within this scene
        feed = RADAR if name[0] in "GX" else AIR
        nearest_m = min((metres_between(place, one) for one in played.tracks[feed]), default=1e9)
        assert nearest_m < 1_500, (name, nearest_m, len(played.tracks[feed]))


def test_a_crossing_is_told_with_the_message_that_it_rests_on(played: Played) -> None:
    alert = next(one for one in played.alerts if one.rule == "fence:corridor")
    assert (alert.way, alert.feed, alert.by) == ("enter", f"feed:{RADAR}", "")
    assert alert.p > 0.95
    rests_on = [
        one
        for one in segments(played.room, RADAR)
        if hashlib.sha256(one.data).hexdigest() == alert.raw_sha256
    ]
    assert rests_on
    entry = next(one for one in played.room.entries("track") if one["id"] == alert.track)
    assert entry["release"] == "joint"


def test_an_alert_is_acknowledged_once_and_says_by_whom(played: Played) -> None:
    assert [one.by for one in played.acknowledged].count("A:0001") == 1
    assert played.again is not None
    assert "A:0001" in str(played.again)


def test_nobody_outside_sees_a_feed_a_track_or_an_alert(played: Played) -> None:
    for who in OUTSIDE:
        assert played.seen_by[who.word] == (0, 0, 0)


def test_what_a_side_keeps_to_itself_the_other_does_not_see(played: Played) -> None:
    feeds_a, ways_a, alerts_a = played.seen_by["A"]
    feeds_b, ways_b, alerts_b = played.seen_by["B"]
    of_all = len(played.room.world.mission.feeds)
    assert (feeds_a, feeds_b) == (of_all + 1, of_all)
    assert ways_a > ways_b > 0
    assert alerts_a >= alerts_b > 0
    assert played.seen_by["joint"][0] == of_all


def test_what_was_notified_is_matched_by_name_and_its_alert_is_for_information(played: Played) -> None:
    """The notice names the low aircraft of the northern zone; the crossing of the corridor was not notified."""
    counts, refusals = played.handed
    assert (counts.received, counts.decoded, counts.refused) == (3, 2, 1)
    assert "until" in refusals[0]
    low = {
        (one.severity, one.movement)
        for one in played.alerts
        if one.rule == "fence:air-north" and one.name == "600000"
    }
    assert low == {("info", "N-1")}
    assert {one.movement for one in played.alerts if one.rule == "fence:corridor"} == {""}


def test_a_movement_that_nobody_saw_is_told_apart_from_one_that_nobody_could_have_seen(
    played: Played,
) -> None:
    """Its time was over before anything was heard: of that, silence says nothing."""
    (missed,) = [one for one in played.alerts if one.movement == "N-0"]
    assert (missed.way, missed.rule, missed.raw_sha256) == ("unobserved", "alert:movement-missed", "")


def test_what_was_heard_is_replayed_from_the_spool_and_from_the_record_alike(played: Played) -> None:
    assert set(played.live.heard) == {f"feed:{name}" for name in (AIR, RADAR, PATROLS, OWN, "notified")}
    names = {way.name for way in played.live.pictures[-1] if way.feed == f"feed:{AIR}"}
    assert {f"60000{n}" for n in range(5)} <= names
    store = played.room.store()
    again = replay(
        store, played.room.mission.feeds, Plane(46.6, 39.8), played.room.folder / "none",
        played.until.timestamp() - 20, played.until.timestamp(),
    )  # fmt: skip
    store.close()
    assert {way.name for way in again.pictures[-1] if way.feed == f"feed:{AIR}"} == names
    assert len(again.pictures) == 5


def test_a_replay_of_a_time_without_messages_says_that_nothing_was_heard(played: Played) -> None:
    store = played.room.store()
    silent = replay(store, played.room.mission.feeds, Plane(46.6, 39.8), played.room.folder / "none", 0, 60)
    assert (silent.heard, silent.layer()["features"]) == ((), [])
    with pytest.raises(InputError, match="an hour"):
        replay(store, (), Plane(46.6, 39.8), played.room.folder / "none", 0, 3601)
    store.close()


def test_a_service_that_starts_again_knows_its_alerts_and_says_when_nobody_listened(played: Played) -> None:
    room = heardroom(played.room.folder, played.room.world, played.room.mission.feeds)
    eventually(lambda: all(room.ports().values()) and len(room.ports()) == 4)
    assert room.feeds.shown_alerts(A) == played.acknowledged
    assert room.feeds._expected.of("none") == ""
    assert len(room.feeds._expected._movements) == 2
    room.feeds.close()
    room.work.close()
    causes = [
        (one["body"]["feed"], one["body"]["cause"])
        for one in room.entries("exposure")
        if "cause" in one["body"]
    ]
    heard = {one["body"]["feed"] for one in room.entries("segment")}
    assert len(heard) == 5
    assert {feed for feed, cause in causes if cause == "not_listening"} == heard


@pytest.fixture
def one_feed(world: World, seeded: Path, tmp_path: Path) -> Iterator[Heardroom]:
    """A single feed of aircraft, silent after ten seconds of its clock."""
    shutil.copytree(seeded, tmp_path / "out")
    left = wiring.Spool(tmp_path / "out" / "spool", AIR, 1_614_000_000_000_000, 1 << 20)
    left.put(Heard(1_614_000_000_000_000, -1, "decoded", "velocity", b"left behind"))
    left.close()
    feed = replace(loopback(world.mission)[0], silent_after_s=10)
    room = heardroom(tmp_path / "out", world, (feed,))
    eventually(lambda: room.ports().get(AIR))
    yield room
    with suppress(Exception):
        room.feeds.close()
        room.work.close()


def test_what_a_service_left_behind_when_it_was_cut_off_is_sealed_when_it_starts(one_feed: Heardroom) -> None:
    assert [one.data for one in segments(one_feed, AIR)] == [b"left behind"]


def test_a_feed_that_falls_silent_is_not_an_empty_sky(one_feed: Heardroom) -> None:
    line = b"*8D4840D6202CC371C32CE0576098;\n"
    with socket.create_connection(("127.0.0.1", one_feed.ports()[AIR])) as link:
        link.sendall(line)
        eventually(lambda: one_feed.feeds.board(A)[0].state == "heard")
        eventually(lambda: one_feed.feeds.board(A)[0].state == "silent")
        link.sendall(line)
        eventually(lambda: one_feed.feeds.board(A)[0].state == "heard")
    eventually(lambda: [one for one in one_feed.entries("exposure") if one["body"].get("cause") == "silent"])
    gap = next(one for one in one_feed.entries("exposure") if one["body"].get("cause") == "silent")
    body = gap["body"]
    assert body["until_us"] - body["from_us"] > 9_000_000


def test_bytes_that_are_no_message_are_refused_with_the_reason_and_kept(one_feed: Heardroom) -> None:
    with socket.create_connection(("127.0.0.1", one_feed.ports()[AIR])) as link:
        link.sendall(b"*8D4840D6202CC371C32CE0576099;\nnonsense\n*8D4840D6202CC371C32CE0576098;\n")
        eventually(lambda: one_feed.feeds.board(A)[0].counts.received == 3)
    state = one_feed.feeds.board(A)[0]
    assert (state.counts.decoded, state.counts.refused) == (1, 2)
    assert "[adsb.parity]" in state.refusals[0]
    assert "127.0.0.1" in state.refusals[0]
    one_feed.feeds.close()
    assert [one.what for one in segments(one_feed, AIR)][1:] == ["adsb.parity", "adsb.hex", "identification"]


def test_a_clock_that_is_years_off_moves_no_track(one_feed: Heardroom) -> None:
    with socket.create_connection(("127.0.0.1", one_feed.ports()[AIR])) as link:
        link.sendall(b"1000000000.0,8D4840D6202CC371C32CE0576098\n")
        eventually(lambda: one_feed.feeds.board(A)[0].counts.late == 1)
    assert (one_feed.feeds.board(A)[0].offset_s or 0) < -1e8


@pytest.mark.parametrize("recipient", ["public", "party:azerbaijan", "party:russia"])
def test_no_copy_of_the_record_that_goes_outside_bears_what_sensors_saw(
    played: Played, recipient: str, tmp_path: Path
) -> None:
    words = [
        "record",
        "export",
        str(tmp_path / "copy"),
        "--for",
        recipient,
        "--store",
        str(played.room.folder / "store.db"),
    ]
    assert CliRunner().invoke(truceline, words).exit_code == 0
    copied = b"".join(path.read_bytes() for path in sorted((tmp_path / "copy").rglob("*")) if path.is_file())
    for word in (b"track/1", b"segment/1", b"exposure/1", b"fence:corridor", f"feed:{RADAR}".encode()):
        assert word not in copied
    assert b"truceline/statement/1" in copied


def test_what_goes_to_both_delegations_bears_it(played: Played, tmp_path: Path) -> None:
    words = [
        "record",
        "export",
        str(tmp_path / "copy"),
        "--for",
        "joint",
        "--store",
        str(played.room.folder / "store.db"),
    ]
    assert CliRunner().invoke(truceline, words).exit_code == 0
    copied = b"".join(path.read_bytes() for path in sorted((tmp_path / "copy").rglob("*")) if path.is_file())
    assert b"track/1" in copied
    assert f"feed:{OWN}".encode() not in copied


def test_on_a_full_disk_messages_are_counted_as_dropped_and_nothing_is_shown_of_them(
    one_feed: Heardroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, whole = b"*8D4840D6202CC371C32CE0576098;\n", os.write

    def write(fd: int, data: bytes) -> int:
        if str(Path(f"/proc/self/fd/{fd}").resolve()).endswith(".spool"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return whole(fd, data)

    def counts() -> Counts:
        return one_feed.feeds.board(A)[0].counts

    with socket.create_connection(("127.0.0.1", one_feed.ports()[AIR])) as link:
        link.sendall(line)
        eventually(lambda: counts().decoded == 1)
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", write)
            link.sendall(line * 3)
            eventually(lambda: counts().dropped == 3)
        link.sendall(line)
        eventually(lambda: counts().decoded == 2)
    assert counts().received == 5
    one_feed.feeds.close()
    assert [one.fate for one in segments(one_feed, AIR)][1:] == ["decoded"] * 2
    kept = [one["body"] for one in one_feed.entries("segment")][-1]
    assert (kept["received"], kept["decoded"], kept["dropped"]) == (5, 2, 3)
