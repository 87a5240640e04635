"""People whom the pack does not know: a rank or an office before unknown words makes them a name."""

from __future__ import annotations

from dataclasses import replace

from truceline.core.claims import Ref
from truceline.extract.names import Memory, Mention, Names
from truceline.extract.units import Unit

_LEAST = 3


def meet(
    units: list[Unit], at: int, office: Unit | None, names: Names, memory: Memory
) -> tuple[Unit, int] | None:
    """Read a name that the pack does not know.

    Args:
        units: Units of the sentence.
        at: Index of the rank, or of the unit behind the office.
        office: The office that stands before it, mention joined, or None where only a rank does.
        names: Builder of references.
        memory: Learns the name.

    Returns:
        ``(unit of the whole mention, index behind it)``, or None where no name follows.
    """
    first = at
    while first < len(units) and first - at < 3 and units[first].tags & {"RANK", "COMMA", "ADJ", "FORMER"}:
        if office is None and units[first].has("COMMA"):
            return None
        first += 1
    ranked = any(unit.has("RANK") for unit in units[at:first])
    if any(unit.has("COMMA") for unit in units[at:first]) and not ranked:
        return None
    last = first
    while last < len(units) and last - first < 3 and _like_a_name(units[last], names, opens=last == first):
        last += 1
    length = last - first
    bounded = last >= len(units) or "W" not in units[last].tags
    if not length or not (bounded or length == 3) or (not ranked and length < 2):
        return None
    parties = _parties(office, units[at:first])
    ref = Ref(None, names.latin([unit.form for unit in units[first:last]]))
    capacity = office.values["mention"].capacity if office is not None else "in office"
    if any(unit.has("FORMER") for unit in units[at:first]):
        capacity = "former"
    mention = Mention((ref,), parties, "PERSON", capacity)
    memory.strangers[units[last - 1].form] = mention
    if parties[0]:
        memory.party = parties[0]
    start = office if office is not None else units[at]
    tags = frozenset({"ACTOR", "PERSON", "STRANGER"})
    return Unit(start.start, units[last - 1].end, tags, {"mention": mention}, start.flags, start.form), last


def again(units: list[Unit], at: int, names: Names, memory: Memory) -> tuple[Unit, int] | None:
    """Read a name met before, by its last word alone or behind its first names.

    Args:
        units: Units of the sentence.
        at: Index of an unknown word.
        names: Knows what may be glued to a name.
        memory: The names met.

    Returns:
        ``(unit, index behind it)``, or None.
    """
    unit = units[at]
    for mark in ("", *names.glued):
        if not unit.form.startswith(mark):
            continue
        mention = memory.strangers.get(unit.form[len(mark) :])
        if mention is not None:
            tags = frozenset({"ACTOR", "PERSON", "STRANGER"})
            return Unit(unit.start, unit.end, tags, {"mention": mention}, unit.flags, unit.form), at + 1
    return None


def adopt(units: list[Unit], memory: Memory) -> list[Unit]:
    """Give people the party of the office that the text puts behind their name: "…, commander of …", "…, who left …".

    Args:
        units: Units of the sentence, mentions joined.
        memory: The names met; brought up to date.

    Returns:
        The same units; the people's mentions are completed.
    """
    for at, unit in enumerate(units[:-2]):
        if "PERSON" in unit.tags and units[at + 1].has("COMMA") and units[at + 2].has("REL"):
            _leave(unit, units[at + 3 : at + 8], memory)
        if "STRANGER" in unit.tags and units[at + 1].has("COMMA") and units[at + 2].has("OFFICE"):
            mention: Mention = unit.values["mention"]
            behind: Mention = units[at + 2].values["mention"]
            if mention.parties == (None,):
                full = replace(mention, parties=behind.parties[:1])
                unit.values["mention"] = full
                memory.strangers.update(
                    {key: full for key, held in memory.strangers.items() if held is mention}
                )
    return units


def _leave(person: Unit, behind: list[Unit], memory: Memory) -> None:
    """As in "X, who resigned from the ministry of Y": the text says whose he was, and that he speaks as a former holder."""
    if not behind or not behind[0].has("RESIGN"):
        return
    for unit in behind[1:]:
        mention: Mention | None = unit.values.get("mention") if unit.has("OFFICE") else None
        if mention is not None and any(mention.parties):
            held: Mention = person.values["mention"]
            person.values["mention"] = replace(held, parties=mention.parties[:1], capacity="former")
            slug = held.refs[0].id
            if slug and mention.parties[0]:
                memory.people[slug] = mention.parties[0]
            return


def _parties(office: Unit | None, between: list[Unit]) -> tuple[str | None, ...]:
    if office is not None:
        return office.values["mention"].parties[:1]  # type: ignore[no-any-return]
    adjective = next(
        (unit.values["adj"] for unit in between if unit.has("ADJ") and "adj" in unit.values), None
    )
    return (adjective,)


def _like_a_name(unit: Unit, names: Names, *, opens: bool) -> bool:
    form = unit.form
    if not opens and "SURNAME" in unit.tags:
        return True
    return "W" in unit.tags and len(form) >= _LEAST and (not opens or not form.startswith(names.articles))
