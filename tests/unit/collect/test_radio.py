"""A radio line that is wrong, open or contradicts itself is refused or asked; what is read depends on its own words alone."""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyproj", reason="grids need the extra 'cover'")
pytest.importorskip("pygeomag", reason="bearings need the extra 'cover'")

from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.app import wiring
from truceline.app.radio import plain, theatre_of
from truceline.collect.radio import Theatre, read_line
from truceline.core.errors import InputError
from truceline.core.watchlog import Count, RefusedLine, Spot, WatchLine
from truceline.geo import grids
from truceline.geo.points import distance_m

ON = date(2020, 11, 14)
THEATRE = theatre_of(wiring.load_mission("karabakh-2020"), ON)
LINES = [
    (text, want)
    for rows in tomllib.loads(
        Path(__file__).with_name("radio_lines.toml").read_text(encoding="utf-8")
    ).values()
    for text, want in rows
]
MEASURES = ("position", "bearing", "distance", "height", "time", "observer", "course", "exercise")
AREA = st.builds(Spot, st.floats(44.6, 48.7), st.floats(38.4, 41.1))


def read(text: str, theatre: Theatre = THEATRE) -> WatchLine:
    found = read_line(text, theatre)
    assert isinstance(found, WatchLine), found
    return found


def gap_m(found: WatchLine, spot: Spot) -> float:
    assert found.position is not None
    return distance_m((found.position.meant.lon, found.position.meant.lat), (spot.lon, spot.lat))


HEAD = "OP07 141530Z heard 2 explosions "


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("OP07 321530Z saw 3 flashes", "radio.time"),
        ("OP07 142530Z saw 3 flashes", "radio.time"),
        ("OP07 25:30Z heard 3 explosions", "radio.time"),
        ("OP07 1415307 saw 3 flashes", "radio.leftover"),
        ("OP07 14153OZ heard 3 explosions", "radio.leftover"),
        ("НП 7 141530З слышал 2 взрыва", "radio.leftover"),
        ("OP07 03/04/2020 1530Z saw 3 flashes", "radio.time"),
        ("OP07 141530Z 141630Z saw 3 flashes", "radio.contradiction"),
        ("OP07 OP08 141530Z saw 3 flashes", "radio.contradiction"),
        (HEAD + "brg 240 mag dist 4 km dist 5 km", "radio.contradiction"),
        (HEAD + "brg 240 true brg 60 true", "radio.contradiction"),
        (HEAD + "5 explosions", "radio.contradiction"),
        (HEAD + "incoming outgoing", "radio.contradiction"),
        (HEAD + "at 39.8095, 46.7520 and 38SPK9231003530", "radio.contradiction"),
        ("نقطة المراقبة 7 141530Z سمع 3 انفجاران", "radio.contradiction"),
        (HEAD + "brg 420", "radio.bearing"),
        (HEAD + "brg 240 dist 4 km 7", "radio.leftover"),
        (HEAD + "240 dist 4km", "radio.leftover"),
        (HEAD + "- 240, 5 km", "radio.leftover"),
        (HEAD + "5 leagues", "radio.leftover"),
        (HEAD + "brg 24O true", "radio.leftover"),
        (HEAD + "brg 2-4-0 true", "radio.leftover"),
        (HEAD + "brg true mag 240", "radio.leftover"),
        (HEAD + "dist 5 mm", "radio.leftover"),
        (HEAD + "39.8095N", "radio.leftover"),
        (HEAD + "39.8 -46.7520", "radio.leftover"),
        (HEAD + "grid 499080", "radio.leftover"),
        (HEAD + "X 4409936", "radio.leftover"),
        (HEAD + "38SPK4996808", "radio.leftover"),
        (HEAD + "brg 6500 mils", "radio.bearing"),
        (HEAD + "brg 6100 mils 6000", "radio.bearing"),
        (HEAD + "brg 370 deg", "radio.bearing"),
        (HEAD + "brg 0240", "radio.bearing"),
        ("НП 7 141530Z слышал 2 взрыва ДУ 61-00", "radio.bearing"),
        (HEAD + "39 68 10N 46 45 07E", "radio.position"),
        (HEAD + "98.5N 46.75E", "radio.position"),
        (HEAD + "38SXX49968080", "radio.position"),
        (HEAD + "38IPK49960808", "radio.position"),
        (HEAD + "UTM 61S 649969 4408082", "radio.position"),
        (HEAD + "UTM 38T 649969 4408082", "radio.position"),
        (HEAD + "SK-42 X 440993 Y 8650134", "radio.position"),
        (HEAD + "dist 6-4 km", "radio.distance"),
        (HEAD + "dist 5,000 m", "radio.number"),
        (HEAD + "dist 1.500 m", "radio.number"),
        (HEAD + "240M", "radio.unit"),
        (HEAD + "3 km NE of Atlantis", "radio.place"),
        ("OP07 141530Z heard 2,5 explosions", "radio.leftover"),
        ("OP07 141530Z heard three four explosions", "radio.leftover"),
        ("OP07 141530Z heard 3 exlposions", "radio.leftover"),
        ("OP07 141530Z saw 3 flashes correction 5 flashes", "radio.correction"),
        ("НП 7 141530Z слышал 2 взрыва поправка 3 взрыва", "radio.correction"),
        ("GN 7 141530Z 3 patlama duyuldu, düzeltme 4 patlama", "radio.correction"),
        ("نقطة المراقبة 7 141530Z سمع 3 انفجارات تصحيح 4", "radio.correction"),
        ("OP07 141530Z did not see 3 flashes", "radio.negation"),
        ("НП 7 141530Z не слышал взрывов", "radio.negation"),
        ("GN 7 141530Z 3 patlama duyulmadı", "radio.negation"),
        ("نقطة المراقبة 7 141530Z لم يسمع 3 انفجارات", "radio.negation"),
        ("on 14 Nov heard 3 patlama OP07", "radio.unclear"),
        (" , ;", "radio.empty"),
        ("x" * 601, "radio.long"),
    ],
)
def test_a_line_that_cannot_be_right_is_refused(text: str, code: str) -> None:
    found = read_line(text, THEATRE)
    assert isinstance(found, RefusedLine), found
    assert found.code == code, found
    assert found.what
    assert found.todo


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("brg 240", "bearing"),
        ("brg 1500 mils true", "bearing"),
        ("brg 1500 true", "bearing"),
        ("азимут 41-67", "bearing"),
        ("dist 4-6", "distance"),
        ("дальность 5 миль", "distance"),
        ("height 300 m", "height"),
        ("UTM 649969 4408082", "position"),
        ("X 4409936 Y 8650134", "position"),
        ("SK-42 X 09936 Y 50134", "position"),
        ("SK-95 X 4409936 Y 8650134", "position"),
        ("39.8095N 6.7520E", "position"),
        ("46.7520, 39.8095", "position"),
        ("live fire exercise", "exercise"),
        ("fired from NE", "course"),
        ("wobbly", "words"),
        ("wind 5 m", "other"),
        ("dist 1500 km", "distance"),
        ("39.8095N 46.7520E ±20m", "other"),
        ("dist 4 km +/- 500m", "other"),
    ],
)
def test_what_is_left_open_is_asked(words: str, field: str) -> None:
    found = read(f"OP07 141530Z {words}, heard 2 explosions")
    assert next(question.field for question in found.questions if question.field != "observer") == field
    assert all(question.what for question in found.questions)


def test_a_number_behind_a_time_zone_is_no_part_of_it() -> None:
    found = read("НП-16 19:15 мск 3 взрыва")
    assert found.time is not None
    assert found.time.meant.start_at.hour == 16
    assert found.happenings[0].count.meant == Count(3, 3)


def test_a_time_with_until_alone_asks_when_it_began() -> None:
    assert [question.field for question in read("OP 10 until 140612Z heard 25 bursts").questions] == ["time"]


def test_a_line_without_observer_time_and_event_asks_for_them() -> None:
    assert {question.field for question in read("brg 240 true").questions} == {
        "observer",
        "time",
        "happenings",
    }


def test_an_unstated_north_widens_the_error_by_declination_and_convergence() -> None:
    open_, true = (read(f"Post S5 141530Z saw 1 flash brg 240{north}").bearing for north in ("", " true"))
    assert open_ is not None
    assert true is not None
    assert (open_.meant.deg, open_.meant.true_deg, true.error) == (240.0, 240.0, 0.5)
    post = THEATRE.post_at("S5")
    assert post is not None
    declination = wiring.declination_deg(post, ON)
    assert 5.5 < declination < 7.0
    assert (open_.error or 0) == pytest.approx(0.5 + declination, abs=0.01)
    magnetic = read("Post S5 141530Z saw 1 flash brg 240 mag").bearing
    grid = read("Post S5 141530Z saw 1 flash brg 240 grid").bearing
    assert magnetic is not None
    assert grid is not None
    assert magnetic.meant.true_deg == pytest.approx(240 + declination, abs=0.001)
    assert grid.meant.true_deg == pytest.approx(240 + grids.convergence_deg(post), abs=0.001)
    for other in (magnetic, grid):
        assert abs(other.meant.true_deg - open_.meant.true_deg) <= (open_.error or 0)


def test_unstated_mils_widen_the_error_so_that_both_systems_lie_within() -> None:
    found = read(HEAD + "brg 1500 mils true").bearing
    assert found is not None
    for system in grids.MILS:
        assert abs(found.meant.deg - grids.degrees_of_mils(1500, system)) <= (found.error or 0)


def test_an_unstated_time_zone_widens_the_error_so_that_local_time_and_zulu_lie_within() -> None:
    found = read("OP07 15:30 heard 2 explosions").time
    for zone in ("local", "Z", "Moscow time"):
        said = read(f"OP07 15:30 {zone} heard 2 explosions").time
        assert found is not None
        assert said is not None
        assert abs((found.meant.start_at - said.meant.start_at).total_seconds()) <= (found.error or 0)


@pytest.mark.parametrize(
    ("digits", "error_m"),
    [("4996808082", 1), ("49960808", 10), ("499080", 100), ("4908", 1000), ("40", 10_000)],
)
def test_the_digits_of_a_grid_reference_give_its_error(digits: str, error_m: float) -> None:
    found = read(f"{HEAD}MGRS 38SPK{digits}").position
    assert found is not None
    assert found.error == error_m


@pytest.mark.parametrize(
    ("on", "group", "day", "asks"),
    [
        (date(2020, 11, 14), "141530Z", "2020-11-14", False),
        (date(2020, 11, 14), "151530Z", "2020-11-15", False),
        (date(2020, 11, 2), "301530Z", "2020-10-30", False),
        (date(2020, 11, 14), "301530Z", "2020-10-30", True),
        (date(2021, 1, 2), "311530Z DEC", "2020-12-31", False),
        (date(2020, 11, 14), "141530Z NOV 21", "2021-11-14", False),
    ],
)
def test_the_month_of_a_group_is_the_one_next_to_the_day(on: date, group: str, day: str, asks: bool) -> None:
    found = read(f"OP07 {group} heard 2 explosions", replace(THEATRE, on=on))
    assert found.time is not None
    assert found.time.meant.start_at.date().isoformat() == day
    assert bool(found.questions) == asks


def dms(value: float) -> tuple[int, int, float]:
    tenths = round(value * 36000)
    return tenths // 36000, tenths // 600 % 60, tenths % 600 / 10


def dm(value: float) -> tuple[int, float]:
    thousandths = round(value * 60000)
    return thousandths // 60000, thousandths % 60000 / 1000


def notations(spot: Spot) -> list[tuple[str, float]]:
    """A place in every notation, and how far from it each may be read."""
    (a, b, c), (d, e, f) = dms(spot.lat), dms(spot.lon)
    (g, h), (i, j) = dm(spot.lat), dm(spot.lon)
    zone, east_m, north_m = grids.to_utm(spot)
    x, y = grids.to_sk42(spot)
    comma = f"{spot.lat:.5f} {spot.lon:.5f}".replace(".", ",").split()
    arabic = f"{spot.lat:.5f} شمالا {spot.lon:.5f} شرقا".translate(
        str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
    )
    return [
        (f"{spot.lat:.5f}N {spot.lon:.5f}E", 2),
        (f"N{spot.lat:.5f}, E{spot.lon:08.5f}", 2),
        (f"E {spot.lon:.5f} N {spot.lat:.5f}", 2),
        (f"{comma[0]} с.ш. {comma[1]} в.д.", 2),
        (f"широта {comma[0]} долгота {comma[1]}", 2),
        (f"{comma[0]} K {comma[1]} D patlama duyuldu", 2),
        (arabic, 2),
        (f"pos {spot.lat:.5f}, {spot.lon:.5f}", 2),
        (f"{a}°{b:02d}'{c:04.1f}\"N {d}°{e:02d}'{f:04.1f}\"E", 4),
        (f"N {a} {b} {c:.1f} E {d} {e} {f:.1f}", 4),
        (f"{a}-{b:02d}-{c:04.1f}N {d:03d}-{e:02d}-{f:04.1f}E", 4),
        (f"{g} {h:.3f} N {i} {j:.3f} E", 3),
        (f"{g:02d}{h:06.3f}N {i:03d}{j:06.3f}E", 3),
        (f"{g} град {h:.3f} мин северной широты {i} град {j:.3f} мин восточной долготы", 3),
        (f"MGRS {grids.to_mgrs(spot)}", 2),
        (f"{zone}{grids.band_of(spot.lat)} {east_m:.0f} {north_m:.0f}", 2),
        (f"UTM zone {zone} E {east_m:.0f} N {north_m:.0f}", 2),
        (f"SK-42 X {x:.0f} Y {y:.0f}", 2),
        (f"СК-42 У={y:.0f} Х={x:.0f}", 2),
        (f"СК-42 зона {y // 1_000_000:.0f} Х {x:.0f} У {y % 1_000_000:.0f}", 2),
    ]


@settings(max_examples=40, deadline=None)
@given(AREA)
def test_a_place_in_any_notation_is_read_as_what_it_is(spot: Spot) -> None:
    for words, slack_m in notations(spot):
        found = read_line(f"OP07 141530Z {words}", THEATRE)
        assert isinstance(found, WatchLine), (words, found)
        assert gap_m(found, spot) <= slack_m, (words, found.position)
        assert found.position is not None
        assert gap_m(found, spot) <= (found.position.error or 0) + 1.5, (words, found.position)


ANGLES = {
    "deg": 1.0,
    "°": 1.0,
    "mils 6400": 0.05625,
    "mils 6000": 0.06,
    "делений угломера": 0.06,
    "derece": 1.0,
    "درجة": 1.0,
}
LENGTHS = {
    "m": 1.0,
    "km": 1000.0,
    "nm": 1852.0,
    "feet": 0.3048,
    "м": 1.0,
    "км": 1000.0,
    "metre": 1.0,
    "كم": 1000.0,
    "متر": 1.0,
}


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 359), st.sampled_from(sorted(ANGLES)), st.integers(1, 99), st.sampled_from(sorted(LENGTHS))
)
def test_a_bearing_and_a_distance_in_any_unit_are_read_as_what_they_are(
    deg: int, angle: str, length: int, unit: str
) -> None:
    value = deg if ANGLES[angle] == 1 else round(deg / ANGLES[angle])
    found = read(f"OP07 141530Z bearing {value} {angle} true, distance {length} {unit}")
    assert found.bearing is not None
    assert found.distance is not None
    assert found.bearing.meant.deg == pytest.approx(value * ANGLES[angle], abs=1e-3)
    assert found.distance.meant.least_m == pytest.approx(length * LENGTHS[unit], abs=1e-3)


def corrupt(text: str, chance: random.Random) -> str:
    """Change a line in one place: a digit, a sign, a word left out, said twice, or two words turned."""
    way = chance.randrange(6)
    words = text.split(" ")
    at = chance.randrange(len(words))
    if way == 0:
        digits = [place for place, sign in enumerate(text) if sign.isdigit()]
        place = chance.choice(digits)
        return text[:place] + chance.choice("0123456789") + text[place + 1 :]
    if way == 1:
        place = chance.randrange(len(text))
        return text[:place] + text[place + 1 :]
    if way == 2:
        return " ".join(words[:at] + words[at + 1 :])
    if way == 3:
        return " ".join([*words[:at], words[at], *words[at:]])
    if way == 4:
        place = chance.randrange(len(text))
        return text[:place] + chance.choice("0123456789.,- /kmMTZ°") + text[place:]
    other = chance.randrange(len(words))
    words[at], words[other] = words[other], words[at]
    return " ".join(words)


def alone(name: str, said: str) -> Any:
    """What the words of a field mean when nothing else is said."""
    found = read_line(said, THEATRE)
    reading = None if isinstance(found, RefusedLine) else getattr(found, name)
    return None if reading is None else reading.meant


def readings(found: WatchLine) -> list[tuple[str, Any]]:
    return [(name, getattr(found, name)) for name in MEASURES if getattr(found, name) is not None]


def digits_of(text: str) -> list[str]:
    return re.findall(r"\d+", text)


@pytest.mark.parametrize("seed", range(8))
def test_a_corrupted_line_says_what_is_now_said_or_is_refused(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - seeded
    n_read = 0
    for text, want in chance.sample(LINES, 100):
        if want == "REFUSED" or not digits_of(text):
            continue
        line = corrupt(text, chance)
        found = read_line(line, THEATRE)
        if isinstance(found, RefusedLine):
            continue
        n_read += 1
        parts = [reading.said for _, reading in readings(found)]
        parts += [one.count.said for one in found.happenings] + [
            question.said for question in found.questions
        ]
        parts += [found.weapon.said] if found.weapon is not None else []
        for number in digits_of(line):
            assert any(number in digits_of(part) for part in parts), (line, number, parts)
        for name, reading in readings(found):
            assert all(part in line for part in reading.said.split(" … ")), (line, reading)
            if name in {"distance", "height"}:
                assert alone(name, reading.said) in {None, reading.meant}, (line, reading)
            if name == "bearing":
                assert (
                    alone(name, f"brg {reading.said}") in {None, reading.meant}
                    or alone(name, reading.said) is None
                    or (alone(name, reading.said).deg == reading.meant.deg)
                ), (line, reading)
    assert n_read > 10


def test_the_magnetic_field_is_known_for_its_years_only() -> None:
    for lat, lon, declination in ((0.0, 120.0, 0.16), (-80.0, 240.0, 69.36)):
        assert wiring.declination_deg(Spot(lon, lat), date(2020, 1, 1)) == pytest.approx(
            declination, abs=0.05
        )
    with pytest.raises(InputError, match="not known"):
        wiring.declination_deg(Spot(46.0, 40.0), date(1990, 1, 1))


def test_a_reading_becomes_plain_json() -> None:
    shape = plain(read("OP07 141530Z saw 3 flashes brg 240 dist 4-6km"))
    assert shape["time"]["meant"]["start_at"] == "2020-11-14T15:30:00Z"
    assert shape["distance"] == {
        "said": "dist 4-6km", "meant": {"least_m": 4000.0, "most_m": 6000.0}, "error": 500.0, "unit": "m", "system": "km", "assumed": [],
    }  # fmt: skip
    assert shape["happenings"][0]["count"]["meant"] == {"least": 3, "most": 3}


@pytest.mark.parametrize(
    ("said", "least_m", "most_m"),
    [
        ("3 km 500 m", 3500, 3500),
        ("two and a half km", 2500, 2500),
        ("half a kilometre", 500, 500),
        ("8 km+", 8000, None),
        ("8+ km", 8000, None),
        ("3 km max", 0, 3000),
        ("3 km + 2 bursts", 3000, 3000),
        ("500-700 m S", 500, 700),
    ],
)
def test_a_length_of_several_words_is_one_length(said: str, least_m: float, most_m: float | None) -> None:
    found = read(HEAD + said)
    assert found.distance is not None
    assert (found.distance.meant.least_m, found.distance.meant.most_m) == (least_m, most_m)


@pytest.mark.parametrize("said", ["2-3 km 500 m", "3 km 240 M", "3 km, 500 m"])
def test_kilometres_with_metres_that_may_be_something_else_are_refused(said: str) -> None:
    assert isinstance(read_line(HEAD + said, THEATRE), RefusedLine)


def test_metres_above_ground_behind_kilometres_are_the_height() -> None:
    found = read(HEAD + "3 km 500 m AGL")
    assert found.distance is not None
    assert found.height is not None
    assert (found.distance.meant.most_m, found.height.meant.metres) == (3000, 500)


@pytest.mark.parametrize(
    ("said", "clock"),
    [
        ("0506Z - 2 explosions heard", "05:06"),
        ("1530 UTC+3 heard 2 explosions", "12:30"),
        ("05h20 UTC heard 2 explosions", "05:20"),
        ("fifteen thirty Zulu heard 2 explosions", "15:30"),
        ("0630L (UTC+3) heard 2 explosions", "03:30"),
        ("9:30 pm local heard 2 explosions", "17:30"),
    ],
)
def test_what_follows_a_time_is_its_zone_only_where_it_touches_it(said: str, clock: str) -> None:
    found = read(f"OP07 at {said}")
    assert found.time is not None
    assert f"{found.time.meant.start_at:%H:%M}" == clock
    assert [one.count.meant for one in found.happenings] == [Count(2, 2)]


def test_yesterday_is_the_day_before_the_lines_and_last_night_is_refused() -> None:
    found = read("OP07 yesterday 2100Z heard 2 explosions")
    assert found.time is not None
    assert found.time.meant.start_at.day == ON.day - 1
    assert isinstance(read_line("OP07 last night 2100Z heard 2 explosions", THEATRE), RefusedLine)


def test_how_many_shots_a_burst_had_is_asked_and_counts_as_no_shots() -> None:
    found = read("OP07 141530Z heard 3 bursts of 5 shots each")
    assert [(one.kind.meant, one.count.meant) for one in found.happenings] == [("burst", Count(3, 3))]
    assert [question.field for question in found.questions] == ["other"]


def test_an_impact_alone_is_an_incoming_explosion() -> None:
    for said in ("heard 3 impacts", "heard 3 explosions, impact"):
        found = read(f"OP07 141530Z {said}")
        assert found.course is not None
        assert found.course.meant.code == "incoming"
        assert [(one.kind.meant, one.count.meant) for one in found.happenings] == [("explosion", Count(3, 3))]


def test_directions_far_apart_are_no_band_of_bearings() -> None:
    found = read(HEAD + "track from 045 to 225 degrees")
    assert found.bearing is None
    assert found.course is not None
    assert (found.course.meant.from_deg, found.course.meant.to_deg) == (45, 225)
    assert isinstance(read_line(HEAD + "brg 045 to 225", THEATRE), RefusedLine)
