"""Who did it and to whom: the sources of a rule's actors and targets, in the order that the rule names them."""

from __future__ import annotations

from truceline.core.affiliation import implicit
from truceline.core.claims import Ref
from truceline.core.names import name_in
from truceline.extract.doers import agent, group, group_start, may_act, subject
from truceline.extract.names import Mention, Names
from truceline.extract.scene import Scene, clause
from truceline.extract.units import Unit
from truceline.extract.wordorder import SOURCES, role


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
            named = _source(part.strip(), scene, chosen)
            if part != "clause:ADJ" or not set(named) <= set(chosen):
                found.extend(named)
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _source(word: str, scene: Scene, chosen: tuple[Ref, ...]) -> list[Ref]:
    kind, _, rest = word.partition(":")
    if kind == "slot":
        index = scene.slots.get(rest)
        if index is None:
            return []
        unit = scene.units[index]
        if not unit.has("ACTOR") or (
            unit.has("NO_PARTY") and (scene.names.subject_first or unit.has("FORCE"))
        ):
            return _owner(scene, index)
        return [ref for mention in group(scene.units, index) for ref in mention.refs]
    if kind == "words":
        return _words(scene, rest)
    if word.startswith("="):
        return [Ref(None, word[1:])]
    if kind == "near":
        return _near(scene, rest)
    if kind == "subject":
        found = _subject_refs(scene) if rest != "enemy" else _refs_at(scene, subject(scene))
        return [] if rest == "enemy" and not _is_enemy(found, scene) else found
    if kind == "if":
        tag, _, label = rest.partition("=")
        first, last = clause(scene)
        return [Ref(None, label)] if any(unit.has(tag) for unit in scene.units[first:last]) else []
    if kind == "agent":
        return _agent_refs(scene)
    if kind == "held":
        return _held(scene)
    if kind == "blamed":
        return _blamed(scene)
    if kind == "object":
        return _object(scene)
    if kind == "to":
        return _refs_at(scene, _receiver(scene))
    if kind in SOURCES:
        return role(kind, scene)
    if kind in {"inside", "clause", "sentence", "before", "after"}:
        named, _, mode = rest.partition(":")
        return _ranged(kind, scene, frozenset(named.split("|")) if named else frozenset({"ACTOR"}), mode)
    return _context(kind, scene, chosen)


def charged(scene: Scene) -> tuple[Ref, ...]:
    """Return whom the speaker charges with it where the verb says so: "A accused B of shelling" names B.

    Args:
        scene: The match.

    Returns:
        References; empty where no verb of accusing leads to the match, or it names nobody but the speaker.
    """
    voice = scene.voice
    if (
        voice is None
        or voice.mention is None
        or voice.verb < 0
        or not scene.units[voice.verb].tags & _CHARGES
    ):
        return ()
    own = set(voice.mention.refs)
    for at in range(voice.verb + 1, min(max(scene.last, voice.verb + 9), len(scene.units))):
        if scene.units[at].tags & {"THAT", "BREAK"} and at > voice.verb + 1:
            break
        if may_act(scene.units, at):
            named = [ref for ref in _refs_at(scene, at) if ref not in own]
            if named:
                return tuple(named)
    # "accused its neighbour": the other bound party
    return tuple(_other(scene, tuple(scene.names.party(slug) for slug in voice.mention.parties if slug)))


def _words(scene: Scene, slot: str) -> list[Ref]:
    """A thing that no pack names, by the words of the language for it: "the moves of the Russians"."""
    at = scene.slots.get(slot)
    if at is None or scene.units[at].has("ACTOR"):
        return []
    behind = scene.units[at + 1] if at + 1 < len(scene.units) else None
    if behind is not None and (behind.has("ADJ") or behind.has("ACTOR")):
        if behind.has("ACTOR"):
            owner = behind.values["mention"].refs[0].label
        else:
            owner = scene.names.adjective(behind.values["adj"])
        return [Ref(None, f"{owner} moves")]
    return []


def _context(kind: str, scene: Scene, chosen: tuple[Ref, ...]) -> list[Ref]:
    voice = scene.voice
    if kind == "voice":
        return list(voice.mention.refs) if voice and voice.mention else []
    if kind == "own_side":
        if scene.voice is None or scene.voice.mention is None:
            return []
        return [ref for ref in _context("own", scene, chosen) if ref.id in scene.names.mission.sides]
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
        return [implicit(scene.names.party(left[0]).label)]
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
    if unit.has("ADJ") and "adj" in unit.values:
        return [scene.names.party(unit.values["adj"])]
    return []


def _near(scene: Scene, tag: str) -> list[Ref]:
    best: tuple[int, Mention] | None = None
    for at, unit in enumerate(scene.units):
        if not unit.has(tag):
            continue
        for index, other in enumerate(scene.units):
            if (
                may_act(scene.units, index)
                and 0 < abs(index - at) <= 3
                and not scene.units[index - 1].has("TO")
            ):
                distance = abs(index - at) * 2 + (index < at)
                if best is None or distance < best[0]:
                    best = (distance, other.values["mention"])
    return list(best[1].refs) if best else []


def _ranged(kind: str, scene: Scene, tags: frozenset[str], mode: str = "") -> list[Ref]:
    units = scene.units
    first, last = scene.first, scene.last
    if kind == "clause":
        first, last = clause(scene)
    elif kind == "sentence":
        first, last = 0, len(units)
    elif kind == "before":
        for at in range(scene.first - 1, -1, -1):
            if units[at].tags & tags and "mention" in units[at].values:
                return [ref for mention in group(units, group_start(units, at)) for ref in mention.refs]
        return []
    elif kind == "after":
        for at in range(scene.last, min(scene.last + 8, len(units))):
            if units[at].tags & tags and "mention" in units[at].values:
                return [ref for mention in group(units, at) for ref in mention.refs]
        return []
    if mode == "other":
        own = set(scene.voice.mention.parties) if scene.voice and scene.voice.mention else set()
        sides = set(scene.names.mission.sides)
        return [
            ref for unit in units[first:last] if unit.tags & tags
            and not unit.flags & {"to", "in", "like"} and "mention" in unit.values
            and set(unit.values["mention"].parties) & sides - own and not _is_victim(scene, unit)
            for ref in unit.values["mention"].refs
        ]  # fmt: skip
    found = [
        ref for unit in units[first:last]
        if unit.tags & tags and "mention" in unit.values and "NO_PARTY" not in unit.tags
        for ref in unit.values["mention"].refs
    ]  # fmt: skip
    if kind == "inside" and not found and any(_is_own_thing(unit) for unit in units[first:last]):
        return _context("own", scene, ())
    if "ADJ" in tags:
        # "an Armenian shelling" names who fires, not whose people suffer
        slugs = [
            unit.values["adj"] for at, unit in enumerate(units[first:last], first)
            if unit.has("ADJ") and "adj" in unit.values
            and (scene.names.subject_first or not at or not units[at - 1].tags & _HITS)
        ]  # fmt: skip
        found += [scene.names.party(slug) for slug in dict.fromkeys(slugs)]
    return found


def _subject_refs(scene: Scene) -> list[Ref]:
    """Who does it; "an Azerbaijani attack" names the doer by an adjective."""
    if scene.last < len(scene.units) and scene.last - scene.first <= 2:
        behind = scene.units[scene.last]
        if (
            scene.units[scene.last - 1].tags.isdisjoint(_THINGS)
            and behind.has("ADJ")
            and "adj" in behind.values
            and "and" not in behind.flags
        ):
            return [scene.names.party(behind.values["adj"])]
    at = subject(scene)
    if at is None:
        return _agent_refs(scene)
    return _refs_at(scene, at)


_THINGS = frozenset({"EQUIPMENT", "PRISONER", "DETAINEES", "BODIES", "POSITION", "NUM", "SOLDIER", "POST"})
"""Whose they are says an adjective behind them, not who did it."""


_CHARGES = frozenset({"SAY_ACCUSE", "SAY_BLAME"})
_HITS = frozenset({"FROM_SIDE", "ATTACK", "SHOT"})


def _agent_refs(scene: Scene) -> list[Ref]:
    first, last = clause(scene)
    found = _refs_at(scene, agent(scene))
    for at in range(first, last - 1):
        behind = scene.units[at + 1]
        if not found and scene.units[at].tags & _HITS and behind.has("ADJ") and "adj" in behind.values:
            return [scene.names.party(behind.values["adj"])]
    return found


def _object(scene: Scene) -> list[Ref]:
    """Whom it was done to: the next one named in the clause that is not the subject, or what is the speaker's own."""
    doer = subject(scene)
    _, last = clause(scene)
    start = max(scene.last, doer + 1 if doer is not None else 0)
    taken = set(_refs_at(scene, doer))
    for at in range(start, last):
        unit = scene.units[at]
        if "NO_PARTY" in unit.tags:
            continue
        if unit.has("ACTOR") and not (at and scene.units[at - 1].tags & {"WITH", "FROM_SIDE", "AFTER"}):
            found = [ref for ref in _refs_at(scene, at) if ref not in taken]
            if found:
                return found
        elif _is_own_thing(unit):
            return _context("own", scene, ())
        elif at and scene.units[at - 1].has("FROM_SIDE"):
            continue
        elif unit.has("ADJ") and "adj" in unit.values and scene.names.party(unit.values["adj"]) not in taken:
            return [scene.names.party(unit.values["adj"])]
    return []


def _is_own_thing(unit: Unit) -> bool:
    return unit.has("THING") and (
        unit.has("POSSESSED") or any(flag.startswith("poss") for flag in unit.flags)
    )


def _is_enemy(found: list[Ref], scene: Scene) -> bool:
    own = set(scene.voice.mention.parties) if scene.voice and scene.voice.mention else set()
    sides = set(scene.names.mission.sides)
    parties = {party_of(ref, scene.names) for ref in found}
    return bool(parties & (sides - own))


def _is_victim(scene: Scene, unit: Unit) -> bool:
    """Whether a force in the match is that of the dead: it belongs to the figure, not to who fired."""
    at = scene.units.index(unit)
    if at and scene.units[at - 1].has("RANKS"):
        return True
    return scene.first <= at <= scene.last + 1 and not scene.units[at - 1].has("FROM_SIDE")


def _held(scene: Scene) -> list[Ref]:
    """Whose people the figure counts: the soldiers or the body named in the match or right behind it."""
    units = scene.units
    for at in range(clause(scene)[0], clause(scene)[1] - 1):
        if units[at].has("RANKS") and units[at + 1].has("ACTOR"):
            return _refs_at(scene, at + 1)
    for at in range(scene.first, min(scene.last + 3, len(units))):
        unit = units[at]
        if at >= scene.last and unit.tags & {"COMMA", "BREAK", "IN", "ON", "TO", "FROM_SIDE"}:
            break
        if unit.has("ACTOR") and unit.tags & {"FORCE", "SOLDIER", "BODY", "OFFICE", "BOTH"}:
            if "SOLDIER" in unit.tags and any(flag.startswith("poss") for flag in unit.flags):
                return _context("own", scene, ())
            mention: Mention = unit.values["mention"]
            if any(mention.parties) or any(ref.id for ref in mention.refs):
                return list(mention.refs)
            if any(flag.startswith("poss") for flag in unit.flags):
                return _context("own", scene, ())
        elif unit.has("ADJ") and "adj" in unit.values and not (at and units[at - 1].tags & _HITS):
            return [scene.names.party(unit.values["adj"])]
        elif unit.has("SOLDIER") and any(flag.startswith("poss") for flag in unit.flags):
            return _context("own", scene, ())
    return []


def _blamed(scene: Scene) -> list[Ref]:
    """The other bound party that the sentence names, where one bound party's own speaks."""
    sides = set(scene.names.mission.sides)
    own = set(scene.voice.mention.parties) if scene.voice and scene.voice.mention else set()
    if not own & sides:
        return []
    for unit in scene.units:
        mention: Mention | None = unit.values.get("mention") if unit.has("ACTOR") else None
        if mention is not None and set(mention.parties) & (sides - own) and not set(mention.parties) & own:
            return list(mention.refs)
        if unit.has("ADJ") and unit.values.get("adj") in sides - own:
            return [scene.names.party(unit.values["adj"])]
    return []


def _receiver(scene: Scene) -> int | None:
    """To whom: an actor behind "to"."""
    _, last = clause(scene)
    units = scene.units
    for at in range(scene.first, last):
        if units[at].has("ACTOR") and ("to" in units[at].flags or (at and units[at - 1].has("TO"))):
            return at
    return None


def _refs_at(scene: Scene, at: int | None) -> list[Ref]:
    if at is None:
        return []
    return [ref for mention in group(scene.units, at) for ref in mention.refs]
