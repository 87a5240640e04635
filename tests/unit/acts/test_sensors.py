"""Feeds, tracks and alerts in the console and the API: the same figures on both, and nothing of it for anybody outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from living import NOON, Living

from truceline.app.telling import changed
from truceline.core.errors import InputError
from truceline.core.feeds import OCCASIONS, Counts, Feed
from truceline.core.names import Name
from truceline.core.release import Realm
from truceline.core.rows import Recipient
from truceline.core.sensed import Alert, FeedState, Replay, Way
from truceline.ledger.log import RecordItem
from truceline.serve.asking import csrf_of
from truceline.serve.cookies import SESSION
from truceline.serve.guarding import CSRF_HEADER

FEED = Feed(
    "feed:air-north", {"en": (Name("Air traffic receiver, north"),)}, "adsb", "tcp-listen://127.0.0.1:30104"
)
STATE = FeedState(
    FEED, "silent", Counts(1234, 1200, 30, 3, 1), NOON - timedelta(minutes=5), -0.25, 1, 30104, 7, 4096,
    ("127.0.0.1:9: connected",), ("127.0.0.1:9: the parity does not fit <b> [adsb.parity]",),
)  # fmt: skip
WAY = Way(
    "track_a", FEED.id, 1000.0, 999.0, 46.6, 39.7, 24.0, (50.0, -10.0), 800.0, "4B1A2C", ((46.59, 39.7), (46.6, 39.7)),
    ("fence:corridor",), "ab" * 32,
)  # fmt: skip
ALERT = Alert(
    "alert_a", FEED.id, "fence:corridor", "track_a", "0WZA480K2Z17YKQMQ35ZT9Y1ZP", NOON, 46.6, 39.7, 24.0, None, 0.981,
    "enter", "watch", "ab" * 32, "centre", "joint",
)  # fmt: skip
WAYS_OUT = ("/feeds", "/feeds/part", "feeds", "tracks", "tracks/replay", "alerts")


class Sensors:
    """Hears always the same."""

    def start(self) -> None: ...

    def close(self) -> None: ...

    def board(self, _: Recipient) -> tuple[FeedState, ...]:
        return (STATE,)

    def ways(self, _: Recipient) -> tuple[Way, ...]:
        return (WAY,)

    def shown_alerts(self, _: Recipient) -> list[Alert]:
        return [ALERT]

    def replayed(self, _: Recipient, since: datetime, until: datetime) -> Replay:
        moments = since.timestamp(), until.timestamp()
        return Replay(moments, ((), (WAY,)), (FEED.id,))

    def hand_in(self, _: Recipient, feed: str, data: bytes, sender: str) -> tuple[Counts, list[str]]:
        if feed != "feed:notified":
            raise InputError("feed.none", "there is no such feed that is handed in", where=feed)
        return Counts(2, len(data), 2 - len(data), 0, 0), [f"{sender}: line 2: no route"] * (2 - len(data))


@pytest.fixture
def heard(centre: Living) -> Living:
    assert centre.centre.work is not None
    centre.centre.work = replace(centre.centre.work, feeds=Sensors())
    return centre


def test_the_board_says_what_became_of_every_message_in_every_language(heard: Living) -> None:
    for language in ("en", "ar", "ru", "tr", "az", "hy"):
        page = heard.get("A:0001", f"/feeds?lang={language}").text
        for figure in ("1,234", "1,200", "30", "adsb", "0WZA…Y1ZP", "ab" * 6):
            assert figure in page, language
        assert "⟨" not in page
        assert "<b> [adsb" not in page


def test_the_api_gives_what_the_page_shows(heard: Living) -> None:
    (feed,) = heard.get("B:0001", "feeds").json()["items"]
    assert feed["counts"] == {"received": 1234, "decoded": 1200, "refused": 30, "late": 3, "dropped": 1}
    track, trail = heard.get("B:0001", "tracks").json()["features"]
    assert (track["geometry"]["coordinates"], track["properties"]["band"]) == ([46.6, 39.7], "low")
    assert trail["geometry"]["coordinates"] == [[46.59, 39.7], [46.6, 39.7]]
    (alert,) = heard.get("B:0001", "alerts").json()["items"]
    assert (alert["raw_sha256"], alert["by"]) == ("ab" * 32, "")


def test_an_alert_stands_on_the_watch_and_begins_a_report(heard: Living) -> None:
    watch = heard.get("A:0001", "/?lang=en").text
    assert 'href="/feeds#alert_a"' in watch
    form = heard.get("A:0001", "/enter?alert=alert_a&lang=en").text
    for part in ("39.70000", "46.60000", "2020-11-28 16:00", "entered: Lachin corridor", "abababababababab"):
        assert part in form


def test_an_alert_that_nobody_raised_cannot_be_acknowledged(heard: Living) -> None:
    assert heard.post("A:0001", "alerts/alert_zzz/acknowledge", {}).status_code == 404


def test_of_an_earlier_moment_the_tracks_of_then_are_shown_and_nothing_of_now(heard: Living) -> None:
    at = "known_at=2020-11-20T00:00:00Z"
    told = heard.get("A:0001", f"tracks?{at}").json()
    assert (told["heard"], len(told["features"])) == ([FEED.id], 2)
    assert "1,234" not in heard.get("A:0001", f"/feeds?{at}&lang=en").text
    page = heard.get("A:0001", f"/?{at}").text
    assert "data-tracks=" in page
    assert "data-follows" not in page


def test_a_replay_gives_a_picture_for_every_step_and_says_what_was_heard(heard: Living) -> None:
    told = heard.get("B:0001", "tracks/replay?minutes=5&known_at=2020-11-20T00:00:00Z").json()
    assert [len(one["features"]) for one in told["frames"]] == [0, 1]
    assert told["frames"][1]["at_s"] - told["frames"][0]["at_s"] == 300
    assert told["heard"] == [FEED.id]
    assert heard.get("B:0001", "tracks/replay?minutes=0").status_code == 400


def test_messages_are_handed_in_and_each_refusal_is_told(heard: Living) -> None:
    def hand_in(feed: str, data: bytes, role: str = "duty") -> Any:
        token = heard.token("A:0001", role)
        words = {"cookie": f"{SESSION}={token}", CSRF_HEADER: csrf_of(token)}
        path = f"/api/v1/feeds/{feed}/messages"
        return heard.client.post(path, files={"file": ("a.csv", data)}, headers=words)

    answer = hand_in("notified", b"1")
    assert (answer.status_code, answer.json()["taken"]) == (201, 1)
    assert answer.json()["refused"] == [
        {"file": "a.csv", "code": "feed.refused", "what": "A:0001: line 2: no route", "todo": ""}
    ]
    assert hand_in("notified", b"").status_code == 400
    assert hand_in("air-north", b"1").status_code == 404
    assert hand_in("notified", b"1", "observer").status_code == 403


def test_an_alert_that_waits_too_long_counts_for_more(heard: Living) -> None:
    assert "Worth a look" in heard.get("A:0001", "/feeds/part?lang=en").text
    heard.pass_time(minutes=16)
    page = heard.get("A:0001", "/feeds/part?lang=en").text
    assert "Urgent" in page
    assert "Worth a look" not in page


@pytest.mark.parametrize("way", OCCASIONS)
def test_every_occasion_has_its_words_in_every_language(heard: Living, way: str) -> None:
    told = replace(ALERT, rule="alert:satellite-positions", way=way, feed="feed:air-north", raw_sha256="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sensors, "shown_alerts", lambda *_: [told])
        for language in ("en", "ar", "ru", "tr", "az", "hy"):
            page = heard.get("A:0001", f"/feeds?lang={language}").text
            assert "⟨" not in page
            assert "in 100" not in page


def test_whoever_does_not_sit_in_the_centre_is_given_nothing(heard: Living) -> None:
    for role, side in (("party", "party:azerbaijan"), ("liaison", ""), ("technician", ""), ("public", "")):
        for path in WAYS_OUT:
            number = "" if role == "public" else "C:0001"
            answer = heard.get(number, path, role=role, side=side)
            assert answer.status_code in {401, 403}, (role, path)


def test_no_page_for_a_visitor_bears_a_track_or_the_way_to_one(heard: Living) -> None:
    for page in ("/", "/map", "/map/marks.json", "/map/ground.json"):
        text = heard.get("", page).text
        for word in ("track_a", "4B1A2C", "/api/v1/tracks", "alert_a"):
            assert word not in text, page


@pytest.mark.parametrize("type_", ["track", "segment", "exposure"])
def test_what_sensors_give_is_told_to_nobody_outside(type_: str) -> None:
    payload: dict[str, Any] = {
        "realm": "demo", "owner": "centre", "release": "joint", "known_at": "2020-11-28T12:00:00Z", "body": {},
        "by": {"stage": "detect"}, "id": f"{type_}_a",
    }  # fmt: skip
    item = RecordItem(7, type_, f"{type_}_a", 0, payload)
    for word in ("public", "party:azerbaijan", "party:russia"):
        assert list(changed([item], Recipient(word, Realm.DEMO))) == []
    assert len(list(changed([item], Recipient("A", Realm.DEMO)))) == 1
