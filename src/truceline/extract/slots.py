"""Fills the slots of a claim from the sentence, the speaker and the pack."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from truceline.core.claims import Quantity, Ref
from truceline.core.names import name_in
from truceline.core.times import When
from truceline.extract.dates import Calendar, resolve
from truceline.extract.language import Rule
from truceline.extract.mentions import Memory, Mention, Names
from truceline.extract.speech import Voice
from truceline.extract.units import Unit

_CLAUSE_END = frozenset({"COMMA", "BREAK", "COLON"})
_MAX_EVIDENCE = 400


@dataclass(slots=True)
class Scene:
    """All that filling one claim needs.

    Args:
        units: The sentence.
        first: Index of the match's first unit.
        last: Index behind its last.
        slots: Slot -> unit index.
        voice: The innermost voice over the match, or None for the outlet.
        names: Builder of references.
        memory: What the text has named so far.
        calendar: What dates are resolved against.
        figure: The last figure, for "the same number".
        bounds: Where the neighbouring matches of the same rule end and begin: a clause does not cross them.
    """

    units: list[Unit]
    first: int
    last: int
    slots: dict[str, int]
    voice: Voice | None
    names: Names
    memory: Memory
    calendar: Calendar
    figure: Decimal | None = None
    bounds: tuple[int, int] = (0, 1 << 30)


def clause(scene: Scene) -> tuple[int, int]:
    """Return the indices ``[first, last)`` of the clause round a match: to the next comma, break or quotation."""
    units = scene.units
    first, last = scene.first, scene.last
    lower, upper = scene.bounds
    while first > lower and not units[first - 1].tags & _CLAUSE_END:
        first -= 1
    while last < min(upper, len(units)) and not units[last].tags & _CLAUSE_END:
        last += 1
    while units[last - 1].end - units[first].start > _MAX_EVIDENCE and (
        first < scene.first or last > scene.last
    ):
        if last > scene.last:
            last -= 1
        else:
            first += 1
    while units[last - 1].end - units[first].start > _MAX_EVIDENCE and last - first > 1:
        last -= 1
    return first, last


def group(units: list[Unit], at: int) -> list[Mention]:
    """Return the mention at an index with those joined to it: "A, and B", in either direction of the text."""
    found: list[Mention] = [units[at].values["mention"]]
    index = at + 1
    while index < len(units):
        unit = units[index]
        if unit.has("COMMA") and index + 1 < len(units):
            after = units[index + 1]
            if after.has("ACTOR") and ("and" in after.flags or _list_goes_on(units, index + 1)):
                found.append(after.values["mention"])
                index += 2
                continue
            if after.has("JOIN") and index + 2 < len(units) and units[index + 2].has("ACTOR"):
                found.append(units[index + 2].values["mention"])
                index += 3
                continue
            break
        if unit.has("ACTOR") and "and" in unit.flags:
            found.append(unit.values["mention"])
            index += 1
        elif unit.has("JOIN") and index + 1 < len(units) and units[index + 1].has("ACTOR"):
            found.append(units[index + 1].values["mention"])
            index += 2
        else:
            break
    return found


def _list_goes_on(units: list[Unit], at: int) -> bool:
    """A comma list counts as one group only where an "and" ends it."""
    index = at + 1
    while index < len(units) and index < at + 6:
        unit = units[index]
        if unit.has("ACTOR") and "and" in unit.flags:
            return True
        if unit.has("JOIN") and index + 1 < len(units) and units[index + 1].has("ACTOR"):
            return True
        if not unit.tags & {"COMMA", "ACTOR"}:
            return False
        index += 1
    return False


def refs(sources: tuple[str, ...], scene: Scene, chosen: tuple[Ref, ...] = ()) -> tuple[Ref, ...]:
    """Return the references that the first fruitful source gives; ``+`` joins sources.

    Args:
        sources: Source words of a rule.
        scene: The sentence and its surroundings.
        chosen: References of the other role, for ``other``.

    Returns:
        References without repeats; empty where no source gives any.
    """
    for source in sources:
        found: list[Ref] = []
        for part in source.split("+"):
            found.extend(_source(part.strip(), scene, chosen))
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _source(word: str, scene: Scene, chosen: tuple[Ref, ...]) -> list[Ref]:
    kind, _, rest = word.partition(":")
    if kind == "slot":
        index = scene.slots.get(rest)
        if index is None:
            return []
        if not scene.units[index].has("ACTOR"):
            return _owner(scene, index)
        return [ref for mention in group(scene.units, index) for ref in mention.refs]
    if word.startswith("="):
        return [Ref(None, word[1:])]
    if kind == "near":
        return _near(scene, rest)
    if kind in {"inside", "clause", "sentence", "before", "after"}:
        return _ranged(kind, scene, frozenset(rest.split("|")) if rest else frozenset({"ACTOR"}))
    return _context(kind, scene, chosen)


def _context(kind: str, scene: Scene, chosen: tuple[Ref, ...]) -> list[Ref]:
    voice = scene.voice
    if kind == "voice":
        return list(voice.mention.refs) if voice and voice.mention else []
    if kind in {"voice_party", "own"}:
        parties = voice.mention.parties if voice and voice.mention else ()
        slug = next((party for party in parties if party), None) or (
            scene.memory.party if kind == "own" else None
        )
        return [scene.names.party(slug)] if slug else []
    if kind == "sides":
        return [scene.names.party(slug) for slug in scene.names.mission.sides]
    if kind == "pair":
        return list(scene.memory.pair.refs) if scene.memory.pair else []
    if kind == "adjectives":
        slugs = [
            unit.values["adj"]
            for unit in scene.units[: scene.first]
            if unit.has("ADJ") and "adj" in unit.values
        ]
        return [scene.names.party(slug) for slug in dict.fromkeys(slugs)]
    if kind == "contingent":
        return [Ref(o.id, o.label) for o in scene.names.mission.offices if o.kind == "contingent"][:1]
    if kind == "other":
        return _other(scene, chosen)
    return []


def _other(scene: Scene, chosen: tuple[Ref, ...]) -> list[Ref]:
    """The other bound party, said to be implicit: the text leaves it out."""
    bound = scene.names.mission.sides
    taken = {party_of(ref, scene.names) for ref in chosen}
    left = [slug for slug in bound if slug not in taken]
    if len(bound) == 2 and len(left) == 1:
        return [Ref(None, f"implicit: {scene.names.party(left[0]).label}")]
    return []


def party_of(ref: Ref, names: Names) -> str | None:
    """Return the party of a reference: itself, or that of its office or person."""
    if ref.id is None:
        return next((p.id for p in names.mission.parties if name_in(p.names, "en") in ref.label), None)
    if ref.id.startswith("party:"):
        return ref.id
    return names.owner_of(ref.id)


def _owner(scene: Scene, index: int) -> list[Ref]:
    """A thing with a possessive ("its soldiers") belongs to the party last named, the speaker's before others."""
    unit = scene.units[index]
    if any(flag.startswith("poss") for flag in unit.flags) or unit.has("POSSESSED"):
        return _context("own", scene, ())
    return []


def _near(scene: Scene, tag: str) -> list[Ref]:
    best: tuple[int, Mention] | None = None
    for at, unit in enumerate(scene.units):
        if not unit.has(tag):
            continue
        for index, other in enumerate(scene.units):
            if other.has("ACTOR") and 0 < abs(index - at) <= 3:
                distance = abs(index - at) * 2 + (index < at)
                if best is None or distance < best[0]:
                    best = (distance, other.values["mention"])
    return list(best[1].refs) if best else []


def _ranged(kind: str, scene: Scene, tags: frozenset[str]) -> list[Ref]:
    units = scene.units
    first, last = scene.first, scene.last
    if kind == "clause":
        first, last = clause(scene)
    elif kind == "sentence":
        first, last = 0, len(units)
    elif kind == "before":
        for at in range(scene.first - 1, -1, -1):
            if units[at].tags & tags and "mention" in units[at].values:
                return [ref for mention in group(units, _group_start(units, at)) for ref in mention.refs]
        return []
    elif kind == "after":
        for at in range(scene.last, min(scene.last + 8, len(units))):
            if units[at].tags & tags and "mention" in units[at].values:
                return [ref for mention in group(units, at) for ref in mention.refs]
        return []
    return [
        ref for unit in units[first:last] if unit.tags & tags and "mention" in unit.values
        for ref in unit.values["mention"].refs
    ]  # fmt: skip


def _group_start(units: list[Unit], at: int) -> int:
    while at > 0 and units[at].has("ACTOR") and "and" in units[at].flags and units[at - 1].has("ACTOR"):
        at -= 1
    if at > 1 and units[at - 1].has("JOIN") and units[at - 2].has("ACTOR"):
        at -= 2
    return at


def places(rule: Rule, scene: Scene) -> tuple[Ref, ...]:
    """Return the places of a claim: those its pattern names, else those of its clause, else of its sentence."""
    for source in rule.places:
        found: list[Ref] = []
        if source == "slot":
            found = [
                ref
                for name, at in scene.slots.items()
                if name.startswith("place")
                for ref in _place(scene.units[at])
            ]
        elif source == "near":
            first, last = clause(scene)
            found = [ref for unit in scene.units[first:last] if _is_named_place(unit) for ref in _place(unit)]
        elif source == "next":
            found = _next_place(scene)
        elif source == "sentence":
            found = [ref for unit in scene.units if _is_named_place(unit) for ref in _place(unit)]
        elif source.startswith("="):
            found = [Ref(None, source[1:])]
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _next_place(scene: Scene) -> list[Ref]:
    """The place that follows, unless another figure comes first: "nine posts, since 10 March, in the corridor"."""
    for unit in scene.units[scene.last : scene.last + 10]:
        if unit.has("NUM"):
            break
        if _is_named_place(unit):
            return _place(unit)
    return []


def _is_named_place(unit: Unit) -> bool:
    return unit.has("PLACE") and not unit.has("ACTOR")


def _place(unit: Unit) -> list[Ref]:
    if "territory" in unit.values:
        return [unit.values["territory"]]
    place = unit.values.get("place")
    if place is not None:
        return [Ref(place.id, name_in(place.names, "en"))]
    mention = unit.values.get("mention")
    return list(mention.refs) if mention is not None else []


def quantities(rule: Rule, scene: Scene) -> tuple[Quantity, ...]:
    """Return the figures of a claim with the rule's unit, or the unit that a word of the clause stands for."""
    if rule.unit is None:
        return ()
    found = []
    for name, at in scene.slots.items():
        if not name.startswith("n"):
            continue
        unit = scene.units[at]
        value = unit.values.get("number")
        if value is None and unit.has("SAME_NUMBER"):
            value = scene.figure
        if value is None and unit.has("DUAL"):
            value = Decimal(2)
        if value is None and unit.has("ONE"):
            value = Decimal(1)
        if value is not None:
            found.append(Quantity(Decimal(value), _unit(rule, scene), unit.values.get("op", "=")))
    return tuple(found)


def _unit(rule: Rule, scene: Scene) -> str:
    first, last = clause(scene)
    for tag, unit in rule.units.items():
        if any(other.has(tag) for other in scene.units[first:last]):
            return unit
    return rule.unit or ""


def when(rule: Rule, scene: Scene) -> When | None:
    """Return the time of a claim: the date nearest to it in its sentence that is not a deadline."""
    if rule.when == "none":
        return None
    slot = scene.slots.get("when")
    if slot is not None:
        return resolve(scene.units[slot].values["date"], scene.calendar)
    best: tuple[int, Unit] | None = None
    for at, unit in enumerate(scene.units):
        if not unit.has("DATE") or _is_deadline(scene.units, at) or _is_elsewhere(scene, at):
            continue
        distance = max(scene.first - at, at - scene.last + 1, 0)
        if best is None or distance < best[0]:
            best = (distance, unit)
    if best is None:
        return None
    return resolve(best[1].values["date"], scene.calendar)


def _is_deadline(units: list[Unit], at: int) -> bool:
    return any(unit.has("UNTIL") for unit in units[max(0, at - 2) : at]) or "until" in units[at].flags


def _is_elsewhere(scene: Scene, at: int) -> bool:
    """A date that belongs to a named instrument ("the agreement of 9 November") dates nothing else."""
    inside = scene.first <= at < scene.last
    return not inside and any(unit.has("INSTRUMENT_DATE") for unit in scene.units[max(0, at - 3) : at])


def due(scene: Scene) -> str | None:
    """Return the deadline in slot ``due``, looking forward where no year is given."""
    at = scene.slots.get("due")
    if at is None:
        return None
    found = resolve(scene.units[at].values["date"], scene.calendar, future=True)
    return found.end if found.precision == "day" else None
