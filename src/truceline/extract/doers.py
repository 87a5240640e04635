"""Who does it, found where verbs stand before their subjects: those joined, the subject, the agent named as such."""

from __future__ import annotations

from truceline.extract.names import Mention
from truceline.extract.scene import Scene, clause
from truceline.extract.units import Unit

_ROOM = frozenset({"ADVERB", "DATE", "PRONOUN", "MARK", "OPEN", "CLOSE", "NUM", "RANK", "AND", "TITLE"})
_BEHIND_PREPOSITION = frozenset(
    {"IN", "ON", "TO", "WITH", "BETWEEN", "AFTER", "UNTIL", "SINCE", "ABOUT", "LIKE"}
)
_CARRIED_OUT = frozenset({"CARRY_OUT", "ATTACK", "LAUNCH"})


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


def group_start(units: list[Unit], at: int) -> int:
    """Return the index of the first of those joined with the one at an index."""
    while at > 0 and units[at].has("ACTOR") and "and" in units[at].flags and units[at - 1].has("ACTOR"):
        at -= 1
    if at > 1 and units[at - 1].has("JOIN") and units[at - 2].has("ACTOR"):
        at -= 2
    return at


def subject(scene: Scene) -> int | None:
    """Return the index of who does what the match says: behind the verb first, then before it in the clause.

    Args:
        scene: The match; a verb that says "and …" may take the subject of the clause before.

    Returns:
        Index of the unit, or None.
    """
    units = scene.units
    named = agent(scene)
    if named is not None:
        return named
    first, _ = clause(scene)
    leads = _leads(scene, first)
    if leads is not None:
        return leads
    for at in range(scene.first, scene.last):
        if may_act(units, at) and not (at > 0 and units[at - 1].tags & _BEHIND_PREPOSITION):
            return at
    at = scene.last
    while at < len(units) and at - scene.last < 4 and units[at].tags & _ROOM:
        at += 1
    if at < len(units) and may_act(units, at):
        return at
    found = _nearest_before(units, scene.first, first)
    if found is None and first > 0 and _goes_on(units, first, scene):
        found = _nearest_before(units, first, 0)
    return found


def _leads(scene: Scene, first: int) -> int | None:
    """A subject right before its verb, where a clause begins with it ("that the army shelled …") or "had" stands."""
    units = scene.units
    at = scene.first - 1
    perfect = False
    while at >= first and scene.first - at < 5 and units[at].tags & {"ADVERB", "PERFECT", "NOT", "DATE"}:
        perfect = perfect or units[at].has("PERFECT")
        at -= 1
    if at < first or not may_act(units, at):
        return None
    start = group_start(units, at)
    opens = start == 0 or bool(
        units[start - 1].tags & {"THAT", "TURN", "COMMA", "BREAK", "ADVERB", "QUOTE", "COLON"}
    )
    return start if opens or perfect else None


def _goes_on(units: list[Unit], first: int, scene: Scene) -> bool:
    return (
        "and" in units[first].flags
        or "and" in units[scene.first].flags
        or bool(units[first].tags & {"REL", "PARTICIPLE"})
    )


def may_act(units: list[Unit], at: int) -> bool:
    """Say whether a unit names somebody who may do a thing: no preposition is glued to it."""
    unit = units[at]
    return "ACTOR" in unit.tags and "NO_PARTY" not in unit.tags and not unit.flags & {"in", "to", "like"}


def _nearest_before(units: list[Unit], end: int, start: int) -> int | None:
    """The first one named since the last "that" before the match: Arabic and English both put the subject there."""
    opened = [
        at + 1 for at in range(start, end)
        if units[at].tags & {"THAT", "COLON"} or (units[at].has("TURN") and (at == start or units[at - 1].has("COMMA")))
    ]  # fmt: skip
    row = range(opened[-1] if opened else start, end)
    if any(units[at].has("SAY_ACCUSE") for at in row):
        # "A accused B of shelling": who is accused stands last
        row = row[::-1]
    for at in row:
        if may_act(units, at) and not (at > 0 and units[at - 1].tags & _BEHIND_PREPOSITION):
            return at
    return None


def agent(scene: Scene) -> int | None:
    """Return the index of an agent named as such, who counts before all else: "… by the army"."""
    first, last = clause(scene)
    for at in range(first, last - 1):
        if not scene.units[at + 1].has("ACTOR") or scene.units[at + 1].has("NO_PARTY"):
            continue
        unit = scene.units[at]
        if unit.has("FROM_SIDE") or (
            unit.tags & _CARRIED_OUT and any(f.startswith("poss") for f in unit.flags)
        ):
            # "by the army", or "which the army carried out": a verb with its object glued to it
            return at + 1
    return None
