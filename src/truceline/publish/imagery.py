"""Sorties and their frames as analysts see them, every string ready."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from truceline.core.access import Viewer
from truceline.core.imagery import BLURRED, CLEAR, COMPARISON, MARK
from truceline.core.release import CENTRE
from truceline.core.times import parse_instant
from truceline.publish.desk import Desk
from truceline.publish.tokens import ltr, quoted

_SAID = "console.imagery."
_BOTH = 2
"""Pairs of eyes after which a reading stands."""

Value = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ShownSortie:
    """A sortie: its id, name, what flew with what, when, and how much of it is read."""

    id: str
    title: str
    what: str
    when: str
    frames: str
    read: str


@dataclass(frozen=True, slots=True)
class ShownFrame:
    """A frame among others.

    Args:
        id: Its id.
        title: Its name.
        when: When it was taken.
        state: Word of how far it is read: ``unread``, ``once``, ``twice``.
        says: The same in words.
    """

    id: str
    title: str
    when: str
    state: str
    says: str


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A thing marked in a frame.

    Args:
        report: Id of its report.
        entry: The entry that made it.
        claim: Id of its claim.
        version: The claim's version.
        n: Its number in the frame.
        x_px: Pixels from the left.
        y_px: Pixels from the top.
        says: What and how many.
        where: Where, with its error, or that nobody knows.
        note: What else was said.
        by: Who marked it and when.
        state: Word of its claim's state.
        judged: That state in words.
        is_mine: Whether the viewer marked it, and so does not judge it.
        may_judge: Whether it is the viewer's side, or the centre, whose mark it is.
    """

    report: str
    entry: int
    claim: str
    version: int
    n: str
    x_px: int
    y_px: int
    says: str
    where: str
    note: str
    by: str
    state: str
    judged: str
    is_mine: bool
    may_judge: bool


@dataclass(frozen=True, slots=True)
class ShownLine:
    """Another reading of a frame: the report's id, what it says, who said it, and the frame that it leads to, or empty."""

    id: str
    says: str
    by: str
    other: str = ""


def sorties_of(desk: Desk, sorties: Iterable[Value], readings: Sequence[Value]) -> list[ShownSortie]:
    """Write sorties out.

    Args:
        desk: In whose words.
        sorties: They.
        readings: What was read in their frames.

    Returns:
        One for each, that which was flown last first.
    """
    found = list[ShownSortie]()
    for one in sorted(sorties, key=lambda value: str(value["valid_at"]["start"]), reverse=True):
        frames = one["sortie"]["frames"]
        there = set(frames)
        read = {r for r in map(frame_read, readings) if r in there}
        found.append(
            ShownSortie(
                one["id"], quoted(str(one["title"])), _flown(desk, one),
                desk.tokens.instant(parse_instant(one["valid_at"]["start"])),
                desk.words.say(f"{_SAID}frames", n=desk.tokens.figure(len(frames))),
                desk.words.say(f"{_SAID}read", n=desk.tokens.figure(len(read)), all=desk.tokens.figure(len(frames))),
            )
        )  # fmt: skip
    return found


def frames_of(
    desk: Desk, frames: Iterable[Value], readings: Sequence[Value], marks: Mapping[str, Value]
) -> list[ShownFrame]:
    """Write the frames of a sortie out.

    Args:
        desk: In whose words.
        frames: They, in the order of time.
        readings: What was read in them.
        marks: Claim's id -> the claim of a mark.

    Returns:
        One for each.
    """
    found = list[ShownFrame]()
    for one in frames:
        own = [r for r in readings if frame_read(r) == one["id"]]
        standing = [
            r
            for r in own
            if r["kind"] == MARK and any(_state(marks.get(c)) != "rejected" for c in r["claims"])
        ]
        clear = {r[CLEAR]["by"] for r in own if r["kind"] == CLEAR}
        if standing:
            judged = all(_state(marks.get(c)) == "accepted" for r in standing for c in r["claims"])
            state, says = (
                "twice" if judged else "once",
                desk.words.say(f"{_SAID}marks", n=desk.tokens.figure(len(standing))),
            )
        elif clear:
            state, says = "twice" if len(clear) >= _BOTH else "once", desk.words.say(f"{_SAID}clear_says")
        else:
            state, says = "unread", desk.words.say(f"{_SAID}unread")
        if state != "unread":
            says = f"{says} · {desk.words.say(f'{_SAID}eyes.{state}')}"
        at = parse_instant(one["valid_at"]["start"])
        when = ltr(f"{at.astimezone(desk.tokens.zone):%H:%M:%S}")
        found.append(ShownFrame(one["id"], quoted(str(one["title"])), when, state, says))
    return found


def marks_of(
    desk: Desk, readings: Iterable[Value], claims: Mapping[str, Value], viewer: Viewer
) -> list[ShownMark]:
    """Write the marks of a frame out.

    Args:
        desk: In whose words.
        readings: What was read in the frame.
        claims: Claim's id -> the claim of a mark.
        viewer: Who looks.

    Returns:
        One for each that was not taken back, in the order in which they were made.
    """
    found = list[ShownMark]()
    own = sorted((one for one in readings if one["kind"] == MARK), key=lambda one: one["history"][0]["entry"])
    for n, one in enumerate(own, start=1):
        said, claim = one[MARK], next((claims[c] for c in one["claims"] if c in claims), None)
        if claim is None:
            continue
        state = _state(claim)
        spot = one.get("position")
        where = (
            desk.tokens.coordinate(spot["lon_deg"], spot["lat_deg"], spot["precision_m"]) if spot
            else desk.words.say(f"{_SAID}nowhere")
        )  # fmt: skip
        first = one["history"][0]
        found.append(
            ShownMark(
                one["id"], int(first["entry"]), claim["id"], int(claim.get("version", 0)), desk.tokens.figure(n),
                int(said["x_px"]), int(said["y_px"]), seen_in_words(desk, said), where,
                quoted(str(said["note"])) if said["note"] else "", by_whom(desk, one), state,
                desk.words.say(f"{_SAID}judged.{state}"), first.get("by") == viewer.number,
                one["owner"] in {CENTRE, viewer.owner},
            )
        )  # fmt: skip
    return found


def lines_of(desk: Desk, readings: Iterable[Value], kind: str) -> list[ShownLine]:
    """Write the other readings of a frame out.

    Args:
        desk: In whose words.
        readings: What was read in the frame.
        kind: ``clear``, ``comparison`` or ``blurred``.

    Returns:
        One for each of that kind.
    """
    return [
        ShownLine(one["id"], _said(desk, one), by_whom(desk, one), str(one[kind].get("before", "")))
        for one in readings
        if one["kind"] == kind
    ]


def _said(desk: Desk, reading: Value) -> str:
    said = reading[reading["kind"]]
    if reading["kind"] == COMPARISON:
        verdict = desk.words.say(f"{_SAID}verdict.{said['verdict']}")
        return f"{verdict} · {quoted(str(said['note']))}" if said["note"] else verdict
    if reading["kind"] == BLURRED:
        return desk.words.say(f"{_SAID}parts", n=desk.tokens.figure(len(said["boxes"])))
    return desk.words.say(f"{_SAID}clear_says")


def seen_in_words(desk: Desk, said: Value) -> str:
    """Say what was seen and how many."""
    what = desk.words.say(f"{_SAID}kind.{said['kind']}")
    if said["n"] is None:
        return desk.words.say(f"{_SAID}unknown_n", what=what)
    return desk.words.say(f"{_SAID}seen", n=desk.tokens.figure(said["n"], said["op"]), what=what)


def by_whom(desk: Desk, one: Value) -> str:
    """Say who made a reading, and when."""
    first = one["history"][0]
    return f"{desk.tokens.ident(str(first.get('by') or ''))} · {desk.tokens.instant(parse_instant(str(first['at'])))}"


def facts_of(
    desk: Desk, frame: Value, sortie: Value | None, area_m2: float | None, pixel_m: float | None
) -> list[tuple[str, str]]:
    """Give what is known of a frame, heading and words.

    Args:
        desk: In whose words.
        frame: The frame.
        sortie: Its sortie, where the viewer may have it.
        area_m2: How much ground it shows, or None.
        pixel_m: How much of it the middle pixel spans, metres, or None.

    Returns:
        One pair a line.
    """
    say, tokens, facts = desk.words.say, desk.tokens, frame["frame"]
    at = parse_instant(frame["valid_at"]["start"])
    found = [
        (
            say(f"{_SAID}fact.taken"),
            f"{tokens.instant(at)} · {tokens.machine_instant(at)} ({say(_SAID + 'basis.' + facts['taken_basis'])})",
        ),
        (say(f"{_SAID}fact.size"), ltr(f"{facts['width_px']} × {facts['height_px']} px")),
    ]
    if sortie is not None:
        found.insert(
            0, (say(f"{_SAID}fact.sortie"), f"{quoted(str(sortie['title']))} · {_flown(desk, sortie)}")
        )
    if area_m2 is None or pixel_m is None:
        found.append((say(f"{_SAID}fact.ground"), say(f"{_SAID}nowhere")))
    else:
        middle, error = frame["position"], f"±{facts['error_m']:.0f} m"
        found += [
            (say(f"{_SAID}fact.ground"), tokens.coordinate(middle["lon_deg"], middle["lat_deg"])),
            (say(f"{_SAID}fact.area"), f"{ltr(f'{area_m2 / 1e6:.3f} km²')} · {ltr(f'{pixel_m:.2f} m/px')}"),
            (say(f"{_SAID}fact.error"), f"{ltr(error)} ({say(_SAID + 'basis.' + facts['basis'])})"),
        ]  # fmt: skip
    found.append((say(f"{_SAID}fact.hash"), tokens.hash(str(frame["sha256"]))))
    return found


def frame_read(reading: Value) -> str:
    """Return the frame that a reading is of."""
    return str(reading[reading["kind"]]["frame"])


def _state(claim: Value | None) -> str:
    return "rejected" if claim is None else str(claim["review"]["state"])


def _flown(desk: Desk, sortie: Value) -> str:
    facts = sortie["sortie"]
    return f"{desk.words.say(_SAID + 'platform.' + facts['platform'])} · {desk.words.say(_SAID + 'sensor.' + facts['sensor'])}"
