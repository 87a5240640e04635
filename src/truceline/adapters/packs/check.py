"""What a pack's parts say about each other: slugs, dates, names, claim types, figures."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from truceline.adapters.packs.geometry import geometry_mistakes
from truceline.adapters.packs.problems import Path, Problem, spell_path
from truceline.adapters.packs.read import Document
from truceline.adapters.packs.shape import fields_of
from truceline.adapters.packs.tables import (
    ACCEPTED,
    DAYS,
    INSTANTS,
    NEEDS,
    PERIODS,
    PREFIXES,
    PROCEDURES,
    REFERENCES,
    UNITS,
)
from truceline.core.claims import GROUP_OF, Modality
from truceline.core.errors import InputError
from truceline.core.feeds import OCCASIONS, SEVERITIES, WAYS, AlertRule, Feed, Fence
from truceline.core.mission import (
    CONFIRMABLE,
    LEVELS,
    CounterRule,
    Mission,
    MissionSettings,
    Procedure,
)
from truceline.core.names import Names
from truceline.core.obligations import (
    Amendment,
    Bearing,
    Cap,
    Instrument,
    Interpretation,
    Obligation,
    Relative,
)
from truceline.core.parties import Office
from truceline.core.places import Line, Place, Post
from truceline.core.release import JOINT, OWNER_ONLY
from truceline.core.times import parse_instant
from truceline.geo.rings import rings_of

_WORD = "[A-Za-z0-9_]+"
_ALIKE = 0.8
"""How alike an unknown unit must be to a known one to count as a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Readable:
    """What could be read of a pack, and what could not.

    Args:
        made: All things that were made.
        origin: ``id`` of a thing -> where it stood.
        unread: Types whose file could not be read at all.
        spoilt: Slugs of things that could not be made.
    """

    made: tuple[Any, ...]
    origin: Mapping[int, tuple[Document, Path]]
    unread: frozenset[type]
    spoilt: frozenset[str]


def check_meaning(mission: Mission, folder: str, readable: Readable) -> list[Problem]:
    """Check what the parts of a pack say about each other.

    Args:
        mission: The pack as read.
        folder: Name of its folder.
        readable: Its things and where they stood.

    Returns:
        The mistakes.
    """
    return list(_Check(mission, folder, readable).run())


class _Check:
    """One pass over all things of a pack."""

    def __init__(self, mission: Mission, folder: str, readable: Readable) -> None:
        self._mission = mission
        self._folder = folder
        self._readable = readable
        self._slugs: dict[type, set[str]] = {}
        for thing in readable.made:
            if type(thing) in PREFIXES:
                self._slugs.setdefault(type(thing), set()).add(thing.id)

    def run(self) -> Iterator[Problem]:
        """Yield every mistake."""
        seen: dict[tuple[type, str], Any] = {}
        for thing in self._readable.made:
            kind = type(thing)
            if kind in PREFIXES:
                yield from self._slug(thing, seen)
            yield from self._fields(thing)
            if kind in PERIODS:
                yield from self._period(thing, *PERIODS[kind])
            special = _SPECIAL.get(kind)
            if special:
                yield from special(self, thing)

    def _at(self, thing: Any, field: str, what: str, todo: str) -> Problem:
        document, path = self._readable.origin[id(thing)]
        spot = (*path, field)
        where = spell_path(spot, document.slugs)
        return Problem(document.file, document.line_of(spot), where, what, todo)

    def _slug(self, thing: Any, seen: dict[tuple[type, str], Any]) -> Iterator[Problem]:
        prefixes = PREFIXES[type(thing)]
        if not re.fullmatch(rf"(?:{'|'.join(prefixes)}):{_WORD}(?:-{_WORD})*", thing.id):
            words = " or ".join(f"{word}:<word-word>" for word in prefixes)
            yield self._at(thing, "id", f"'{thing.id}' is no slug", f"write {words}")
        first = seen.setdefault((type(thing), thing.id), thing)
        if first is not thing:
            yield self._at(thing, "id", f"'{thing.id}' stands twice", "give each thing its own slug")

    def _fields(self, thing: Any) -> Iterator[Problem]:
        kind: Any = type(thing)
        for field, (hint, _) in fields_of(kind).items():
            value = getattr(thing, field)
            if value is None:
                continue
            if (kind, field) in REFERENCES:
                yield from self._references(thing, field, value)
            elif (kind, field) in DAYS:
                if not _is_day(value):
                    yield self._at(thing, field, f"'{value}' is no day", "write it as 2020-11-15")
            elif (kind, field) in INSTANTS:
                yield from self._instant(thing, field, value)
            elif hint == Names or hint == Names | None:
                yield from self._names(thing, field, value)

    def _references(self, thing: Any, field: str, value: Any) -> Iterator[Problem]:
        wanted = REFERENCES[type(thing), field]
        if self._readable.unread.intersection(wanted):
            return
        known = self._readable.spoilt.union(*(self._slugs.get(kind, set()) for kind in wanted))
        for slug in [value] if isinstance(value, str) else value:
            if slug not in known:
                close = difflib.get_close_matches(slug, sorted(known), 1, 0.7)
                kinds = " or ".join(dict.fromkeys(PREFIXES[kind][0] for kind in wanted))
                todo = (
                    f"did you mean '{close[0]}'?" if close else f"add it to the pack, or name a known {kinds}"
                )
                yield self._at(thing, field, f"unknown slug '{slug}'", todo)

    def _instant(self, thing: Any, field: str, value: str) -> Iterator[Problem]:
        try:
            parse_instant(value)
        except InputError as error:
            yield self._at(thing, field, error.what, error.todo)

    def _names(self, thing: Any, field: str, names: Names) -> Iterator[Problem]:
        if not names and type(thing) is Office:
            return
        if field == "adjectives" and not names:
            return
        for language in self._mission.settings.report_languages:
            if not any(form.text.strip() for form in names.get(language, ())):
                yield self._at(
                    thing, field, f"no name in report language '{language}'", f"add '{language}:' to {field}"
                )

    def _period(self, thing: Any, start: str, end: str) -> Iterator[Problem]:
        first, last = getattr(thing, start), getattr(thing, end)
        if first and last and _is_day(first) and _is_day(last) and last < first:
            yield self._at(thing, end, f"ends on {last}, before it begins on {first}", "mend one of the days")

    def _place(self, place: Place) -> Iterator[Problem]:
        if place.geometry is not None:
            box = None if place.scope == "outside" else self._mission.settings.box
            for what, todo in geometry_mistakes(place.geometry, box):
                yield self._at(place, "geometry", what, todo)
        if place.precision_m <= 0:
            yield self._at(place, "precision_m", "a radius must be above 0", "give it in metres")

    def _line(self, line: Line) -> Iterator[Problem]:
        for what, todo in geometry_mistakes(
            line.geometry, None if line.kind in _OUTER else self._mission.settings.box
        ):
            yield self._at(line, "geometry", what, todo)

    def _feed(self, feed: Feed) -> Iterator[Problem]:
        if feed.release not in {OWNER_ONLY, JOINT}:
            yield self._at(feed, "release", "what sensors say never leaves the centre", "use owner or joint")
        for name in ("sigma_m", "revisit_s", "late_after_s", "silent_after_s"):
            if not getattr(feed, name) > 0:
                yield self._at(feed, name, f"{name} is no figure above 0", "write one")
        if feed.format == "movements" and feed.release != JOINT:
            yield self._at(feed, "release", "what is notified is notified to both delegations", "use joint")

    def _fence(self, fence: Fence) -> Iterator[Problem]:
        area = next((one for one in self._mission.lines if one.id == fence.area), None)
        if area is not None and not (area.width_km or rings_of(area.geometry)):
            yield self._at(
                fence, "area", f"'{fence.area}' has no inside", "name a zone, or a corridor with its width"
            )
        if not 0.5 < fence.sure < 1:
            yield self._at(
                fence, "sure", f"{fence.sure} is no probability above one half", "write 0.95, for example"
            )
        yield from self._told(fence, WAYS)

    def _told(self, rule: Fence | AlertRule, ways: Sequence[str] = OCCASIONS) -> Iterator[Problem]:
        if rule.severity not in SEVERITIES:
            yield self._at(rule, "severity", f"'{rule.severity}' is no severity", f"use {_list(SEVERITIES)}")
        for way in rule.ways:
            if way not in ways:
                yield self._at(rule, "ways", f"'{way}' is nothing that is told of here", f"use {_list(ways)}")
        for name in ("cool_down_s", "escalate_after_s"):
            if getattr(rule, name) < 0:
                yield self._at(rule, name, f"{name} is below 0", "write seconds; 0 is none")

    def _post(self, post: Post) -> Iterator[Problem]:
        point = {"type": "Point", "coordinates": [post.lon, post.lat]}
        for what, todo in geometry_mistakes(point, self._mission.settings.box):
            yield self._at(post, "lon", what, todo)

    def _obligation(self, duty: Obligation) -> Iterator[Problem]:
        field = NEEDS.get(duty.kind)
        if field and not getattr(duty, field):
            yield self._at(
                duty, field, f"an obligation of kind '{duty.kind}' needs '{field}'", f"add '{field}:'"
            )

    def _cap(self, cap: Cap) -> Iterator[Problem]:
        yield from self._unit(cap, "unit", cap.unit)
        if cap.value < 0:
            yield self._at(cap, "value", "a ceiling cannot be below 0", "mend the figure")

    def _unit(self, thing: Any, field: str, unit: str) -> Iterator[Problem]:
        """A theatre may count what the package has no word for, but a slip of the pen would count nothing."""
        if unit in UNITS:
            return
        close = difflib.get_close_matches(unit, sorted(UNITS), 1, _ALIKE)
        if not re.fullmatch(_WORD, unit):
            what = f"'{unit}' is no unit" if unit.strip() else "a figure without unit"
            yield self._at(thing, field, what, "write one word, for example person or vehicle")
        elif close:
            yield self._at(thing, field, f"unknown unit '{unit}'", f"did you mean '{close[0]}'?")

    def _bearing(self, bearing: Bearing) -> Iterator[Problem]:
        yield from self._types(bearing, bearing.types)
        for unit in bearing.units:
            yield from self._unit(bearing, "units", unit)
        known = get_args(Modality)
        for word in bearing.modalities:
            if word not in known:
                yield self._at(bearing, "modalities", f"unknown modality '{word}'", _list(known))

    def _types(self, thing: Any, types: Iterable[str]) -> Iterator[Problem]:
        for word in types:
            if word not in GROUP_OF:
                close = difflib.get_close_matches(word, GROUP_OF, 1)
                todo = f"did you mean '{close[0]}'?" if close else "see the claim types in docs/reference"
                yield self._at(thing, "types", f"unknown claim type '{word}'", todo)

    def _relative(self, relative: Relative) -> Iterator[Problem]:
        is_known = relative.event in self._slugs.get(Obligation, set()) | self._readable.spoilt
        if not (is_known or relative.event == "effective" or relative.event.startswith("event:")):
            yield self._at(
                relative,
                "event",
                f"unknown event '{relative.event}'",
                "name an obligation, 'effective' or 'event:<slug>'",
            )

    def _instrument(self, instrument: Instrument) -> Iterator[Problem]:
        numbers: list[str] = []
        for clause in instrument.clauses:
            if clause.n in numbers:
                yield self._at(clause, "n", f"clause '{clause.n}' stands twice", "number each clause once")
            numbers.append(clause.n)
        for duty in instrument.obligations:
            if duty.clause not in numbers:
                yield self._at(
                    duty, "clause", f"{instrument.id} has no clause '{duty.clause}'", _list(numbers)
                )

    def _interpretation(self, question: Interpretation) -> Iterator[Problem]:
        for instrument in self._mission.instruments:
            numbers = [clause.n for clause in instrument.clauses]
            if instrument.id == question.instrument and question.clause not in numbers:
                yield self._at(
                    question, "clause", f"{instrument.id} has no clause '{question.clause}'", _list(numbers)
                )

    def _amendment(self, amendment: Amendment) -> Iterator[Problem]:
        for party, word in amendment.accepted_by.items():
            if word not in ACCEPTED:
                yield self._at(amendment, "accepted_by", f"{party}: unknown answer '{word}'", _list(ACCEPTED))
        kinds = {duty.id: duty.kind for duty in self._mission.obligations}
        if kinds.get(amendment.obligation, "dated") != "dated":
            what = f"{amendment.obligation} has no due date of its own to move"
            yield self._at(amendment, "obligation", what, "name an obligation of kind 'dated'")

    def _counter(self, counter: CounterRule) -> Iterator[Problem]:
        yield from self._types(counter, counter.types)
        yield from self._unit(counter, "unit", counter.unit)

    def _settings(self, settings: MissionSettings) -> Iterator[Problem]:
        if settings.id != self._folder:
            yield self._at(
                settings, "id", f"the folder is called '{self._folder}'", "give both the same name"
            )
        zones = {
            "time_zone": [settings.time_zone],
            "instrument_time_zones": settings.instrument_time_zones.values(),
        }
        for field, names in zones.items():
            for name in names:
                if not _is_zone(name):
                    yield self._at(
                        settings, field, f"unknown time zone '{name}'", "use an IANA name such as Asia/Baku"
                    )
        if not re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00", settings.cut_off):
            yield self._at(
                settings, "cut_off", f"'{settings.cut_off}' is no time of day", "write it as 20:00"
            )
        west, south, east, north = settings.box
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            yield self._at(settings, "box", "no box", "write west, south, east, north in degrees")

    def _procedure(self, procedure: Procedure) -> Iterator[Problem]:
        if procedure.kind not in PROCEDURES:
            yield self._at(procedure, "kind", f"unknown procedure '{procedure.kind}'", _list(PROCEDURES))
        if not 1 <= procedure.quorum <= max(1, len(procedure.determiners)):
            todo = f"write a number from 1 to {max(1, len(procedure.determiners))}"
            yield self._at(procedure, "quorum", f"a quorum of {procedure.quorum} cannot be met", todo)
        yield from self._determiners(procedure)
        if (procedure.kind == "chair") != bool(procedure.chair):
            todo = "name a chair in a procedure of kind chair, and in no other"
            yield self._at(procedure, "chair", "a chair belongs to the kind chair", todo)
        elif procedure.chair and procedure.chair not in procedure.determiners:
            yield self._at(procedure, "chair", f"'{procedure.chair}' is no determiner", "name one of them")
        if set(procedure.levels) != set(LEVELS) or not all(procedure.levels.values()):
            todo = f"give roles for {' and '.join(LEVELS)}"
            yield self._at(procedure, "levels", "each level needs its roles", todo)
        for word in procedure.confirmed_for:
            if word not in CONFIRMABLE:
                yield self._at(procedure, "confirmed_for", f"unknown matter '{word}'", _list(CONFIRMABLE))
        if not procedure.clocks_h or min(procedure.clocks_h.values()) < 1:
            yield self._at(procedure, "clocks_h", "a clock runs for at least an hour", "write hours")
        if procedure.escrow and procedure.escrow not in procedure.cosigners:
            yield self._at(procedure, "escrow", f"'{procedure.escrow}' is no cosigner", "name one of them")
        if procedure.release not in {"owner", "joint", "public"}:
            yield self._at(
                procedure, "release", f"unknown mark '{procedure.release}'", "use owner, joint or public"
            )

    def _determiners(self, procedure: Procedure) -> Iterator[Problem]:
        n = len(procedure.determiners)
        for slug in sorted({one for one in procedure.determiners if procedure.determiners.count(one) > 1}):
            yield self._at(procedure, "determiners", f"'{slug}' stands twice", "name each delegation once")
        if procedure.kind == "single" and n > 1:
            todo = "name one delegation, or take another kind"
            yield self._at(procedure, "determiners", "of kind single one body determines", todo)
        elif procedure.kind == "two-key" and (n, procedure.quorum) != (2, 2):
            todo = "name two delegations and a quorum of 2, or take the kind k-of-n"
            yield self._at(procedure, "quorum", "two keys are two delegations and both of them", todo)
        elif procedure.kind != "single" and procedure.quorum < 2:
            # Silence of the others would count as their consent.
            yield self._at(procedure, "quorum", "one of several would speak for all", "write 2 or more")


_OUTER = frozenset({"country", "river"})
"""Kinds of line that are context and may run past the box."""

_SPECIAL: dict[type, Any] = {
    Place: _Check._place,  # noqa: SLF001 - the class's own table
    Line: _Check._line,  # noqa: SLF001
    Post: _Check._post,  # noqa: SLF001
    Feed: _Check._feed,  # noqa: SLF001
    Fence: _Check._fence,  # noqa: SLF001
    AlertRule: _Check._told,  # noqa: SLF001
    Obligation: _Check._obligation,  # noqa: SLF001
    Cap: _Check._cap,  # noqa: SLF001
    Bearing: _Check._bearing,  # noqa: SLF001
    Relative: _Check._relative,  # noqa: SLF001
    Instrument: _Check._instrument,  # noqa: SLF001
    Amendment: _Check._amendment,  # noqa: SLF001
    Interpretation: _Check._interpretation,  # noqa: SLF001
    CounterRule: _Check._counter,  # noqa: SLF001
    MissionSettings: _Check._settings,  # noqa: SLF001
    Procedure: _Check._procedure,  # noqa: SLF001
}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2020-11-15")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _list(words: Iterable[str]) -> str:
    return "use one of " + ", ".join(sorted(words))
