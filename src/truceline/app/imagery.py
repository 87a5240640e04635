"""Imagery review: a sortie is handed in, analysts mark what they see, another pair of eyes judges it, a copy is made for release.

Every frame is a report whose evidence is the picture as it came; every reading of one is a report of its own, so that it is
undone, corrected and told like all others. A mark makes one claim, whose report says where with its error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from truceline.app.acts import Desk, Plan, recipient_of
from truceline.app.entering import mark_entered, own_side, report_id, report_plan, said_claim
from truceline.app.grounds import middle_of, position_in, shared
from truceline.core.claims import By, Claim, Quantity, Ref
from truceline.core.errors import ConflictError, InputError
from truceline.core.filters import Filter
from truceline.core.imagery import (
    BLURRED,
    CLEAR,
    COMPARISON,
    COUNTED,
    FRAME,
    MARK,
    MARKED,
    PLATFORMS,
    SENSORS,
    SORTIE,
    VERDICTS,
    TakenFrame,
)
from truceline.core.names import name_in
from truceline.core.release import JOINT, OWNER_ONLY
from truceline.core.reports import Position, Report
from truceline.core.times import ValidAt, When, format_instant, parse_instant
from truceline.geo.gazetteer import Gazetteer
from truceline.geo.points import distance_m
from truceline.ledger.canonical import jcs_bytes
from truceline.ledger.entry import sha256_hex

MOST_FRAMES = 500
BASIS = "imagery"
"""How whoever marks a thing knows of it."""
_MOST_TITLE, _MOST_NOTE, _MOST_N, _MOST_BOXES = 120, 300, 10_000, 200
_NEAR_M = 5_000.0
"""A mark is told with the nearest place of the gazetteer where one lies within this."""
_SHARED = 0.05
"""Two frames that share less of the ground are not set beside each other."""
_PAGE = 500


@dataclass(frozen=True)
class HandInSortie:
    """A sortie, or a satellite's pass.

    Args:
        title: What it is called.
        platform: One of `core.imagery.PLATFORMS`.
        sensor: One of `core.imagery.SENSORS`.
        frames: Its pictures, in the order of time.
        release: ``joint`` or ``owner``.
    """

    title: str
    platform: str
    sensor: str
    frames: tuple[TakenFrame, ...]
    release: str = JOINT
    right = "enter"

    @property
    def touches(self) -> frozenset[str]:
        """The pictures: the same ones handed in twice at once are one sortie."""
        return frozenset(f"entered:{sha256_hex(one.data)}" for one in self.frames)

    def plan(self, desk: Desk) -> Plan:
        """Write the sortie and every frame of it."""
        _among(self.platform, PLATFORMS, "platform")
        _among(self.sensor, SENSORS, "sensor")
        title = _worded(self.title, _MOST_TITLE, "title")
        if not title:
            raise InputError("sortie.title", "the sortie has no name", where="title")
        if not 0 < len(self.frames) <= MOST_FRAMES:
            raise InputError(
                "sortie.frames", f"{len(self.frames)} pictures can be taken of it", where="file",
                todo=f"hand in 1 to {MOST_FRAMES} that say when they were taken",
            )  # fmt: skip
        if late := next((one for one in self.frames if one.taken_at > desk.now), None):
            raise InputError(
                "sortie.future", f"'{late.name[:60]}' was taken at {format_instant(late.taken_at)}, which is to come",
                where="taken_at", todo="check the clock and its offset from UTC",
            )  # fmt: skip
        if len(self.touches) != len(self.frames):
            raise InputError(
                "sortie.copies", "two of its pictures are the same", where="file", todo="leave one of each"
            )
        data = jcs_bytes({
            "title": title, "platform": self.platform, "sensor": self.sensor,
            "frames": [{"name": one.name, "sha256": sha256_hex(one.data)} for one in self.frames],
        })  # fmt: skip
        first, last = self.frames[0].taken_at, max(one.taken_at for one in self.frames)
        report = _report(
            desk,
            SORTIE,
            data,
            ValidAt(first, last, "minute", "explicit"),
            mark_entered(self.release, desk),
            title=title,
        )
        plans = [self._frame(desk, report, one) for one in self.frames]
        more = {"sortie": {
            "platform": self.platform, "sensor": self.sensor, "frames": [plan.statements[0].id for plan in plans],
        }}  # fmt: skip
        plans.insert(0, report_plan(desk, report, data, (), more))
        return Plan(
            tuple(one for plan in plans for one in plan.statements),
            tuple(one for plan in plans for one in plan.evidence),
        )

    def _frame(self, desk: Desk, sortie: Report, taken: TakenFrame) -> Plan:
        report = _report(
            desk, FRAME, taken.data, ValidAt(taken.taken_at, None, "instant", "explicit"), sortie.release,
            title=taken.name, media_type=taken.media_type, position=middle_of(taken),
        )  # fmt: skip
        facts: dict[str, Any] = {
            "sortie": sortie.id, "name": taken.name, "width_px": taken.width_px, "height_px": taken.height_px,
            "taken_basis": taken.taken_basis,
        }  # fmt: skip
        if shown := taken.footprint:
            facts |= {
                "coordinates": [list(corner) for corner in shown.corners], "error_m": float(shown.error_m),
                "basis": shown.basis,
            }  # fmt: skip
        return report_plan(desk, report, taken.data, (), {FRAME: facts})


@dataclass(frozen=True)
class Mark:
    """A thing that an analyst sees in a frame.

    Args:
        frame: Id of the frame.
        x_px: Pixels from the left.
        y_px: Pixels from the top.
        kind: A word of ``data/imagery.toml``.
        n: How many; None where that cannot be told.
        op: One of `core.imagery.COUNTED`.
        note: What else is to be said.
    """

    frame: str
    x_px: int
    y_px: int
    kind: str
    n: int | None = 1
    op: str = "="
    note: str = ""
    right = "enter"

    @property
    def touches(self) -> frozenset[str]:
        """The frame."""
        return frozenset({self.frame})

    def plan(self, desk: Desk) -> Plan:
        """Write the mark, and the claim that it makes; it waits for another pair of eyes."""
        frame = _frame_of(desk, self.frame)
        facts = frame[FRAME]
        _among(self.kind, tuple(desk.forms.seen), "kind")
        _among(self.op, COUNTED, "op")
        if self.n is not None and not 1 <= self.n <= _MOST_N:
            raise InputError(
                "mark.n",
                f"{self.n} is no number of things",
                where="n",
                todo=f"give 1 to {_MOST_N:,}, or none",
            )
        if not (0 <= self.x_px < facts["width_px"] and 0 <= self.y_px < facts["height_px"]):
            raise InputError(
                "mark.pixel", f"({self.x_px}, {self.y_px}) lies outside the frame", where="x_px",
                todo=f"it has {facts['width_px']} x {facts['height_px']} pixels",
            )  # fmt: skip
        position = position_in(facts, self.x_px, self.y_px)
        said = {
            "frame": self.frame, "sortie": facts["sortie"], "x_px": self.x_px, "y_px": self.y_px, "kind": self.kind,
            "n": self.n, "op": self.op, "note": _worded(self.note, _MOST_NOTE, "note"), "basis": BASIS,
            "by": desk.viewer.number,
        }  # fmt: skip
        data = jcs_bytes(said)
        report = _report(
            desk, MARK, data, _when(frame), _beside(frame), media_type="application/json", position=position
        )
        return report_plan(desk, report, data, (self._claim(desk, frame, report, said),), {MARK: said})

    def _claim(self, desk: Desk, frame: Mapping[str, Any], report: Report, said: Mapping[str, Any]) -> Claim:
        seen = desk.forms.seen[self.kind]
        number = (
            {"=": "", ">=": "at least ", "~": "about "}[self.op] + str(self.n)
            if self.n
            else "an unknown number of"
        )
        spot = report.position
        where = f" at {spot.lat_deg:.5f}, {spot.lon_deg:.5f} within {spot.precision_m:.0f} m" if spot else ""
        text = f"{number} {self.kind}{where} in {frame['title']}"[:200] + (
            f": {said['note']}"[:190] if said["note"] else ""
        )
        when = When(str(frame["valid_at"]["start"]), None, "minute", "explicit")
        claim = said_claim(desk, report, seen.claim, text, when, own_side(desk), By("imagery", MARKED, ""))
        return replace(
            claim, subtype=self.kind, places=tuple(_near(desk, spot)), language="en",
            quantities=() if self.n is None else (_quantity(self.n, seen.unit, self.op),),
        )  # fmt: skip


@dataclass(frozen=True)
class Clear:
    """An analyst's word that no object is seen in the whole of a frame; a second one's makes it stand by two pairs of eyes.

    Args:
        frame: Id of the frame.
    """

    frame: str
    right = "enter"

    @property
    def touches(self) -> frozenset[str]:
        """The frame."""
        return frozenset({self.frame})

    def plan(self, desk: Desk) -> Plan:
        """Write it, unless something is marked in the frame."""
        frame = _frame_of(desk, self.frame)
        if any(_stands(desk, one) for one in _readings(desk, self.frame, MARK)):
            raise ConflictError(
                "clear.marked", "something is marked in this frame", where=self.frame,
                todo="look at the marks; reject what is none first",
            )  # fmt: skip
        said = {"frame": self.frame, "sortie": frame[FRAME]["sortie"], "by": desk.viewer.number}
        data = jcs_bytes(said)
        report = _report(desk, CLEAR, data, _when(frame), _beside(frame), media_type="application/json")
        return report_plan(desk, report, data, (), {CLEAR: said})


@dataclass(frozen=True)
class Compare:
    """Two frames of the same ground set beside each other.

    Args:
        frame: Id of the later one.
        before: Id of the earlier one.
        verdict: One of `core.imagery.VERDICTS`.
        note: What is otherwise.
    """

    frame: str
    before: str
    verdict: str
    note: str = ""
    right = "enter"

    @property
    def touches(self) -> frozenset[str]:
        """Both frames."""
        return frozenset({self.frame, self.before})

    def plan(self, desk: Desk) -> Plan:
        """Write it, where both show the same ground."""
        after, before = _frame_of(desk, self.frame), _frame_of(desk, self.before)
        _among(self.verdict, VERDICTS, "verdict")
        if str(before["valid_at"]["start"]) >= str(after["valid_at"]["start"]):
            raise InputError("compare.order", "the frame before is not the earlier one", where="before")
        share = shared(after[FRAME], before[FRAME])
        if share < _SHARED:
            raise InputError(
                "compare.apart", "the two frames do not show the same ground", where="before",
                todo="take one whose footprint overlaps",
            )  # fmt: skip
        said = {
            "frame": self.frame, "before": self.before, "sortie": after[FRAME]["sortie"], "verdict": self.verdict,
            "note": _worded(self.note, _MOST_NOTE, "note"), "p_shared": share,
        }  # fmt: skip
        data = jcs_bytes({key: value for key, value in said.items() if key != "p_shared"})
        mark = OWNER_ONLY if OWNER_ONLY in {after["release"], before["release"]} else _beside(after)
        valid_at = ValidAt(
            parse_instant(before["valid_at"]["start"]),
            parse_instant(after["valid_at"]["start"]),
            "minute",
            "explicit",
        )
        report = _report(desk, COMPARISON, data, valid_at, mark, media_type="application/json")
        return report_plan(desk, report, data, (), {COMPARISON: said})


@dataclass(frozen=True)
class Blur:
    """A copy of a frame with parts made unreadable, for release; its owner's head lets it out.

    Args:
        frame: Id of the frame.
        boxes: The parts: left, upper, right, lower in pixels; at least one.
        copy: The copy, as `wiring.blurred` makes it: that takes seconds, which nobody who acts should wait for.
    """

    frame: str
    boxes: tuple[tuple[int, int, int, int], ...]
    copy: bytes
    right = "enter"

    @property
    def touches(self) -> frozenset[str]:
        """The frame."""
        return frozenset({self.frame})

    def plan(self, desk: Desk) -> Plan:
        """Write the copy; the frame stays as it is."""
        frame = _frame_of(desk, self.frame)
        if not 0 < len(self.boxes) <= _MOST_BOXES:
            raise InputError(
                "blur.boxes", "no part is named", where="boxes", todo=f"draw 1 to {_MOST_BOXES} parts"
            )
        report = _report(desk, BLURRED, self.copy, _day(frame), _beside(frame), media_type="image/png")
        said = {
            "frame": self.frame,
            "sortie": frame[FRAME]["sortie"],
            "boxes": [list(one) for one in self.boxes],
        }
        return report_plan(desk, report, self.copy, (), {BLURRED: said})


def _frame_of(desk: Desk, id_: str) -> Mapping[str, Any]:
    value = desk.thing("reports", id_)
    if value["kind"] != FRAME:
        raise InputError("frame.none", "there is no such frame", where=id_[:80])
    if "struck" in value:
        raise ConflictError(
            "frame.struck",
            "this frame was entered in error",
            where=id_,
            todo="take that back first, if it was right",
        )
    return value


def _readings(desk: Desk, frame: str, kind: str) -> Iterator[Mapping[str, Any]]:
    """Give what was made of a frame, as far as the viewer may know of it."""
    who = recipient_of(desk.viewer, desk.settings, desk.now)
    asked, after = Filter(kinds=(kind,), words=frame), None
    while True:
        page = desk.store.models.find("reports", asked, who, after=after, limit=_PAGE)
        yield from (one for one in page.values if one[kind]["frame"] == frame)
        after = page.after
        if after is None:
            return


def _stands(desk: Desk, mark: Mapping[str, Any]) -> bool:
    """Say whether a mark still counts: neither entered in error nor rejected by the second pair of eyes."""
    claims = (desk.store.models.get("claims", id_) for id_ in mark["claims"])
    return "struck" not in mark and any(one and one["review"]["state"] != "rejected" for one in claims)


def _report(
    desk: Desk,
    kind: str,
    data: bytes,
    valid_at: ValidAt,
    release: str,
    *,
    title: str | None = None,
    media_type: str = "application/json",
    position: Position | None = None,
) -> Report:
    return Report(
        id=report_id(data, desk),
        doc=f"{kind}-{format_instant(desk.now)}",
        kind=kind,
        sha256=sha256_hex(data),
        size=len(data),
        media_type=media_type,
        title=title,
        read_state="kept",
        known_at=desk.now,
        known_basis="received",
        valid_at=valid_at,
        position=position,
        realm=desk.settings.realm,
        owner=desk.viewer.owner,
        release=release,
    )


def _beside(frame: Mapping[str, Any]) -> str:
    """What is read in a frame travels as far as the frame, and never out of the centre by itself."""
    return OWNER_ONLY if frame["release"] == OWNER_ONLY else JOINT


def _when(frame: Mapping[str, Any]) -> ValidAt:
    return ValidAt(parse_instant(str(frame["valid_at"]["start"])), None, "instant", "explicit")


def _day(frame: Mapping[str, Any]) -> ValidAt:
    """The day alone: the moment would tell when and from where it was flown."""
    start = parse_instant(str(frame["valid_at"]["start"])).replace(hour=0, minute=0, second=0, microsecond=0)
    return ValidAt(start, None, "day", "explicit")


def _near(desk: Desk, spot: Position | None) -> Iterator[Ref]:
    if spot is None:
        return
    gazetteer = Gazetteer(desk.world.mission)
    far = [
        (distance_m((spot.lon_deg, spot.lat_deg), point), one)
        for one in desk.world.mission.places
        if not gazetteer.is_coarse(one.id) and (point := gazetteer.point(one.id)) is not None
    ]
    if far and (nearest := min(far, key=lambda one: one[0]))[0] <= _NEAR_M:
        yield Ref(nearest[1].id, name_in(nearest[1].names, "en"))


def _quantity(n: int, unit: str, op: str) -> Quantity:
    return Quantity(Decimal(n), unit, ">=" if op == ">=" else "~" if op == "~" else "=")


def _among(word: str, words: tuple[str, ...], where: str) -> None:
    if word not in words:
        raise InputError(
            f"imagery.{where}", f"'{word[:40]}' is none of them", where=where, todo=f"use {', '.join(words)}"
        )


def _worded(text: str, most: int, where: str) -> str:
    found = " ".join(text.split())
    if len(found) > most or not found.isprintable():
        raise InputError(
            f"imagery.{where}",
            "the words are too long, or no words",
            where=where,
            todo=f"use at most {most} letters",
        )
    return found
