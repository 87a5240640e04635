"""Who did it and to whom, told by the order of words and by the passive: for languages whose subject comes first."""

from __future__ import annotations

from truceline.core.affiliation import implicit
from truceline.core.claims import Ref
from truceline.extract.names import Mention
from truceline.extract.scene import Scene, clause
from truceline.extract.units import Unit

_STOP = frozenset({"THAT", "SAY", "BREAK", "COLON", "QUOTE", "TURN"})
_PREPOSITION = frozenset(
    {"IN", "ON", "TO", "WITH", "BETWEEN", "AFTER", "UNTIL", "ABOUT", "FROM", "AGAINST", "NEAR", "OF"}
)
_LINK = frozenset({"ADVERB", "NOT", "HAVE", "BE", "W"})


def _verb(scene: Scene) -> tuple[int, int]:
    """Where the verb stands: slot ``v``, else the whole match."""
    at = scene.slots.get("v")
    return (scene.first, scene.last) if at is None else (at, at + 1)


def is_passive(scene: Scene) -> bool:
    """Say whether the match is in the passive: a form of "to be" inside it or right before it."""
    units = scene.units
    first, last = _verb(scene)
    if units[first].tags & {"CAME_UNDER", "CAME"} or any(unit.has("BE") for unit in units[first:last]):
        return True
    if last < len(units) and units[last].has("BY") and units[last - 1].form.endswith("ed"):
        return True  # headlines leave "was" out: "truce violated by …"
    at = first - 1
    while at >= 0 and first - at <= 3 and units[at].tags & (_LINK - {"BE"}):
        at -= 1
    if at < 0 or not units[at].has("BE"):
        return False
    # "is shelling" is active, "is being shelled" is not
    return not units[first].form.endswith("ing") or units[at].form == "being"


def role(kind: str, scene: Scene) -> list[Ref]:
    """Return the references of a source word that word order decides.

    Args:
        kind: ``doer``, ``doer_active``, ``by``, ``patient``, ``accused``, ``giver``, ``receiver``, ``owner`` or
            ``against``.
        scene: The match.

    Returns:
        References; empty where the sentence names none.
    """
    return _SOURCES[kind](scene)


def doer(scene: Scene) -> list[Ref]:
    """Return who does what the match says: behind "by", else the subject of an active verb."""
    agent = _agent(scene)
    if agent:
        return agent
    if is_passive(scene):
        return []
    return _before(scene)


def patient(scene: Scene) -> list[Ref]:
    """Return to whom it is done: the subject of a passive, else the object, or whose thing the object is."""
    if is_passive(scene):
        return _before(scene, owners=True)
    units = scene.units
    _, last = clause(scene)
    taken = set(doer(scene))
    start, _ = _verb(scene)
    for at in range(start, last):
        unit = units[at]
        if unit.tags & {"SAY", "THAT"} and at > start:
            break
        if at and units[at - 1].tags & {"BY", "WITH", "FROM", "AFTER", "BETWEEN"}:
            continue
        found = [ref for ref in _refs(scene, at, owners=True) if ref not in taken]
        if found:
            return found
    return []


_AGENT_REACH = 10


def _agent(scene: Scene) -> list[Ref]:
    units = scene.units
    last = min(clause(scene)[1], scene.last + _AGENT_REACH)
    for at in range(scene.first, min(last, len(units)) - 1):
        if units[at].has("BY") or (
            units[at].has("FROM") and units[_verb(scene)[0]].tags & {"CAME_UNDER", "CAME", "ATTACK_V"}
        ):
            index = at + 2 if units[at + 1].tags & {"ONE", "RANK", "WEAK_RANK", "W", "SHOT_FROM"} else at + 1
            if index < last and (found := _refs(scene, index, owners=True)):
                return found
    return []


def _before(scene: Scene, *, owners: bool = False) -> list[Ref]:
    units = scene.units
    first = _verb(scene)[0]
    if first and units[first - 1].has("JOIN") and units[first].tags & _SECOND_VERBS:
        heading = _heading(scene)
        if heading:
            return heading
    commas = 0
    for at in range(_verb(scene)[0] - 1, -1, -1):
        unit = units[at]
        if unit.has("PRONOUN") and commas == 0:
            reported = at > 0 and bool(units[at - 1].tags & {"THAT", "SAY"})
            return _spoken_of(scene) if reported or unit.form in _FIRST_PERSON else []
        if unit.tags & _STOP and not _is_put_in(units, at):
            return []
        if unit.has("COMMA"):
            commas += 1
            if commas > 2:
                return []
            continue
        behind = at and units[at - 1].tags & _PREPOSITION and not _leads(scene, at)
        if behind and not (owners and commas == 0):
            continue
        found = _refs(scene, _start(units, at), owners=owners)
        if found:
            return found
    return []


def _is_put_in(units: list[Unit], at: int) -> bool:
    """A turn between commas interrupts nothing: "Armenia, meanwhile, handed over …"."""
    return (
        0 < at < len(units) - 1
        and units[at].has("TURN")
        and units[at - 1].has("COMMA")
        and units[at + 1].has("COMMA")
    )


_SECOND_VERBS = frozenset(
    {"RECEIVED", "SUBMIT", "REFUSED", "RELEASE", "ATTACK_V", "VIOLATE", "DESTROY", "TOOK"}
)
_FIRST_PERSON = frozenset({"we", "i"})


def _spoken_of(scene: Scene) -> list[Ref]:
    """Whom "we" or "it" means: who speaks, where somebody does."""
    voice = scene.voice
    return list(voice.mention.refs) if voice is not None and voice.mention is not None else []


def _leads(scene: Scene, at: int) -> bool:
    """Whether nothing but helping words stands between a name and the verb: "after gunmen had opened fire"."""
    between = scene.units[at + 1 : _verb(scene)[0]]
    return scene.units[at].has("ACTOR") and all(
        unit.tags & {"HAVE", "ADVERB", "BE", "NOT"} for unit in between
    )


def _start(units: list[Unit], at: int) -> int:
    """First of those joined: "A, B and C"."""
    while (
        at > 1
        and units[at].has("ACTOR")
        and units[at - 1].tags & {"JOIN", "COMMA"}
        and units[at - 2].has("ACTOR")
    ):
        at -= 2
    return at


def _refs(scene: Scene, at: int, *, owners: bool = False) -> list[Ref]:
    unit = scene.units[at]
    if unit.has("ACTOR") and not unit.has("NO_PARTY"):
        found: list[Ref] = []
        index = at
        while index < len(scene.units) and scene.units[index].has("ACTOR"):
            mention: Mention = scene.units[index].values["mention"]
            found.extend(mention.refs)
            if index + 2 < len(scene.units) and scene.units[index + 1].has("JOIN"):
                index += 2
            else:
                break
        return found
    if unit.has("ADJ") and "adj" in unit.values and (owners or _is_arm(scene, at + 1)):
        return [scene.names.party(str(unit.values["adj"]))]
    if owners and unit.has("POSSESSIVE") and _is_thing(scene, at + 1):
        party = scene.memory.head or scene.memory.past
        return [scene.names.party(party)] if party else []
    return []


def _is_arm(scene: Scene, at: int) -> bool:
    """Whether an adjective tells whose a thing is that strikes by itself: "an Armenian drone hit …"."""
    return at < len(scene.units) and bool(scene.units[at].tags & _ARMS)


_ARMS = frozenset({"AIRCRAFT", "WEAPON", "FIRE_WORD", "EQUIPMENT", "ATTACK_N"})


def _is_thing(scene: Scene, at: int) -> bool:
    """Whether what "its" owns is something that is fired at or lost."""
    units = scene.units[at : at + 2]
    return any(unit.tags & _THINGS for unit in units)


_THINGS = frozenset({"POSITION", "POST", "EQUIPMENT", "VILLAGES", "HEAVY_WEAPON", "FORCE", "TERRITORY"})


def _active(scene: Scene) -> list[Ref]:
    """The subject of an active verb that opens the match: "captured two", "…, killing three"; never the victims."""
    first = _verb(scene)[0]
    verb = scene.units[first]
    if verb.tags & {"NUM", "ONE"} or is_passive(scene):
        return []
    if verb.form.endswith("ing"):
        clauses = scene.units[max(0, first - 12) : first]
        return [] if any(unit.has("BE") for unit in clauses) else _before(scene)
    at = first - 1
    while at > 0 and scene.units[at].tags & {"HAVE", "ADVERB", "NOT", "DATE", "FUTURE"}:
        at -= 1
    if at >= 0 and scene.units[at].has("JOIN"):
        return _heading(scene)
    return _before(scene) if at >= 0 and scene.units[at].tags & {"ACTOR", "PRONOUN"} else []


def _heading(scene: Scene) -> list[Ref]:
    """Whom a second verb ("… and refused") goes on from: the first named in the clause."""
    first, _ = clause(scene)
    for at in range(first, _verb(scene)[0]):
        if scene.units[at].has("ACTOR"):
            return [] if at and scene.units[at - 1].tags & _PREPOSITION else _refs(scene, at)
    return []


def _accused(scene: Scene) -> list[Ref]:
    """Whom a verb of accusing names in the sentence."""
    units = scene.units
    for at, unit in enumerate(units[: scene.last]):
        if unit.has("SAY_ACCUSE"):
            for index in range(at + 1, min(at + 4, len(units))):
                if units[index].has("ACTOR"):
                    return _refs(scene, index)
    return []


_GIVES = frozenset({"HANDOVER", "LEAVE", "WITHDRAW"})


def _giver(scene: Scene) -> list[Ref]:
    """Who hands over or leaves: behind "by" or "of", else the subject of an active verb."""
    units = scene.units
    for at, unit in enumerate(units):
        if not unit.tags & _GIVES:
            continue
        for index in range(at + 1, min(at + 6, len(units))):
            if units[index].has("ACTOR") and units[index - 1].tags & {"BY", "OF"}:
                return _refs(scene, index)
        if any(before.has("BE") for before in units[max(0, at - 2) : at]):
            continue
        found = _leading(scene, at)
        if found:
            return found
    return []


def _leading(scene: Scene, at: int) -> list[Ref]:
    units = scene.units
    for index in range(at - 1, max(-1, at - 8), -1):
        if units[index].tags & {"THAT", "SAY", "BREAK", "COLON"}:
            return []
        if units[index].has("ACTOR") and not (index and units[index - 1].tags & _PREPOSITION):
            return _refs(scene, index)
    return []


def _receiver(scene: Scene) -> list[Ref]:
    units = scene.units
    for at, unit in enumerate(units):
        if unit.has("HANDOVER"):
            for index in range(at + 1, min(at + 9, len(units))):
                if units[index].has("ACTOR") and (units[index - 1].has("TO") or index == at + 1):
                    return _refs(scene, index)
        if unit.has("REGAIN"):
            for index in range(at - 1, max(-1, at - 5), -1):
                if units[index].has("ACTOR"):
                    return _refs(scene, index)
    return []


def _owner(scene: Scene) -> list[Ref]:
    """Whose the things are that the match names: "an Armenian drone", "two of its tanks"."""
    for at in range(scene.first, scene.last):
        unit = scene.units[at]
        if unit.tags & {"ADJ", "POSSESSIVE"} or "genitive" in unit.flags:
            return _refs(scene, at, owners=True)
    return []


def _infiltrator(scene: Scene) -> list[Ref]:
    """Who tried to come over: whose the group is, else the other bound party than that which tells of it."""
    repelling = {ref.id for ref in _active(scene)} or set(_told_by(scene))
    for at in range(scene.first, clause(scene)[1]):
        found = [ref for ref in _refs(scene, at, owners=True) if ref.id not in repelling]
        if found:
            return found
    sides = scene.names.mission.sides
    left = [slug for slug in sides if slug not in repelling]
    return [implicit(scene.names.party(left[0]).label)] if len(left) == 1 else []


def _spoken_of_before(scene: Scene) -> list[Ref]:
    """Whose doing it was, left out because the sentence before named that party: "… Their positions came under fire"."""
    party = scene.memory.past
    hit = {ref.id for ref in patient(scene)}
    if party not in scene.names.mission.sides or not is_passive(scene) or party in {*hit, *_told_by(scene)}:
        return []
    return [scene.names.party(party)]


def _told_by(scene: Scene) -> list[str]:
    voice = scene.voice
    return [party for party in voice.mention.parties if party] if voice is not None and voice.mention else []


def _against(scene: Scene) -> list[Ref]:
    _, last = clause(scene)
    for at in range(scene.first, last - 1):
        if scene.units[at].has("AGAINST"):
            return _refs(scene, at + 1, owners=True)
    return []


_SOURCES = {
    "doer": doer, "doer_active": _active, "by": _agent, "patient": patient, "accused": _accused, "giver": _giver,
    "receiver": _receiver, "owner": _owner, "against": _against, "infiltrator": _infiltrator,
    "spoken_of": _spoken_of_before,
}  # fmt: skip
SOURCES = frozenset(_SOURCES)
"""Source words of rules that this module answers."""
