"""Entering a report: in six fields, or by pasting a message that is then read like any other item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from truceline.app import shapes
from truceline.app.acts import Desk, Plan, questions
from truceline.app.asking_back import Moment, ask_position, ask_text, read_moment
from truceline.app.folding import ENTER, claims_batch
from truceline.collect import collect
from truceline.collect.languages import language_of
from truceline.collect.ports import Item
from truceline.core.claims import GROUP_OF, By, Claim, Evidence, Ref, Review
from truceline.core.errors import ConflictError, InputError
from truceline.core.ids import ClaimId, ReportId, identify
from truceline.core.names import name_in
from truceline.core.release import CENTRE, DELEGATIONS, JOINT, OWNER_ONLY
from truceline.core.reports import Position, Report
from truceline.core.times import When, format_instant, valid_at
from truceline.extract import extract
from truceline.ledger.canonical import jcs_bytes
from truceline.ledger.entry import Statement, sha256_hex

OBSERVATION, MESSAGE = "observation", "message"
BASES = ("saw", "heard", "told", "read")
MARKS = (JOINT, OWNER_ONLY)
"""How far what is entered may travel at first; further is a head's act."""

_POINT_M = 100
"""How exact a position is of which nobody says how exact it is."""
_IN_BODY = frozenset(
    {"id", "text", "segments", "realm", "owner", "release", "known_at", "known_basis", "valid_at", "extra"}
)
_MOST_COMPARED = 20_000


@dataclass(frozen=True, slots=True)
class Where:
    """Where it was: a place of the gazetteer, a position, or both.

    Args:
        place: Slug, or None.
        lon: Degrees east, or None.
        lat: Degrees north, or None.
        precision_m: How exact the position is, metres.
    """

    place: str | None = None
    lon: float | None = None
    lat: float | None = None
    precision_m: int | None = None


@dataclass(frozen=True)
class Observation:
    """A report in six fields.

    Args:
        kind: Claim type.
        when: As typed; see `asking_back.read_moment`.
        where: Where.
        what: In a sentence.
        says: Slug of the party or source that says so; empty is the officer's own side.
        basis: One of `BASES`.
        release: One of `MARKS`.
        confirmed: Codes of questions that were answered with yes.
    """

    kind: str
    when: str
    where: Where
    what: str
    says: str
    basis: str
    release: str = JOINT
    confirmed: tuple[str, ...] = ()
    right = "enter"

    @property
    def touches(self) -> frozenset[str]:
        """The words: the same ones entered twice at once are one report."""
        return frozenset({f"entered:{self.what}"})

    def plan(self, desk: Desk) -> Plan:
        """Write the report, and the one claim that it makes, which whoever entered it stands behind."""
        moment = self._checked(desk)
        spot = self.where
        exact = spot.precision_m or (_POINT_M if spot.lon is not None else None)
        form = {
            "kind": self.kind,
            "when": {"start": moment.start, "end": moment.end, "precision": moment.precision, "words": moment.words},
            "where": {"place": spot.place, "lon": spot.lon, "lat": spot.lat, "precision_m": exact},
            "what": self.what, "says": self.says, "basis": self.basis,
        }  # fmt: skip
        data = jcs_bytes(form)
        when = When(moment.start, moment.end, moment.precision, "explicit")
        report = Report(
            id=report_id(data, desk),
            doc=f"{OBSERVATION}-{format_instant(desk.now)}",
            kind=OBSERVATION,
            sha256=sha256_hex(data),
            size=len(data),
            media_type="application/json",
            encoding="utf-8",
            language=language_of(self.what),
            known_at=desk.now,
            known_basis="received",
            valid_at=valid_at(when, desk.world.mission.zone),
            position=None if spot.lon is None or spot.lat is None or exact is None
            else Position(spot.lon, spot.lat, float(exact)),
            realm=desk.settings.realm,
            owner=desk.viewer.owner,
            release=mark_entered(self.release, desk),
        )  # fmt: skip
        return report_plan(desk, report, data, (self._claim(report, when, desk),), {})

    def _checked(self, desk: Desk) -> Moment:
        mission = desk.world.mission
        if self.kind not in GROUP_OF:
            raise InputError("enter.kind", f"'{self.kind[:40]}' is no claim type", where="kind")
        if self.basis not in BASES:
            raise InputError(
                "enter.basis",
                f"'{self.basis[:40]}' is no basis",
                where="basis",
                todo=f"use {', '.join(BASES)}",
            )
        if not self.what.strip():
            raise InputError("enter.what", "it is not said what happened", where="what")
        if self.where.place is not None and self.where.place not in mission.place_of:
            raise InputError(
                "enter.place", f"there is no place '{self.where.place[:60]}'", where="where.place"
            )
        if (self.where.lon is None) != (self.where.lat is None) or (
            self.where.place or self.where.lon
        ) is None:
            raise InputError(
                "enter.where", "it is not said where", where="where", todo="give a place, or both lon and lat"
            )
        if self.says and _speaker(self.says, desk) is None:
            raise InputError("enter.says", f"there is nobody '{self.says[:60]}'", where="says")
        moment, asked = read_moment(self.when, mission.zone, desk.now)
        if self.where.lon is not None and self.where.lat is not None:
            asked += ask_position(self.where.lon, self.where.lat, _box(desk))
        questions(asked, self.confirmed)
        return moment

    def _claim(self, report: Report, when: When, desk: Desk) -> Claim:
        mission = desk.world.mission
        speaker = _speaker(self.says, desk) or own_side(desk)
        place = mission.place_of.get(self.where.place or "")
        said = said_claim(desk, report, self.kind, self.what, when, speaker, By("console", "entered", ""))
        return replace(
            said,
            places=() if place is None else (Ref(place.id, name_in(place.names, "en")),),
            review=Review("accepted", desk.viewer.number, desk.now),
        )


@dataclass(frozen=True)
class Message:
    """A message that somebody pasted: kept as it is, read by rules, its claims machine-read until they are reviewed.

    Args:
        text: The message.
        source: Slug of the pack's source, or None.
        release: One of `MARKS`.
        confirmed: Codes of questions that were answered with yes.
    """

    text: str
    source: str | None = None
    release: str = JOINT
    confirmed: tuple[str, ...] = ()
    right = "enter"

    @property
    def touches(self) -> frozenset[str]:
        """The words."""
        return frozenset({f"entered:{sha256_hex(self.text.encode('utf-8', 'surrogatepass'))}"})

    def plan(self, desk: Desk) -> Plan:
        """Write the report and what is read in it."""
        try:
            data = self.text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise InputError(
                "enter.text", "the message holds letters that are none", where="pasted"
            ) from error
        if self.source is not None and _speaker(self.source, desk) is None:
            raise InputError("enter.source", f"there is no source '{self.source[:60]}'", where="source")
        item = Item(
            file=f"{MESSAGE}-{format_instant(desk.now)}.txt",
            data=data,
            media_type="text/plain",
            text=self.text,
            encoding="utf-8",
            fields={"owner": desk.viewer.owner, "release": mark_entered(self.release, desk)}
            | ({"source": self.source} if self.source else {}),
            extra={"kind": MESSAGE},
        )
        report = _collected(item, desk)
        read = extract(report, desk.world.readers)
        if read.report.publication is None:
            # what "yesterday" means in a message is told from the day on which it came in
            today = desk.now.astimezone(desk.world.mission.zone).date().isoformat()
            read = extract(report, desk.world.readers, published=today)
        questions(ask_text(self.text, read.claims, _box(desk), desk.now), self.confirmed)
        return report_plan(desk, read.report, data, read.claims, _copied(report, desk))


@dataclass(frozen=True)
class Handed:
    """An item of a file that somebody handed in: kept byte for byte, and read by rules where it holds words.

    Args:
        item: The item, as it was found in the file.
        release: One of `MARKS`.
    """

    item: Item
    release: str = JOINT
    right = "enter"

    @property
    def touches(self) -> frozenset[str]:
        """The bytes."""
        return frozenset({f"entered:{sha256_hex(self.item.data)}"})

    def plan(self, desk: Desk) -> Plan:
        """Write the report and what is read in it."""
        # whose it is and how far it travels is said by whoever hands it in, not by the file
        fields = {**self.item.fields, "owner": desk.viewer.owner, "release": mark_entered(self.release, desk)}
        item = replace(self.item, fields=fields)
        read = extract(_collected(item, desk), desk.world.readers)
        return report_plan(desk, read.report, item.data, read.claims, _copied(read.report, desk))


def _collected(item: Item, desk: Desk) -> Report:
    """Make the report of an item that came in now.

    Raises:
        InputError: It cannot be one.
    """
    collected = collect([item], desk.world.knowledge)
    if not collected.reports:
        refused = collected.rejected[0]
        raise InputError(refused.code, refused.why, where=refused.where or refused.file, todo=refused.todo)
    return replace(
        collected.reports[0], id=report_id(item.data, desk), known_at=desk.now, known_basis="received",
        realm=desk.settings.realm,
    )  # fmt: skip


def report_plan(
    desk: Desk, report: Report, data: bytes, claims: tuple[Claim, ...], more: Mapping[str, Any]
) -> Plan:
    """Write a report that somebody entered, and its claims.

    Args:
        desk: Who enters it.
        report: The report.
        data: Its bytes.
        claims: The claims that it makes.
        more: What its entry says beside what a report says.

    Returns:
        The entries, and the bytes that they name.

    Raises:
        ConflictError: The same was entered before.
    """
    held = desk.store.ledger.rounds([("report", report.id)]).get(("report", report.id), {})
    if held and desk.store.models.get("reports", report.id) is not None:
        raise ConflictError(
            "enter.twice", "the same was entered before", where=report.id,
            todo="look at that report; enter this one in other words if it is another happening",
            theirs={"entry": min(index for _, index in held.values())},
        )  # fmt: skip
    body = {field.name: getattr(report, field.name) for field in fields(report) if field.name not in _IN_BODY}
    act = desk.state(
        "report", report.id, {**body, **more, "step": ENTER}, release=report.release, valid_at=report.valid_at
    )
    if not claims:
        return Plan((act,), (data,))
    lines = shapes.lines(claims)
    batch = Statement(
        type="batch",
        id=f"batch:{claims_batch(report.id)}",
        mission=act.mission,
        realm=act.realm,
        body={
            "stage": "extract", "pack": desk.world.mission.version, "report": report.id,
            "sha256": sha256_hex(lines), "size": len(lines), "lines": len(claims),
        },
        owner=report.owner,
        release=report.release,
        known_at=desk.now,
    )  # fmt: skip
    return Plan((act, batch), (data, lines))


def said_claim(desk: Desk, report: Report, kind: str, text: str, when: When, speaker: Ref, by: By) -> Claim:
    """Make the claim that a report of one sentence makes, machine-read until somebody stands behind it.

    Args:
        desk: Who enters it.
        report: The report.
        kind: Claim type.
        text: The sentence, at most 400 code points.
        when: When it was so.
        speaker: Who says so.
        by: What made it; the version of the pack is filled in.

    Returns:
        The claim.
    """
    identity = {"report": report.id, "type": kind, "start": 0, "end": len(text), "n": 0}
    return Claim(
        id=ClaimId(identify("claim", identity)), report=report.id, doc=report.doc, type=kind, subtype=None, actors=(),
        targets=(), places=(), quantities=(), when=when, due=None, attribution=(speaker.label,), speakers=(speaker,),
        capacity=("in office",), modality="asserted", polarity="affirmed", evidence=Evidence(0, len(text), text),
        language=report.language, rule=by.rule, known_at=desk.now, known_basis="received", valid_at=report.valid_at,
        realm=report.realm, owner=report.owner, release=report.release,
        by=replace(by, pack=desk.world.mission.version[:12]),
    )  # fmt: skip


def report_id(data: bytes, desk: Desk) -> ReportId:
    """Name a report that somebody enters: what two sides enter in the same words are two, and neither learns of the other's."""
    source = f"entered:{desk.viewer.side or desk.viewer.owner}".lower()
    return ReportId(identify("report", {"sha256": sha256_hex(data), "source": source}))


def mark_entered(mark: str, desk: Desk) -> str:
    """Return how far what a person enters may travel at first.

    Args:
        mark: One of `MARKS`.
        desk: Who enters it.

    Returns:
        The mark; what the centre itself enters has no workspace to stay in.

    Raises:
        InputError: It is none to enter with.
    """
    if mark not in MARKS:
        raise InputError(
            "enter.release", f"'{mark[:40]}' is no mark to enter with", where="release",
            todo=f"use {' or '.join(MARKS)}; a head raises it further",
        )  # fmt: skip
    return JOINT if desk.viewer.owner == CENTRE else mark


def own_side(desk: Desk) -> Ref:
    """Return who speaks where an officer enters what the own side says."""
    side = desk.viewer.side
    if side.startswith("party:"):
        return _speaker(side, desk) or Ref(None, side)
    if side in DELEGATIONS:
        for delegation in desk.world.mission.delegations:
            if delegation.letter == side:
                return Ref(delegation.id, name_in(delegation.names, "en"))
    return Ref(None, "the centre")


def _speaker(slug: str, desk: Desk) -> Ref | None:
    mission = desk.world.mission
    named = {one.id: name_in(one.names, "en") for one in mission.parties}
    named |= {one.id: name_in(one.names, "en") for one in mission.sources}
    named |= {one.id: name_in(one.names, "en") or one.label for one in mission.offices}
    return Ref(slug, named[slug]) if slug in named else None


def _copied(report: Report, desk: Desk) -> dict[str, str | None]:
    """Say which report's bytes these are; never one that is kept closer than this one."""
    copy = _same_bytes(report, desk)
    return {"copy_of": copy, "copy_kind": "exact" if copy else None}


def _same_bytes(report: Report, desk: Desk) -> str | None:
    if desk.store.models.count("reports") > _MOST_COMPARED:
        return None
    for value in desk.store.models.list("reports"):
        is_open = value["release"] in {JOINT, "public"} or (value["owner"], value["release"]) == (
            report.owner, report.release,
        )  # fmt: skip
        if value["sha256"] == report.sha256 and value["id"] != report.id and is_open:
            return str(value["id"])
    return None


def _box(desk: Desk) -> tuple[float, float, float, float]:
    west, south, east, north = desk.settings.box
    return west, south, east, north
