"""The delegations' keys in words: the panel of a round as one of them may see it, and the form that a position fills in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from truceline.core.claims import GROUP_OF, Claim
from truceline.core.determinations import Determination, End, Side
from truceline.core.incidents import Incident
from truceline.publish.desk import Desk
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
        text: Its reasons, or why there are none.
        foot: When and by which entry.
    """

    letter: str
    name: str
    state: str
    head: str
    text: str
    foot: str


@dataclass(frozen=True, slots=True)
class KeyPanel:
    """A round about an incident: its question, headline with style and sign, slots, and what is agreed field by field.

    ``asks`` is the word of the question, ``phase`` how far the round has come, or empty once it ended.
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
    at = incident.valid_at
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
    )


def _slot(desk: Desk, found: Determination, side: Side, letter: str) -> Slot:
    say = desk.words.say
    name = _delegation(desk, side.letter)
    happened = next((one.says.get(side.letter) for one in found.outcomes if one.name == "happened"), None)
    if side.absence is not None:
        since = desk.tokens.instant(side.since) if side.since else ""
        return Slot(side.letter, name, "absent", say(f"console.absence.{side.absence.value}"), "", since)
    if side.opened is not None and happened is not None:
        is_alone = found.end in {End.DIFFERING, End.IN_PART}
        foot = say("console.keys.entry", n=desk.tokens.ident(str(side.opened)))
        return Slot(
            side.letter,
            name,
            "differs" if is_alone else "opened",
            say(f"console.answer.{happened}"),
            "",
            foot,
        )
    if side.opened is not None and side.letter == letter:
        foot = say("console.keys.entry", n=desk.tokens.ident(str(side.opened)))
        return Slot(
            side.letter,
            name,
            "waiting",
            say("console.keys.opened"),
            say("console.keys.opens_by_itself"),
            foot,
        )
    if side.sealed is not None and (side.letter == letter or not letter):
        foot = say("console.keys.entry", n=desk.tokens.ident(str(side.sealed)))
        return Slot(
            side.letter, name, "sealed", say("console.keys.sealed"), say("console.keys.opens_by_itself"), foot
        )
    if side.letter == letter:
        return Slot(side.letter, name, "mine-open", say("console.keys.needed"), "", "")
    return Slot(
        side.letter, name, "hidden", say("console.keys.not_shown"), say("console.keys.independent"), ""
    )


def _delegation(desk: Desk, letter: str) -> str:
    found = next((one for one in desk.view.mission.delegations if one.letter == letter), None)
    return desk.called.text(found.names) if found else letter


def _said(desk: Desk, value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, Mapping):
        return desk.words.say("join.comma").join(
            _said(desk, one) for one in value.values() if one not in {None, 0}
        )
    text = str(value)
    known = desk.words.say_or(f"console.answer.{text}", "") or desk.words.say_or(f"type.{text}", "")
    return known or (desk.called.slug(text) if ":" in text else desk.tokens.ident(text))


def keys_of(desk: Desk, rounds: Sequence[Determination], letter: str) -> tuple[KeyTab, ...]:
    """Show the state of each delegation's key in the last round about an incident."""
    if not rounds:
        return ()
    last = rounds[-1]
    out = []
    for side in sorted(last.sides, key=lambda one: (one.letter != letter, one.letter)):
        if side.opened is not None:
            state = "differs" if last.end in {End.DIFFERING, End.IN_PART} else "agrees"
        elif side.sealed is not None and side.letter == letter:
            state = "in"
        else:
            state = "open" if side.letter == letter else "hidden"
        out.append(KeyTab(side.letter, state, desk.words.say(f"console.key.{state}")))
    return tuple(out)
