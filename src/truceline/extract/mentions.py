"""Who is named: joins office, party and person into one mention, the way the language orders them."""

from __future__ import annotations

from datetime import date

from truceline.core.claims import Ref
from truceline.core.names import name_in
from truceline.extract.fronted import Fronted
from truceline.extract.names import Memory, Mention, Names
from truceline.extract.strangers import adopt, again, meet
from truceline.extract.units import Unit

_PARTY = frozenset({"ADJ", "STATE", "BODY"})


def join_mentions(units: list[Unit], names: Names, memory: Memory, on: date | None) -> list[Unit]:
    """Join the units of each mention into one unit of tag ``ACTOR`` with the value ``mention``.

    Args:
        units: Units of a sentence.
        names: Builder of references.
        memory: What the text has named before; brought up to date.
        on: Day of publication, for who held which office.

    Returns:
        The units with mentions joined; adjectives that belong to no mention stay.
    """
    if names.subject_first:
        return Fronted(units, names, memory, on).join()
    out: list[Unit] = []
    at = 0
    while at < len(units):
        unit = units[at]
        if "TERRITORY_OF" in unit.tags and at + 1 < len(units) and units[at + 1].tags & {"ADJ", "STATE"}:
            out.append(_territory(unit, units[at + 1], names))
            at += 2
            continue
        if unit.tags.isdisjoint(_HEADS):
            found = None
            if "OWN_COUNTRY" in unit.tags and memory.party is not None:
                found = _own_country(unit, names, memory), at + 1
            elif "RANK" in unit.tags:
                found = meet(units, at, None, names, memory)
            elif memory.strangers and "W" in unit.tags:
                found = again(units, at, names, memory)
            joined, at = found or (unit, at + 1)
            out.append(joined)
            continue
        joined, at = _mention(units, at, out, names, memory, on)
        out.append(joined)
    return adopt(out, memory) if any("PERSON" in unit.tags for unit in out) else out


def _own_country(unit: Unit, names: Names, memory: Memory) -> Unit:
    party = memory.party or ""
    mention = Mention((names.party(party),), (party,), "STATE")
    tags = unit.tags | {"ACTOR", "STATE"}
    return Unit(unit.start, unit.end, tags, {**unit.values, "mention": mention}, unit.flags, unit.form)


def _named_as(head: Unit, slug: str, names: Names) -> Ref:
    """A capital that speaks for its state keeps the word received: "Russia (Moscow)"."""
    ref = names.party(slug)
    place = head.values.get("place")
    if head.has("CAPITAL") and place is not None:
        return Ref(slug, f"{ref.label} ({name_in(place.names, 'en')})")
    return ref


def _territory(head: Unit, owner: Unit, names: Names) -> Unit:
    slug = owner.values.get("adj") or owner.values["party"]
    ref = Ref(slug, f"territory of {names.party(slug).label}")
    tags = frozenset({"PLACE", "TERRITORY", "PLACE_TERRITORY"})
    return Unit(head.start, owner.end, tags, {"territory": ref}, head.flags, head.form)


_KEPT = frozenset({"DUAL", "ONE", "SOLDIER", "OBSERVER", "OBSERVERS"})
_HEADS = frozenset({"OFFICEWORD", "OFFICE", "PERSON", "STATE", "BODY", "ADJ", "BOTH", "SIDE"})


def _mention(
    units: list[Unit], at: int, out: list[Unit], names: Names, memory: Memory, on: date | None
) -> tuple[Unit, int]:
    head = units[at]
    if head.has("OFFICEWORD") or head.has("SIDE"):
        return _office(units, at, out, names, memory, on)
    if head.has("PERSON"):
        mention, kind = _person(head, None, None, names, memory, on)
        return _finish([head], mention, kind, memory), at + 1
    if head.has("OFFICE"):
        office = head.values["named_office"]
        people = _people_after(units, at + 1)
        if people:
            named, _ = _person(units[people - 1], office.party, office.kind, names, memory, on)
            return _finish(units[at:people], named, office.kind, memory), people
        mention = Mention((Ref(office.id, office.label),), (office.party,), names.tag(office.kind))
        return _finish([head], mention, office.kind, memory), at + 1
    if head.has("BOTH"):
        return _both(head, names, memory), at + 1
    if head.has("ADJ") and not head.has("PARTY"):
        return head, at + 1
    if head.has("CAPITAL") and (head.flags & {"in", "to"} or (at and units[at - 1].has("IN"))):
        return head, at + 1
    slug = head.values["party"]
    kind = "STATE" if head.has("STATE") else "BODY"
    end = at + 1
    mention = Mention((_named_as(head, slug, names),), (slug,), kind)
    if end < len(units) and units[end].has("ADJ") and kind == "BODY":
        end += 1
    unit = _finish(units[at:end], mention, None, memory)
    # a state is a place only where something is in it or goes there
    unit.tags |= head.tags - (frozenset() if head.flags & {"in", "to"} else {"PLACE"})
    unit.values = {**head.values, **unit.values}
    return unit, end


def _office(
    units: list[Unit], at: int, out: list[Unit], names: Names, memory: Memory, on: date | None
) -> tuple[Unit, int]:
    head = units[at]
    kind = head.values.get("office") if head.has("OFFICEWORD") else None
    end = at + 1
    tag = names.tag(kind) if kind else "STATE"
    refs: list[Ref] = []
    parties: list[str | None] = []
    capacity = "in office"
    many = head.has("PLURAL") or head.has("DUAL") or head.has("FORCE") or head.has("SIDE")
    if kind == "counterpart":
        kind = memory.office
    former = bool(out and out[-1].has("FORMER"))
    while end < len(units):
        step = _party_after(units, end, first=not refs, many=many)
        if step is None:
            break
        party, after = step
        people = _people_after(units, after)
        ref: Ref
        if people:
            ref, own, capacity = names.person(units[people - 1].values["person"], party, kind, on)
            party = own
            after = people
            tag = "PERSON"
            if kind and party:
                memory.holders[party, kind] = ref
        else:
            ref = _held(names, memory, kind, party) if kind else names.party(party or "")
        refs.append(ref)
        parties.append(party)
        end = after
    if not refs and names.heads(kind):
        nested = _headed(units, at, kind or "", out, names, memory, on)
        if nested is not None:
            return nested
    if not refs:
        return _bare_office(units, at, kind, out, names, memory, on)
    parts = units[at:end]
    former = former or any(part.has("FORMER") for part in parts)
    if capacity == "in office":
        capacity = names.capacity(kind)
    mention = Mention(tuple(refs), tuple(parties), tag, "former" if former else capacity)
    unit = _finish(parts, mention, kind, memory)
    if tag != "PERSON" and names.is_personal(kind):
        met = meet(units, end, unit, names, memory)
        if met is not None:
            return met
    return unit, end


def _headed(
    units: list[Unit], at: int, kind: str, out: list[Unit], names: Names, memory: Memory, on: date | None
) -> tuple[Unit, int] | None:
    """An office of an office: "the spokesman of the Armenian ministry of defence"."""
    look = at + 1
    while look < len(units) and look - at < 3 and units[look].tags & {"IN", "OF", "ON", "FORMER"}:
        look += 1
    if (
        look >= len(units)
        or units[look].tags.isdisjoint(_HEADS)
        or units[look].tags & {"PERSON", "ADJ", "BOTH"}
    ):
        return None
    if "and" in units[look].flags:
        return None
    inner, end = _mention(units, look, out, names, memory, on)
    held: Mention | None = inner.values.get("mention")
    if held is None or len(held.refs) != 1 or held.kind == "PERSON":
        return None
    former = any(unit.has("FORMER") for unit in units[at:look])
    capacity = "former" if former else names.capacity(kind)
    mention = Mention((names.headed(kind, held.refs[0]),), held.parties, "OFFICE", capacity)
    people = _people_after(units, end)
    if people:
        mention, _ = _person(units[people - 1], held.parties[0], None, names, memory, on)
        end = people
    unit = _finish(units[at:end], mention, kind, memory)
    met = None if people else meet(units, end, unit, names, memory)
    return met or (unit, end)


def _held(names: Names, memory: Memory, kind: str, party: str | None) -> Ref:
    """The person whom the text named in this office before, else the office itself."""
    return memory.holders.get((party or "", kind)) or names.office(kind, party)


def _party_after(units: list[Unit], at: int, *, first: bool, many: bool) -> tuple[str | None, int] | None:
    """Find the party that an office belongs to right behind it: adjective, genitive, or "in <state>"."""
    look = at
    if look < len(units) and units[look].has("COMMA") and not first:
        look += 1
    if look < len(units) and units[look].tags & {"QUOTE"} and first:
        look += 1
    if look >= len(units):
        return None
    unit = units[look]
    joined = "and" in unit.flags or (look > at and many)
    if look + 1 < len(units) and unit.has("JOIN") and many and not first:
        unit, look, joined = units[look + 1], look + 1, True
    if first:
        if look + 1 < len(units) and unit.tags & {"IN", "OF"} and units[look + 1].tags & _PARTY:
            unit, look = units[look + 1], look + 1
        elif "and" in unit.flags:
            return None
        if unit.has("FORMER") and look + 1 < len(units) and units[look + 1].tags & _PARTY:
            unit, look = units[look + 1], look + 1
    elif not joined or not (unit.has("ADJ") or (many and unit.has("STATE"))):
        return None
    if unit.has("ADJ"):
        return unit.values["adj"], look + 1
    if unit.tags & {"STATE", "BODY"} and not (unit.flags & {"to", "like"}):
        return unit.values["party"], look + 1
    return None


def _people_after(units: list[Unit], at: int) -> int | None:
    """Return the index behind a person's name that follows an office, a comma or a rank allowed between."""
    look = at
    while look < len(units) and look - at < 2 and units[look].tags & {"COMMA", "RANK", "FORMER", "ACTING"}:
        look += 1
    if look < len(units) and units[look].has("PERSON") and not units[look].flags & {"and", "to"}:
        return look + 1
    return None


def _bare_office(
    units: list[Unit],
    at: int,
    kind: str | None,
    out: list[Unit],
    names: Names,
    memory: Memory,
    on: date | None,
) -> tuple[Unit, int]:
    head = units[at]
    end = at + 1
    people = _people_after(units, end)
    possessive = units[end].has("OWN_COUNTRY") if end < len(units) else False
    if possessive:
        people = _people_after(units, end + 1)
        end += 1
    if people:
        mention, _ = _person(units[people - 1], None, kind, names, memory, on)
        return _finish(units[at:people], mention, kind, memory), people
    if head.has("PLURAL") and memory.pair is not None and _is_of(memory.pair, kind, names):
        end += 1 if end < len(units) and units[end].has("BOTH") else 0
        return _finish(units[at:end], memory.pair, kind, memory), end
    if end < len(units) and units[end].has("BOTH"):
        bound = names.mission.sides
        refs = tuple(names.office(kind, slug) if kind else names.party(slug) for slug in bound)
        tag = names.tag(kind) if kind else "BOTH"
        return _finish(units[at : end + 1], Mention(refs, bound, tag), kind, memory), end + 1
    if kind is None:
        if head.has("BOTH"):
            return _both(head, names, memory), at + 1
        return head, at + 1
    party = memory.party if possessive or any(f.startswith("poss") for f in head.flags) else None
    if "poss_we" in head.flags and memory.speaker is not None:
        party = memory.speaker
    elif party is not None and not possessive:
        party = _speaks_of_its_own(out) or party
    if party is None and "the" in head.flags:
        before = _before(kind, names, memory)
        if before is not None:
            return _finish(units[at:end], before, None, memory), end
    party = party or names.only(kind)
    ref = names.office(kind, party)
    seat = _seat(units, end) if party is None and ref.id is None else None
    if seat is not None:
        ref = Ref(None, f"{ref.label} ({seat})")
    mention = Mention((ref,), (party,), names.tag(kind), names.capacity(kind))
    unit = _finish(units[at:end], mention, kind, memory)
    if party is None:
        unit.tags |= {"NO_PARTY"}
    if names.is_personal(kind):
        return meet(units, end, unit, names, memory) or (unit, end)
    return unit, end


def _speaks_of_its_own(out: list[Unit]) -> str | None:
    """The party of who speaks, where nobody else is named since: "the ministry said that five of its guards …"."""
    that = next((at for at in range(len(out) - 1, -1, -1) if out[at].has("THAT")), -1)
    if that < 1 or any(unit.has("ACTOR") for unit in out[that:]):
        return None
    verb = next((at for at in range(that - 1, max(that - 9, -1), -1) if out[at].has("SAY")), -1)
    if verb < 0:
        return None
    named = [unit for unit in out[verb + 1 : that] if unit.has("ACTOR")] or [
        u for u in out[:verb] if u.has("ACTOR")
    ]
    return named[0].values["mention"].parties[0] if named else None


def _seat(units: list[Unit], at: int) -> str | None:
    """The town whose authorities they are: "the authorities in Stepanakert"."""
    if at < len(units) and units[at].has("IN"):
        at += 1
    if (
        at < len(units)
        and units[at].tags & {"PLACE_CITY", "PLACE_REGION"}
        and not units[at].flags & {"to", "and"}
    ):
        return str(units[at].values["place_label"])
    return None


def _before(kind: str, names: Names, memory: Memory) -> Mention | None:
    """What a bare word such as "the ministry" stands for: the last mention of such a kind."""
    kinds = {kind, *names.stands_for(kind)}
    for other in reversed(memory.last):
        if other in kinds:
            return memory.last[other]
    return None


def _is_of(pair: Mention, kind: str | None, names: Names) -> bool:
    """Whether two people named before can be "the two presidents"."""
    return pair.kind == "PERSON" and any(kind in names.kinds_of(ref.id) for ref in pair.refs)


def _person(
    unit: Unit, party: str | None, kind: str | None, names: Names, memory: Memory, on: date | None
) -> tuple[Mention, str | None]:
    holder = unit.values["person"]
    party = party or memory.people.get(holder.id)
    ref, own, capacity = names.person(holder, party, kind, on)
    if party is not None:
        memory.people[holder.id] = party
    return Mention((ref,), (own,), "PERSON", capacity), kind


def _both(head: Unit, names: Names, memory: Memory) -> Unit:
    bound = names.mission.sides
    mention = Mention(tuple(names.party(slug) for slug in bound), bound, "BOTH")
    if head.has("SIDE") and memory.pair is not None and set(memory.pair.parties) != set(bound):
        mention = Mention(memory.pair.refs, memory.pair.parties, "BOTH")
    return Unit(
        head.start, head.end, head.tags | {"ACTOR", "BOTH"}, {"mention": mention}, head.flags, head.form
    )


def _finish(parts: list[Unit], mention: Mention, kind: str | None, memory: Memory) -> Unit:
    known = [party for party in mention.parties if party]
    if known:
        memory.party = known[-1]
    if kind:
        memory.office = kind
        if known:
            memory.last.pop(kind, None)
            memory.last[kind] = mention
    tags = frozenset({"ACTOR", mention.kind} | ({f"KIND_{kind.upper()}"} if kind else set()))
    if len(mention.refs) > 1:
        tags |= {"SEVERAL"}
    tags |= parts[0].tags & _KEPT
    return Unit(parts[0].start, parts[-1].end, tags, {"mention": mention}, parts[0].flags, parts[0].form)
