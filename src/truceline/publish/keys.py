"""The delegations' keys in words: the panel of a round as one of them may see it, and the form that a position fills in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from truceline.core.claims import GROUP_OF, Claim
from truceline.core.determinations import Absence, Determination, End, Side
from truceline.core.incidents import Incident
from truceline.core.times import parse_instant
from truceline.publish.desk import Desk
from truceline.publish.evidence import source_name
from truceline.publish.tokens import bare

_HEADLINES = {
    End.AGREED: ("met", "check"),
    End.IN_PART: ("met", "late-check"),
    End.DIFFERING: ("disputed", "differ"),
    End.ONE_SIDE: ("late", "clock"),
    End.UNABLE: ("unjudged", "ask"),
    End.NOT_ATTRIBUTED: ("unjudged", "ask"),
    End.OUTSIDE: ("unjudged", "outside"),
    End.WITHDRAWN: ("unjudged", "end"),
}


_STATE_OF = {
    End.AGREED: "agreed",
    End.IN_PART: "agreed",
    End.DIFFERING: "differing",
    End.NOT_ATTRIBUTED: "could not be attributed",
}


@dataclass(frozen=True, slots=True)
class KeyTab:
    """One delegation's key in a row: its letter, its state (``open in agrees differs hidden``), the state in words."""

    letter: str
    state: str
    word: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One delegation's place in the key panel.

    Args:
        letter: Its letter.
        name: The delegation.
        state: ``mine-open hidden sealed waiting opened differs absent``.
        head: What it says, in a word or two.
        text: Its reasons in its own words, or why there are none.
        foot: When and by which entry.
        is_quoted: Whether the text is the delegation's own words.
        basis: Ids of the items that it relies on, as many as it names.
        notes: What else is to be known of it: opened by the escrow, taken back before, sealed after another opened.
    """

    letter: str
    name: str
    state: str
    head: str
    text: str
    foot: str
    is_quoted: bool = False
    basis: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyPanel:
    """A round about an incident: its question, headline with style and sign, slots, and what is agreed field by field.

    ``asks`` is the word of the question, ``phase`` how far the round has come, or empty once it ended; ``settled`` says
    which fields are agreed and which are not; ``number`` counts the rounds about the incident from 1.
    """

    id: str
    question: str
    style: str
    sign: str
    headline: str
    slots: tuple[Slot, ...]
    fields: tuple[tuple[str, str, tuple[str, ...]], ...]
    due: str
    asks: str = ""
    phase: str = ""
    title: str = ""
    settled: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class PositionForm:
    """What a position may be filled in with: pairs of value and words, and what the incident itself suggests.

    Args:
        kinds: Claim types.
        clauses: Clauses of the instruments, as ``instrument#clause``.
        places: Places of the pack.
        standard: The mission's standard of proof.
        kind: The incident's most frequent type.
        place: Where it is said to have been, or empty.
        start: First instant of when it is said to have been, as ``2020-11-12T06:00``, or empty.
        end: Its end, or empty.
        basis: Ids of the incident's reports.
        parties: Bound parties, for rounds about responsibility.
        lat: Degrees north of where it is said to have been, or empty.
        lon: Degrees east, or empty.
        precision: Radius in metres, or empty.
        items: The reports of `basis` with their names.
    """

    kinds: tuple[tuple[str, str], ...]
    clauses: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    standard: str
    kind: str
    place: str
    start: str
    end: str
    basis: tuple[str, ...]
    parties: tuple[tuple[str, str], ...]
    lat: str = ""
    lon: str = ""
    precision: str = ""
    items: tuple[tuple[str, str], ...] = ()


def form_of(desk: Desk, incident: Incident, claims: Sequence[Claim]) -> PositionForm:
    """Say what a position about an incident may be filled in with, and what the incident itself suggests.

    Args:
        desk: Words and names.
        incident: The incident.
        claims: Its claims.

    Returns:
        The form's choices.
    """
    mission, words = desk.view.mission, desk.words
    bare_words = {word: bare(words.say_or(f"type.{word}", word.replace("_", " "))) for word in GROUP_OF}
    at, spot = incident.valid_at, incident.location
    start, end = (
        f"{one:%Y-%m-%dT%H:%M}" if one else "" for one in ((at.start, at.end) if at else (None, None))
    )
    bound = [one for one in mission.bound_parties if "party" in mission.party_of[one].roles]
    return PositionForm(
        kinds=tuple(sorted(bare_words.items(), key=lambda one: one[1])),
        clauses=tuple(
            (
                f"{one.id}#{clause.n}",
                bare(words.say("console.clause", instrument=desk.called.text(one.names), n=clause.n)),
            )
            for one in mission.instruments
            for clause in one.clauses
        ),
        places=tuple((one.id, bare(desk.called.place_names(one.names))) for one in mission.places),
        standard=mission.settings.standard_of_proof,
        kind=incident.types[0].type if incident.types else "",
        place=(incident.place.id or "") if incident.place else "",
        start=start,
        end=end,
        basis=tuple(dict.fromkeys(claim.report for claim in claims)),
        parties=tuple((one, bare(desk.called.slug(one))) for one in bound),
        lat=f"{spot.lat:.4f}" if spot else "",
        lon=f"{spot.lon:.4f}" if spot else "",
        precision=f"{spot.precision_m:.0f}" if spot else "",
        items=tuple({claim.report: _item(desk, claim) for claim in claims}.items()),
    )


def _item(desk: Desk, claim: Claim) -> str:
    """Name an item as a basis: who published it, when it became known."""
    return desk.words.say("join.comma").join(
        (source_name(desk, claim), desk.tokens.known_day(claim.known_at))
    )


def panel_of(desk: Desk, found: Determination, letter: str) -> KeyPanel:
    """Show a round as one delegation may see it: nothing of the other's position before it opened.

    Args:
        desk: Words and names.
        found: The round.
        letter: The viewer's delegation, or empty.

    Returns:
        The panel, the viewer's own slot first.
    """
    say = desk.words.say
    sides = sorted(found.sides, key=lambda side: (side.letter != letter, side.letter))
    style, mark = _HEADLINES.get(found.end, ("open", "ask")) if found.end else ("open", "dots")
    word = found.end.value if found.end else found.phase
    fields = tuple(
        (
            say(f"console.field.{one.name}"),
            _said(desk, one.value)
            if one.is_agreed or one.is_by_chair
            else ("≠" if len(one.says) > 1 else "—"),
            tuple(_said(desk, one.says.get(side.letter)) for side in sides),
        )
        for one in found.outcomes
    )
    return KeyPanel(
        id=found.id,
        question=say(f"console.question.{found.question}"),
        style=style,
        sign=mark,
        headline=say(f"console.end.{word}"),
        slots=tuple(_slot(desk, found, side, letter) for side in sides),
        fields=fields,
        due="" if found.end else say("console.keys.due", when=desk.tokens.instant(found.due_at)),
        asks=found.question,
        phase="" if found.end else found.phase,
        title=say("console.keys.title_one") if len(sides) == 1 else say("console.keys.title"),
        settled=_settled(desk, found),
        number=found.number + 1,
    )


def _settled(desk: Desk, found: Determination) -> str:
    """Say in one line what is agreed and what is not."""
    say = desk.words.say
    if found.end not in {End.AGREED, End.IN_PART, End.DIFFERING}:
        return ""
    parts = []
    for key, is_agreed in (("console.keys.agreed_on", True), ("console.keys.differ_on", False)):
        names = [
            say(f"console.field.{one.name}")
            for one in found.outcomes
            if one.is_agreed == is_agreed and any(said is not None for said in one.says.values())
        ]
        if names:
            parts.append(say(key, fields=say("join.comma").join(names)))
    return say("join.semicolon").join(parts)


def _notes(desk: Desk, side: Side) -> tuple[str, ...]:
    say = desk.words.say
    told = (
        ("console.keys.by_escrow", side.by_escrow),
        ("console.keys.recalled", side.n_recalled > 0),
        ("console.keys.after_opening", side.is_after_opening),
        ("console.keys.hindering", side.is_hindering),
    )
    return tuple(say(key) for key, holds in told if holds)


def _slot(desk: Desk, found: Determination, side: Side, letter: str) -> Slot:
    say = desk.words.say
    name = _delegation(desk, side.letter)
    happened = next((one.says.get(side.letter) for one in found.outcomes if one.name == "happened"), None)
    if side.absence is not None:
        since = desk.tokens.instant(side.since) if side.since else ""
        head = say(f"console.absence.{side.absence.value}")
        text = say("console.keys.may_join") if side.absence is Absence.NO_RESPONSE else ""
        foot = since
        if side.until:
            foot = say("console.keys.awaits_until", when=desk.tokens.instant(side.until))
        elif since:
            foot = say("console.keys.since", when=since)
        return Slot(side.letter, name, "absent", head, text, foot)
    if side.opened is not None and happened is not None:
        is_alone = found.end in {End.DIFFERING, End.IN_PART}
        return Slot(
            side.letter,
            name,
            "differs" if is_alone else "opened",
            say(f"console.answer.{happened}"),
            side.form.reasons if side.form else "",
            _foot(desk, side.sealed_at, side.opened),
            is_quoted=True,
            basis=side.form.basis if side.form else (),
            notes=_notes(desk, side),
        )
    if side.opened is not None and side.letter == letter:
        return Slot(
            side.letter,
            name,
            "waiting",
            say("console.keys.opened"),
            say("console.keys.opens_by_itself"),
            _foot(desk, side.sealed_at, side.opened),
        )
    if side.sealed is not None and (side.letter == letter or not letter):
        return Slot(
            side.letter,
            name,
            "sealed",
            say("console.keys.sealed"),
            say("console.keys.opens_by_itself"),
            _foot(desk, side.sealed_at, side.sealed),
            notes=_notes(desk, side),
        )
    if side.letter == letter:
        return Slot(side.letter, name, "mine-open", say("console.keys.needed"), "", "")
    return Slot(
        side.letter, name, "hidden", say("console.keys.not_shown"), say("console.keys.independent"), ""
    )


def _foot(desk: Desk, at: datetime | None, entry: int) -> str:
    """Say when and by which entry; a round that is stated has no seal and no moment of one."""
    told = desk.words.say("console.keys.entry", n=desk.tokens.ident(f"#{entry}"))
    if at is None:
        return told
    signed = desk.words.say("console.keys.signed", when=desk.tokens.instant(at))
    return desk.words.say("join.comma").join((signed, told))


def _delegation(desk: Desk, letter: str) -> str:
    found = next((one for one in desk.view.mission.delegations if one.letter == letter), None)
    return desk.called.text(found.names) if found else letter


def _said(desk: Desk, value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, Mapping):
        return _spot_or_span(desk, value)
    text = str(value)
    known = desk.words.say_or(f"console.answer.{text}", "") or desk.words.say_or(f"type.{text}", "")
    if known:
        return known
    instrument, _, clause = text.partition("#")
    if clause and instrument in desk.instrument_of:
        name = desk.called.text(desk.instrument_of[instrument].names)
        return desk.words.say("console.clause", instrument=name, n=desk.tokens.ident(clause))
    if ":" in text:
        return desk.called.slug(text)
    return desk.words.say_or(f"standard.{text}", desk.tokens.ident(text))


def _spot_or_span(desk: Desk, value: Mapping[str, Any]) -> str:
    """Write where or when as a position states it: place and point, or from and to."""
    if "start" in value:
        ends = [desk.tokens.instant(parse_instant(str(value[name]))) for name in ("start", "end")]
        return desk.words.say("join.range", start=ends[0], end=ends[1])
    parts = [desk.called.slug(str(value["place"]))] if value.get("place") else []
    if value.get("lon_e7") is not None:
        lon, lat = (int(value[name]) / 1e7 for name in ("lon_e7", "lat_e7"))
        parts.append(desk.tokens.coordinate(lon, lat, int(value.get("precision_m") or 0) or None))
    return desk.words.say("join.comma").join(parts) or "—"


def state_of_rounds(rounds: Sequence[Determination]) -> str:
    """Say how the last round leaves an incident, in the words that marks are drawn by; see `marks.sign`."""
    end = rounds[-1].end if rounds else None
    return _STATE_OF.get(end, "reported") if end else "reported"


def keys_of(desk: Desk, rounds: Sequence[Determination], letter: str) -> tuple[KeyTab, ...]:
    """Show the state of each delegation's key in the last round about an incident."""
    if not rounds:
        return ()
    last = rounds[-1]
    out = []
    for side in sorted(last.sides, key=lambda one: (one.letter != letter, one.letter)):
        if side.opened is not None and last.end is not None:
            state = "differs" if last.end in {End.DIFFERING, End.IN_PART} else "agrees"
        elif side.letter == letter and (side.sealed, side.opened) != (None, None):
            state = "in"
        else:
            state = "open" if side.letter == letter else "hidden"
        out.append(KeyTab(side.letter, state, desk.words.say(f"console.key.{state}")))
    return tuple(out)
