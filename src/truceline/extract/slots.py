"""Fills the slots of a claim from the sentence, the speaker and the pack."""

from __future__ import annotations

from decimal import Decimal

from truceline.core.claims import GROUP_OF, Quantity, Ref
from truceline.core.names import name_in
from truceline.core.times import When
from truceline.extract.dates import resolve
from truceline.extract.language import Rule
from truceline.extract.scene import Scene, clause
from truceline.extract.units import Unit


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
    if "sentence" in rule.places and not scene.names.subject_first:
        return _pointed_at(scene)
    return ()


def named_places(units: list[Unit]) -> tuple[Ref, ...]:
    """Return the places that a sentence names, for one that says "there" after it."""
    return tuple(dict.fromkeys(ref for unit in units if _is_named_place(unit) for ref in _place(unit)))


def _pointed_at(scene: Scene) -> tuple[Ref, ...]:
    """A state that something is in, else what "there" or "the same area" points to."""
    units = scene.units
    for at, unit in enumerate(units):
        if unit.has("PLACE_COUNTRY") and ("in" in unit.flags or (at and units[at - 1].has("IN"))):
            place = unit.values["place"]
            return (Ref(place.id, name_in(place.names, "en")),)
    return scene.memory.places if any(unit.has("THERE") for unit in units) else ()


def _next_place(scene: Scene) -> list[Ref]:
    """The place that follows, unless another figure comes first: "nine posts, since 10 March, in the corridor"."""
    for unit in scene.units[scene.last : scene.last + 10]:
        if unit.has("NUM"):
            break
        if _is_named_place(unit):
            return _place(unit)
    return []


def _is_named_place(unit: Unit) -> bool:
    return "PLACE" in unit.tags and "ACTOR" not in unit.tags


def _place(unit: Unit) -> list[Ref]:
    if "territory" in unit.values:
        return [unit.values["territory"]]
    place = unit.values.get("place")
    if place is not None:
        return [Ref(place.id, unit.values.get("place_label") or name_in(place.names, "en"))]
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
            value = _figure_before(scene, at)
        if value is None and unit.has("DUAL"):
            value = Decimal(2)
        if value is None and unit.has("ONE") and "the" not in unit.flags:
            value = Decimal(1)
        if value is not None:
            measure, op = _unit(rule, scene), unit.values.get("op", "=")
            found.append(Quantity(Decimal(value), measure, op))
            if "to" in unit.values:
                found.append(Quantity(Decimal(unit.values["to"]), measure, op))
    return tuple(found)


def _figure_before(scene: Scene, at: int) -> Decimal | None:
    """As in "The same number": the figure that stands before it, in its sentence or the last one claimed."""
    for unit in reversed(scene.units[:at]):
        if unit.has("NUM") and unit.values.get("number") is not None:
            return Decimal(unit.values["number"])
    return scene.figure


def _unit(rule: Rule, scene: Scene) -> str:
    first, last = clause(scene)
    for tags, unit in rule.units.items():
        tag, _, further = tags.partition("+")
        if any(other.has(tag) for other in scene.units[first:last]) and (
            not further or any(other.has(further) for other in scene.units)
        ):
            return unit
    return rule.unit or ""


def when(rule: Rule, scene: Scene, *, ahead: bool = False) -> When | None:
    """Return the time of a claim: the date nearest to it in its sentence that is not a deadline.

    Args:
        rule: The rule.
        scene: The match.
        ahead: Whether it lies ahead, so that a bare weekday is the next one.

    Returns:
        The time, or None where the sentence names none.
    """
    if rule.when == "none":
        return None
    slot = scene.slots.get("when")
    if slot is not None:
        return resolve(scene.units[slot].values["date"], scene.calendar, future=ahead)
    best: tuple[int, Unit] | None = None
    for at, unit in enumerate(scene.units):
        if "DATE" not in unit.tags or _is_deadline(scene.units, at) or _is_elsewhere(scene, at):
            continue
        distance = max(scene.first - at, at - scene.last + 1, 0)
        if scene.names.subject_first:
            if _is_apart(scene, at):
                continue
            distance += _FAR if _dates_the_word(scene.units, at) else 0
        elif _dates_the_speech(scene.units, at):
            distance += _FAR
        if best is None or distance < best[0]:
            best = (distance, unit)
    if best is None:
        return _running_day(rule, scene)
    # the day of the saying, or one that stands before all, is past
    ahead = ahead and best[0] < _FAR and best[1].start > scene.units[scene.first].start
    return resolve(best[1].values["date"], scene.calendar, future=ahead)


_FAR = 100


def _is_apart(scene: Scene, at: int) -> bool:
    """A date beyond a semicolon belongs to the other half of the sentence."""
    between = scene.units[at + 1 : scene.first] if at < scene.first else scene.units[scene.last : at]
    return any(unit.has("BREAK") for unit in between)


def _dates_the_word(units: list[Unit], at: int) -> bool:
    """As in "said on Friday that …": the day of the saying, which counts only where no other is named."""
    before = units[max(0, at - 2) : at]
    said = any(unit.has("SAY") for unit in before) and not any(unit.tags & _CUT for unit in before)
    return said and at + 1 < len(units) and units[at + 1].has("THAT")


def _dates_the_speech(units: list[Unit], at: int) -> bool:
    """As in "said the ministry, on Friday, …": nothing but the speaker stands between the verb and the day."""
    for index in range(at - 1, max(at - 7, -1), -1):
        unit = units[index]
        if unit.has("SAY"):
            return True
        if not unit.tags & _SPEAKERS_OWN:
            return False
    return False


_SPEAKERS_OWN = frozenset(
    {"ACTOR", "COMMA", "ADVERB", "TEXT_SPEAKER", "IN", "DATE", "ISSUED", "RANK", "FORMER"}
)
_CUT = frozenset({"COMMA", "THAT"})
_DAILY = frozenset({"fire", "loss", "exchange", "mines", "access", "withdrawal"})


def _running_day(rule: Rule, scene: Scene) -> When | None:
    """The day that the paragraph named before, or that the bulletin reports on, for what happens on a day."""
    daily = GROUP_OF.get(rule.type) in _DAILY or (rule.type == "contact" and not scene.names.subject_first)
    if not daily or any(unit.has("DATE") for unit in scene.units):
        return None
    if any(unit.has("OTHER_PERIOD") for unit in scene.units):
        return None
    return scene.calendar.running


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
    return _last_day(scene, at)


def until(scene: Scene) -> str | None:
    """Return the day in the clause by which something is to be done, where the text names one ("before the 20th")."""
    first, last = clause(scene)
    for at in range(max(first, 1), last):
        unit = scene.units[at]
        if unit.has("DATE") and _is_deadline(scene.units, at) and not scene.units[at - 1].has("SINCE"):
            return _last_day(scene, at)
    return None


def _last_day(scene: Scene, at: int) -> str | None:
    found = resolve(scene.units[at].values["date"], scene.calendar, future=True)
    ends = at > 0 and scene.units[at - 1].has("UNTIL_END")
    return found.end if found.precision == "day" or (ends and found.precision == "month") else None
