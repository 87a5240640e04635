"""Radio lines of the watch log, read against a mission: its area, places, posts, time zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

from truceline.app import wiring
from truceline.collect.radio import NamedPlace, Theatre, read_line
from truceline.collect.radio.naming import PlaceNames
from truceline.core.mission import Mission
from truceline.core.times import format_instant
from truceline.core.watchlog import RefusedLine, Spot, WatchLine
from truceline.geo.gazetteer import COARSE, Gazetteer


def theatre_of(mission: Mission, on: date) -> Theatre:
    """Return what lines of a mission are read against on a day.

    Args:
        mission: The pack.
        on: The day on which the lines came.

    Returns:
        The theatre.
    """
    gazetteer = Gazetteer(mission)
    lexicons = wiring.load_lexicons()
    sorts = frozenset(
        phrase[0]
        for one in lexicons
        for phrase, classes in one.phrases.items()
        if len(phrase) == 1 and "sort" in classes
    )
    names = PlaceNames(
        (
            (NamedPlace(place.id, Spot(*point), place.precision_m), form.text)
            for place in mission.places
            if (point := gazetteer.point(place.id)) is not None and place.kind not in COARSE
            for forms in place.names.values()
            for form in forms
        ),
        sorts,
    )
    posts = _posts(mission)
    return Theatre(
        on, mission.zone, mission.settings.box, lexicons, names.find, posts.get, wiring.declination_deg
    )


def _posts(mission: Mission) -> Mapping[str, Spot]:
    return {post.code.upper(): Spot(post.lon, post.lat) for post in mission.posts}


def read_lines(
    lines: Iterable[str], mission: Mission, on: date
) -> Iterator[tuple[int, WatchLine | RefusedLine]]:
    """Read lines one after the other; a line that is refused does not stop those after it.

    Args:
        lines: The lines; empty ones and those that begin with ``#`` are left out.
        mission: The pack.
        on: The day on which they came.

    Yields:
        The number of the line, from 1, and what it says, or why it was not taken.
    """
    theatre = theatre_of(mission, on)
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, read_line(line.strip(), theatre)


def plain(value: Any) -> Any:
    """Return a reading as JSON has it: objects, lists, moments in UTC.

    Args:
        value: What was read.

    Returns:
        The same in plain types.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value
