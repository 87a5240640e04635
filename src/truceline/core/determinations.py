"""Positions and determinations: the form that a delegation fills in, and the ends that a round can have.

Source: MISSION rules 3 and 4. What is stated stands here in values that a payload may hold: no floats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from truceline.core.errors import InputError
from truceline.core.times import parse_instant

YES, NO, UNABLE, OUTSIDE = "yes", "no", "unable", "outside_mandate"
HAPPENED = (YES, NO, UNABLE)
BREACH = (YES, NO, OUTSIDE, UNABLE)

HAPPENING, RESPONSIBILITY = "happening", "responsibility"
QUESTIONS = (HAPPENING, RESPONSIBILITY)
"""What a round is about: what happened, or who answers for it. The second is a round of its own."""

APART, TOGETHER, HEADS = "apart", "together", "heads"
MEETINGS = (APART, TOGETHER, HEADS)
"""How a round is held: sealed and apart, together with a joint text, by the heads."""

PRELIMINARY, CONFIRMED = "preliminary", "confirmed"
LEVELS = (PRELIMINARY, CONFIRMED)


class End(StrEnum):
    """How a round ends; each can be reopened by a new one."""

    AGREED = "agreed"
    IN_PART = "agreed_in_part"
    DIFFERING = "differing"
    ONE_SIDE = "one_side_only"
    UNABLE = "unable_to_determine"
    NOT_ATTRIBUTED = "could_not_be_attributed"
    OUTSIDE = "outside_mandate"
    WITHDRAWN = "withdrawn"


class Absence(StrEnum):
    """Why a delegation gave no position. None of these is a consent or a dissent."""

    NO_RESPONSE = "no_response"
    ABSTAINS = "abstains"
    AWAITS = "awaits_instructions"
    LEFT = "left"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where: a place of the pack, a point, or both.

    Args:
        place: Slug of a place, or None.
        lon_e7: Longitude in 1e-7 degree (WGS 84), or None.
        lat_e7: Latitude in 1e-7 degree, or None.
        precision_m: Radius in metres within which it lies; of a place alone how exact the place is.
    """

    place: str | None = None
    lon_e7: int | None = None
    lat_e7: int | None = None
    precision_m: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """When: from and to, both instants as ``2020-11-12T06:00:00Z``. The precision is the width between them."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Form:
    """A position: what a delegation says of one incident.

    Args:
        happened: One of `HAPPENED`.
        kind: Type of claim that it was, None where it did not happen or nobody can say.
        where: Where.
        when: When.
        clause: Clause of an instrument, as ``instrument#clause``.
        breach: One of `BREACH`: whether it breaches that clause.
        standard: Standard of proof, a word of the mission.
        basis: Ids of the items relied on.
        reasons: Why, in the delegation's words.
        responsible: Slug of a party, ``unable``, or None where the round does not ask.
    """

    happened: str
    breach: str
    standard: str
    kind: str | None = None
    where: Spot | None = None
    when: Span | None = None
    clause: str | None = None
    basis: tuple[str, ...] = ()
    reasons: str = ""
    responsible: str | None = None

    def fields(self) -> dict[str, Any]:
        """Return every field by its name, in values that a payload may hold: always the same ten."""
        value = asdict(self)
        value["basis"] = list(self.basis)
        return value


FIELDS = tuple(sorted(field.name for field in fields(Form)))
"""The fields of a form: a seal always holds one digest for each of them."""

COMPARED = ("happened", "kind", "where", "when", "clause", "breach", "standard")
"""The fields on which a round about what happened agrees or differs; basis and reasons stand beside, each side's own."""


def read_form(value: Mapping[str, Any], question: str) -> Form:
    """Read a form, field by field.

    Args:
        value: Field -> value; what is left out is empty.
        question: One of `QUESTIONS`.

    Returns:
        The form.

    Raises:
        InputError: An unknown field, a value that the field cannot have, or a responsible party where the round does
            not ask for one.
    """
    for name in value:
        if name not in FIELDS:
            raise _bad(name, f"there is no field '{name[:60]}'", f"use {', '.join(FIELDS)}")
    form = Form(
        happened=_word(value, "happened", HAPPENED),
        breach=_word(value, "breach", BREACH),
        standard=_text(value, "standard"),
        kind=_slug(value, "kind"),
        where=_spot(value.get("where")),
        when=_span(value.get("when")),
        clause=_slug(value, "clause"),
        basis=_basis(value.get("basis", ())),
        reasons=_text(value, "reasons", may_be_empty=True),
        responsible=_slug(value, "responsible"),
    )
    if (form.responsible is not None) != (question == RESPONSIBILITY):
        raise _bad(
            "responsible",
            "who answers for it is asked in a round of its own, and there it must be answered",
            "write a party's slug or 'unable' in a round about responsibility, and nothing elsewhere",
        )
    return form


def _bad(name: str, what: str, todo: str) -> InputError:
    return InputError("form.field", what, where=name, todo=todo)


def _word(value: Mapping[str, Any], name: str, words: tuple[str, ...]) -> str:
    found = value.get(name)
    if found not in words:
        raise _bad(name, f"{found!r} is no answer", f"use one of {', '.join(words)}")
    return str(found)


def _text(value: Mapping[str, Any], name: str, *, may_be_empty: bool = False) -> str:
    found = value.get(name, "")
    if not isinstance(found, str) or not (found or may_be_empty):
        raise _bad(name, "a text is missing", "write it between quotes")
    return found


def _slug(value: Mapping[str, Any], name: str) -> str | None:
    found = value.get(name)
    if found is not None and (not isinstance(found, str) or not found):
        raise _bad(name, f"{found!r} is no slug", "write a slug, or leave the field out")
    return found


def _whole(value: Mapping[str, Any], name: str, least: int, most: int) -> int | None:
    found = value.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
        raise _bad(
            f"where.{name}", f"{found!r} is out of range", f"write a whole number from {least} to {most}"
        )
    return found


def _spot(value: Any) -> Spot | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) - {field.name for field in fields(Spot)}:
        raise _bad("where", "no place", "write place, lon_e7, lat_e7, precision_m")
    lon = _whole(value, "lon_e7", -1_800_000_000, 1_800_000_000)
    lat = _whole(value, "lat_e7", -900_000_000, 900_000_000)
    spot = Spot(_slug(value, "place"), lon, lat, _whole(value, "precision_m", 0, 1_000_000) or 0)
    if (lon is None) != (lat is None) or (lon is None and spot.place is None):
        raise _bad("where", "neither a place nor a point", "write a place's slug, or both lon_e7 and lat_e7")
    return spot


def _span(value: Any) -> Span | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) != {"start", "end"}:
        raise _bad("when", "no span of time", "write start and end")
    try:
        start, end = parse_instant(str(value["start"])), parse_instant(str(value["end"]))
    except InputError as error:
        raise _bad("when", error.what, "write instants as 2020-11-12T06:00:00Z") from error
    if end < start:
        raise _bad("when", "it ends before it begins", "exchange start and end")
    return Span(str(value["start"]), str(value["end"]))


def _basis(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
        raise _bad("basis", "no list of ids", "write the ids of the items relied on")
    return tuple(dict.fromkeys(value))


@dataclass(frozen=True, slots=True)
class FieldOutcome:
    """How a round ended in one field.

    Args:
        name: The field.
        value: What is agreed, None where nothing is or where all leave it empty.
        is_agreed: Whether enough delegations say the same.
        says: Delegation's letter -> what it says.
        is_by_chair: Whether the chair's answer stands because no agreement was reached.
    """

    name: str
    value: Any
    is_agreed: bool
    says: Mapping[str, Any]
    is_by_chair: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """How one delegation stands in a round.

    Args:
        letter: Its letter.
        sealed: Entry of its seal that counts, or None.
        sealed_at: When it says that it sealed.
        opened: Entry that opened its seal or stated its position, or None.
        by_escrow: Whether the escrow opened it.
        absence: Why there is no position, or None.
        until: Until when it awaits instructions.
        since: Since when it has left or is suspended.
        is_hindering: Whether it sealed, all seals are in, and it does not open.
        n_recalled: How many seals it took back before the round opened.
        is_after_opening: Whether its seal entered the record after another side had signed its opening on a copy without
            it: with the operator's help it could have known that opening.
        form: What it says, once the round has ended; None before that, and where it says nothing.
    """

    letter: str
    sealed: int | None = None
    sealed_at: datetime | None = None
    opened: int | None = None
    by_escrow: bool = False
    absence: Absence | None = None
    until: datetime | None = None
    since: datetime | None = None
    is_hindering: bool = False
    n_recalled: int = 0
    is_after_opening: bool = False
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """An entry of a round that does not count: its place, and why."""

    index: int
    why: str


@dataclass(frozen=True, slots=True)
class Determination:
    """A round and its outcome, as the record gives it.

    Args:
        id: Follows from incident and number.
        incident: The incident's id.
        number: Round about this incident, from 0.
        question: One of `QUESTIONS`.
        meeting: One of `MEETINGS`.
        level: One of `LEVELS`.
        urgency: Word of the procedure's clocks.
        proposed: Entry of the proposal.
        proposed_by: Letter of the delegation, or ``centre``.
        proposed_at: When.
        due_at: When the clock runs out, pauses included.
        phase: ``sealing``, ``opening``, ``stating``, ``ended`` or ``withdrawn``.
        sides: Each determiner, in the order of their letters.
        end: How it ended, or None.
        outcomes: Field by field; empty before the end.
        joint_text: Language -> text of a meeting.
        attended: Duty numbers of who attended a meeting.
        evidence: What the proposal names as its evidence.
        ignored: Entries that do not count, with the reason.
        is_recorded: Whether the outcome stands in the record.
        started_at: When its clock began: its proposal stood in the record; None before that.
    """

    id: str
    incident: str
    number: int
    question: str
    meeting: str
    level: str
    urgency: str
    proposed: int
    proposed_by: str
    proposed_at: datetime
    due_at: datetime
    phase: str
    sides: tuple[Side, ...]
    end: End | None = None
    outcomes: tuple[FieldOutcome, ...] = ()
    joint_text: Mapping[str, str] | None = None
    attended: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    is_recorded: bool = False
    started_at: datetime | None = None
