"""What a line of the watch log says: each measure with the words received, what they mean, how exact it is, what was assumed.

Source: MISSION rule 8. Angles are degrees clockwise from north, lengths metres, places WGS 84, moments UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar

Meant = TypeVar("Meant")
Means = Literal["saw", "heard", "camera", "told"]
Kind = Literal[
    "explosion", "projectile_in_flight", "muzzle_flash", "illumination_flare", "burst", "single_shot"
]
KINDS: tuple[Kind, ...] = (
    "explosion",
    "projectile_in_flight",
    "muzzle_flash",
    "illumination_flare",
    "burst",
    "single_shot",
)
North = Literal["true", "grid", "magnetic"]
Above = Literal["sea", "ground", "standard pressure"]


@dataclass(frozen=True, slots=True)
class Reading(Generic[Meant]):
    """A measure as said and as meant.

    Args:
        said: The exact words of the line.
        meant: What they mean.
        error: How far the truth may lie from it, in its unit; None where nobody knows, or where nothing is measured.
        unit: ``m``, ``deg`` or ``s`` of the error; empty where nothing is measured.
        system: The notation, frame or zone that it was said in, for example ``MGRS``, ``6000 mils, grid``, ``UTC+03:00``.
        assumed: What the line left open and was assumed, one sentence each.
    """

    said: str
    meant: Meant
    error: float | None = None
    unit: str = ""
    system: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be asked back.

    Args:
        field: Which field of the line it is about.
        what: The question, one sentence.
        said: The words that it is about; empty where words are missing.
    """

    field: str
    what: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Observer:
    """Who speaks: a post, patrol or team, and its number or code.

    Args:
        kind: ``post``, ``patrol`` or ``team``.
        code: The number without leading zeros, or the code in capital letters.
    """

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the Earth, degrees."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Bearing:
    """A direction in which something was.

    Args:
        deg: Degrees clockwise from the north that was named, or from true north where none was.
        north: Which north was named; None where the line does not say.
        true_deg: Degrees clockwise from true north.
    """

    deg: float
    north: North | None
    true_deg: float


@dataclass(frozen=True, slots=True)
class Band:
    """A length between two bounds, metres; None is open. Both None: the observer could not tell."""

    least_m: float | None
    most_m: float | None


@dataclass(frozen=True, slots=True)
class Height:
    """A height.

    Args:
        metres: Metres.
        above: ``sea``, ``ground``, ``standard pressure`` (a flight level), or None where the line does not say.
    """

    metres: float
    above: Above | None


@dataclass(frozen=True, slots=True)
class Interval:
    """From when until when; the same moment twice where one was said."""

    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True)
class Count:
    """How many: at least and at most; None is open. Both None: undetermined."""

    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Course:
    """Which way fire went.

    Args:
        code: ``outgoing``, ``incoming``, ``undetermined`` or ``from-to``.
        from_deg: True bearing that it came from; None where the line does not say.
        to_deg: True bearing that it went to; None where the line does not say.
    """

    code: Literal["outgoing", "incoming", "undetermined", "from-to"]
    from_deg: float | None = None
    to_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened, and how many times.

    Args:
        kind: One of the field's kinds.
        count: How many.
        means: How it was observed: the words that stand before it, or the line's only ones.
    """

    kind: Reading[Kind]
    count: Reading[Count]
    means: tuple[Reading[Means], ...] = ()


@dataclass(frozen=True, slots=True)
class WatchLine:
    """What a line says; a field that the line does not name is None or empty.

    Args:
        text: The whole line.
        observer: Who speaks.
        time: From when until when it was.
        happenings: What happened, in the order of the line.
        means: How it was observed.
        position: Where it was.
        bearing: In which direction of the observer it was.
        distance: How far from the observer it was.
        height: How high it was.
        course: Which way fire went.
        exercise: ``inside`` or ``outside`` of the zone, or ``unsaid``, where it was a live-fire exercise.
        weapon: What was fired, in the line's words.
        questions: What has to be asked back; empty where the line is whole and clear.
    """

    text: str
    observer: Reading[Observer] | None = None
    time: Reading[Interval] | None = None
    happenings: tuple[Happening, ...] = ()
    means: tuple[Reading[Means], ...] = ()
    position: Reading[Spot] | None = None
    bearing: Reading[Bearing] | None = None
    distance: Reading[Band] | None = None
    height: Reading[Height] | None = None
    course: Reading[Course] | None = None
    exercise: Reading[str] | None = None
    weapon: Reading[str] | None = None
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that was not taken.

    Args:
        text: The whole line.
        code: Stable dotted word for machines, for example ``radio.contradiction``.
        what: What is wrong.
        said: The words that it is about.
        todo: What to do.
    """

    text: str
    code: str
    what: str
    said: str
    todo: str
