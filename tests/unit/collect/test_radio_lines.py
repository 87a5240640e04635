"""Radio lines in four languages' habits: at least 98 of 100 are read exactly, and no number is ever wrong."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyproj", reason="grids need the extra 'cover'")
pytest.importorskip("pygeomag", reason="bearings need the extra 'cover'")

from truceline.app import wiring
from truceline.app.radio import theatre_of
from truceline.collect.radio import Theatre, read_line
from truceline.core.watchlog import Band, Count, RefusedLine, WatchLine
from truceline.geo.points import distance_m

ON = date(2020, 11, 14)
LINES: dict[str, list[tuple[str, str]]] = tomllib.loads(
    (Path(__file__).with_name("radio_lines.toml")).read_text(encoding="utf-8")
)
BOUND = 0.98
FIELDS = {
    "o": "observer", "t": "time", "p": "position", "b": "bearing", "d": "distance", "h": "height", "c": "course", "x": "exercise",
}  # fmt: skip


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    return theatre_of(wiring.load_mission("karabakh-2020"), ON)


def moment(text: str) -> datetime:
    day, _, clock = text.partition("T")
    hour, _, minute = clock.partition(":")
    return datetime(2020, 11, int(day), int(hour), int(minute), tzinfo=UTC)


def band(text: str) -> Band:
    if text == "?":
        return Band(None, None)
    if text.endswith("+"):
        return Band(float(text[:-1]), None)
    low, _, high = text.partition("-")
    return Band(float(low), float(high or low))


def count(text: str) -> Count:
    if text == "?":
        return Count(None, None)
    if text.endswith("+"):
        return Count(int(text[:-1]), None)
    low, _, high = text.partition("-")
    return Count(int(low), int(high or low))


def fits(key: str, want: str, meant: Any) -> bool:
    """Whether a value is the one that is wanted."""
    if key == "o":
        return bool(meant.code == want)
    if key == "t":
        start, _, end = want.partition("/")
        return (meant.start_at, meant.end_at) == (moment(start), moment(end or start))
    if key == "p":
        lat, lon, slack_m = (float(part) for part in want.split(","))
        return distance_m((meant.lon, meant.lat), (lon, lat)) <= slack_m
    if key == "b":
        deg, _, north = want.partition(":")
        return abs(meant.deg - float(deg)) < 0.001 and (meant.north or "-") == north
    if key == "d":
        return bool(meant == band(want))
    if key == "h":
        metres, _, above = want.partition(":")
        return abs(meant.metres - float(metres)) < 0.01 and (meant.above or "-").endswith(above)
    if key == "c":
        start, arrow, end = want.partition(">")
        got = (meant.from_deg, meant.to_deg) == (float(start), float(end)) if arrow else meant.code == want
        return bool(got)
    return bool(meant == want)


def wrongs(found: WatchLine | RefusedLine, want: str) -> list[str]:
    """What is read otherwise than it is meant; a field that is missing, or asked, or a line that is refused, is not wrong."""
    if isinstance(found, RefusedLine):
        return []
    wanted = dict(part.split("=", 1) for part in want.split() if part[0] != "k" and part != "REFUSED")
    out = []
    for key, name in FIELDS.items():
        reading = getattr(found, name)
        if reading is not None and (key not in wanted or not fits(key, wanted[key], reading.meant)):
            out.append(f"{name}: {reading}")
    kinds = {part.split(":")[2]: part.split(":")[1] for part in want.split() if part.startswith("k=")}
    out += [
        f"happening: {one}"
        for one in found.happenings
        if one.kind.meant not in kinds or one.count.meant != count(kinds[one.kind.meant])
    ]
    return out


def is_exact(found: WatchLine | RefusedLine, want: str) -> bool:
    """Whether a line is read as it is meant: every field, nothing more, and the right questions."""
    if isinstance(found, RefusedLine) or want == "REFUSED":
        return isinstance(found, RefusedLine) and want == "REFUSED"
    wanted = dict(part.split("=", 1) for part in want.split() if part[0] != "k")
    asked = set(wanted.pop("q", "").split(",")) - {""}
    happened = [
        f"k={'+'.join(sorted(str(m.meant) for m in one.means))}:{one.kind.meant}:{one.count.meant}"
        for one in found.happenings
    ]
    meant = []
    for part in want.split():
        if part.startswith("k="):
            means, number, kind = part[2:].split(":")
            meant.append(f"k={'+'.join(sorted(means.split('+')))}:{kind}:{count(number)}")
    return (
        not wrongs(found, want)
        and all(getattr(found, FIELDS[key]) is not None for key in wanted)
        and sorted(happened) == sorted(meant)
        and {question.field for question in found.questions} == asked
    )


def test_there_are_three_hundred_lines_of_four_languages() -> None:
    assert set(LINES) == {"en", "ru", "tr", "ar"}
    texts = [text for rows in LINES.values() for text, _ in rows]
    assert len(set(texts)) == len(texts) >= 300


@pytest.mark.parametrize("language", ["en", "ru", "tr", "ar"])
def test_no_number_is_wrong(language: str, theatre: Theatre) -> None:
    wrong = {text: bad for text, want in LINES[language] if (bad := wrongs(read_line(text, theatre), want))}
    assert wrong == {}


def test_98_of_100_are_read_exactly(theatre: Theatre) -> None:
    rows = [(text, want) for rows in LINES.values() for text, want in rows]
    missed = [
        (text, read_line(text, theatre))
        for text, want in rows
        if not is_exact(read_line(text, theatre), want)
    ]
    assert len(missed) / len(rows) <= 1 - BOUND, missed


def test_what_is_said_stands_in_the_line(theatre: Theatre) -> None:
    for rows in LINES.values():
        for text, _ in rows:
            found = read_line(text, theatre)
            if isinstance(found, RefusedLine):
                continue
            for name in FIELDS.values():
                reading = getattr(found, name)
                if reading is not None:
                    assert all(part in text for part in reading.said.split(" … ")), (text, reading)
